//! `tfhelper init-jira-server` on good days and bad ones; against a stand-in with the semantics of Jira Data Center.

use std::io::Write as _;
use std::time::Duration;

use expectrl::{Eof, Expect, Session};
use tfhelper::atlassian::rehearsal::knobs::{DataCenter, Fault, FaultKind, Knobs, PersonalAccessToken};
use tfhelper::secret::Secret;

use crate::stage::{Outcome, Stage};

/// The token that Jira knows; [`Stage::checked`] sees to it that it shows nowhere.
const TOKEN: &str = "canary-personal-access-token";

const PATH: &str = "/rest/api/2/";

fn data_center(change: impl FnOnce(&mut DataCenter)) -> Knobs {
    let token = PersonalAccessToken { value: Secret::new(TOKEN), name: String::from("psoxy"), expires_at: None };
    let mut data_center = DataCenter { tokens: vec![token], ..DataCenter::default() };
    change(&mut data_center);
    Knobs { data_center, ..Knobs::default() }
}

fn fault(call: &str, kind: FaultKind) -> Knobs {
    Knobs { faults: vec![Fault::always(&format!("{PATH}{call}"), kind)], ..data_center(|_| {}) }
}

fn expiring(day: &str) -> Knobs {
    data_center(|jira| jira.tokens[0].expires_at = Some(format!("{day}T12:00:00Z").parse().unwrap()))
}

/// A stage on which `jira-server` is enabled.
fn stage(knobs: Knobs) -> Stage {
    let mut stage = Stage::new(knobs);
    stage.set("TFHELPER_NOW", "2026-11-23T12:00:00Z");
    let variables = stage.text("terraform.tfvars").replace("\"jira-cloud\"", "\"jira-server\"");
    std::fs::write(stage.file("terraform.tfvars"), variables).unwrap();
    stage
}

/// Runs it with this token on standard input.
fn run(stage: &Stage, token: &str, arguments: &[&str]) -> Outcome {
    let mut all = vec!["--token-stdin"];
    if !arguments.contains(&"--url") {
        all.extend(["--url", stage.rehearsal.data_center_url()]);
    }
    all.extend(arguments);
    let mut running = stage.start_server(&all);
    // It may have ended without reading.
    let _ = writeln!(running.child.stdin.as_mut().unwrap(), "{token}");
    stage.checked(running.finish())
}

/// Runs it, asserts status and words, and that nothing was written.
#[track_caller]
fn check_refused(knobs: Knobs, token: &str, arguments: &[&str], status: i32, words: &[&str]) {
    let stage = stage(knobs);
    let before = stage.text("terraform.tfvars");
    run(&stage, token, arguments).expect(status, words);
    assert_eq!(stage.text("terraform.tfvars"), before);
    for file in [".tfhelper/secrets.json", ".tfhelper/jira-server.json", "test-calls"] {
        assert!(!stage.file(file).exists(), "{file} was written");
    }
}

#[test]
fn token_ends_in_secret_variable_ledger_scripts_and_summary() {
    let stage = stage(data_center(|_| {}));
    let summary = run(&stage, TOKEN, &["--issue", "ACME-1", "--format", "json"]).expect(0, &["may browse projects"]).json();
    let host = stage.rehearsal.data_center_url().trim_start_matches("http://").to_owned();
    assert_eq!(summary["host"], host);
    assert_eq!(summary["jira_version"], "9.12.0");
    assert_eq!(summary["user"]["name"], "alex");
    assert_eq!(summary["token"]["expiry"], "never");
    assert_eq!(summary["secrets"][0]["name"], "PSOXY_JIRA_SERVER_ACCESS_TOKEN");
    assert_eq!(summary["secrets"][0]["status"], "stored");
    assert_eq!(summary["edits"].as_array().unwrap().len(), 2);
    assert_eq!(summary["scripts"].as_array().unwrap().len(), 2);
    assert!(stage.text("terraform.tfvars").contains(&format!("jira_server_url = \"{host}\"")));
    assert!(stage.text("test-calls/jira-server-direct.sh").contains(&host));
    let kept: serde_json::Value = serde_json::from_str(&stage.text(".tfhelper/secrets.json")).unwrap();
    assert_eq!(kept["secrets"][0]["value"], TOKEN);
    assert_eq!((stage.mode(".tfhelper/secrets.json"), stage.mode(".tfhelper/jira-server.json")), (0o600, 0o600));
}

#[test]
fn token_is_sent_as_bearer_and_never_to_a_search() {
    let stage = stage(data_center(|_| {}));
    run(&stage, TOKEN, &[]).expect(0, &[]);
    let requests = stage.rehearsal.requests();
    let paths: Vec<&str> = requests.iter().map(|request| request.path.as_str()).collect();
    let calls = ["/rest/api/2/serverInfo", "/rest/api/2/myself", "/rest/api/2/mypermissions", "/rest/pat/latest/tokens"];
    assert_eq!(paths, calls);
    // The first call is made before it is known that this is Jira.
    assert!(!requests[0].headers.iter().any(|(name, _)| name == "authorization"));
}

#[test]
fn second_run_changes_nothing_and_needs_no_address() {
    let stage = stage(data_center(|_| {}));
    let url = stage.rehearsal.data_center_url().to_owned();
    run(&stage, TOKEN, &[]).expect(0, &[]);
    let before = stage.text("terraform.tfvars");
    run(&stage, TOKEN, &["--url", &url]).expect(0, &["is set already", "holds a value already"]);
    assert_eq!(stage.text("terraform.tfvars"), before);
}

#[test]
fn standing_assignment_is_updated_in_place() {
    let stage = stage(data_center(|_| {}));
    let variables = stage.text("terraform.tfvars") + "jira_server_url = \"old.acme.test\" # Jira\n";
    std::fs::write(stage.file("terraform.tfvars"), variables).unwrap();
    let summary = run(&stage, TOKEN, &["--format", "json"]).expect(0, &[]).json();
    assert_eq!(summary["edits"][0]["before"], "old.acme.test");
    assert!(stage.text("terraform.tfvars").ends_with("\" # Jira\n"));
}

#[test]
fn dry_run_writes_nothing_and_needs_no_token() {
    let stage = stage(data_center(|_| {}));
    let before = stage.text("terraform.tfvars");
    let url = stage.rehearsal.data_center_url().to_owned();
    let running = stage.start_server(&["--url", &url, "--dry-run", "--format", "json"]);
    let summary = stage.checked(running.finish()).expect(0, &[]).json();
    assert_eq!(summary["secrets"][0]["status"], "planned");
    assert_eq!(summary["token"], serde_json::Value::Null);
    assert_eq!(stage.text("terraform.tfvars"), before);
    assert!(!stage.file("test-calls").exists());
}

#[test]
fn rehearsal_leaves_the_root_module_as_it_is() {
    let stage = stage(data_center(|_| {}));
    let before = stage.text("terraform.tfvars");
    let mut command = stage.tfhelper(&["init-jira-server", "--rehearse"]);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(stage.text("terraform.tfvars"), before);
    assert!(!stage.file(".tfhelper/secrets.json").exists());
}

#[test]
fn person_s_account_is_warned_of() {
    run(&stage(data_center(|_| {})), TOKEN, &[]).expect(0, &["looks like a person's account"]);
}

#[test]
fn end_of_the_only_token_is_taken_from_jira() {
    let stage = stage(expiring("2027-03-31"));
    let outcome = run(&stage, TOKEN, &["--expires", "2028-01-01", "--format", "json"]);
    let summary = outcome.expect(0, &["Jira's date counts"]).json();
    assert_eq!(summary["token"]["expires_at"], "2027-03-31T12:00:00Z");
}

#[test]
fn end_of_the_token_is_taken_from_the_user_where_jira_does_not_tell() {
    let stage = stage(data_center(|jira| jira.lists_tokens = false));
    let summary = run(&stage, TOKEN, &["--expires", "2027-03-31", "--format", "json"]).expect(0, &[]).json();
    assert_eq!(summary["token"]["expiry"], "exact");
    assert!(stage.text(".tfhelper/jira-server.json").contains("2027-03-31T00:00:00Z"));
}

#[test]
fn end_that_nobody_tells_is_not_known() {
    let stage = stage(data_center(|jira| jira.lists_tokens = false));
    run(&stage, TOKEN, &[]).expect(0, &["is not known", "--expires DATE", "End of the token not known"]);
}

#[test]
fn status_and_check_warn_before_the_token_ends() {
    let stage = stage(expiring("2026-12-03"));
    run(&stage, TOKEN, &[]).expect(0, &["Personal access token runs out soon"]);
    let status = stage.tfhelper(&["status"]).output().unwrap();
    assert_eq!(status.status.code(), Some(1));
    let text = String::from_utf8(status.stdout).unwrap();
    assert!(text.contains("ends on 2026-12-03, 10 days left"), "{text}");
    assert!(!text.contains("consent"), "{text}");
}

#[test]
fn unknown_token_is_refused() {
    check_refused(data_center(|_| {}), "unknown", &[], 3, &["does not know this token", "401", "create another"]);
}

#[test]
fn refusal_as_a_page_is_shown_as_text() {
    let words = ["does not know this token", "You must log in to access this page"];
    check_refused(data_center(|jira| jira.answers_html = true), "unknown", &[], 3, &words);
}

#[test]
fn expired_token_is_refused() {
    check_refused(expiring("2020-01-01"), TOKEN, &[], 3, &["does not know this token", "expired"]);
}

#[test]
fn user_without_permission_is_refused() {
    let words = ["may not browse any project", "Browse Projects"];
    check_refused(data_center(|jira| jira.can_browse_projects = false), TOKEN, &[], 3, &words);
}

#[test]
fn jira_cloud_is_refused() {
    let words = ["this is Jira Cloud", "tfhelper init-jira"];
    check_refused(data_center(|jira| jira.deployment_type = String::from("Cloud")), TOKEN, &[], 2, &words);
    check_refused(data_center(|_| {}), TOKEN, &["--url", "acme.atlassian.net"], 2, &["Jira Cloud", "tfhelper init-jira"]);
}

#[test]
fn old_version_is_explained() {
    let words = ["Jira 8.13.9 has no personal access tokens", "8.14"];
    check_refused(data_center(|jira| jira.version = String::from("8.13.9")), TOKEN, &[], 3, &words);
}

#[test]
fn locked_down_jira_is_asked_again_with_the_token() {
    let stage = stage(data_center(|jira| jira.admits_anonymous = false));
    let summary = run(&stage, TOKEN, &["--format", "json"]).expect(0, &["not logged in"]).json();
    assert_eq!(summary["jira_version"], "9.12.0");
}

#[test]
fn unknown_token_at_a_locked_down_jira_may_be_an_old_jira_s_fault() {
    let knobs = data_center(|jira| jira.admits_anonymous = false);
    check_refused(knobs, "unknown", &[], 3, &["does not know this token", "before 8.14"]);
}

#[test]
fn address_that_psoxy_cannot_call_is_refused() {
    let check = |url: &str, words: &[&str]| check_refused(data_center(|_| {}), TOKEN, &["--url", url], 2, words);
    check("https://acme.test/jira", &["`/jira`", "context path", "a host of its own"]);
    check("http://jira.acme.test", &["https:// alone"]);
    check("https://me:canary@jira.acme.test", &["user name or a password"]);
}

#[test]
fn host_without_jira_is_told_from_one_that_fails() {
    check_refused(fault("serverInfo", FaultKind::Status(404)), TOKEN, &[], 2, &["there is no Jira at the root", "context path"]);
    check_refused(fault("serverInfo", FaultKind::Html(200)), TOKEN, &[], 4, &["HTML page"]);
    check_refused(fault("myself", FaultKind::Html(200)), TOKEN, &[], 4, &["HTML page", "login page in between"]);
    check_refused(fault("myself", FaultKind::Truncate), TOKEN, &[], 4, &["cannot talk to Jira"]);
}

#[test]
fn older_name_of_the_permission_serves() {
    let answer = String::from(r#"{"permissions":{"BROWSE":{"havePermission":true}}}"#);
    run(&stage(fault("mypermissions", FaultKind::Body(200, answer))), TOKEN, &[]).expect(0, &["may browse projects"]);
}

#[test]
fn token_that_was_copied_badly_is_found_before_jira_is_asked() {
    check_refused(data_center(|_| {}), "two words", &[], 2, &["the token cannot be right", "white space"]);
    check_refused(data_center(|_| {}), "", &[], 2, &["the token cannot be right", "empty"]);
}

#[test]
fn no_token_and_nobody_to_ask() {
    let stage = stage(data_center(|_| {}));
    let url = stage.rehearsal.data_center_url().to_owned();
    let running = stage.start_server(&["--url", &url]);
    stage.checked(running.finish()).expect(2, &["no token", "--token-file", "Personal Access Tokens"]);
}

#[test]
fn no_address_and_nobody_to_ask() {
    let stage = stage(data_center(|_| {}));
    let running = stage.start_server(&[]);
    stage.checked(running.finish()).expect(2, &["no address of Jira", "--url"]);
}

#[test]
fn day_that_is_past_is_refused() {
    check_refused(data_center(|_| {}), TOKEN, &["--expires", "2026-01-01"], 2, &["it is past"]);
    check_refused(data_center(|_| {}), TOKEN, &["--expires", "next year"], 2, &["it is no date"]);
}

#[test]
fn store_that_is_not_there_fails_before_jira_is_asked() {
    let stage = stage(data_center(|_| {}));
    std::fs::write(stage.file(".tfhelper"), "a file where the folder goes").unwrap();
    run(&stage, TOKEN, &[]).expect(2, &[".tfhelper"]);
    assert!(stage.rehearsal.requests().is_empty());
}

#[test]
fn store_that_fails_half_way_leaves_the_token_in_the_file() {
    let stage = stage(data_center(|_| {}));
    let url = stage.rehearsal.data_center_url().to_owned();
    let arguments = ["--url", &url, "--token-stdin", "--format", "json", "--secret-store", "file:elsewhere/secrets.json"];
    let mut running = stage.start_server(&arguments);
    while !running.line().unwrap().contains("Personal access token") {}
    std::fs::remove_dir_all(stage.file("elsewhere")).unwrap();
    std::fs::write(stage.file("elsewhere"), "").unwrap();
    running.type_line(TOKEN);
    let outcome = stage.checked(running.finish()).expect(5, &["tfhelper secrets push", "nothing is lost"]);
    assert_eq!(outcome.json()["secrets"][0]["status"], "kept");
    assert!(stage.text(".tfhelper/secrets.json").contains(TOKEN));
    // Everything else is done all the same.
    assert!(stage.text("terraform.tfvars").contains("jira_server_url"));
    assert_eq!(outcome.json()["scripts"].as_array().unwrap().len(), 2);
}

#[test]
fn person_is_asked_for_address_and_token_and_the_token_is_not_shown() {
    let stage = stage(data_center(|_| {}));
    let mut session = Session::spawn(stage.tfhelper(&["init-jira-server", "--secret-store", "file"])).unwrap();
    session.set_expect_timeout(Some(Duration::from_secs(30)));
    let mut shown = session.expect("Address of Jira:").unwrap().as_bytes().to_vec();
    session.send(format!("{}\r", stage.rehearsal.data_center_url())).unwrap();
    shown.extend(session.expect("Personal access token:").unwrap().as_bytes());
    session.send(format!("{TOKEN}\r")).unwrap();
    shown.extend(session.expect(Eof).unwrap().as_bytes());
    let shown = String::from_utf8_lossy(&shown);
    assert!(shown.contains("Jira Data Center is connected"), "{shown}");
    assert!(!shown.contains(TOKEN));
    assert!(stage.text(".tfhelper/secrets.json").contains(TOKEN));
}
