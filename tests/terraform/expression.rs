//! Expressions: what the real terraform recorded of them, and what `tfhelper console` answers.
//!
//! `UPDATE_FIXTURES=1` records anew: a new expression needs no more than `{"expr": "..."}` in its area's file.

use crate::{fixture, function, tfhelper};

#[track_caller]
fn check_recordings(area: &str) {
    let fixtures = fixture::folder().join("expressions");
    let recorded = fixture::read(&fixtures.join(area).with_extension("json"));
    let expressions = recorded.iter().map(|record| record["expr"].as_str().unwrap());
    let arguments: Vec<&str> = ["console", "--json", "--"].into_iter().chain(expressions).collect();
    let answers = tfhelper::run(&fixtures.join("root"), &[], &arguments);
    assert_eq!(answers.len(), recorded.len());
    for (answer, recorded) in answers.iter().zip(&recorded) {
        let is_right = match answer.get("error") {
            Some(error) => error["summary"] == recorded["summary"] && error["detail"] == recorded["detail"],
            None => {
                ["type", "unknown", "sensitive"].iter().all(|part| answer.get(part) == recorded.get(part))
                    && (recorded.get("sensitive").is_some()
                        || answer.get("value").map(function::exact) == recorded.get("value").cloned())
            }
        };
        assert!(is_right, "recorded: {recorded}\nanswered: {answer}");
    }
}

#[track_caller]
fn check_terraform(area: &str) {
    let fixtures = fixture::folder().join("expressions");
    function::check_file(&fixtures.join(area).with_extension("json"), &fixtures.join("root"));
}

#[test]
fn operators_give_what_is_recorded() {
    check_recordings("operators");
}

#[test]
fn for_expressions_give_what_is_recorded() {
    check_recordings("for");
}

#[test]
fn access_gives_what_is_recorded() {
    check_recordings("access");
}

#[test]
fn templates_give_what_is_recorded() {
    check_recordings("templates");
}

#[test]
fn conditionals_give_what_is_recorded() {
    check_recordings("conditionals");
}

#[test]
fn terraform_still_says_what_is_recorded_of_operators() {
    check_terraform("operators");
}

#[test]
fn terraform_still_says_what_is_recorded_of_for_expressions() {
    check_terraform("for");
}

#[test]
fn terraform_still_says_what_is_recorded_of_access() {
    check_terraform("access");
}

#[test]
fn terraform_still_says_what_is_recorded_of_templates() {
    check_terraform("templates");
}

#[test]
fn terraform_still_says_what_is_recorded_of_conditionals() {
    check_terraform("conditionals");
}
