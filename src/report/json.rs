//! `--format json`: the shape of `terraform validate -json`, and what terraform does not know beside it.

use serde::Serialize;

use super::{Counts, ModuleReport, Report, group_word, severity_word};
use crate::diagnostic::{Diagnostic, Position, SourceRange, Sources};

/// The version of the shape; a field is added in a minor version, removed or changed in a major one.
const FORMAT_VERSION: &str = "1.0";

#[derive(Serialize)]
struct OneModule<'a> {
    format_version: &'static str,
    #[serde(flatten)]
    module: Module<'a>,
}

#[derive(Serialize)]
struct SeveralModules<'a> {
    format_version: &'static str,
    valid: bool,
    error_count: usize,
    warning_count: usize,
    not_evaluated_count: usize,
    root_modules: Vec<Module<'a>>,
}

#[derive(Serialize)]
struct Module<'a> {
    valid: bool,
    error_count: usize,
    warning_count: usize,
    not_evaluated_count: usize,
    root_module: &'a str,
    psoxy_release: Option<&'a str>,
    connectors: &'a [String],
    diagnostics: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Finding<'a> {
    check: &'a str,
    group: &'static str,
    severity: &'static str,
    summary: &'a str,
    detail: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    variable: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Range<'a>>,
}

#[derive(Serialize)]
struct Range<'a> {
    filename: &'a str,
    start: Place,
    end: Place,
}

#[derive(Serialize)]
struct Place {
    line: usize,
    column: usize,
    byte: usize,
}

impl From<Position> for Place {
    fn from(position: Position) -> Self {
        Self { line: position.line, column: position.column, byte: position.byte }
    }
}

/// Renders the report as one JSON document.
///
/// A recursive report has `root_modules`, each in the shape of a single one, and the counts of all.
///
/// # Errors
///
/// When serialization fails, which the types rule out.
pub fn render(report: &Report) -> serde_json::Result<String> {
    let mut text = match report.modules.as_slice() {
        [module] if !report.is_recursive => {
            serde_json::to_string_pretty(&OneModule { format_version: FORMAT_VERSION, module: shown(module) })?
        }
        modules => {
            let Counts { errors, warnings, not_evaluated } = report.counts();
            serde_json::to_string_pretty(&SeveralModules {
                format_version: FORMAT_VERSION,
                valid: errors == 0,
                error_count: errors,
                warning_count: warnings,
                not_evaluated_count: not_evaluated,
                root_modules: modules.iter().map(shown).collect(),
            })?
        }
    };
    text.push('\n');
    Ok(text)
}

fn shown(module: &ModuleReport) -> Module<'_> {
    let Counts { errors, warnings, not_evaluated } = module.counts();
    Module {
        valid: errors == 0,
        error_count: errors,
        warning_count: warnings,
        not_evaluated_count: not_evaluated,
        root_module: &module.root_module,
        psoxy_release: module.psoxy_release.as_deref(),
        connectors: &module.connectors,
        diagnostics: module.diagnostics.iter().map(|diagnostic| finding(&module.sources, diagnostic)).collect(),
    }
}

fn finding<'a>(sources: &'a Sources, diagnostic: &'a Diagnostic) -> Finding<'a> {
    Finding {
        check: diagnostic.check,
        group: group_word(diagnostic.group),
        severity: severity_word(diagnostic.severity),
        summary: &diagnostic.summary,
        detail: &diagnostic.detail,
        note: diagnostic.note.as_deref(),
        variable: diagnostic.variable.as_deref(),
        range: diagnostic.subject.map(|subject| range(sources, subject)),
    }
}

/// Where a finding stands; an empty range gets one column, so that there is something to highlight.
///
/// Source: hashicorp/terraform v1.11.4, internal/command/views/json/diagnostic.go.
fn range(sources: &Sources, subject: SourceRange) -> Range<'_> {
    let (start, mut end) = sources.positions(subject);
    if start == end {
        end.column += 1;
        end.byte += 1;
    }
    Range { filename: &sources.file(subject.file).name, start: start.into(), end: end.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Group, Severity};

    fn module() -> ModuleReport {
        let mut module = ModuleReport {
            root_module: ".".to_owned(),
            psoxy_release: Some("v0.6.6".to_owned()),
            connectors: vec!["jira-cloud".to_owned()],
            ..ModuleReport::default()
        };
        let file = module.sources.add("terraform.tfvars", "a = 1\nb = 2\n");
        let diagnostic = Diagnostic::new("connector-setting", Group::Connector, Severity::Error, "S", "D")
            .about("jira_cloud_id")
            .at(SourceRange { file, start: 6, end: 7 });
        module.diagnostics.push(diagnostic);
        module
    }

    #[test]
    fn one_module_has_the_shape_of_terraform_validate() {
        let report = Report { modules: vec![module()], is_recursive: false };
        let document: serde_json::Value = serde_json::from_str(&render(&report).unwrap()).unwrap();
        let expected = serde_json::json!({
            "format_version": "1.0", "valid": false, "error_count": 1, "warning_count": 0, "not_evaluated_count": 0,
            "root_module": ".", "psoxy_release": "v0.6.6", "connectors": ["jira-cloud"],
            "diagnostics": [{
                "check": "connector-setting", "group": "connector", "severity": "error", "summary": "S", "detail": "D",
                "variable": "jira_cloud_id",
                "range": {"filename": "terraform.tfvars",
                    "start": {"line": 2, "column": 1, "byte": 6}, "end": {"line": 2, "column": 2, "byte": 7}}
            }]
        });
        assert_eq!(document, expected);
    }

    #[track_caller]
    fn check_range(text: &str, bytes: (u32, u32), expected: serde_json::Value) {
        let mut sources = Sources::default();
        let file = sources.add("main.tf", text);
        let range = range(&sources, SourceRange { file, start: bytes.0, end: bytes.1 });
        assert_eq!(serde_json::to_value(range).unwrap(), expected);
    }

    #[test]
    fn range_ends_behind_its_last_character() {
        let expected = serde_json::json!({"filename": "main.tf",
            "start": {"line": 1, "column": 5, "byte": 4}, "end": {"line": 2, "column": 1, "byte": 5}});
        check_range("a = \n", (4, 5), expected);
    }

    #[test]
    fn empty_range_at_the_end_of_the_file_gets_a_column() {
        let expected = serde_json::json!({"filename": "main.tf",
            "start": {"line": 1, "column": 5, "byte": 4}, "end": {"line": 1, "column": 6, "byte": 5}});
        check_range("a = ", (4, 4), expected);
    }

    #[test]
    fn note_stands_beside_the_detail() {
        let (sources, diagnostic) = (Sources::default(), Diagnostic::new("a", Group::Terraform, Severity::Error, "S", "D"));
        assert!(serde_json::to_value(finding(&sources, &diagnostic)).unwrap().get("note").is_none());
        let noted = Diagnostic { note: Some("N".to_owned()), ..diagnostic };
        let found = serde_json::to_value(finding(&sources, &noted)).unwrap();
        assert_eq!((&found["detail"], &found["note"]), (&"D".into(), &"N".into()));
    }

    #[test]
    fn recursive_report_lists_its_root_modules() {
        let report = Report { modules: vec![module(), module()], is_recursive: true };
        let document: serde_json::Value = serde_json::from_str(&render(&report).unwrap()).unwrap();
        assert_eq!(document["error_count"], 2);
        assert_eq!(document["root_modules"][1]["root_module"], ".");
    }
}
