//! The layout of findings, their excerpts, and the line that counts them.

use super::*;
use crate::diagnostic::{FileId, Group, SourceRange};

fn finding(severity: Severity, subject: Option<SourceRange>) -> Diagnostic {
    Diagnostic {
        check: "connector-setting",
        group: Group::Connector,
        severity,
        summary: "No value for connector setting".to_owned(),
        detail: "The connector `jira-cloud` is enabled, but nothing sets `jira_cloud_id`.".to_owned(),
        note: None,
        variable: Some("jira_cloud_id".to_owned()),
        subject,
        is_sensitive: false,
    }
}

fn file(text: &str) -> (Sources, FileId) {
    let mut sources = Sources::default();
    let id = sources.add("terraform.tfvars", text);
    (sources, id)
}

fn render_one(diagnostics: Vec<Diagnostic>, sources: Sources, decoration: Decoration) -> String {
    let module = ModuleReport { root_module: ".".to_owned(), sources, diagnostics, ..ModuleReport::default() };
    render(&Report { modules: vec![module], is_recursive: false }, decoration)
}

#[track_caller]
fn check_excerpt(text: &str, range: (u32, u32), is_sensitive: bool, expected: &[&str]) {
    let (sources, file) = file(text);
    let subject = SourceRange { file, start: range.0, end: range.1 };
    let diagnostic = Diagnostic { is_sensitive, ..finding(Severity::Error, Some(subject)) };
    let found = excerpt(&diagnostic, subject, &sources, Look::of(Severity::Error, Decoration::None));
    assert_eq!(found, expected);
}

#[test]
fn finding_follows_terraforms_layout() {
    let (sources, file) = file("a = 1\nenabled_connectors = [\"jira-cloud\"]\n");
    let subject = SourceRange { file, start: 6, end: 24 };
    assert_eq!(
        render_one(vec![finding(Severity::Error, Some(subject))], sources, Decoration::None),
        "Error: No value for connector setting\n\
         \n\
         \x20 on terraform.tfvars line 2:\n\
         \x20  2: enabled_connectors = [\"jira-cloud\"]\n\
         \n\
         The connector `jira-cloud` is enabled, but nothing sets `jira_cloud_id`.\n\
         \n\
         check: connector-setting\n\
         \n\
         Failed: 1 error, 0 warnings.\n"
    );
}

#[test]
fn note_comes_before_the_detail() {
    let diagnostic = Diagnostic { note: Some("Set it.".to_owned()), ..finding(Severity::Error, None) };
    let found = render_one(vec![diagnostic], Sources::default(), Decoration::None);
    assert!(found.contains("setting\n\nSet it.\n\nThe connector `jira-cloud` is enabled"), "{found}");
}

#[test]
fn decoration_draws_box_and_underlines_subject() {
    let (sources, file) = file("a = 1\n");
    let found =
        render_one(vec![finding(Severity::Warning, Some(SourceRange { file, start: 4, end: 5 }))], sources, Decoration::Full);
    assert!(found.starts_with("\u{1b}[33m╷\u{1b}[0m\n\u{1b}[33m│\u{1b}[0m \u{1b}[1m\u{1b}[33mWarning: "), "{found:?}");
    assert!(found.contains("   1: a = \u{1b}[4m1\u{1b}[0m\n"), "{found:?}");
    assert!(found.contains("╵"), "{found:?}");
}

#[test]
fn not_evaluated_comes_last_and_counts_as_neither_verdict() {
    let diagnostics = vec![finding(Severity::NotEvaluated, None), finding(Severity::Warning, None)];
    let found = render_one(diagnostics, Sources::default(), Decoration::None);
    let (findings, rest) = found.split_once("Not evaluated\n\n").unwrap();
    assert!(findings.starts_with("Warning: No value for connector setting\n"));
    assert!(rest.starts_with("  No value for connector setting (check: connector-setting)\n    The connector"));
    assert!(rest.ends_with("\n\nPassed, with warnings: 0 errors, 1 warning, 1 not evaluated.\n"), "{rest}");
}

#[test]
fn each_of_several_root_modules_is_named() {
    let module = |name: &str| ModuleReport {
        root_module: name.to_owned(),
        diagnostics: vec![finding(Severity::Error, None)],
        ..ModuleReport::default()
    };
    let report = Report { modules: vec![module("a"), module("b")], is_recursive: true };
    let found = render(&report, Decoration::None);
    assert!(found.starts_with("In root module a:\n\nError: ") && found.contains("\n\nIn root module b:\n\nError: "));
    assert!(found.ends_with("Failed: 2 errors, 0 warnings.\n"), "{found}");
}

#[test]
fn nothing_found_passes() {
    assert_eq!(render_one(Vec::new(), Sources::default(), Decoration::None), "Passed: 0 errors, 0 warnings.\n");
}

#[test]
fn excerpt_shows_every_line_of_the_subject() {
    check_excerpt(
        "a = {\r\n  b = 1\r\n}\r\nc = 2\r\n",
        (4, 17),
        false,
        &["  on terraform.tfvars line 1:", "   1: a = {", "   2:   b = 1", "   3: }"],
    );
}

#[test]
fn excerpt_of_a_long_subject_is_cut() {
    let text = "a = [\n".to_owned() + &"  1,\n".repeat(50) + "]\n";
    let mut expected = vec!["  on terraform.tfvars line 1:".to_owned(), "   1: a = [".to_owned()];
    expected.extend((2..=8).map(|number| format!("   {number}:   1,")));
    expected.push("      ...".to_owned());
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    check_excerpt(&text, (0, 250), false, &expected);
}

#[test]
fn excerpt_of_a_sensitive_variable_hides_the_line() {
    check_excerpt(
        "x = 1\njira_cloud_id = \"secret\"",
        (6, 30),
        true,
        &["  on terraform.tfvars line 2:", "   2: jira_cloud_id = (sensitive value)"],
    );
}

#[test]
fn excerpt_sends_no_control_characters() {
    check_excerpt(
        "a = \"\u{1b}]0;x\u{7}\"\n",
        (4, 12),
        false,
        &["  on terraform.tfvars line 1:", "   1: a = \"\\u{1b}]0;x\\u{7}\""],
    );
}

#[test]
fn excerpt_at_the_end_of_the_file_shows_the_last_line() {
    check_excerpt("a = ", (4, 4), false, &["  on terraform.tfvars line 1:", "   1: a = "]);
}

#[test]
fn excerpt_of_a_very_long_line_is_cut_around_the_subject() {
    let text = "x".repeat(1000) + "SUBJECT" + &"y".repeat(1000);
    let expected = format!("   1: ...{}SUBJECT{}...", "x".repeat(160), "y".repeat(160));
    check_excerpt(&text, (1000, 1007), false, &["  on terraform.tfvars line 1:", &expected]);
}
