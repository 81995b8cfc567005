//! Findings for people, in Terraform's layout.
//!
//! Terraform draws its box and underlines the subject only where it colours; in a pipe the same text comes bare. What could
//! not be evaluated is listed behind the findings, because it is neither verdict.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::{Counts, ModuleReport, Report, hidden_line, plural, printable};
use crate::diagnostic::{Diagnostic, Severity, SourceRange, Sources};

/// Where Terraform wraps when it does not know the terminal.
///
/// Source: hashicorp/terraform v1.11.4, internal/command/format/diagnostic.go and internal/terminal.
const WIDTH: usize = 78;

/// An excerpt shows at most so many lines of a subject that goes on.
const MOST_LINES: usize = 8;

/// An excerpt shows at most so many characters on either side of the subject, and of the subject: variable definitions may be
/// one line of JSON.
const MOST_CHARACTERS: usize = 160;

/// How to show the findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decoration {
    /// Colours, box and underline, for a terminal.
    Full,
    /// Text alone, for pipes and files.
    None,
}

/// Renders the report: the findings of each root module, worst first, and a line that counts them.
#[must_use]
pub fn render(report: &Report, decoration: Decoration) -> String {
    let mut text = String::new();
    for module in report.modules.iter().filter(|module| !module.diagnostics.is_empty()) {
        if report.is_recursive {
            let _ = writeln!(text, "In root module {}:\n", printable(&module.root_module));
        }
        render_module(&mut text, module, decoration);
    }
    text.push_str(&render_summary(report.counts(), decoration));
    text
}

fn render_module(text: &mut String, module: &ModuleReport, decoration: Decoration) {
    for severity in [Severity::Error, Severity::Warning] {
        for diagnostic in module.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity) {
            text.push_str(&render_finding(diagnostic, &module.sources, Look::of(severity, decoration)));
            text.push('\n');
        }
    }
    let mut not_evaluated =
        module.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::NotEvaluated).peekable();
    if not_evaluated.peek().is_none() {
        return;
    }
    let look = Look::of(Severity::NotEvaluated, decoration);
    let Look { word, tint, .. } = look;
    let _ = writeln!(text, "{tint}{word}{tint:#}");
    for diagnostic in not_evaluated {
        text.push('\n');
        text.push_str(&render_not_evaluated(diagnostic, look));
    }
    text.push('\n');
}

/// How one severity looks.
#[derive(Clone, Copy)]
struct Look {
    word: &'static str,
    tint: Style,
    strong: Style,
    underline: Style,
    has_box: bool,
}

impl Look {
    fn of(severity: Severity, decoration: Decoration) -> Self {
        let (word, color) = match severity {
            Severity::Error => ("Error", AnsiColor::Red),
            Severity::Warning => ("Warning", AnsiColor::Yellow),
            Severity::NotEvaluated => ("Not evaluated", AnsiColor::Cyan),
        };
        let plain = Style::new();
        match decoration {
            Decoration::Full => {
                Self { word, tint: color.on_default(), strong: plain.bold(), underline: plain.underline(), has_box: true }
            }
            Decoration::None => Self { word, tint: plain, strong: plain, underline: plain, has_box: false },
        }
    }
}

fn render_finding(diagnostic: &Diagnostic, sources: &Sources, look: Look) -> String {
    let Look { word, tint, strong, .. } = look;
    let mut lines = vec![format!(
        "{strong}{tint}{word}: {tint:#}{strong:#}{strong}{}{strong:#}",
        printable(&diagnostic.summary).replace('\n', " ")
    )];
    lines.push(String::new());
    if let Some(subject) = diagnostic.subject {
        lines.extend(excerpt(diagnostic, subject, sources, look));
        lines.push(String::new());
    }
    lines.extend(wrap(&printable(&diagnostic.explanation()), if look.has_box { WIDTH - 2 } else { WIDTH }));
    lines.push(String::new());
    lines.push(format!("check: {}", diagnostic.check));
    if !look.has_box {
        return lines.into_iter().map(|line| line + "\n").collect();
    }
    let mut boxed = format!("{tint}╷{tint:#}\n");
    for line in lines {
        let _ = writeln!(boxed, "{tint}│{tint:#} {line}");
    }
    let _ = writeln!(boxed, "{tint}╵{tint:#}");
    boxed
}

/// `  on FILE line N:` and the lines of the subject, which is underlined.
fn excerpt(diagnostic: &Diagnostic, subject: SourceRange, sources: &Sources, look: Look) -> Vec<String> {
    let file = sources.file(subject.file);
    let (start, _) = sources.positions(subject);
    let mut lines = vec![format!("  on {} line {}:", printable(&file.name), start.line)];
    if diagnostic.is_sensitive {
        lines.push(format!("{:4}: {}", start.line, printable(&hidden_line(diagnostic))));
        return lines;
    }
    let subject = subject.bytes();
    let mut line_start = file.text.get(..subject.start).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1);
    for number in start.line.. {
        let Some(rest) = file.text.get(line_start..) else { break };
        let line = rest.split('\n').next().unwrap_or_default();
        if number - start.line == MOST_LINES {
            lines.push("      ...".to_owned());
            break;
        }
        let line_end = line_start + line.len();
        let shown = line.strip_suffix('\r').unwrap_or(line);
        let within = |at: usize| at.clamp(line_start, line_start + shown.len()) - line_start;
        let (from, to) = (within(subject.start), within(subject.end));
        let (Some(before), Some(inside), Some(after)) = (shown.get(..from), shown.get(from..to), shown.get(to..)) else { break };
        let underline = look.underline;
        lines.push(format!(
            "{number:4}: {}{underline}{}{underline:#}{}",
            printable(&last_characters(before)),
            printable(&first_characters(inside)),
            printable(&first_characters(after)),
        ));
        if subject.end <= line_end + 1 || line_end == file.text.len() {
            break;
        }
        line_start = line_end + 1;
    }
    lines
}

fn first_characters(text: &str) -> String {
    match text.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

fn last_characters(text: &str) -> String {
    match text.char_indices().rev().nth(MOST_CHARACTERS) {
        Some((start, character)) => format!("...{}", &text[start + character.len_utf8()..]),
        None => text.to_owned(),
    }
}

fn render_not_evaluated(diagnostic: &Diagnostic, look: Look) -> String {
    let Look { strong, .. } = look;
    let mut text = format!("  {strong}{}{strong:#} (check: {})\n", printable(&diagnostic.summary), diagnostic.check);
    for line in wrap(&printable(&diagnostic.explanation()), WIDTH - 4) {
        let _ = writeln!(text, "    {line}");
    }
    text
}

/// `Failed: 2 errors, 1 warning, 3 not evaluated.`
fn render_summary(counts: Counts, decoration: Decoration) -> String {
    let Counts { errors, warnings, not_evaluated } = counts;
    let (word, color) = match (errors, warnings) {
        (0, 0) => ("Passed:", AnsiColor::Green),
        (0, _) => ("Passed, with warnings:", AnsiColor::Yellow),
        (_, _) => ("Failed:", AnsiColor::Red),
    };
    let style = match decoration {
        Decoration::Full => color.on_default().bold(),
        Decoration::None => Style::new(),
    };
    let rest = if not_evaluated == 0 { String::new() } else { format!(", {not_evaluated} not evaluated") };
    format!("{style}{word}{style:#} {}, {}{rest}.\n", plural(errors, "error"), plural(warnings, "warning"))
}

/// Breaks each line at spaces; a line that begins with a space is laid out already and stays.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.trim_end().split('\n') {
        if paragraph.starts_with([' ', '\t']) {
            lines.push(paragraph.to_owned());
            continue;
        }
        let mut line = String::new();
        let mut length = 0;
        for word in paragraph.split(' ') {
            let word_length = word.chars().count();
            if length > 0 && length + 1 + word_length > width {
                lines.push(std::mem::take(&mut line));
                length = 0;
            }
            if length > 0 {
                line.push(' ');
                length += 1;
            }
            line.push_str(word);
            length += word_length;
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{FileId, Group};

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

    #[track_caller]
    fn check_wrap(text: &str, expected: &[&str]) {
        assert_eq!(wrap(text, 10), expected);
    }

    #[test]
    fn wrap_breaks_at_spaces() {
        check_wrap("one two three four", &["one two", "three four"]);
    }

    #[test]
    fn wrap_leaves_indented_lines_and_long_words_alone() {
        check_wrap(
            "  tfhelper init-jira --renew\nhttps://example.test",
            &["  tfhelper init-jira --renew", "https://example.test"],
        );
    }
}
