//! Findings for people, in Terraform's layout.
//!
//! Terraform draws its box and underlines the subject only where it colours; in a pipe the same text comes bare. What could
//! not be evaluated is listed behind the findings, because it is neither verdict.

mod excerpt;
mod wrap;

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use self::excerpt::excerpt;
use self::wrap::wrap;
use super::{Counts, ModuleReport, Report, plural, printable};
use crate::diagnostic::{Diagnostic, Severity, Sources};

/// Where Terraform wraps when it does not know the terminal.
///
/// Source: hashicorp/terraform v1.11.4, internal/command/format/diagnostic.go and internal/terminal.
const WIDTH: usize = 78;

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

#[cfg(test)]
mod tests;
