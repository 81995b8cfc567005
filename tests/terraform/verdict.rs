//! Root modules with values for their variables: what the real terraform said of them, and what tfhelper says.
//!
//! A recording is `{"name", "files", "args", "env", "errors"}`, an error `[summary, detail, file, line, column]`. Terraform
//! stops at stages and tfhelper does not, so each recorded error must be among tfhelper's. `UPDATE_FIXTURES=1` records anew.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::{fixture, real_terraform, tfhelper};

/// Writes the files of a recording into a new directory.
fn stage(record: &Value) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in record["files"].as_object().unwrap() {
        fs::write(directory.path().join(name), text.as_str().unwrap()).unwrap();
    }
    directory
}

fn arguments(record: &Value) -> Vec<&str> {
    record["args"].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

fn environment(record: &Value) -> Vec<(String, String)> {
    let set = record["env"].as_object().into_iter().flatten();
    set.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect()
}

fn error(diagnostic: &Value) -> Value {
    let (range, start) = (&diagnostic["range"], &diagnostic["range"]["start"]);
    json!([diagnostic["summary"], diagnostic["detail"], range["filename"], start["line"], start["column"]])
}

/// The errors of `terraform plan`, in byte order.
fn planned(terraform: &Path, record: &Value) -> Value {
    let directory = stage(record);
    let arguments = [vec!["plan", "-input=false", "-json"], arguments(record)].concat();
    let output = real_terraform::run_with(terraform, directory.path(), &environment(record), &arguments);
    let text = String::from_utf8(output.stdout).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap_or(Value::Null));
    let mut errors: Vec<Value> =
        lines.filter(|line: &Value| line["diagnostic"]["severity"] == "error").map(|line| error(&line["diagnostic"])).collect();
    errors.sort_by_key(Value::to_string);
    assert_eq!(output.status.success(), errors.is_empty(), "{record}: {text}");
    Value::Array(errors)
}

#[track_caller]
fn check_recordings(area: &str) {
    let file = fixture::folder().join("verdicts").join(area).with_extension("json");
    for record in fixture::read(&file) {
        let directory = stage(&record);
        let check = ["check", "--group", "terraform", "--terraform-version", "1.11.4", "--format", "json"];
        let documents = tfhelper::run(directory.path(), &environment(&record), &[&check[..], &arguments(&record)].concat());
        let found = documents.first().unwrap_or_else(|| panic!("no document: {record}"))["diagnostics"].clone();
        let errors: Vec<Value> =
            found.as_array().into_iter().flatten().filter(|found| found["severity"] == "error").map(error).collect();
        let recorded = record["errors"].as_array().unwrap();
        assert_eq!(errors.is_empty(), recorded.is_empty(), "{record}: {found:#}");
        for expected in recorded {
            assert!(errors.contains(expected), "{expected} of {record} is missing in {found:#}");
        }
    }
}

#[track_caller]
fn check_terraform(area: &str) {
    let Some(terraform) = real_terraform::find() else { return };
    let file = fixture::folder().join("verdicts").join(area).with_extension("json");
    let recorded = fixture::read(&file);
    let mut now = recorded.clone();
    for record in &mut now {
        record["errors"] = planned(&terraform, record);
    }
    fixture::check_or_update(&file, &recorded, &now);
}

#[test]
fn values_are_taken_in_the_recorded_order_of_precedence() {
    check_recordings("precedence");
}

#[test]
fn variable_definitions_files_are_read_as_recorded() {
    check_recordings("definitions");
}

#[test]
fn declarations_are_judged_as_recorded() {
    check_recordings("declarations");
}

#[test]
fn values_are_converted_as_recorded() {
    check_recordings("conversion");
}

#[test]
fn validation_rules_are_judged_as_recorded() {
    check_recordings("validation");
}

#[test]
fn terraform_still_takes_values_in_the_recorded_order() {
    check_terraform("precedence");
}

#[test]
fn terraform_still_reads_definitions_as_recorded() {
    check_terraform("definitions");
}

#[test]
fn terraform_still_judges_declarations_as_recorded() {
    check_terraform("declarations");
}

#[test]
fn terraform_still_converts_as_recorded() {
    check_terraform("conversion");
}

#[test]
fn terraform_still_judges_validation_rules_as_recorded() {
    check_terraform("validation");
}
