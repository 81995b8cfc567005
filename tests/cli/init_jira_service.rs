//! `tfhelper init-jira` with an Atlassian that fails on the wire: after the exchange the tokens are kept, before it nothing is.

use tfhelper::atlassian::rehearsal::knobs::{Fault, FaultKind, Knobs};

use crate::init_jira_failure::check_nothing_written;
use crate::stage::Stage;

const TOKEN: &str = "/oauth/token";
const SITES: &str = "/oauth/token/accessible-resources";

/// Runs it, asserts status 5 and that the refresh token is kept.
#[track_caller]
fn check_kept(fault: Fault) {
    let stage = Stage::new(Knobs { faults: vec![fault], ..Knobs::default() });
    stage.run(&[]).expect(5, &["tfhelper secrets push"]);
    assert!(stage.kept_refresh_token().is_some());
}

/// A list of sites that this is in place of.
fn list_of_sites(body: &str) -> Fault {
    Fault::always(SITES, FaultKind::Body(200, body.to_owned()))
}

fn token_fault(kind: FaultKind) -> Knobs {
    // Accessible resources begin with the same path.
    Knobs { faults: vec![Fault::times(TOKEN, 1, kind)], ..Knobs::default() }
}

#[test]
fn failing_token_endpoint_is_asked_once() {
    let stage = Stage::new(token_fault(FaultKind::Status(500)));
    stage.run(&[]).expect(4, &["answered 500 Internal Server Error", "run the same command again"]);
    assert_eq!(stage.exchanges(), 1);
}

#[test]
fn html_from_a_proxy_in_between() {
    check_nothing_written(token_fault(FaultKind::Html(502)), &[], 4, &["answered 502 Bad Gateway"]);
}

#[test]
fn reset_connection() {
    check_nothing_written(token_fault(FaultKind::Reset), &[], 4, &["/oauth/token"]);
}

#[test]
fn answer_that_is_cut_off() {
    check_nothing_written(token_fault(FaultKind::Truncate), &[], 4, &["/oauth/token"]);
}

#[test]
fn echo_of_the_request_shows_no_secret() {
    // `Stage::run` asserts it.
    check_nothing_written(token_fault(FaultKind::Echo), &[], 3, &["***"]);
}

#[test]
fn busy_token_endpoint_is_asked_again() {
    let stage = Stage::new(token_fault(FaultKind::TooManyRequests { retry_after_seconds: Some(0) }));
    stage.run(&[]).expect(0, &[]);
    assert_eq!(stage.exchanges(), 2);
}

#[test]
fn busy_list_of_sites_is_asked_again() {
    let fault = Fault::times(SITES, 2, FaultKind::TooManyRequests { retry_after_seconds: Some(0) });
    Stage::new(Knobs { faults: vec![fault], ..Knobs::default() }).run(&[]).expect(0, &[]);
}

#[test]
fn unusable_list_of_sites_keeps_the_tokens() {
    check_kept(list_of_sites("{\"not\":\"a list\"}"));
}

#[test]
fn refused_list_of_sites_keeps_the_tokens() {
    check_kept(Fault::always(SITES, FaultKind::Status(401)));
}

#[test]
fn html_in_place_of_the_list_of_sites_keeps_the_tokens() {
    check_kept(Fault::always(SITES, FaultKind::Html(200)));
}

#[test]
fn reset_connection_at_the_list_of_sites_keeps_the_tokens() {
    check_kept(Fault::always(SITES, FaultKind::Reset));
}

#[test]
fn cloud_id_that_is_a_command_keeps_the_tokens() {
    check_kept(list_of_sites(r#"[{"id":"$(id)","name":"acme","url":"https://acme.atlassian.net","scopes":["read:jira-work"]}]"#));
}

#[test]
fn empty_list_of_sites_says_what_the_account_lacks() {
    let knobs = Knobs { faults: vec![list_of_sites("[]")], ..Knobs::default() };
    check_nothing_written(knobs, &[], 3, &["reaches no Jira site", "an account that has access to Jira"]);
}
