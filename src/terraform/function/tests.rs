//! Replays what the real terraform 1.11.4 says of some hundred calls.
//!
//! The recordings are in `tests/fixtures/functions`, with the root module that they were made in. `tests/terraform` makes
//! them anew.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Error, ErrorKind, Result as IoResult};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value as Json;

use super::Files;
use crate::diagnostic::Sources;
use crate::terraform::expression::budget::Budget;
use crate::terraform::expression::{ModuleNames, Names, Scope, evaluate};
use crate::terraform::syntax;
use crate::terraform::value::json::type_to_json;
use crate::terraform::value::{Type, Value, ValueKind};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/functions")
}

/// The disk below a directory.
struct Below(PathBuf);

impl Files for Below {
    fn read(&self, path: &str) -> IoResult<Vec<u8>> {
        fs::read(self.0.join(path))
    }

    fn is_file(&self, path: &str) -> IoResult<bool> {
        match fs::metadata(self.0.join(path)) {
            Ok(metadata) if metadata.is_file() => Ok(true),
            Ok(_) => Err(Error::from(ErrorKind::IsADirectory)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn list(&self, directory: &str) -> IoResult<Vec<String>> {
        let mut files = Vec::new();
        let base = self.0.join(directory);
        let mut open = vec![base.clone()];
        while let Some(next) = open.pop() {
            for entry in fs::read_dir(next)? {
                let path = entry?.path();
                if path.is_dir() {
                    open.push(path);
                } else if let Ok(relative) = path.strip_prefix(&base) {
                    files.push(relative.to_string_lossy().into_owned());
                }
            }
        }
        files.sort();
        Ok(files)
    }
}

/// The variables of the fixture's root module.
fn names() -> ModuleNames {
    let strings = |texts: &[&str]| texts.iter().copied().map(Value::string).collect::<Vec<_>>();
    let map = [("b", "2"), ("a", "1")].map(|(name, text)| (Arc::from(name), Value::string(text)));
    let variables = [
        ("secret", Value::string("hunter2").with_mark(true)),
        ("secret_number", Value::from(7_i64).with_mark(true)),
        ("strings", Value::list(Type::String, strings(&["c", "a", "b"]))),
        ("string_map", Value::map(Type::String, BTreeMap::from(map))),
        ("string_set", Value::set(Type::String, strings(&["b", "a"]))),
    ];
    ModuleNames {
        variables: variables.into_iter().map(|(name, value)| (Arc::from(name), value)).collect(),
        ..ModuleNames::default()
    }
}

/// Whether a value is the recorded one; numbers are recorded as text, with every digit.
fn is_same(value: &Value, recorded: &Json) -> bool {
    match (&value.kind, recorded) {
        (ValueKind::Null(_), Json::Null) => true,
        (ValueKind::Bool(value), Json::Bool(recorded)) => value == recorded,
        (ValueKind::String(value), Json::String(recorded)) => **value == **recorded,
        (ValueKind::Number(value), Json::Object(recorded)) => {
            recorded.get("__number__").and_then(Json::as_str) == Some(value.to_string().as_str())
        }
        (ValueKind::List(_, values) | ValueKind::Set(_, values) | ValueKind::Tuple(values), Json::Array(recorded)) => {
            values.len() == recorded.len() && values.iter().zip(recorded).all(|(value, recorded)| is_same(value, recorded))
        }
        (ValueKind::Map(_, values) | ValueKind::Object(values), Json::Object(recorded)) => {
            values.len() == recorded.len()
                && values.iter().all(|(name, value)| recorded.get(&**name).is_some_and(|json| is_same(value, json)))
        }
        _ => false,
    }
}

/// What differs from a recording.
fn difference(record: &Json, names: &ModuleNames, files: &Below) -> Option<String> {
    let text = record["expr"].as_str()?;
    let mut sources = Sources::default();
    let file = sources.add("outputs.tf", text);
    let (expression, errors) = syntax::parse_expression(text, file);
    let Some(expression) = expression else {
        return Some(format!("{text}: {errors:?}"));
    };
    let scope = Scope {
        names: Names::Module(names),
        files,
        sources: &sources,
        budget: &Budget::default(),
        is_short_circuit: false,
        is_console: false,
    };
    let (value, problems) = evaluate(&expression, &scope);
    if let Some(problem) = problems.first() {
        // What follows a panic is a stack trace, which is left out of the recording.
        let is_panic = problem.detail.contains("panic in function implementation");
        let detail = if is_panic { problem.detail.trim_end_matches('.') } else { &problem.detail };
        let is_same = record["summary"] == problem.summary.as_str() && record["detail"] == detail;
        return (!is_same).then(|| format!("{text}\n  is    {}: {}\n  wants {record}", problem.summary, problem.detail));
    }
    if record.get("summary").is_some() {
        return Some(format!("{text}\n  is    {value:?}\n  wants {record}"));
    }
    // What is not known here is never wrong; that it is known where it can be is judged below.
    if record.get("unknown").is_some() {
        return value.is_wholly_known().then(|| format!("{text}\n  is    {value:?}\n  wants to be unknown"));
    }
    let is_sensitive = record.get("sensitive").is_some();
    // A null is recorded without its type.
    let is_type_same = value.is_null() || record["type"] == type_to_json(&value.ty());
    let matches = is_type_same && is_same(&value, &record["value"]) && value.contains_sensitive() == is_sensitive;
    (!matches).then(|| format!("{text}\n  is    {value:?}\n  wants {record}"))
}

#[track_caller]
fn check_family(family: &str) {
    let text = fs::read_to_string(fixtures().join(family).with_extension("json")).unwrap();
    let records: Vec<Json> = serde_json::from_str(&text).unwrap();
    let (names, files) = (names(), Below(fixtures().join("root")));
    let differences: Vec<String> = records.iter().filter_map(|record| difference(record, &names, &files)).collect();
    assert!(differences.is_empty(), "{} of {} differ:\n{}", differences.len(), records.len(), differences.join("\n"));
}

#[test]
fn collection_functions_say_what_terraform_says() {
    check_family("collection");
}

#[test]
fn conversion_functions_say_what_terraform_says() {
    check_family("conversion");
}

#[test]
fn date_functions_say_what_terraform_says() {
    check_family("date");
}

#[test]
fn encoding_functions_say_what_terraform_says() {
    check_family("encoding");
}

#[test]
fn filesystem_functions_say_what_terraform_says() {
    check_family("filesystem");
}

#[test]
fn format_functions_say_what_terraform_says() {
    check_family("format");
}

#[test]
fn hash_functions_say_what_terraform_says() {
    check_family("hash");
}

#[test]
fn mapping_functions_say_what_terraform_says() {
    check_family("mapping");
}

#[test]
fn network_functions_say_what_terraform_says() {
    check_family("network");
}

#[test]
fn numeric_functions_say_what_terraform_says() {
    check_family("numeric");
}

#[test]
fn pattern_functions_say_what_terraform_says() {
    check_family("pattern");
}

#[test]
fn sequence_functions_say_what_terraform_says() {
    check_family("sequence");
}

#[test]
fn set_functions_say_what_terraform_says() {
    check_family("set");
}

#[test]
fn string_functions_say_what_terraform_says() {
    check_family("string");
}

#[test]
fn yaml_functions_say_what_terraform_says() {
    check_family("yaml");
}
