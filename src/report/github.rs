//! `--format github`: annotations as workflow commands, one a line.
//!
//! Whatever a file says must not become a workflow command of its own, so every text is escaped and no other line is
//! printed that begins with `::`.

use std::fmt::Write;

use super::{Counts, ModuleReport, Report, plural, printable};
use crate::diagnostic::{Diagnostic, Severity};

/// More annotations of one level than this GitHub drops without a word.
///
/// Source: GitHub community discussion 26680: ten error and ten warning annotations a step.
const MOST_A_LEVEL: usize = 10;

/// Renders the report, worst findings first.
#[must_use]
pub fn render(report: &Report) -> String {
    let mut text = String::new();
    let all = report.worst_first();
    for severity in [Severity::Error, Severity::Warning, Severity::NotEvaluated] {
        let of_severity: Vec<_> = all.iter().filter(|(_, diagnostic)| diagnostic.severity == severity).collect();
        // The last place says how many are left out.
        let shown = if of_severity.len() > MOST_A_LEVEL { MOST_A_LEVEL - 1 } else { of_severity.len() };
        for (module, diagnostic) in &of_severity[..shown] {
            annotate(&mut text, module, diagnostic);
        }
        if of_severity.len() > shown {
            let rest = of_severity.len() - shown;
            let _ =
                writeln!(text, "::{} title=tfhelper::{rest} more: see the job summary, or run tfhelper check", level(severity));
        }
    }
    let Counts { errors, warnings, not_evaluated } = report.counts();
    let _ = writeln!(text, "{}, {}, {not_evaluated} not evaluated", plural(errors, "error"), plural(warnings, "warning"));
    text
}

fn annotate(text: &mut String, module: &ModuleReport, diagnostic: &Diagnostic) {
    let location = module.location(diagnostic);
    let mut properties = format!("file={}", property(&location.path));
    if let Some(range) = location.subject {
        let (start, end) = module.sources.positions(range);
        let _ = write!(properties, ",line={},endLine={}", start.line, end.line);
        // Columns make sense within one line only: GitHub refuses them otherwise.
        if start.line == end.line {
            let _ = write!(properties, ",col={},endColumn={}", start.column, end.column);
        }
    }
    let title = property(&format!("{} ({})", diagnostic.summary, diagnostic.check));
    let _ = writeln!(text, "::{} {properties},title={title}::{}", level(diagnostic.severity), message(&diagnostic.explanation()));
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::NotEvaluated => "notice",
    }
}

/// Escapes a message. Source: the toolkit's `core` package, `command.ts`: `%`, CR and LF.
fn message(text: &str) -> String {
    printable(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a property: a message, and the characters that separate properties.
fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Group, SourceRange};

    fn report(file: &str, detail: &str, count: usize) -> Report {
        let mut module = ModuleReport::default();
        let file = module.sources.add(file, "a = 1\nbcd = 2\n");
        for _ in 0..count {
            module.diagnostics.push(
                Diagnostic::new("a-check", Group::Terraform, Severity::Error, "Wrong thing", detail).at(SourceRange {
                    file,
                    start: 6,
                    end: 9,
                }),
            );
        }
        Report { modules: vec![module], is_recursive: false }
    }

    #[test]
    fn annotation_names_file_line_and_columns() {
        assert_eq!(
            render(&report("a.tfvars", "It is wrong.", 1)),
            "::error file=a.tfvars,line=2,endLine=2,col=1,endColumn=4,title=Wrong thing (a-check)::It is wrong.\n\
             1 error, 0 warnings, 0 not evaluated\n"
        );
    }

    #[test]
    fn hostile_text_stays_inside_its_annotation() {
        let text = render(&report("a,line=9::x\n::add-mask::y.tfvars", "100%\r\n::set-output name=a::b", 1));
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 2, "{text}");
        assert!(lines[0].starts_with("::error file=a%2Cline=9%3A%3Ax%0A%3A%3Aadd-mask%3A%3Ay.tfvars,line=2,"), "{text}");
        assert!(lines[0].ends_with("::100%25\\u{d}%0A::set-output name=a::b"), "{text}");
    }

    #[test]
    fn findings_beyond_the_limit_are_counted() {
        let text = render(&report("a.tfvars", "d", 12));
        assert_eq!(text.lines().filter(|line| line.starts_with("::error ")).count(), 10);
        assert!(text.contains("::error title=tfhelper::3 more: "), "{text}");
    }

    #[test]
    fn exactly_the_limit_is_shown_whole() {
        assert!(!render(&report("a.tfvars", "d", 10)).contains("more:"));
    }
}
