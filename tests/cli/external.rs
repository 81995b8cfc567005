//! `tfhelper external`: the protocol of terraform's `external` data source.

use std::process::Output;

use crate::repository::{Repository, feed, shown};

#[track_caller]
fn check_answer(query: &str, status: i32) -> Output {
    let repository = Repository::of(&[("live/main.tf", "variable \"need\" {\n  type = string\n}\n")]);
    let output = feed(&mut repository.command(&["external"]), query);
    assert_eq!(output.status.code(), Some(status), "{}", shown(&output));
    output
}

#[test]
fn passing_root_module_is_answered_with_one_flat_object_of_strings() {
    let output = check_answer(r#"{"path":"live","var.need":"x"}"#, 0);
    let answer: std::collections::BTreeMap<String, String> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((answer["ok"].as_str(), answer["error_count"].as_str()), ("true", "0"));
}

#[test]
fn findings_fail_the_plan_and_are_told_on_stderr() {
    let output = check_answer(r#"{"path":"live"}"#, 1);
    assert!(output.stdout.is_empty());
    assert!(String::from_utf8_lossy(&output.stderr).contains("No value for required variable"), "{}", shown(&output));
}

#[test]
fn findings_are_an_answer_where_that_is_asked_for() {
    let output = check_answer(r#"{"path":"live","fail_on":"none"}"#, 0);
    let answer: std::collections::BTreeMap<String, String> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((answer["ok"].as_str(), answer["error_count"].as_str()), ("false", "1"));
}

#[test]
fn query_that_is_no_object_of_strings_is_refused() {
    let output = check_answer(r#"{"path":["live"]}"#, 2);
    assert!(output.stdout.is_empty());
    assert!(shown(&output).contains("it is no JSON object of strings"), "{}", shown(&output));
}
