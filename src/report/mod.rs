//! What is shown to people and machines; each output format is one file and one variant of [`Format`].
//!
//! Every format shows the same findings. None of them ever shows the value of a sensitive variable: an excerpt comes
//! from [`excerpt`] alone.

pub mod fingerprint;
pub mod github;
pub mod gitlab;
pub mod human;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod sarif;

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Group, Severity, SourceRange, Sources};

/// The formats of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Format {
    /// For people, in Terraform's layout
    #[default]
    Human,
    /// One JSON document, in the shape of terraform validate -json
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// JUnit's XML, for test reports
    Junit,
    /// Annotations of GitHub's workflows
    Github,
    /// GitLab's code quality report
    Gitlab,
    /// Markdown, for summaries and comments
    Markdown,
}

/// The findings of one run.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The root modules, in the order of their paths.
    pub modules: Vec<ModuleReport>,
    /// Several root modules were asked for, so that the report names each even when there is one.
    pub is_recursive: bool,
}

/// The findings in one root module.
#[derive(Debug, Clone, Default)]
pub struct ModuleReport {
    /// The root module's directory as the user gave it; `.` for the working directory.
    pub root_module: String,
    /// The root module's directory relative to the top of the repository, with `/`; empty for the top itself.
    pub repository_path: String,
    /// The files that the diagnostics point into.
    pub sources: Sources,
    /// The findings, in the order in which they are shown.
    pub diagnostics: Vec<Diagnostic>,
    /// The checks that were made, passed or not.
    pub checks: Vec<CheckMade>,
    /// The release of psoxy, `v0.6.6`.
    pub psoxy_release: Option<String>,
    /// The connectors that were checked.
    pub connectors: Vec<String>,
}

/// A check that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckMade {
    /// Identifier.
    pub id: &'static str,
    /// Its part of the catalogue.
    pub group: Group,
    /// One line of what it looks for.
    pub about: &'static str,
}

/// How many findings of each severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Checks that could not be made.
    pub not_evaluated: usize,
}

/// Where a finding stands, for formats that know files and lines only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// Path relative to the top of the repository, with `/`.
    pub path: String,
    /// The finding's bytes in that file, where it has a subject.
    pub subject: Option<SourceRange>,
}

impl Report {
    /// The findings of all root modules, counted.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.modules.iter().fold(Counts::default(), |sum, module| {
            let counts = module.counts();
            Counts {
                errors: sum.errors + counts.errors,
                warnings: sum.warnings + counts.warnings,
                not_evaluated: sum.not_evaluated + counts.not_evaluated,
            }
        })
    }

    /// Every finding with its root module, worst first; within a severity in the order of the report.
    #[must_use]
    pub fn worst_first(&self) -> Vec<(&ModuleReport, &Diagnostic)> {
        let mut all: Vec<_> =
            self.modules.iter().flat_map(|module| module.diagnostics.iter().map(move |d| (module, d))).collect();
        all.sort_by_key(|(_, diagnostic)| diagnostic.severity);
        all
    }
}

impl ModuleReport {
    /// The findings, counted.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let of = |severity| self.diagnostics.iter().filter(|d| d.severity == severity).count();
        Counts { errors: of(Severity::Error), warnings: of(Severity::Warning), not_evaluated: of(Severity::NotEvaluated) }
    }

    /// Where a finding stands. One that has no place in a file stands at the module's first file, so that every finding
    /// has a path.
    #[must_use]
    pub fn location(&self, diagnostic: &Diagnostic) -> Location {
        // A value from the command line or the environment is a source without being a file: `<value for var.x>`.
        let is_file = |name: &str| !name.starts_with('<');
        let subject = diagnostic.subject.filter(|range| is_file(&self.sources.file(range.file).name));
        let name = match subject {
            Some(range) => self.sources.file(range.file).name.clone(),
            None => self.sources.names().find(|name| is_file(name)).unwrap_or("main.tf").to_owned(),
        };
        let path = if self.repository_path.is_empty() { name } else { format!("{}/{name}", self.repository_path) };
        Location { path: normalized(&path), subject }
    }
}

/// A path with `/`, without `.` and, as far as it can, without `..`.
fn normalized(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    parts.join("/")
}

/// The word for a severity, as the JSON form has it.
#[must_use]
pub fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::NotEvaluated => "not_evaluated",
    }
}

/// The word for a group, as `--group` takes it.
#[must_use]
pub fn group_word(group: Group) -> &'static str {
    match group {
        Group::Terraform => "terraform",
        Group::Connector => "connector",
        Group::Scope => "scope",
        Group::Secret => "secret",
    }
}

/// The line of source that a finding is about, safe to show: one-based line number and text.
///
/// Where the value there is sensitive only the name is shown.
#[must_use]
pub fn excerpt(sources: &Sources, diagnostic: &Diagnostic) -> Option<(usize, String)> {
    /// Longer lines are cut: a minified file is one line.
    const MOST_CHARACTERS: usize = 200;
    let range = diagnostic.subject?;
    let (start, _) = sources.positions(range);
    let (_, line) = sources.file(range.file).line(start.line)?;
    let line = line.strip_suffix('\r').unwrap_or(line);
    let shown = if diagnostic.is_sensitive { hidden_line(diagnostic) } else { line.chars().take(MOST_CHARACTERS).collect() };
    Some((start.line, printable(&shown).into_owned()))
}

/// What stands in place of a line whose value must not be shown.
///
/// Nothing of the line itself is taken: the value may begin anywhere in it.
fn hidden_line(diagnostic: &Diagnostic) -> String {
    match &diagnostic.variable {
        Some(name) => format!("{name} = (sensitive value)"),
        None => "(sensitive value)".to_owned(),
    }
}

/// How often each check of a module found something, for formats that list passes.
#[must_use]
pub fn findings_by_check(module: &ModuleReport) -> BTreeMap<&'static str, Vec<&Diagnostic>> {
    let mut by_check: BTreeMap<&'static str, Vec<&Diagnostic>> = BTreeMap::new();
    for diagnostic in &module.diagnostics {
        by_check.entry(diagnostic.check).or_default().push(diagnostic);
    }
    by_check
}

/// `1 error`, `2 errors`.
#[must_use]
pub fn plural(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

/// Text from outside with every control character but newline and tab made visible, so that it cannot steer a terminal.
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    let is_harmless = |c: char| c == '\n' || c == '\t' || !(c.is_control() || is_bidirectional_control(c));
    if text.chars().all(is_harmless) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.chars().map(|c| if is_harmless(c) { String::from(c) } else { format!("\\u{{{:x}}}", u32::from(c)) }).collect(),
    )
}

/// The same on one line, for a name: behind a line break it could be a workflow command.
#[must_use]
pub fn printable_name(text: &str) -> String {
    printable(text).replace('\n', "\\n")
}

/// Characters that reorder the text around them on the screen.
fn is_bidirectional_control(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printable_shows_escape_sequences_instead_of_sending_them() {
        assert_eq!(printable("a\u{1b}[31mb\u{202e}"), "a\\u{1b}[31mb\\u{202e}");
    }

    #[test]
    fn printable_name_stays_on_its_line() {
        assert_eq!(printable_name("x\n::add-mask::y"), "x\\n::add-mask::y");
    }

    #[test]
    fn printable_leaves_plain_text_alone() {
        assert!(matches!(printable("Zoë's site\n"), Cow::Borrowed(_)));
    }

    #[track_caller]
    fn check_excerpt(text: &str, start: u32, is_sensitive: bool, expected: (usize, &str)) {
        let mut sources = Sources::default();
        let file = sources.add("terraform.tfvars", text);
        let diagnostic = Diagnostic::new("a-check", Group::Terraform, Severity::Error, "S", "D")
            .at(SourceRange { file, start, end: start + 1 })
            .about("token")
            .hiding_value(is_sensitive);
        assert_eq!(excerpt(&sources, &diagnostic), Some((expected.0, expected.1.to_owned())));
    }

    #[test]
    fn excerpt_is_the_line_of_the_subject() {
        check_excerpt("a = 1\r\nb = 2\r\n", 11, false, (2, "b = 2"));
    }

    #[test]
    fn excerpt_hides_a_sensitive_value() {
        check_excerpt("a = 1\ntoken  = \"hunter2\"\n", 15, true, (2, "token = (sensitive value)"));
    }

    #[track_caller]
    fn check_location(repository_path: &str, file: &str, expected: &str) {
        let mut module = ModuleReport { repository_path: repository_path.to_owned(), ..ModuleReport::default() };
        let file = module.sources.add(file, "a = 1\n");
        let diagnostic =
            Diagnostic::new("a-check", Group::Terraform, Severity::Error, "S", "D").at(SourceRange { file, start: 0, end: 1 });
        assert_eq!(module.location(&diagnostic).path, expected);
    }

    #[test]
    fn location_is_relative_to_the_repository() {
        check_location("infra/prod", "terraform.tfvars", "infra/prod/terraform.tfvars");
        check_location("", "./terraform.tfvars", "terraform.tfvars");
        check_location("infra/prod", "../common.tfvars", "infra/common.tfvars");
    }

    #[test]
    fn location_of_a_value_without_a_file_is_a_file_all_the_same() {
        check_location("infra", "<value for var.x>", "infra/main.tf");
    }
}
