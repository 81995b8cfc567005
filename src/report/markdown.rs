//! `--format markdown`: for a pull request's comment or a job's summary.
//!
//! Text from files is put in code spans and fences that it cannot leave, so that it links to nothing and mentions nobody.

use std::fmt::Write;

use super::{Counts, ModuleReport, Report, excerpt, findings_by_check, plural, printable};
use crate::diagnostic::{Diagnostic, Severity};

/// A comment holds no more; what is beyond is counted. Source: GitHub refuses a comment body of over 65,536 characters,
/// and Atlantis adds text of its own.
const MOST_BYTES: usize = 60_000;

/// Renders the report.
#[must_use]
pub fn render(report: &Report) -> String {
    let Counts { errors, warnings, not_evaluated } = report.counts();
    let verdict = if errors > 0 { "❌" } else { "✅" };
    let mut text = format!(
        "### {verdict} tfhelper check: {}, {}, {not_evaluated} not evaluated\n\n",
        plural(errors, "error"),
        plural(warnings, "warning")
    );
    if report.is_recursive {
        overview(&mut text, report);
    }
    let all = report.worst_first();
    for (at, (module, diagnostic)) in all.iter().enumerate() {
        let told = finding(module, diagnostic);
        if text.len() + told.len() > MOST_BYTES {
            let _ = writeln!(text, "… and {} more: run `tfhelper check`.\n", all.len() - at);
            break;
        }
        text.push_str(&told);
    }
    if let ([module], false) = (report.modules.as_slice(), report.is_recursive) {
        passes(&mut text, module);
    }
    text
}

fn overview(text: &mut String, report: &Report) {
    let clean = report.modules.iter().filter(|module| module.diagnostics.is_empty()).count();
    text.push_str("| root module | errors | warnings | not evaluated |\n|---|---|---|---|\n");
    for module in report.modules.iter().filter(|module| !module.diagnostics.is_empty()) {
        let Counts { errors, warnings, not_evaluated } = module.counts();
        // Even inside a code span a table ends its cell at a bar.
        let name = code(&module.root_module).replace('|', "\\|");
        let row = format!("| {name} | {errors} | {warnings} | {not_evaluated} |\n");
        if text.len() + row.len() > MOST_BYTES / 2 {
            break;
        }
        text.push_str(&row);
    }
    let _ = writeln!(text, "\n{} checked, {clean} without findings.\n", plural(report.modules.len(), "root module"));
}

fn finding(module: &ModuleReport, diagnostic: &Diagnostic) -> String {
    let word = match diagnostic.severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
        Severity::NotEvaluated => "Not evaluated",
    };
    let mut text = format!("**{word}: {}** ({})\n\n", prose(&diagnostic.summary), code(diagnostic.check));
    if let Some((line, source)) = excerpt(&module.sources, diagnostic) {
        let _ = write!(text, "{} line {line}:\n\n{}", code(&module.location(diagnostic).path), fence(&source));
    }
    // The detail may hold text from outside that a code span does not hold, such as a validation's message.
    let _ = write!(text, "{}\n\n", prose(&diagnostic.explanation()));
    text
}

fn passes(text: &mut String, module: &ModuleReport) {
    let findings = findings_by_check(module);
    let passed: Vec<String> =
        module.checks.iter().filter(|check| !findings.contains_key(check.id)).map(|check| code(check.id)).collect();
    if !passed.is_empty() {
        let _ = writeln!(
            text,
            "<details><summary>{} passed</summary>\n\n{}\n\n</details>",
            plural(passed.len(), "check"),
            passed.join(", ")
        );
    }
}

/// A code span that the text cannot leave: its fence is longer than every run of backticks in it.
fn code(text: &str) -> String {
    let text = printable(text).replace('\n', " ");
    let ticks = "`".repeat(longest_run(&text) + 1);
    let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{ticks}{space}{text}{space}{ticks}")
}

fn fence(text: &str) -> String {
    let ticks = "`".repeat((longest_run(text) + 1).max(3));
    format!("{ticks}hcl\n{text}\n{ticks}\n\n")
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or_default()
}

/// Prose with its code spans kept and everything else escaped that Markdown would act on.
fn prose(text: &str) -> String {
    let text = printable(text);
    let mut escaped = String::with_capacity(text.len());
    let is_paired = text.matches('`').count().is_multiple_of(2);
    let mut in_code = false;
    for c in text.chars() {
        match c {
            '`' if is_paired => {
                in_code = !in_code;
                escaped.push(c);
            }
            // A zero-width space keeps a mention from notifying anybody.
            '@' if !in_code => escaped.push_str("@\u{200b}"),
            '<' | '>' | '&' if !in_code => escaped.push_str(match c {
                '<' => "&lt;",
                '>' => "&gt;",
                _ => "&amp;",
            }),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '!' | '~' if !in_code => {
                escaped.push('\\');
                escaped.push(c);
            }
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Group, SourceRange};
    use crate::report::CheckMade;

    fn report(source: &str, detail: &str, count: usize) -> Report {
        let mut module = ModuleReport {
            checks: vec![CheckMade { id: "passing", group: Group::Terraform, about: "" }],
            ..ModuleReport::default()
        };
        let file = module.sources.add("a.tfvars", source);
        for _ in 0..count {
            module.diagnostics.push(
                Diagnostic::new("a-check", Group::Terraform, Severity::Error, "Wrong thing", detail).at(SourceRange {
                    file,
                    start: 0,
                    end: 1,
                }),
            );
        }
        Report { modules: vec![module], is_recursive: false }
    }

    #[test]
    fn finding_shows_place_excerpt_and_fix() {
        let text = render(&report("a = 1\n", "Set `a` to 2.", 1));
        assert!(text.starts_with("### ❌ tfhelper check: 1 error, 0 warnings, 0 not evaluated\n"), "{text}");
        assert!(text.contains("`a.tfvars` line 1:\n\n```hcl\na = 1\n```\n\nSet `a` to 2.\n"), "{text}");
        assert!(text.contains("1 check passed</summary>\n\n`passing`"), "{text}");
    }

    #[test]
    fn source_cannot_leave_its_fence() {
        assert!(render(&report("a = \"````\"\n", "d", 1)).contains("`````hcl\na = \"````\"\n`````\n"));
    }

    #[test]
    fn prose_mentions_nobody_and_links_nothing() {
        assert_eq!(prose("ask @team <b>[x](y)</b> `a_b`"), "ask @\u{200b}team &lt;b&gt;\\[x\\](y)&lt;/b&gt; `a_b`");
    }

    #[test]
    fn long_report_is_cut_and_says_so() {
        let text = render(&report("a = 1\n", &"long ".repeat(200), 100));
        assert!(text.len() < 65_536, "{}", text.len());
        assert!(text.contains("more: run `tfhelper check`."), "{text}");
    }
}
