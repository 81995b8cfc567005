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
    let secrets: Vec<&str> =
        summary["secrets"].as_array().unwrap().iter().map(|secret| secret["name"].as_str().unwrap()).collect();
    assert_eq!(secrets, ["PSOXY_JIRA_CLOUD_CLIENT_ID", "PSOXY_JIRA_CLOUD_CLIENT_SECRET", "PSOXY_JIRA_CLOUD_REFRESH_TOKEN"]);
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
    let paths: Vec<String> = stage.rehearsal.requests().into_iter().map(|request| request.path).collect();
    assert_eq!(paths, ["/authorize", "/oauth/token", "/oauth/token/accessible-resources"]);
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
fn summary_names_what_the_check_found_and_what_comes_next() {
    let stage = Stage::good_day();
    let summary = stage.run(&[]).expect(0, &[]).stdout;
    let (done, next) = summary.split_once("Next").unwrap();
    assert!(done.contains("Check         passed, 0 errors and 1 warning"), "{summary}");
    let steps =
        ["`tfhelper check`", "`terraform apply`", "`tfhelper secrets push`", "`test-calls/jira-cloud-proxy.sh`", "--renew"];
    let places: Vec<Option<usize>> = steps.iter().map(|step| next.find(step)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{summary}");
}

#[test]
fn cloud_id_that_is_known_needs_nobody() {
    let stage = Stage::good_day();
    let arguments = ["--no-oauth", "--cloud-id", "1324A887-45DB-4BF4-8E99-EF0FF456D421", "--format", "json"];
    assert_eq!(stage.run(&arguments).expect(0, &[]).json()["edits"][0]["after"], ACME);
    assert!(stage.rehearsal.requests().is_empty());
}

#[test]
fn quiet_run_says_the_address_and_nothing_else() {
    let stage = Stage::good_day();
    let outcome = stage.run(&["--quiet"]).expect(0, &["Open this address"]);
    assert!(!outcome.stderr.contains('\u{2713}') && outcome.stdout.contains(ACME), "{outcome:#?}");
}

#[test]
fn dry_run_asks_nobody_and_writes_nothing() {
    let mut stage = Stage::good_day();
    stage.set("TFHELPER_JIRA_CLIENT_ID", "");
    stage.set("TFHELPER_JIRA_CLIENT_SECRET", "");
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

#[test]
fn cloud_id_goes_to_its_home_and_nothing_else_changes() {
    let stage = Stage::good_day();
    let before = stage.text("terraform.tfvars");
    let summary = stage.run(&["--format", "json"]).expect(0, &["connector_settings.jira_cloud_id"]).json();
    let edit = serde_json::json!({"file": "terraform.tfvars", "address": "connector_settings.jira_cloud_id", "before": null, "after": ACME});
    assert_eq!(summary["edits"], serde_json::json!([edit]));
    let after = stage.text("terraform.tfvars");
    assert!(after.starts_with(before.trim_end()), "{after}");
    assert!(after.contains(ACME));
}

#[test]
fn doing_it_twice_changes_no_variable() {
    let stage = Stage::good_day();
    stage.run(&[]).expect(0, &[]);
    let once = stage.text("terraform.tfvars");
    let summary = stage.run(&["--format", "json"]).expect(0, &["is set already"]).json();
    assert_eq!(summary["edits"][0]["before"], ACME);
    assert_eq!(stage.text("terraform.tfvars"), once);
}

#[test]
fn script_that_was_changed_by_hand_is_written_anew_and_said_so() {
    let stage = Stage::good_day();
    stage.run(&[]).expect(0, &["`test-calls/jira-cloud-direct.sh` written"]);
    std::fs::write(stage.file("test-calls/jira-cloud-direct.sh"), "#!/bin/bash\n").unwrap();
    stage.run(&[]).expect(0, &["it differed and is written anew"]);
}

#[test]
fn verbose_says_each_request_without_its_query() {
    let stage = Stage::good_day();
    let outcome = stage.run(&["-v"]);
    let origin = stage.rehearsal.api_url();
    outcome.expect(
        0,
        &[
            &format!("request: POST {origin}/oauth/token 200 in "),
            &format!("request: GET {origin}/oauth/token/accessible-resources 200 in "),
        ],
    );
}

#[test]
fn assignment_that_stands_is_updated_in_place() {
    let stage = Stage::good_day();
    let before = stage.text("terraform.tfvars") + "jira_cloud_id = \"YOUR_JIRA_CLOUD_ID\" # to do\r\n";
    std::fs::write(stage.file("terraform.tfvars"), &before).unwrap();
    stage.run(&[]).expect(0, &[]);
    assert_eq!(stage.text("terraform.tfvars"), before.replace("YOUR_JIRA_CLOUD_ID", ACME));
}

#[test]
fn assignment_in_another_file_is_updated_there() {
    let stage = Stage::good_day();
    std::fs::write(stage.file("jira.auto.tfvars"), "connector_settings = { jira_cloud_id = \"\" }").unwrap();
    let before = stage.text("terraform.tfvars");
    stage.run(&[]).expect(0, &[]);
    assert_eq!(stage.text("terraform.tfvars"), before);
    assert_eq!(stage.text("jira.auto.tfvars"), format!("connector_settings = {{ jira_cloud_id = \"{ACME}\" }}"));
}

#[test]
fn release_without_connector_settings_takes_the_variable() {
    let stage = Stage::good_day();
    stage.run(&["--psoxy-release", "v0.5.9"]).expect(0, &["`jira_cloud_id` set in"]);
    assert!(stage.text("terraform.tfvars").contains(&format!("jira_cloud_id = \"{ACME}\"")));
}

#[test]
fn issue_is_set_too() {
    let stage = Stage::good_day();
    let summary = stage.run(&["--issue", "ACME-1", "--format", "json"]).expect(0, &[]).json();
    assert_eq!(summary["edits"][1]["address"], "connector_settings.jira_example_issue_id");
    assert_eq!(summary["edits"][1]["after"], "ACME-1");
    assert!(stage.text("test-calls/jira-cloud-direct.sh").contains("ACME-1"));
}

#[test]
fn missing_variable_definitions_file_is_created() {
    let stage = Stage::good_day();
    std::fs::remove_file(stage.file("terraform.tfvars")).unwrap();
    stage.run(&[]).expect(0, &[]);
    assert!(stage.text("terraform.tfvars").contains(ACME));
}

#[test]
fn link_to_the_variable_definitions_file_stays_a_link() {
    let stage = Stage::good_day();
    std::fs::rename(stage.file("terraform.tfvars"), stage.file("shared")).unwrap();
    std::os::unix::fs::symlink("shared", stage.file("terraform.tfvars")).unwrap();
    stage.run(&[]).expect(0, &[]);
    assert!(std::fs::symlink_metadata(stage.file("terraform.tfvars")).unwrap().is_symlink());
    assert!(stage.text("shared").contains(ACME));
}

#[test]
fn scripts_are_written_executable() {
    let stage = Stage::good_day();
    let summary = stage.run(&["--format", "json"]).expect(0, &[]).json();
    assert_eq!(summary["scripts"], serde_json::json!(["test-calls/jira-cloud-direct.sh", "test-calls/jira-cloud-proxy.sh"]));
    assert_eq!(stage.mode("test-calls/jira-cloud-direct.sh"), 0o755);
    assert!(stage.text("test-calls/jira-cloud-direct.sh").contains(ACME));
}

#[test]
fn scripts_are_left_out_on_demand() {
    let stage = Stage::good_day();
    stage.run(&["--no-scripts"]).expect(0, &[]);
    assert!(!stage.file("test-calls").exists());
}

#[test]
fn renewal_touches_secrets_alone() {
    let stage = Stage::good_day();
    let before = stage.text("terraform.tfvars");
    let summary = stage.run(&["--renew", "--format", "json"]).expect(0, &[]).json();
    assert_eq!(summary["edits"], serde_json::json!([]));
    assert_eq!(stage.text("terraform.tfvars"), before);
    assert!(!stage.file("test-calls").exists());
    assert!(stage.kept_refresh_token().is_some());
}

#[test]
fn renewal_is_for_the_site_of_the_root_module() {
    let stage = Stage::new(two_sites());
    let variables = stage.text("terraform.tfvars") + &format!("jira_cloud_id = \"{ZETA}\"\n");
    std::fs::write(stage.file("terraform.tfvars"), variables).unwrap();
    assert_eq!(stage.run(&["--renew", "--format", "json"]).expect(0, &[]).json()["cloud_id"], ZETA);
}

#[test]
fn sensitive_value_beside_the_edit_is_not_shown() {
    let stage = Stage::good_day();
    std::fs::write(stage.file("secret.tf"), "variable \"api_token\" {\n  type      = string\n  sensitive = true\n}\n").unwrap();
    std::fs::write(
        stage.file("terraform.tfvars"),
        "enabled_connectors = [\"jira-cloud\"]\napi_token = \"canary-value\"\njira_cloud_id = \"\"\n",
    )
    .unwrap();
    let outcome = stage.run(&["--no-scripts"]).expect(0, &["a line with a sensitive value"]);
    assert!(!outcome.stderr.contains("canary-value"));
}
