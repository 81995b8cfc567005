//! The consent page of the rehearsal, clicked.

use serde_json::{Value, json};
use tempfile::TempDir;
use tfhelper::atlassian::rehearsal::Rehearsal;
use tfhelper::atlassian::rehearsal::knobs::{Answer, Knobs, Site};

use super::person::{Peers, Person, Report, find_peers};
use super::tfhelper::{Run, free_redirect_uri, init_jira, ledger, root_module, said, tfvars};

const BETA: &str = "2324a887-45db-4bf4-8e99-ef0ff456d421";

struct Ended {
    status: Option<i32>,
    said: String,
    report: Report,
    directory: TempDir,
    /// Requests at the token endpoint: one at most, since a refresh would rotate the token that the proxy gets.
    exchanges: usize,
}

/// Runs tfhelper with a person who takes these steps.
fn run(peers: &Peers, name: &str, scheme: &str, steps: &Value) -> Ended {
    let redirect_uri = free_redirect_uri();
    let mut knobs = Knobs { answer: Answer::Ask, ..Knobs::default() };
    knobs.app.redirect_uri.clone_from(&redirect_uri);
    knobs.sites.push(Site { name: String::from("Beta <b>& \"Söhne\"</b>"), ..Site::new("beta", BETA) });
    let client_secret = knobs.app.client_secret.clone();
    let rehearsal = Rehearsal::start(knobs).unwrap();
    let person = Person::new(peers, name, scheme, steps, &redirect_uri);
    let directory = root_module();
    let run = Run {
        origin: rehearsal.auth_url(),
        client_id: "rehearsal-client-id",
        client_secret: client_secret.expose(),
        redirect_uri: &redirect_uri,
        arguments: &[],
    };
    let output = init_jira(peers, &person, directory.path(), &run);
    let said = said(&output);
    for secret in rehearsal.secrets() {
        assert!(!said.contains(secret.expose()));
    }
    let exchanges = rehearsal.requests().iter().filter(|request| request.path == "/oauth/token").count();
    Ended { status: output.status.code(), report: person.report(), said, directory, exchanges }
}

#[test]
fn accepted_consent_lands_on_success_and_sets_the_chosen_site() {
    let Some(peers) = find_peers() else { return };
    let steps = json!([{"picture": "consent"}, {"check": "Beta"}, {"picture": "chosen"}, {"click": "Accept"}]);
    let ended = run(&peers, "accept", "light", &steps);
    assert_eq!(ended.status, Some(0), "{}", ended.said);
    assert!(ledger(ended.directory.path()).contains(BETA));
    assert!(tfvars(ended.directory.path()).contains(BETA));
    assert_eq!(ended.exchanges, 1);
    ended.report.assert_is_self_contained();
}

#[test]
fn cancelled_consent_lands_on_the_reason_and_changes_nothing() {
    let Some(peers) = find_peers() else { return };
    let before = tfvars(root_module().path());
    let ended = run(&peers, "cancel", "dark", &json!([{"picture": "consent"}, {"click": "Cancel"}]));
    assert_eq!(ended.status, Some(3), "{}", ended.said);
    assert!(ended.report.text().contains("User did not authorize the request"), "{}", ended.report.text());
    assert_eq!(tfvars(ended.directory.path()), before);
    assert_eq!(ended.exchanges, 0);
    ended.report.assert_is_self_contained();
}
