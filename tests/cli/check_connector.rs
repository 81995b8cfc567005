//! The checks of group connector: each finds its mistake in one root module, and nothing in the twin without it.

use std::process::Command;

fn findings(id: &str, case: &str) -> Vec<serde_json::Value> {
    let output = Command::new(env!("CARGO_BIN_EXE_tfhelper"))
        .env_clear()
        .args(["-C", &format!("tests/fixtures/check/{id}/{case}"), "check", "--check", id, "--format", "json"])
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(!text.contains("canary"), "a secret is shown: {text}");
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    report["diagnostics"].as_array().unwrap().clone()
}

#[track_caller]
fn check_twins(id: &str, severity: &str, line: u64) {
    assert_eq!(findings(id, "accepts"), Vec::<serde_json::Value>::new());
    let found = findings(id, "rejects");
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!((found[0]["check"].as_str(), found[0]["severity"].as_str()), (Some(id), Some(severity)));
    assert_eq!(found[0]["range"]["start"]["line"], line, "{found:#?}");
}

#[test]
fn connector_without_its_setting() {
    check_twins("connector-setting", "error", 1);
}

#[test]
fn placeholder_left_in_place() {
    check_twins("connector-placeholder", "error", 2);
}

#[test]
fn two_homes_that_disagree() {
    check_twins("connector-home", "error", 4);
}

#[test]
fn connector_settings_before_psoxy_0_6_0() {
    check_twins("connector-settings-release", "error", 2);
}

#[test]
fn setting_of_a_connector_that_is_not_enabled() {
    check_twins("connector-not-enabled", "warning", 4);
}

#[test]
fn release_whose_calls_are_no_longer_answered() {
    check_twins("connector-release", "warning", 24);
}

#[test]
fn modules_from_different_releases() {
    check_twins("psoxy-release", "warning", 33);
}

#[test]
fn cloud_id_that_is_an_address() {
    check_twins("cloud-id", "error", 3);
}

#[test]
fn url_of_jira_that_is_no_host() {
    check_twins("jira-server-url", "error", 3);
}

#[test]
fn no_example_issue() {
    check_twins("example-issue", "warning", 1);
}

#[test]
fn secret_in_a_variable_definitions_file() {
    check_twins("secret-in-variables", "warning", 2);
}

#[test]
fn grant_that_lacks_a_scope() {
    check_twins("granted-scopes", "error", 1);
}
