//! `tfhelper init-jira` on good days.

use tfhelper::atlassian::rehearsal::knobs::{Access, Answer, Knobs, Site};

use crate::stage::{Stage, browse, redirection};

const ACME: &str = "1324a887-45db-4bf4-8e99-ef0ff456d421";
const ZETA: &str = "adcae078-765b-45bf-a38b-7cda232b9a94";

fn two_sites() -> Knobs {
    let sites = vec![Site::new("zeta", ZETA), Site::default()];
    Knobs { sites, access: Access::EverySite, ..Knobs::default() }
}

#[test]
fn consent_ends_with_secrets_ledger_and_summary() {
    let stage = Stage::good_day();
    let outcome = stage.run(&["--format", "json"]).expect(0, &["all 6 scopes granted"]);
    let summary = outcome.json();
    assert_eq!(summary["cloud_id"], ACME);
    assert_eq!(summary["site"]["name"], "acme");
    assert_eq!(summary["scopes"]["missing"], serde_json::json!([]));
    assert_eq!(summary["secrets"].as_array().unwrap().len(), 3);
    let members: Vec<&String> = summary.as_object().unwrap().keys().collect();
    let promised =
        ["format_version", "cloud_id", "site", "psoxy_release", "scopes", "edits", "secrets", "scripts", "token_family", "next"];
    assert_eq!(members, promised);
    assert!(stage.kept_refresh_token().is_some());
    assert_eq!(stage.mode(".tfhelper/secrets.json"), 0o600);
    assert!(stage.text(".tfhelper/.gitignore").contains('*'));
    assert!(stage.text(".tfhelper/jira-cloud.json").contains(ACME));
}

#[test]
fn exchange_is_made_once_and_the_refresh_token_is_never_used() {
    let stage = Stage::good_day();
    stage.run(&[]).expect(0, &[]);
    assert_eq!(stage.exchanges(), 1);
    let request = stage.rehearsal.requests().into_iter().find(|request| request.path == "/oauth/token").unwrap();
    let body: serde_json::Value = serde_json::from_str(&request.body).unwrap();
    assert_eq!(body["grant_type"], "authorization_code");
    assert_eq!(body["redirect_uri"], stage.redirect_uri());
    assert_eq!(body.as_object().unwrap().len(), 5);
}

#[test]
fn authorization_request_has_the_documented_parameters_and_no_others() {
    let stage = Stage::good_day();
    stage.run(&[]).expect(0, &[]);
    let requests = stage.rehearsal.requests();
    let names: Vec<&str> = requests[0].query.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["audience", "client_id", "scope", "redirect_uri", "state", "response_type", "prompt"]);
}

#[test]
fn landing_page_confirms_the_consent() {
    let stage = Stage::good_day();
    let mut running = stage.start(&[]);
    let page = browse(&running.authorization_url().unwrap());
    assert!(page.contains("Consent received"), "{page}");
    stage.checked(running.finish()).expect(0, &[]);
}

#[test]
fn pasted_address_is_taken_just_as_well() {
    let stage = Stage::good_day();
    let mut running = stage.start(&[]);
    let address = redirection(&running.authorization_url().unwrap());
    running.type_line("");
    running.type_line("http://localhost/?code=x&state=of-another-request");
    running.type_line(&format!("  \"{address}\"  "));
    stage.checked(running.finish()).expect(0, &["This is not the address"]);
}

#[test]
fn forged_and_repeated_requests_are_harmless() {
    let stage = Stage::good_day();
    let mut running = stage.start(&[]);
    let url = running.authorization_url().unwrap();
    let uri = stage.redirect_uri();
    assert!(browse(&format!("{uri}?code=forged&state=guessed")).contains("Not the expected answer"));
    assert!(browse(&format!("{uri}?error=access_denied")).contains("Not the expected answer"));
    assert!(browse(&uri.replace("psoxy-setup-callback", "favicon.ico")).contains("Nothing here"));
    browse(&url);
    stage.checked(running.finish()).expect(0, &[]);
    assert_eq!(stage.exchanges(), 1);
}

#[test]
fn site_is_found_in_any_spelling() {
    let stage = Stage::new(two_sites());
    let summary = stage.run(&["--site", "https://ZETA.atlassian.net/", "--format", "json"]).expect(0, &[]).json();
    assert_eq!(summary["cloud_id"], ZETA);
}

#[test]
fn hostile_site_name_reaches_no_terminal() {
    let site = Site { name: String::from("a\u{1b}]0;x\u{7}\n\"${file(1)}"), ..Site::default() };
    let stage = Stage::new(Knobs { sites: vec![site], ..Knobs::default() });
    stage.run(&[]).expect(0, &["\\u{1b}"]);
}

#[test]
fn redirection_uri_may_carry_a_query_of_its_own() {
    let port = crate::stage::free_port();
    let uri = format!("http://localhost:{port}/callback?from=tfhelper&x=1");
    let stage = Stage::at(Knobs::default(), uri);
    stage.run(&[]).expect(0, &[]);
}

#[test]
fn client_secret_comes_from_a_file() {
    let mut stage = Stage::good_day();
    stage.set("TFHELPER_JIRA_CLIENT_SECRET", "");
    // Outside the root module, where the test looks for secrets.
    let file = stage.file("../client-secret");
    std::fs::write(&file, format!("{}\n", crate::stage::CLIENT_SECRET)).unwrap();
    stage.run(&["--client-secret-file", file.to_str().unwrap()]).expect(0, &[]);
}

#[test]
fn client_secret_comes_from_standard_input_and_the_address_after_it() {
    let mut stage = Stage::good_day();
    stage.set("TFHELPER_JIRA_CLIENT_SECRET", "");
    let mut running = stage.start(&["--client-secret-stdin"]);
    running.type_line(crate::stage::CLIENT_SECRET);
    let address = redirection(&running.authorization_url().unwrap());
    running.type_line(&address);
    stage.checked(running.finish()).expect(0, &[]);
}

#[test]
fn release_decides_the_scopes() {
    let stage = Stage::good_day();
    let summary = stage.run(&["--psoxy-release", "v0.5.9", "--format", "json"]).expect(0, &[]).json();
    assert_eq!(summary["scopes"]["required"].as_array().unwrap().len(), 7);
    assert_eq!(summary["psoxy_release"], "v0.5.9");
}

#[test]
fn dry_run_asks_nobody_and_writes_nothing() {
    let stage = Stage::good_day();
    let before = stage.text("terraform.tfvars");
    let summary = stage.run(&["--dry-run", "--format", "json"]).expect(0, &[]).json();
    assert_eq!(summary["cloud_id"], serde_json::Value::Null);
    assert!(stage.rehearsal.requests().is_empty());
    assert_eq!(stage.text("terraform.tfvars"), before);
    assert!(!stage.file(".tfhelper/secrets.json").exists());
}

#[test]
fn rehearsal_works_on_a_copy() {
    let stage = Stage::new(Knobs { answer: Answer::Cancel, ..Knobs::default() });
    let before = crate::stage::files(&stage.root_module());
    let outcome = stage.run(&["--rehearse", "--no-input", "--format", "json"]).expect(0, &["rehearsal", "copy"]);
    assert_eq!(outcome.json()["cloud_id"], ACME);
    assert_eq!(crate::stage::files(&stage.root_module()), before);
    assert!(stage.rehearsal.requests().is_empty());
}

#[test]
fn cloud_id_is_looked_up_without_consent() {
    let stage = Stage::good_day();
    let summary = stage.run(&["--no-oauth", "--site", "acme.atlassian.net", "--format", "json"]).expect(0, &[]).json();
    assert_eq!(summary["cloud_id"], ACME);
    assert_eq!(summary["token_family"], serde_json::Value::Null);
    assert_eq!(stage.exchanges(), 0);
}
