//! The steps at every stage of the procedure, and on days between the consent and its end.

use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::atlassian::token_family::{Ledger, TokenFamily};
use crate::secret::name::Naming;
use crate::secret::state::SecretState;

const CLOUD_ID: &str = "1324a887-45db-1bf4-1e99-ef0ff456d421";

fn consented_at() -> Timestamp {
    "2026-01-01T00:00:00Z".parse().unwrap()
}

fn name(variable: &str) -> SecretName {
    let naming = Naming::Aws { environment_name: String::from("psoxy"), root_path: String::new() };
    naming.name("jira-cloud", variable)
}

/// Everything done, on this day after the consent.
fn done(day: i64) -> Evidence {
    Evidence {
        ledger: Some(Ledger {
            client_id: String::from("id"),
            site_url: String::from("https://acme.atlassian.net"),
            site_name: String::from("acme"),
            cloud_id: CLOUD_ID.to_owned(),
            scopes: vec![String::from("read:jira-work")],
            psoxy_release: None,
            token_family: TokenFamily { consented_at: consented_at() },
        }),
        required: ["read:jira-work"].into_iter().collect(),
        cloud_id: Some(CLOUD_ID.to_owned()),
        kept: Vec::new(),
        store: known(day),
        now: consented_at() + SignedDuration::from_hours(24 * day),
    }
}

/// A store with real values, the refresh token changed on this day.
fn known(day: i64) -> StoreEvidence {
    let changed_at = Some(consented_at() + SignedDuration::from_hours(24 * day));
    let state = SecretState { changed_at, ..SecretState::without_value(Condition::Set) };
    let states = ["CLIENT_ID", "CLIENT_SECRET", "REFRESH_TOKEN"].map(|variable| (name(variable), state.clone()));
    StoreEvidence::Known { place: String::from("the store"), states: states.into() }
}

#[track_caller]
fn check_states(evidence: &Evidence, expected: &str) {
    let letter = |step: &Step| match step.state {
        StepState::Done => 'x',
        StepState::ToDo => ' ',
        StepState::Unknown => '?',
    };
    assert_eq!(judge(evidence).iter().map(letter).collect::<String>(), expected);
}

#[track_caller]
fn check_next(evidence: &Evidence, expected: Option<&str>) {
    let next = next(evidence, &judge(evidence), 30);
    assert_eq!(next.as_ref().map(|(command, _)| command.as_str()), expected);
}

fn without_anything() -> Evidence {
    Evidence { ledger: None, cloud_id: None, store: StoreEvidence::NotAsked, ..done(1) }
}

#[test]
fn everything_done_is_done() {
    check_states(&done(1), "xxxxxxxxxx");
    check_next(&done(1), None);
}

#[test]
fn nothing_known_starts_at_the_consent() {
    check_states(&without_anything(), "????   ?  ");
    check_next(&without_anything(), Some("tfhelper init-jira"));
}

#[test]
fn a_store_that_was_not_asked_leaves_one_step_open() {
    let evidence = Evidence { store: StoreEvidence::NotAsked, ..done(1) };
    check_states(&evidence, "xxxxxxx?xx");
    check_next(&evidence, None);
}

#[test]
fn a_refresh_token_of_an_unknown_consent_is_unknown() {
    check_states(&Evidence { ledger: None, ..done(1) }, "???x???xxx");
}

#[test]
fn kept_secrets_are_to_be_pushed() {
    let evidence = Evidence { kept: vec![name("REFRESH_TOKEN")], ..done(1) };
    check_states(&evidence, "xxxxxxx xx");
    check_next(&evidence, Some("tfhelper secrets push"));
}

#[test]
fn absent_secrets_ask_for_terraform_first() {
    let states = vec![(name("CLIENT_ID"), SecretState::absent())];
    let evidence = Evidence { store: StoreEvidence::Known { place: String::new(), states }, ..done(1) };
    check_next(&evidence, Some("terraform apply"));
}

#[test]
fn another_cloud_id_in_the_root_module_is_to_do() {
    let evidence = Evidence { cloud_id: Some(String::from("another")), ..done(1) };
    check_states(&evidence, "xxxxxxxxx ");
    check_next(&evidence, Some("tfhelper init-jira --no-oauth --cloud-id 1324a887-45db-1bf4-1e99-ef0ff456d421"));
}

#[test]
fn a_missing_scope_asks_for_a_new_consent() {
    let evidence = Evidence { required: ["read:jira-work", "read:jira-user"].into_iter().collect(), ..done(1) };
    check_states(&evidence, "xx xxxxxxx");
    check_next(&evidence, Some("tfhelper init-jira --renew"));
}

#[test]
fn a_consent_that_ends_soon_is_to_be_renewed() {
    check_states(&done(340), "xxxxxxxxxx");
    check_next(&done(340), Some("tfhelper init-jira --renew"));
}

#[test]
fn a_consent_that_has_ended_is_to_do_again() {
    check_states(&done(366), "xxxx   xxx");
    check_next(&done(366), Some("tfhelper init-jira --renew"));
}

#[test]
fn idle_days_count_where_the_last_use_is_known() {
    let evidence = Evidence { store: known(1), ..done(80) };
    assert_eq!(evidence.consent().unwrap().certain_days_left(evidence.now), 11);
}

#[test]
fn idle_days_do_not_count_where_the_proxy_may_have_refreshed() {
    let evidence = Evidence { store: StoreEvidence::NotAsked, ..done(80) };
    assert_eq!(evidence.consent().unwrap().certain_days_left(evidence.now), 285);
}

#[test]
fn a_token_that_is_still_kept_has_been_used_by_nobody() {
    let evidence = Evidence { kept: vec![name("REFRESH_TOKEN")], ..done(95) };
    check_states(&evidence, "xxxx    xx");
}

#[test]
fn the_store_knows_the_consent_on_another_machine() {
    let mut evidence = Evidence { ledger: None, ..done(10) };
    let state = SecretState { consented_at: Some(consented_at()), ..SecretState::without_value(Condition::Set) };
    evidence.store = StoreEvidence::Known { place: String::new(), states: vec![(name("REFRESH_TOKEN"), state)] };
    assert_eq!(evidence.consent().unwrap().days_left(evidence.now), 355);
}
