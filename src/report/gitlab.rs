//! `--format gitlab`: a GitLab code quality report.

use serde::Serialize;

use super::fingerprint::fingerprints;
use super::{ModuleReport, Report, printable};
use crate::diagnostic::{Diagnostic, Severity};

/// One finding.
///
/// Source: GitLab documentation, "Code Quality report format": description, `check_name`, fingerprint, severity and
/// location are required, and the path has no leading `./`.
#[derive(Serialize)]
struct Finding<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
}

/// Renders the report as a JSON array.
///
/// # Errors
///
/// When serialization fails, which the types rule out.
pub fn render(report: &Report) -> serde_json::Result<String> {
    let findings: Vec<Finding<'_>> = report
        .modules
        .iter()
        .flat_map(|module| module.diagnostics.iter().zip(fingerprints(module)).map(move |(d, id)| finding(module, d, id)))
        .collect();
    Ok(serde_json::to_string_pretty(&findings)? + "\n")
}

fn finding<'a>(module: &ModuleReport, diagnostic: &'a Diagnostic, fingerprint: String) -> Finding<'a> {
    let location = module.location(diagnostic);
    Finding {
        description: printable(&format!("{}: {}", diagnostic.summary, diagnostic.explanation())).into_owned(),
        check_name: diagnostic.check,
        fingerprint,
        severity: match diagnostic.severity {
            Severity::Error => "major",
            Severity::Warning => "minor",
            Severity::NotEvaluated => "info",
        },
        location: Location {
            path: location.path,
            lines: Lines { begin: location.subject.map_or(1, |range| module.sources.positions(range).0.line) },
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Group, SourceRange};

    #[test]
    fn finding_has_what_gitlab_requires() {
        let mut module = ModuleReport { repository_path: "infra".to_owned(), ..ModuleReport::default() };
        let file = module.sources.add("terraform.tfvars", "a = 1\nb = 2\n");
        module.diagnostics.push(
            Diagnostic::new("connector-setting", Group::Connector, Severity::Warning, "S", "D").at(SourceRange {
                file,
                start: 6,
                end: 7,
            }),
        );
        let text = render(&Report { modules: vec![module], is_recursive: false }).unwrap();
        let document: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(document[0]["description"], "S: D");
        assert_eq!(document[0]["severity"], "minor");
        assert_eq!(document[0]["location"], serde_json::json!({"path": "infra/terraform.tfvars", "lines": {"begin": 2}}));
        assert_eq!(document[0]["fingerprint"].as_str().unwrap().len(), 64);
    }

    #[test]
    fn clean_report_is_an_empty_array() {
        assert_eq!(render(&Report::default()).unwrap(), "[]\n");
    }
}
