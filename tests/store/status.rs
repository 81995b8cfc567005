//! `tfhelper status`, with the clock handed in.

use super::program::{CANARIES, Cloud, Program};
use super::stand_in::Kept;
use super::{aws, gcp};

const CONSENTED_AT: &str = "2026-01-01T10:00:00Z";
const CLOUD_ID: &str = "1324a887-45db-1bf4-1e99-ef0ff456d421";

/// A root module after the consent, on a later day.
fn on(now: &str, url: &str) -> Program {
    let mut program = Program::new(Cloud::Aws, url);
    program.write_ledger(CONSENTED_AT);
    program.add_variables(&format!("jira_cloud_id = \"{CLOUD_ID}\""));
    program.set("TFHELPER_NOW", now);
    program
}

#[track_caller]
fn check_status(now: &str, status: i32, words: &[&str]) {
    on(now, "http://127.0.0.1:9").expect(status, &["status"]).says(words);
}

#[test]
fn day_1_is_fine() {
    check_status("2026-01-02T10:00:00Z", 0, &["364 of 365 days left", "ends on 2027-01-01", "computed"]);
}

#[test]
fn day_80_is_fine_where_the_proxy_may_have_refreshed() {
    check_status("2026-03-22T10:00:00Z", 0, &["285 of 365 days left", "2026-04-01 unless the proxy has refreshed"]);
}

#[test]
fn day_340_is_a_finding() {
    check_status("2026-12-07T10:00:00Z", 1, &["25 of 365 days left", "Next: tfhelper init-jira --renew"]);
}

#[test]
fn day_340_is_fine_with_a_lower_threshold() {
    on("2026-12-07T10:00:00Z", "http://127.0.0.1:9").expect(0, &["status", "--warn-days", "20"]);
}

#[test]
fn day_366_is_a_finding() {
    check_status("2027-01-02T10:00:00Z", 1, &["ended on 2027-01-01", "Next: tfhelper init-jira --renew"]);
}

#[test]
fn json_has_every_step_and_both_ends() {
    let document = on("2026-03-22T10:00:00Z", "http://127.0.0.1:9").expect(0, &["status", "--format", "json"]).json();
    assert_eq!(document["steps"].as_array().unwrap().len(), 10);
    assert_eq!(document["token_family"]["days_left"], 285);
    assert_eq!(document["token_family"]["idle_expires_at"], "2026-04-01T10:00:00Z");
    assert_eq!(document["token_family"]["is_last_use_known"], false);
}

#[test]
fn kept_secrets_are_the_next_thing_to_do() {
    let program = on("2026-01-02T10:00:00Z", "http://127.0.0.1:9");
    program.keep(Cloud::Aws.prefix());
    program.expect(0, &["status"]).says(&["Next: tfhelper secrets push"]);
}

#[test]
fn online_finds_a_token_that_nobody_uses() {
    let stand_in = aws::applied();
    for (variable, value) in CANARIES {
        let mut state = stand_in.state();
        state.parameters.get_mut(&Cloud::Aws.name(variable)).unwrap().value = Some(value.to_owned());
    }
    // The stand-in says that the parameters were changed on 2026-11-18: day 80 after that the idle end is near.
    let program = on("2027-02-06T10:00:00Z", &stand_in.url());
    program.write_ledger("2026-11-18T09:00:00Z");
    program.expect(1, &["status", "--online"]).says(&["10 of 90 days left until it ends unused"]);
}

#[test]
fn online_knows_the_consent_from_the_store_alone() {
    let stand_in = gcp::running();
    let name = Cloud::Gcp.name("REFRESH_TOKEN");
    stand_in.state().google.get_mut(&name).unwrap().annotations.insert("tfhelper-consented-at".into(), CONSENTED_AT.into());
    let mut program = Program::new(Cloud::Gcp, &stand_in.url());
    program.set("TFHELPER_NOW", "2026-01-11T10:00:00Z");
    program.expect(0, &["status", "--online"]).says(&["355 of 365 days left"]);
}

#[test]
fn a_store_that_cannot_be_asked_is_evidence_and_no_failure() {
    on("2026-01-02T10:00:00Z", "http://127.0.0.1:9").expect(0, &["status", "--online"]).says(&["could not be asked"]);
}

#[test]
fn a_broken_ledger_is_an_error_that_says_where() {
    let program = on("2026-01-02T10:00:00Z", "http://127.0.0.1:9");
    std::fs::write(program.path(".tfhelper/jira-cloud.json"), "{\"format_version\":\n").unwrap();
    program.expect(2, &["status"]).says(&["jira-cloud.json", "line 2"]);
}

#[test]
fn a_clock_that_cannot_be_read_is_an_error() {
    on("yesterday", "http://127.0.0.1:9").expect(2, &["status"]).says(&["TFHELPER_NOW"]);
}

/// Jira Data Center alone, on a machine that knows its token.
fn data_center(url: &str) -> Program {
    let mut program = Program::new(Cloud::Aws, url);
    let variables = std::fs::read_to_string(program.path("terraform.tfvars")).unwrap();
    std::fs::write(program.path("terraform.tfvars"), variables.replace("\"jira-cloud\"", "\"jira-server\"")).unwrap();
    std::fs::create_dir_all(program.path(".tfhelper")).unwrap();
    let ledger = r#"{"format_version": "1.0", "host": "jira.acme.test", "user": "svc",
        "token": {"verified_at": "2026-11-23T12:00:00Z", "expiry": "never"}}"#;
    std::fs::write(program.path(".tfhelper/jira-server.json"), ledger).unwrap();
    program.set("TFHELPER_NOW", "2026-11-23T12:00:00Z");
    program
}

/// What is said where the store has this value in place of the token of Jira Data Center.
#[track_caller]
fn check_stored_token(value: &str, words: &[&str]) {
    let stand_in = aws::applied();
    let stored = Kept { value: Some(value.to_owned()), ..aws::placeholder() };
    stand_in.state().parameters.insert("PSOXY_JIRA_SERVER_ACCESS_TOKEN".into(), stored);
    data_center(&stand_in.url()).expect(0, &["status", "--online"]).says(words);
}

#[test]
fn online_finds_the_token_of_data_center() {
    check_stored_token(CANARIES[0].1, &["`PSOXY_JIRA_SERVER_ACCESS_TOKEN` set in", "Nothing is left to do."]);
}

#[test]
fn online_finds_a_placeholder_in_place_of_the_token_of_data_center() {
    check_stored_token("fill me", &["without a real value in", "Next: tfhelper init-jira-server"]);
}

#[test]
fn kept_token_of_data_center_is_none_of_jira_cloud_s() {
    let program = data_center("http://127.0.0.1:9");
    let kept = r#"{"format_version": "1.0", "secrets": [{"name": "PSOXY_JIRA_SERVER_ACCESS_TOKEN", "connector": "jira-server",
        "variable": "ACCESS_TOKEN", "value": "canary-id-5Kp"}]}"#;
    std::fs::write(program.path(".tfhelper/secrets.json"), kept).unwrap();
    program.expect(0, &["status"]).says(&["`PSOXY_JIRA_SERVER_ACCESS_TOKEN` kept in a file", "Next: tfhelper secrets push"]);
    program.write_ledger(CONSENTED_AT);
    let document = program.expect(0, &["status", "--format", "json"]).json();
    assert_eq!(document["steps"][7]["state"], "unknown");
}

#[test]
fn verbose_says_what_is_sent_and_nothing_of_what_is_in_it() {
    let stand_in = aws::applied();
    let ran = on("2026-01-02T10:00:00Z", &stand_in.url()).expect(0, &["status", "--online", "-v"]);
    let line = format!("request: POST {}/ 200 in ", stand_in.url());
    assert!(ran.stderr.lines().any(|said| said.starts_with(&line)), "{}", ran.stderr);
    let stand_in = gcp::running();
    let mut program = Program::new(Cloud::Gcp, &stand_in.url());
    program.set("TFHELPER_NOW", "2026-01-11T10:00:00Z");
    program.expect(0, &["status", "--online", "-v"]).says(&[":access 200 in "]);
}
