//! The direct scripts against the stand-in for Atlassian, which refuses as Atlassian does.

use tfhelper::atlassian::rehearsal::Rehearsal;
use tfhelper::atlassian::rehearsal::knobs::{Fault, FaultKind, Knobs};
use tfhelper::secret::Secret;
use tfhelper::test_script::{ProxyHost, Target};

use crate::script_stage::{CLOUD_ID, ScriptStage, TOKEN, assert_says};
use crate::stage::Outcome;

const SCOPES: &str = "read:jira-work read:jira-user read:user:jira read:group:jira read:avatar:jira";

/// Runs the script of a connector with these settings against a stand-in.
fn run(rehearsal: &Rehearsal, connector: &str, token: &str, settings: &[(&'static str, &str)], calls: &[&str]) -> Outcome {
    let mut stage = ScriptStage::with_settings(connector, Target::Direct, ProxyHost::Aws, settings);
    stage.set("TFHELPER_ATLASSIAN_API_URL", rehearsal.api_url());
    stage.set("JIRA_ACCESS_TOKEN", token);
    let outcome = stage.run(calls);
    assert!(!outcome.stdout.contains(token) && !outcome.stderr.contains(token), "the token is shown: {outcome:#?}");
    outcome
}

fn cloud(knobs: Knobs, scopes: &str, cloud_id: &str, issue: &str, calls: &[&str]) -> Outcome {
    let rehearsal = Rehearsal::start(knobs).unwrap();
    let token = rehearsal.issue_access_token(scopes);
    run(&rehearsal, "jira-cloud", token.expose(), &[("jira_cloud_id", cloud_id), ("jira_example_issue_id", issue)], calls)
}

fn data_center(knobs: Knobs, token: &str, calls: &[&str]) -> Outcome {
    let rehearsal = Rehearsal::start(knobs).unwrap();
    run(&rehearsal, "jira-server", token, &[("jira_example_issue_id", "ACME-1")], calls)
}

/// The Data Center of the good day knows the canary.
fn knows_token() -> Knobs {
    let mut knobs = Knobs::default();
    knobs.data_center.tokens[0].value = Secret::new(TOKEN);
    knobs
}

#[test]
fn every_call_of_a_good_day_is_answered() {
    let outcome = cloud(Knobs::default(), SCOPES, CLOUD_ID, "ACME-1", &[]).expect(0, &[]);
    assert!(outcome.stdout.ends_with("8 ok, 0 with a warning, 0 skipped, 0 failed\n"), "{}", outcome.stdout);
}

#[test]
fn missing_scope_is_named() {
    let outcome = cloud(Knobs::default(), "read:jira-work", CLOUD_ID, "ACME-1", &["users"]).expect(1, &[]);
    assert_says(&outcome.stdout, &["users 401 FAILED", "lacks a scope", "`read:jira-user`"]);
}

#[test]
fn unknown_token_cloud_id_and_issue_are_told_apart() {
    let rehearsal = Rehearsal::start(Knobs::default()).unwrap();
    let settings = [("jira_cloud_id", CLOUD_ID), ("jira_example_issue_id", "ACME-1")];
    let outcome = run(&rehearsal, "jira-cloud", TOKEN, &settings, &["users"]).expect(1, &[]);
    assert_says(&outcome.stdout, &["users 401 FAILED", "expired, revoked"]);
    let elsewhere = "00000000-0000-4000-8000-000000000000";
    let outcome = cloud(Knobs::default(), SCOPES, elsewhere, "ACME-1", &["users"]).expect(1, &[]);
    assert_says(&outcome.stdout, &["users 404 FAILED", "No site has this cloud ID"]);
    let outcome = cloud(Knobs::default(), SCOPES, CLOUD_ID, "NONE-1", &["comments"]).expect(1, &[]);
    assert_says(&outcome.stdout, &["comments 404 FAILED", "no such issue"]);
}

#[test]
fn account_without_permission_is_told() {
    let mut knobs = Knobs::default();
    knobs.user.can_browse_users = false;
    let outcome = cloud(knobs, SCOPES, CLOUD_ID, "ACME-1", &["users"]).expect(1, &[]);
    assert_says(&outcome.stdout, &["users 403 FAILED", "`Browse users and groups`"]);
}

#[test]
fn site_that_blocks_the_app_is_told() {
    let mut knobs = Knobs::default();
    knobs.sites[0].admits_app = false;
    let outcome = cloud(knobs, SCOPES, CLOUD_ID, "ACME-1", &["users"]).expect(1, &[]);
    assert_says(&outcome.stdout, &["users 403 FAILED", "This site is not part of the grant"]);
}

#[test]
fn faults_on_the_wire_are_told() {
    let with = |kind: FaultKind| {
        let knobs = Knobs { faults: vec![Fault::always("/ex/jira/", kind)], ..Knobs::default() };
        cloud(knobs, SCOPES, CLOUD_ID, "ACME-1", &["users"]).expect(1, &[]).stdout
    };
    assert_says(&with(FaultKind::TooManyRequests { retry_after_seconds: Some(7) }), &["429 FAILED", "wait 7 seconds"]);
    assert_says(&with(FaultKind::Html(200)), &["200 FAILED", "not JSON but text/html"]);
    assert_says(&with(FaultKind::Html(502)), &["502 FAILED", "Atlassian's side failed"]);
    assert_says(&with(FaultKind::Truncate), &["FAILED"]);
    assert_says(&with(FaultKind::Reset), &["FAILED", "No complete answer"]);
}

#[test]
fn data_center_answers_every_call() {
    let outcome = data_center(knows_token(), TOKEN, &[]).expect(0, &[]);
    assert!(outcome.stdout.ends_with("7 ok, 0 with a warning, 0 skipped, 0 failed\n"), "{}", outcome.stdout);
}

#[test]
fn data_center_token_that_nobody_knows_fails_at_myself_though_the_search_answers_200() {
    let outcome = data_center(Knobs::default(), TOKEN, &["myself", "search"]).expect(1, &[]);
    assert_says(
        &outcome.stdout,
        &["myself 401 FAILED", "does not know this personal access token", "search 200 warning, 0 items", "1 with a warning"],
    );
}

#[test]
fn data_center_that_refuses_with_its_login_page_is_told() {
    let mut knobs = Knobs::default();
    knobs.data_center.answers_html = true;
    let outcome = data_center(knobs, TOKEN, &["myself"]).expect(1, &[]);
    assert_says(&outcome.stdout, &["myself 401 FAILED", "| You must log in to access this page."]);
}

#[test]
fn data_center_account_that_may_browse_nothing_is_told() {
    let mut knobs = knows_token();
    knobs.data_center.can_browse_projects = false;
    let outcome = data_center(knobs, TOKEN, &["search", "comments"]);
    assert_says(&outcome.stdout, &["search 200 warning, 0 items", "`Browse projects`", "404 FAILED"]);
}
