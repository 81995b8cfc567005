//! GCP Secret Manager, against the stand-in.

use super::google::{Secret, Version};
use super::program::{CANARIES, Cloud, Program};
use super::stand_in::{Failing, Fault, StandIn};

/// A stand-in with the connector's secrets as Terraform makes them: without a version.
pub(crate) fn applied() -> StandIn {
    let stand_in = StandIn::start();
    for variable in ["ACCESS_TOKEN", "REFRESH_TOKEN", "OAUTH_REFRESH_TOKEN", "CLIENT_ID", "CLIENT_SECRET"] {
        stand_in.state().google.insert(Cloud::Gcp.name(variable), Secret::default());
    }
    stand_in
}

/// The same with a refresh token that the proxy has rotated: two versions, the label on the second.
pub(crate) fn running() -> StandIn {
    let stand_in = applied();
    {
        let mut state = stand_in.state();
        let secret = state.google.get_mut(&Cloud::Gcp.name("REFRESH_TOKEN")).unwrap();
        secret.versions = ["first", "rotated"].map(|value| Version { value: value.to_owned(), state: "ENABLED" }).into();
        secret.labels = [("latest-version", "2"), ("team", "it")].map(|(k, v)| (k.to_owned(), v.to_owned())).into();
        secret.annotations = [(String::from("owner"), String::from("erik"))].into();
    }
    stand_in
}

fn ready(stand_in: &StandIn) -> Program {
    let program = Program::new(Cloud::Gcp, &stand_in.url());
    program.keep(Cloud::Gcp.prefix());
    program
}

fn refresh_token(stand_in: &StandIn) -> Secret {
    stand_in.state().google[&Cloud::Gcp.name("REFRESH_TOKEN")].clone()
}

/// Pushes while the service gives this answer to one operation, and checks status and words; nothing may be lost.
#[track_caller]
fn check_refusal(operation: &'static str, status: u16, code: &'static str, message: &'static str, expected: i32, words: &[&str]) {
    let stand_in = applied();
    let program = ready(&stand_in);
    let fault = Fault::Answer { operation, status, code, message };
    stand_in.state().failing = Some(Failing { from: 0, to: usize::MAX, fault });
    program.expect(expected, &["secrets", "push"]).says(words);
    assert_eq!(program.kept().len(), 3);
}

#[test]
fn push_adds_a_version_to_each_secret_and_removes_the_file() {
    let stand_in = applied();
    let program = ready(&stand_in);
    program.expect(0, &["secrets", "push"]).says(&["GCP Secret Manager in project acme-psoxy-prod"]);
    for (variable, value) in CANARIES {
        assert_eq!(stand_in.state().google[&Cloud::Gcp.name(variable)].read_by_proxy(), Some(value));
    }
    assert!(!program.path(".tfhelper/secrets.json").exists());
}

#[test]
fn push_leaves_the_access_token_and_the_lock_alone() {
    let stand_in = applied();
    ready(&stand_in).expect(0, &["secrets", "push"]);
    for variable in ["ACCESS_TOKEN", "OAUTH_REFRESH_TOKEN"] {
        assert!(stand_in.state().google[&Cloud::Gcp.name(variable)].versions.is_empty());
    }
}

#[test]
fn push_moves_the_label_and_disables_the_version_before() {
    let stand_in = running();
    ready(&stand_in).expect(0, &["secrets", "push", "--yes"]);
    let secret = refresh_token(&stand_in);
    assert_eq!(secret.read_by_proxy(), Some(CANARIES[2].1));
    assert_eq!(secret.labels["latest-version"], "3");
    assert_eq!(secret.labels["team"], "it");
    assert_eq!(secret.versions.iter().map(|version| version.state).collect::<Vec<_>>(), ["ENABLED", "DISABLED", "ENABLED"]);
}

#[test]
fn push_puts_no_label_where_there_is_none() {
    let stand_in = applied();
    ready(&stand_in).expect(0, &["secrets", "push"]);
    assert!(refresh_token(&stand_in).labels.is_empty());
}

#[test]
fn push_over_a_live_refresh_token_needs_yes() {
    let stand_in = running();
    ready(&stand_in).expect(2, &["secrets", "push"]).says(&["--yes"]);
    assert_eq!(refresh_token(&stand_in).read_by_proxy(), Some("rotated"));
}

#[test]
fn a_secret_that_changes_meanwhile_is_read_again() {
    let stand_in = running();
    stand_in.state().rivals = 2;
    ready(&stand_in).expect(0, &["secrets", "push", "--yes"]);
    assert_eq!(refresh_token(&stand_in).read_by_proxy(), Some(CANARIES[2].1));
}

#[test]
fn push_writes_the_consent_beside_the_refresh_token() {
    let stand_in = running();
    let program = ready(&stand_in);
    program.write_ledger("2026-01-01T10:00:00Z");
    program.expect(0, &["secrets", "push", "--yes"]);
    let annotations = refresh_token(&stand_in).annotations;
    assert_eq!(annotations["tfhelper-consented-at"], "2026-01-01T10:00:00Z");
    assert_eq!(annotations["tfhelper-expires-at"], "2027-01-01T10:00:00Z");
    assert_eq!(annotations["owner"], "erik");
}

#[test]
fn push_before_apply_is_refused_and_creates_nothing() {
    let stand_in = StandIn::start();
    let program = ready(&stand_in);
    program.expect(3, &["secrets", "push"]).says(&["terraform apply", "psoxy_JIRA_CLOUD_CLIENT_ID"]);
    assert!(stand_in.state().google.is_empty());
    assert_eq!(program.kept().len(), 3);
}

#[test]
fn a_missing_permission_is_found_before_anything_is_written() {
    let stand_in = applied();
    stand_in.state().google.get_mut(&Cloud::Gcp.name("REFRESH_TOKEN")).unwrap().lacks = vec!["secretmanager.versions.add"];
    ready(&stand_in).expect(3, &["secrets", "push"]).says(&["secretmanager.versions.add"]);
    assert!(stand_in.state().google.values().all(|secret| secret.versions.is_empty()));
}

#[test]
fn the_permission_to_move_the_label_is_needed_where_there_is_one() {
    let stand_in = running();
    stand_in.state().google.get_mut(&Cloud::Gcp.name("REFRESH_TOKEN")).unwrap().lacks = vec!["secretmanager.secrets.update"];
    ready(&stand_in).expect(3, &["secrets", "push", "--yes"]).says(&["secretmanager.secrets.update"]);
}

#[test]
fn an_expired_token_is_status_3() {
    let message = "Request had invalid authentication credentials.";
    check_refusal("GetSecret", 401, "UNAUTHENTICATED", message, 3, &["gcloud auth application-default login"]);
}

#[test]
fn a_forbidden_secret_is_status_3() {
    check_refusal("GetSecret", 403, "PERMISSION_DENIED", "Permission denied", 3, &["Permission denied"]);
}

#[test]
fn a_service_that_is_down_is_status_4() {
    check_refusal("GetSecret", 503, "UNAVAILABLE", "The service is unavailable", 4, &["run the command again"]);
}

#[test]
fn a_quota_that_is_used_up_is_status_4() {
    check_refusal("GetSecret", 429, "RESOURCE_EXHAUSTED", "Quota exceeded", 4, &["fewer calls"]);
}

#[test]
fn throttling_that_ends_is_survived() {
    let stand_in = applied();
    stand_in.state().failing = Some(Failing { from: 2, to: 3, fault: Fault::Throttle });
    ready(&stand_in).expect(0, &["secrets", "push"]);
}

#[test]
fn list_shows_a_label_on_an_old_version() {
    let stand_in = running();
    stand_in
        .state()
        .google
        .get_mut(&Cloud::Gcp.name("REFRESH_TOKEN"))
        .unwrap()
        .labels
        .insert("latest-version".into(), "1".into());
    let program = Program::new(Cloud::Gcp, &stand_in.url());
    let listed = program.expect(0, &["secrets", "list", "--format", "json"]).json();
    let secrets = listed["secrets"].as_array().unwrap().clone();
    let secret = secrets.iter().find(|secret| secret["variable"] == "REFRESH_TOKEN").unwrap();
    assert_eq!((&secret["version"], &secret["newest_version"]), (&"1".into(), &"2".into()));
    program.expect(0, &["secrets", "list"]).says(&["1 (newest: 2)"]);
}
