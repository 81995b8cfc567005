//! The checks of group `secret`, end to end.

use super::program::{Cloud, Program};
use super::stand_in::StandIn;
use super::{aws, gcp};

/// Runs the checks of the group and returns `check: severity` of each finding.
#[track_caller]
fn findings(program: &Program, status: i32, more: &[&str]) -> Vec<String> {
    let arguments = [&["check", "--group", "secret", "--format", "json"], more].concat();
    let report = program.expect(status, &arguments).json();
    let text = |finding: &serde_json::Value, field: &str| finding[field].as_str().unwrap().to_owned();
    let found = report["diagnostics"].as_array().unwrap();
    found.iter().map(|finding| format!("{}: {}", text(finding, "check"), text(finding, "severity"))).collect()
}

#[test]
fn offline_the_store_is_not_evaluated() {
    let program = Program::new(Cloud::Aws, "http://127.0.0.1:9");
    let found = findings(&program, 0, &[]);
    assert!(found.iter().any(|finding| finding.starts_with("secret-value: ")), "{found:?}");
    assert!(found.iter().all(|finding| !finding.ends_with(": error") && !finding.ends_with(": warning")), "{found:?}");
}

#[test]
fn placeholders_are_fine_before_apply_and_findings_after() {
    let stand_in = aws::applied();
    let program = Program::new(Cloud::Aws, &stand_in.url());
    program.write_ledger("2026-11-20T10:00:00Z");
    assert_eq!(findings(&program, 0, &["--online"]), Vec::<String>::new());
    let found = findings(&program, 1, &["--online", "--stage", "post-apply"]);
    assert_eq!(found, ["secret-value: error", "secret-value: error", "secret-value: error"]);
}

#[test]
fn label_on_an_old_version_is_found() {
    let stand_in = gcp::running();
    let name = Cloud::Gcp.name("REFRESH_TOKEN");
    stand_in.state().google.get_mut(&name).unwrap().labels.insert("latest-version".into(), "1".into());
    let program = Program::new(Cloud::Gcp, &stand_in.url());
    program.write_ledger("2026-11-20T10:00:00Z");
    assert_eq!(findings(&program, 1, &["--online"]), ["secret-version: error"]);
}

#[test]
fn consent_that_has_ended_is_found_without_the_store() {
    let mut program = Program::new(Cloud::Aws, "http://127.0.0.1:9");
    program.write_ledger("2026-01-01T10:00:00Z");
    program.set("TFHELPER_NOW", "2027-02-01T10:00:00Z");
    let found = findings(&program, 1, &[]);
    assert!(found.contains(&String::from("token-family: error")), "{found:?}");
}

#[test]
fn store_that_cannot_be_asked_is_not_evaluated() {
    let stand_in = StandIn::start();
    let mut program = Program::new(Cloud::Aws, &stand_in.url());
    program.set("AWS_ACCESS_KEY_ID", "");
    let found = findings(&program, 0, &["--online"]);
    assert!(found.iter().all(|finding| !finding.ends_with(": error")), "{found:?}");
}

#[test]
fn nothing_ever_refreshes_a_token() {
    let stand_in = aws::applied();
    let mut program = Program::new(Cloud::Aws, &stand_in.url());
    program.set("JIRA_ACCESS_TOKEN", "token");
    program.keep(Cloud::Aws.prefix());
    program.write_ledger("2026-11-20T10:00:00Z");
    program.expect(0, &["secrets", "push"]);
    program.run(&["secrets", "list"]);
    program.run(&["status", "--online"]);
    program.run(&["check", "--online", "--stage", "post-apply"]);
    let state = stand_in.state();
    assert!(state.calls.len() > 20);
    assert!(state.calls.iter().all(|call| !call.body.contains("grant_type")));
}
