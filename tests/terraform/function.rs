//! The recordings of function calls, made anew by the real terraform.
//!
//! Each call is an output of one plan; errors are taken away until the plan can be made. `UPDATE_FIXTURES=1` rewrites the
//! recordings: a new call needs no more than `{"expr": "..."}` in its family's file.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::{fixture, real_terraform};

/// Lines of one output in the file of outputs.
const LINES: usize = 4;

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, target).unwrap();
        }
    }
}

/// The calls that are left to record.
struct Recorder {
    /// The calls that the plan holds, and whether their outputs are marked sensitive.
    calls: BTreeMap<usize, (String, bool)>,
    records: BTreeMap<usize, Value>,
}

impl Recorder {
    /// Plans the calls that are left; whether the plan could be made.
    fn plan(&mut self, terraform: &Path, directory: &Path) -> bool {
        let output = |(index, (call, is_sensitive)): (&usize, &(String, bool))| {
            format!("output \"o{index}\" {{\n  value = {call}\n  sensitive = {is_sensitive}\n}}\n")
        };
        fs::write(directory.join("outputs.tf"), self.calls.iter().map(output).collect::<String>()).unwrap();
        let planned = real_terraform::run(terraform, directory, &["plan", "-input=false", "-json", "-out=p"]);
        let indices: Vec<usize> = self.calls.keys().copied().collect();
        let text = String::from_utf8(planned.stdout).unwrap();
        for line in text.lines() {
            let message: Value = serde_json::from_str(line).unwrap();
            let diagnostic = &message["diagnostic"];
            if diagnostic["severity"] != "error" {
                continue;
            }
            let line = diagnostic["range"]["start"]["line"].as_u64().unwrap_or_else(|| panic!("{diagnostic}"));
            let index = indices[(usize::try_from(line).unwrap() - 1) / LINES];
            if diagnostic["summary"] == "Output refers to sensitive values" {
                self.calls.entry(index).and_modify(|call| call.1 = true);
            } else if let Some((call, _)) = self.calls.remove(&index) {
                // What follows a panic is a stack trace.
                let detail = diagnostic["detail"].as_str().unwrap();
                let is_panic = detail.contains("panic in function implementation");
                let detail = if is_panic { detail.lines().next().unwrap() } else { detail };
                self.records.insert(index, json!({"expr": call, "summary": diagnostic["summary"], "detail": detail}));
            }
        }
        planned.status.success()
    }

    /// Takes down the values of a plan.
    fn take(&mut self, plan: &Value) {
        for (index, (call, is_sensitive)) in &self.calls {
            let name = format!("o{index}");
            let after_unknown = &plan["output_changes"][&name]["after_unknown"];
            let mut record = if after_unknown.is_null() || *after_unknown == false {
                let output = &plan["planned_values"]["outputs"][&name];
                json!({"expr": call, "type": output["type"], "value": exact(&output["value"])})
            } else {
                json!({"expr": call, "unknown": true})
            };
            if *is_sensitive {
                record["sensitive"] = Value::Bool(true);
            }
            self.records.insert(*index, record);
        }
    }
}

/// JSON with its numbers as texts, every digit kept.
pub(crate) fn exact(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!({"__number__": number.to_string()}),
        Value::Array(elements) => elements.iter().map(exact).collect(),
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), exact(value))).collect(),
        Value::Null | Value::Bool(_) | Value::String(_) => value.clone(),
    }
}

/// Compares a file of recordings with what the real terraform says now of the same expressions in a copy of a root module.
#[track_caller]
pub(crate) fn check_file(file: &Path, root: &Path) {
    let Some(terraform) = real_terraform::find() else { return };
    let recorded = fixture::read(file);
    let directory = tempfile::tempdir().unwrap();
    copy(root, directory.path());
    let calls = recorded.iter().map(|record| (record["expr"].as_str().unwrap().to_owned(), false));
    let mut recorder = Recorder { calls: calls.enumerate().collect(), records: BTreeMap::new() };
    while !recorder.plan(&terraform, directory.path()) {}
    let shown = real_terraform::run(&terraform, directory.path(), &["show", "-json", "p"]);
    recorder.take(&serde_json::from_slice(&shown.stdout).unwrap());
    fixture::check_or_update(file, &recorded, &recorder.records.into_values().collect::<Vec<Value>>());
}

#[track_caller]
fn check_family(family: &str) {
    let fixtures = fixture::folder().join("functions");
    check_file(&fixtures.join(family).with_extension("json"), &fixtures.join("root"));
}

#[test]
fn collection_functions_still_say_what_is_recorded() {
    check_family("collection");
}

#[test]
fn conversion_functions_still_say_what_is_recorded() {
    check_family("conversion");
}

#[test]
fn date_functions_still_say_what_is_recorded() {
    check_family("date");
}

#[test]
fn encoding_functions_still_say_what_is_recorded() {
    check_family("encoding");
}

#[test]
fn filesystem_functions_still_say_what_is_recorded() {
    check_family("filesystem");
}

#[test]
fn format_functions_still_say_what_is_recorded() {
    check_family("format");
}

#[test]
fn hash_functions_still_say_what_is_recorded() {
    check_family("hash");
}

#[test]
fn mapping_functions_still_say_what_is_recorded() {
    check_family("mapping");
}

#[test]
fn network_functions_still_say_what_is_recorded() {
    check_family("network");
}

#[test]
fn numeric_functions_still_say_what_is_recorded() {
    check_family("numeric");
}

#[test]
fn pattern_functions_still_say_what_is_recorded() {
    check_family("pattern");
}

#[test]
fn sequence_functions_still_say_what_is_recorded() {
    check_family("sequence");
}

#[test]
fn set_functions_still_say_what_is_recorded() {
    check_family("set");
}

#[test]
fn string_functions_still_say_what_is_recorded() {
    check_family("string");
}

#[test]
fn yaml_functions_still_say_what_is_recorded() {
    check_family("yaml");
}
