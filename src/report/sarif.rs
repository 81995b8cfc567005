//! `--format sarif`: SARIF 2.1.0, one run, as code scanning services take it.
//!
//! One run for all root modules: services refuse a second run of the same tool in one file.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::fingerprint::fingerprints;
use super::{ModuleReport, Report, excerpt, group_word, printable};
use crate::diagnostic::{Diagnostic, Group, Severity, SourceRange, Sources};

/// The schema that the document names. Source: SARIF 2.1.0, section 3.13.3.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// More results of one run than this GitHub refuses. Source: GitHub documentation, "SARIF results exceed one or more limits".
const MOST_RESULTS: usize = 25_000;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool,
    automation_details: AutomationDetails,
    column_kind: &'static str,
    results: Vec<ResultObject<'a>>,
}

#[derive(Serialize)]
struct AutomationDetails {
    id: &'static str,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    information_uri: &'static str,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    short_description: Message,
    full_description: Message,
    help: Message,
    properties: RuleProperties,
}

#[derive(Serialize)]
struct RuleProperties {
    tags: BTreeSet<&'static str>,
}

#[derive(Serialize)]
struct Message {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResultObject<'a> {
    rule_id: &'a str,
    rule_index: usize,
    level: &'static str,
    message: Message,
    locations: [Location; 1],
    partial_fingerprints: Fingerprints,
    properties: ResultProperties<'a>,
}

#[derive(Serialize)]
struct Fingerprints {
    #[serde(rename = "finding/v1")]
    finding: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResultProperties<'a> {
    root_module: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    variable: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_column: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    snippet: Option<Message>,
}

/// Renders the report as one SARIF document.
///
/// # Errors
///
/// When serialization fails, which the types rule out.
pub fn render(report: &Report) -> serde_json::Result<String> {
    let rules = rules(report);
    let index: BTreeMap<&str, usize> = rules.iter().enumerate().map(|(at, rule)| (rule.id, at)).collect();
    let mut results: Vec<ResultObject<'_>> = report
        .modules
        .iter()
        .flat_map(|module| module.diagnostics.iter().zip(fingerprints(module)).map(move |(d, id)| (module, d, id)))
        .map(|(module, diagnostic, fingerprint)| {
            let rule_index = index.get(diagnostic.check).copied().unwrap_or_default();
            result(module, diagnostic, fingerprint, rule_index)
        })
        .collect();
    if results.len() > MOST_RESULTS {
        results.sort_by_key(|result| ["error", "warning", "note"].iter().position(|level| *level == result.level));
        results.truncate(MOST_RESULTS);
    }
    let run = Run {
        tool: Tool {
            driver: Driver {
                name: "tfhelper",
                semantic_version: env!("CARGO_PKG_VERSION"),
                information_uri: env!("CARGO_PKG_HOMEPAGE"),
                rules,
            },
        },
        automation_details: AutomationDetails { id: "tfhelper/" },
        column_kind: "unicodeCodePoints",
        results,
    };
    Ok(serde_json::to_string_pretty(&Document { schema: SCHEMA, version: "2.1.0", runs: [run] })? + "\n")
}

/// Every check that was made or found something, once, by identifier.
fn rules(report: &Report) -> Vec<Rule> {
    let mut all: BTreeMap<&'static str, (Group, &'static str)> = BTreeMap::new();
    for module in &report.modules {
        for check in &module.checks {
            all.insert(check.id, (check.group, check.about));
        }
        for diagnostic in &module.diagnostics {
            all.entry(diagnostic.check).or_insert((diagnostic.group, ""));
        }
    }
    all.into_iter().map(|(id, (group, about))| rule(id, group, about)).collect()
}

fn rule(id: &'static str, group: Group, about: &'static str) -> Rule {
    let about = if about.is_empty() { id } else { about };
    let sentence = Message { text: format!("{}.", capitalized(about).trim_end_matches('.')) };
    Rule {
        id,
        full_description: Message { text: sentence.text.clone() },
        short_description: sentence,
        help: Message { text: format!("Run `tfhelper explain {id}` for what it looks for, why, and how to fix it.") },
        // The schema wants them unique, and the group may be of that name.
        properties: RuleProperties { tags: BTreeSet::from(["terraform", group_word(group)]) },
    }
}

fn capitalized(word: &str) -> String {
    let mut characters = word.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

fn result<'a>(module: &'a ModuleReport, diagnostic: &'a Diagnostic, fingerprint: String, rule_index: usize) -> ResultObject<'a> {
    let location = module.location(diagnostic);
    let whole_file = Region { start_line: 1, start_column: None, end_line: None, end_column: None, snippet: None };
    ResultObject {
        rule_id: diagnostic.check,
        rule_index,
        level: match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::NotEvaluated => "note",
        },
        message: Message {
            text: printable(&format!("{}. {}", diagnostic.summary.trim_end_matches('.'), diagnostic.explanation())).into_owned(),
        },
        locations: [Location {
            physical_location: PhysicalLocation {
                artifact_location: ArtifactLocation { uri: uri(&location.path) },
                region: location.subject.map_or(whole_file, |range| Region {
                    snippet: excerpt(&module.sources, diagnostic).map(|(_, text)| Message { text }),
                    ..region(&module.sources, range)
                }),
            },
        }],
        partial_fingerprints: Fingerprints { finding: fingerprint },
        properties: ResultProperties { root_module: &module.root_module, variable: diagnostic.variable.as_deref() },
    }
}

/// Lines as everywhere, columns in code points: SARIF knows no grapheme clusters.
fn region(sources: &Sources, range: SourceRange) -> Region {
    let (start, end) = sources.positions(range);
    Region {
        start_line: start.line,
        start_column: Some(start.code_point_column),
        end_line: Some(end.line),
        end_column: Some(end.code_point_column),
        snippet: None,
    }
}

/// A relative URI: every byte of the path that a URI's path segment does not take is escaped.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::CheckMade;

    fn document(severity: Severity) -> serde_json::Value {
        let mut module = ModuleReport {
            root_module: "infra".to_owned(),
            repository_path: "infra".to_owned(),
            checks: vec![CheckMade { id: "a-check", group: Group::Scope, about: "looks for a thing" }],
            ..ModuleReport::default()
        };
        let file = module.sources.add("a b.tfvars", "x = \"👩‍👩‍👧\" # y\n");
        let start = u32::try_from("x = \"👩‍👩‍👧\" ".len()).unwrap();
        module.diagnostics.push(Diagnostic::new("a-check", Group::Scope, severity, "Wrong thing", "Mend it.").at(SourceRange {
            file,
            start,
            end: start + 1,
        }));
        serde_json::from_str(&render(&Report { modules: vec![module], is_recursive: false }).unwrap()).unwrap()
    }

    #[test]
    fn result_points_at_its_rule_and_place() {
        let run = &document(Severity::Error)["runs"][0];
        let result = &run["results"][0];
        assert_eq!(run["tool"]["driver"]["rules"][0]["id"], "a-check");
        assert_eq!(result["ruleIndex"], 0);
        assert_eq!(result["level"], "error");
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "infra/a%20b.tfvars");
        // Five code points make the one family.
        let region = &place["region"];
        let span = ["startLine", "startColumn", "endLine", "endColumn"].map(|name| region[name].as_u64());
        assert_eq!(span, [Some(1), Some(13), Some(1), Some(14)]);
        assert_eq!(region["snippet"]["text"], "x = \"👩‍👩‍👧\" # y");
    }

    #[test]
    fn tags_of_a_rule_are_unique() {
        let tags = |group| serde_json::to_value(rule("a-check", group, "")).unwrap()["properties"]["tags"].clone();
        assert_eq!(tags(Group::Scope), serde_json::json!(["scope", "terraform"]));
        assert_eq!(tags(Group::Terraform), serde_json::json!(["terraform"]));
    }

    #[test]
    fn check_that_was_not_made_is_a_note() {
        assert_eq!(document(Severity::NotEvaluated)["runs"][0]["results"][0]["level"], "note");
    }

    #[test]
    fn clean_report_has_one_run_without_results() {
        let text = render(&Report::default()).unwrap();
        let document: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(document["runs"][0]["results"], serde_json::json!([]));
    }
}
