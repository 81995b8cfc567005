//! Test-call scripts: a Tera template and a connector in, a bash script out.
//!
//! Whatever a template prints is quoted for the shell, with or without the filter `shell_quote`, so a template cannot open a
//! hole by forgetting it. A quoted value never spans lines, so it is harmless in a comment too.

pub mod quote;
pub mod template;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use self::template::{TemplateError, Templates};
use crate::connector::setting::{Setting, SettingKind};
use crate::connector::{Answer, Connector, ExampleCall};
use crate::terraform::version::Version;

/// Where a script's calls go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// To the source itself.
    Direct,
    /// Through the proxy.
    Proxy,
}

/// Where the proxy runs, which decides how a caller identifies itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProxyHost {
    /// AWS: signed requests.
    Aws,
    /// GCP: identity tokens.
    Gcp,
}

/// What a script is about.
#[derive(Debug, Clone)]
pub struct Subject<'a> {
    /// The connector.
    pub connector: &'static Connector,
    /// The psoxy release.
    pub release: &'a Version,
    /// Values of the connector's settings by name; placeholders count as absent.
    pub settings: &'a [(&'static str, String)],
    /// Where the proxy runs; without it no script for the proxy applies.
    pub proxy: Option<ProxyHost>,
    /// The root module's directory as seen from the script's, or absolute.
    pub root_module: &'a str,
}

/// A script to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// The file's name.
    pub name: String,
    /// Its text.
    pub content: String,
}

impl Subject<'_> {
    /// The name of the script for a target.
    #[must_use]
    pub fn script_name(&self, target: Target) -> String {
        let target = match target {
            Target::Direct => "direct",
            Target::Proxy => "proxy",
        };
        format!("{}-{target}.sh", self.connector.id)
    }

    /// There can be a script for this target.
    #[must_use]
    pub fn applies_to(&self, target: Target) -> bool {
        match target {
            Target::Direct => true,
            Target::Proxy => self.proxy.is_some(),
        }
    }

    fn value(&self, setting: &Setting) -> Option<&str> {
        let (_, value) = self.settings.iter().find(|(name, _)| *name == setting.name)?;
        (!setting.is_placeholder(value)).then_some(value)
    }
}

/// Renders the scripts of a connector for those of the targets that apply to it.
///
/// # Errors
///
/// When a template cannot be rendered; the message names its file and line and the variables that it may use.
pub fn render(templates: &Templates, subject: &Subject<'_>, targets: &[Target]) -> Result<Vec<Script>, TemplateError> {
    let applicable = targets.iter().filter(|target| subject.applies_to(**target));
    applicable
        .map(|target| {
            let name = subject.script_name(*target);
            let content = templates.render(&format!("{name}.tera"), &Variables::new(subject, *target))?;
            Ok(Script { name, content })
        })
        .collect()
}

/// The variables of a template; their names are promised to those who replace one.
#[derive(Serialize)]
pub(crate) struct Variables<'a> {
    connector: ConnectorVariables,
    release: String,
    root_module: &'a str,
    host: &'a str,
    proxy: &'static str,
    calls: Vec<CallVariables>,
}

/// The names in [`Variables`], for messages.
pub(crate) const VARIABLE_NAMES: [&str; 6] = ["calls", "connector", "host", "proxy", "release", "root_module"];

#[derive(Serialize)]
struct ConnectorVariables {
    id: &'static str,
    name: &'static str,
}

#[derive(Serialize)]
struct CallVariables {
    name: &'static str,
    path: String,
    answer: &'static str,
    member: &'static str,
    scope: &'static str,
    permission: &'static str,
    missing: &'static str,
}

impl<'a> Variables<'a> {
    fn new(subject: &'a Subject<'_>, target: Target) -> Self {
        let is_wanted = |call: &&ExampleCall| target == Target::Direct || call.passes_proxy;
        let calls = subject.connector.example_calls(subject.release).iter().filter(is_wanted);
        Self {
            connector: ConnectorVariables { id: subject.connector.id, name: subject.connector.name },
            release: format!("v{}", subject.release),
            root_module: subject.root_module,
            host: host(subject),
            proxy: match subject.proxy {
                Some(ProxyHost::Aws) => "aws",
                Some(ProxyHost::Gcp) => "gcp",
                None => "",
            },
            calls: calls.map(|call| CallVariables::new(call, subject)).collect(),
        }
    }
}

/// The host that direct calls go to: a setting's value where the connector has one for it, else Atlassian's.
///
/// Source: psoxy's connector specifications, `target_host` of `jira-cloud`.
fn host<'a>(subject: &'a Subject<'_>) -> &'a str {
    match subject.connector.settings.iter().find(|setting| setting.kind == SettingKind::Host) {
        Some(setting) => subject.value(setting).unwrap_or_default(),
        None => "api.atlassian.com",
    }
}

/// What stays as it is in a path: RFC 3986's unreserved characters.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

impl CallVariables {
    fn new(call: &ExampleCall, subject: &Subject<'_>) -> Self {
        let mut path = call.path.to_owned();
        let mut missing = "";
        for setting in subject.connector.settings {
            let hole = format!("{{{}}}", setting.name);
            if !path.contains(&hole) {
                continue;
            }
            let value = subject.value(setting).unwrap_or_else(|| {
                // What the connector cannot do without is named first.
                if missing.is_empty() || setting.is_required() {
                    missing = setting.name;
                }
                setting.placeholder
            });
            path = path.replace(&hole, &utf8_percent_encode(value, PATH).to_string());
        }
        let (answer, member) = match call.answer {
            Answer::Object { member } => ("object", member),
            Answer::List { member } => ("list", member.unwrap_or_default()),
            Answer::PossiblyEmptyList { member } => ("possibly-empty-list", member.unwrap_or_default()),
        };
        Self { name: call.name, path, answer, member, scope: call.scope, permission: call.permission, missing }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connector::{NEWEST_RELEASE, jira_cloud, jira_server};

    const CLOUD_ID: &str = "1324a887-45db-1bf4-1e99-ef0ff456d421";

    fn render_all(connector: &'static Connector, proxy: ProxyHost, issue: &str) -> Vec<Script> {
        let settings = [
            ("jira_cloud_id", CLOUD_ID.to_owned()),
            ("jira_server_url", "jira.acme.test".to_owned()),
            ("jira_example_issue_id", issue.to_owned()),
        ];
        let subject = Subject { connector, release: &NEWEST_RELEASE, settings: &settings, proxy: Some(proxy), root_module: ".." };
        render(&Templates::built_in().unwrap(), &subject, &[Target::Direct, Target::Proxy]).unwrap()
    }

    #[track_caller]
    fn check_line(issue: &str, expected: &str) {
        let scripts = render_all(&jira_cloud::CONNECTOR, ProxyHost::Aws, issue);
        let lines: Vec<&str> = scripts[0].content.lines().filter(|line| line.starts_with("add_call 'comments'")).collect();
        assert_eq!(lines, [expected]);
    }

    #[test]
    fn every_script_starts_with_its_interpreter_and_ends_with_a_newline() {
        for connector in [&jira_cloud::CONNECTOR, &jira_server::CONNECTOR] {
            for proxy in [ProxyHost::Aws, ProxyHost::Gcp] {
                for script in render_all(connector, proxy, "ETV-12") {
                    assert!(script.content.starts_with("#!/usr/bin/env bash\n#"), "{}", script.name);
                    assert!(script.content.ends_with("}\"}\n"), "{}: {:?}", script.name, script.content.lines().last());
                    assert!(!script.content.contains("{%") && !script.content.contains("{{"), "{}", script.name);
                }
            }
        }
    }

    #[test]
    fn issue_key_stands_in_the_path() {
        check_line(
            "ETV-12",
            "add_call 'comments' 'possibly-empty-list' 'comments' 'read:jira-work' 'Browse projects' '' \
             '/ex/jira/1324a887-45db-1bf4-1e99-ef0ff456d421/rest/api/3/issue/ETV-12/comment?maxResults=25'",
        );
    }

    #[test]
    fn hostile_issue_key_is_encoded_in_the_path() {
        check_line(
            "'; echo x #\n$(id)/../",
            "add_call 'comments' 'possibly-empty-list' 'comments' 'read:jira-work' 'Browse projects' '' \
             '/ex/jira/1324a887-45db-1bf4-1e99-ef0ff456d421/rest/api/3/issue/\
             %27%3B%20echo%20x%20%23%0A%24%28id%29%2F..%2F/comment?maxResults=25'",
        );
    }

    #[test]
    fn placeholder_counts_as_missing() {
        check_line(
            "YOUR_JIRA_EXAMPLE_ISSUE_ID",
            "add_call 'comments' 'possibly-empty-list' 'comments' 'read:jira-work' 'Browse projects' 'jira_example_issue_id' \
             '/ex/jira/1324a887-45db-1bf4-1e99-ef0ff456d421/rest/api/3/issue/YOUR_JIRA_EXAMPLE_ISSUE_ID/comment?maxResults=25'",
        );
    }

    #[test]
    fn proxy_script_leaves_out_what_the_rules_block() {
        let scripts = render_all(&jira_cloud::CONNECTOR, ProxyHost::Gcp, "ETV-12");
        assert!(scripts[0].content.contains("add_call 'myself'") && !scripts[1].content.contains("add_call 'myself'"));
        assert!(scripts[1].content.contains("\nadd_call health "));
    }

    #[test]
    fn no_proxy_script_without_a_proxy() {
        let subject = Subject {
            connector: &jira_cloud::CONNECTOR,
            release: &NEWEST_RELEASE,
            settings: &[],
            proxy: None,
            root_module: "..",
        };
        let scripts = render(&Templates::built_in().unwrap(), &subject, &[Target::Direct, Target::Proxy]).unwrap();
        assert_eq!(scripts.iter().map(|script| script.name.as_str()).collect::<Vec<_>>(), ["jira-cloud-direct.sh"]);
    }

    #[test]
    fn variable_names_are_those_that_a_template_gets() {
        let subject = Subject {
            connector: &jira_cloud::CONNECTOR,
            release: &NEWEST_RELEASE,
            settings: &[],
            proxy: None,
            root_module: "..",
        };
        let value = serde_json::to_value(Variables::new(&subject, Target::Direct)).unwrap();
        let mut names: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, VARIABLE_NAMES);
    }
}
