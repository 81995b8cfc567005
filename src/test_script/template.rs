//! The templates of the scripts: built in, each replaceable by a file of the same name.

use std::fmt;

use serde::Serialize;
use tera::{Context, Kwargs, State, Tera, Value};

use super::VARIABLE_NAMES;
use super::quote::shell_quote;

/// A built-in template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Template {
    /// Path relative to the folder of templates.
    pub name: &'static str,
    /// The text.
    pub content: &'static str,
}

macro_rules! built_in {
    ($($name:literal),* $(,)?) => {
        [$(Template { name: $name, content: include_str!(concat!("../../templates/", $name)) }),*]
    };
}

/// Every built-in template; those under `parts/` are included by the others.
pub const BUILT_IN: [Template; 14] = built_in![
    "jira-cloud-direct.sh.tera",
    "jira-cloud-proxy.sh.tera",
    "jira-server-direct.sh.tera",
    "jira-server-proxy.sh.tera",
    "parts/add-calls.sh.tera",
    "parts/calls.sh.tera",
    "parts/direct.sh.tera",
    "parts/json.sh.tera",
    "parts/proxy.sh.tera",
    "parts/proxy-aws.sh.tera",
    "parts/proxy-gcp.sh.tera",
    "parts/reasons-jira-cloud.sh.tera",
    "parts/reasons-jira-server.sh.tera",
    "parts/reasons-proxy.sh.tera",
];

/// The templates that scripts are rendered from.
pub struct Templates {
    tera: Tera,
}

impl Templates {
    /// The built-in templates.
    ///
    /// # Errors
    ///
    /// When one does not parse.
    pub fn built_in() -> Result<Self, TemplateError> {
        Self::with_replacements(&[])
    }

    /// The built-in templates, with others of the same name in their place; a new name can be included.
    ///
    /// # Errors
    ///
    /// When one does not parse; the message names its file and line.
    pub fn with_replacements(replacements: &[(String, String)]) -> Result<Self, TemplateError> {
        let mut tera = Tera::new();
        tera.autoescape_on([".tera"]);
        tera.set_escape_fn(|text, out| out.write_all(shell_quote(text).as_bytes()));
        tera.register_filter("shell_quote", |value: String, _: Kwargs, _: &State| Value::safe_string(&shell_quote(&value)));
        let built_in = BUILT_IN.iter().filter(|template| !replacements.iter().any(|(name, _)| name == template.name));
        let mut all: Vec<(&str, String)> = built_in.map(|template| (template.name, template.content.to_owned())).collect();
        // bash takes a carriage return for part of the word before it.
        all.extend(replacements.iter().map(|(name, content)| (name.as_str(), content.replace("\r\n", "\n"))));
        tera.add_raw_templates(all).map_err(TemplateError::from)?;
        Ok(Self { tera })
    }

    /// Renders one.
    pub(super) fn render(&self, name: &str, variables: &impl Serialize) -> Result<String, TemplateError> {
        let context = Context::from_serialize(variables).map_err(TemplateError::from)?;
        self.tera.render(name, &context).map_err(TemplateError::from)
    }
}

/// A template that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateError {
    report: String,
}

impl From<tera::Error> for TemplateError {
    fn from(error: tera::Error) -> Self {
        let mut report = error.to_string();
        let mut cause = std::error::Error::source(&error);
        while let Some(inner) = cause {
            report = format!("{report}\n{inner}");
            cause = inner.source();
        }
        Self { report }
    }
}

/// Tera's report, which names file and line, and what a template may use.
impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let report = self.report.strip_prefix("error: ").unwrap_or(&self.report);
        write!(f, "{report}\nknown variables: {}; filter: shell_quote, and Tera's own", VARIABLE_NAMES.join(", "))
    }
}

impl std::error::Error for TemplateError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Variables {
        host: &'static str,
    }

    fn render(template: &str, host: &'static str) -> Result<String, TemplateError> {
        let name = "jira-cloud-direct.sh.tera";
        Templates::with_replacements(&[(name.to_owned(), template.to_owned())])?.render(name, &Variables { host })
    }

    #[track_caller]
    fn check_render(template: &str, host: &'static str, expected: &str) {
        assert_eq!(render(template, host).unwrap(), expected);
    }

    #[track_caller]
    fn check_error(template: &str, expected: &[&str]) {
        let message = render(template, "h").unwrap_err().to_string();
        for part in expected {
            assert!(message.contains(part), "{message}");
        }
    }

    #[test]
    fn filter_quotes_once() {
        check_render("{{ host | shell_quote }}", "'", "$'\\''");
    }

    #[test]
    fn value_without_filter_is_quoted_all_the_same() {
        check_render("{{ host }}", "$(id)", "'$(id)'");
    }

    #[test]
    fn carriage_returns_of_a_replacement_are_dropped() {
        check_render("a\r\nb", "", "a\nb");
    }

    #[test]
    fn replacement_may_include_parts() {
        assert!(render("{% include \"parts/json.sh.tera\" %}", "").unwrap().contains("flatten_json() {"));
    }

    #[test]
    fn unknown_variable_is_an_error_with_place_and_choice() {
        check_error("a\n{{ hots }}", &["jira-cloud-direct.sh.tera:2:", "hots", "known variables: calls, connector, host"]);
    }

    #[test]
    fn syntax_error_names_file_and_line() {
        check_error("a\n\n{{ host", &["jira-cloud-direct.sh.tera:3:"]);
    }

    #[test]
    fn unknown_part_is_an_error() {
        check_error("{% include \"parts/none.sh.tera\" %}", &["parts/none.sh.tera"]);
    }

    #[test]
    fn unknown_filter_is_an_error() {
        check_error("\n{{ host | quote }}", &["jira-cloud-direct.sh.tera", "quote", "filter: shell_quote"]);
    }
}
