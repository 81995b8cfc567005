//! `--format junit`: one test suite a root module, one test case a check, passed ones included.
//!
//! `JUnit` has no schema of its own; this is valid by Jenkins' `junit-10.xsd`, which has no place for a file or a line, so
//! they stand in the text.

use std::fmt::Write;

use quick_junit::{NonSuccessKind, Report as Document, TestCase, TestCaseStatus, TestSuite};

use super::{ModuleReport, Report, excerpt, findings_by_check, group_word, printable};
use crate::diagnostic::{Diagnostic, Severity};

/// Renders the report as XML.
///
/// # Errors
///
/// When the XML cannot be written, which the types rule out.
pub fn render(report: &Report) -> anyhow::Result<String> {
    let mut document = Document::new("tfhelper check");
    for module in &report.modules {
        document.add_test_suite(suite(module));
    }
    Ok(without_sum_of_skipped(document.to_string()?))
}

/// Takes `skipped` out of the outermost element, where Jenkins' schema has no place for it; each suite keeps its own.
fn without_sum_of_skipped(text: String) -> String {
    const NAME: &str = " skipped=\"";
    let Some(start) = text.find("<testsuites ") else { return text };
    let end = text[start..].find('>').map_or(text.len(), |length| start + length);
    let Some(at) = text[start..end].find(NAME).map(|offset| start + offset) else { return text };
    let Some(length) = text[at + NAME.len()..end].find('"') else { return text };
    [&text[..at], &text[at + NAME.len() + length + 1..]].concat()
}

fn suite(module: &ModuleReport) -> TestSuite {
    let mut suite = TestSuite::new(printable(&module.root_module).into_owned());
    let mut findings = findings_by_check(module);
    for check in &module.checks {
        let found = findings.remove(check.id).unwrap_or_default();
        suite.add_test_case(case(module, check.id, group_word(check.group), &found));
    }
    // A finding of a check that is not listed as made is shown all the same.
    for (id, found) in findings {
        let group = found.first().map_or("", |diagnostic| group_word(diagnostic.group));
        suite.add_test_case(case(module, id, group, &found));
    }
    suite
}

/// An error is a failure; a check that could not be made, and found no error, is skipped; a warning passes with its text
/// as output.
fn case(module: &ModuleReport, id: &str, group: &str, found: &[&Diagnostic]) -> TestCase {
    let of = |severity| found.iter().copied().filter(move |d| d.severity == severity).collect::<Vec<_>>();
    let (errors, warnings, not_evaluated) = (of(Severity::Error), of(Severity::Warning), of(Severity::NotEvaluated));
    let status = match (errors.first(), not_evaluated.first()) {
        (Some(first), _) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_type(id).set_message(printable(&first.summary)).set_description(told(module, &errors));
            status
        }
        (None, Some(first)) => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(printable(&format!("{}: {}", first.summary, first.explanation())));
            status
        }
        (None, None) => TestCaseStatus::success(),
    };
    let mut case = TestCase::new(id, status);
    case.set_classname(format!("tfhelper.{group}"));
    if !warnings.is_empty() {
        case.set_system_out(told(module, &warnings));
    }
    case
}

fn told(module: &ModuleReport, diagnostics: &[&Diagnostic]) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics {
        let _ = write!(text, "{}", diagnostic.summary);
        if let Some((line, source)) = excerpt(&module.sources, diagnostic) {
            let _ = write!(text, "\n\n  on {} line {line}:\n  {line}: {source}", module.location(diagnostic).path);
        }
        let _ = write!(text, "\n\n{}\n\n", diagnostic.explanation());
    }
    printable(&text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Group, SourceRange};
    use crate::report::CheckMade;

    fn module(severity: Severity) -> Report {
        let mut module = ModuleReport {
            root_module: ".".to_owned(),
            checks: ["a-check", "passing"].map(|id| CheckMade { id, group: Group::Connector, about: "" }).to_vec(),
            ..ModuleReport::default()
        };
        let file = module.sources.add("a.tfvars", "a = \"<&>\"\n");
        module.diagnostics.push(
            Diagnostic::new("a-check", Group::Connector, severity, "Wrong thing", "Mend \u{1b}it.").at(SourceRange {
                file,
                start: 0,
                end: 1,
            }),
        );
        Report { modules: vec![module], is_recursive: false }
    }

    #[track_caller]
    fn check_render(severity: Severity, expected: &[&str]) {
        let text = render(&module(severity)).unwrap();
        for part in expected {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
    }

    #[test]
    fn error_is_a_failure_and_a_pass_is_listed() {
        let failure = "<failure message=\"Wrong thing\" type=\"a-check\">";
        check_render(
            Severity::Error,
            &[failure, "tests=\"2\"", "failures=\"1\"", "name=\"passing\"", "a = &quot;&lt;&amp;&gt;&quot;"],
        );
    }

    #[test]
    fn outermost_element_has_the_attributes_that_jenkins_knows() {
        check_render(
            Severity::NotEvaluated,
            &["<testsuites name=\"tfhelper check\" tests=\"2\" failures=\"0\" errors=\"0\">", "skipped=\"1\""],
        );
    }

    #[test]
    fn check_that_was_not_made_is_skipped() {
        check_render(Severity::NotEvaluated, &["<skipped ", "failures=\"0\""]);
    }

    #[test]
    fn warning_passes_and_is_told() {
        check_render(Severity::Warning, &["<system-out>Wrong thing", "failures=\"0\"", "Mend \\u{1b}it."]);
    }
}
