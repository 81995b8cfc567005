//! `tfhelper init-jira` on bad days: each ends with its status, the cause, the fix, and nothing lost.

use std::time::Duration;

use tfhelper::atlassian::rehearsal::knobs::{Access, Answer, App, Fault, FaultKind, Knobs, Site, TokenErrors, Tokens};

use crate::stage::{Stage, browse};

const SITES: &str = "/oauth/token/accessible-resources";

/// Runs it, asserts status and words, and that neither the variables nor any secret was written.
#[track_caller]
pub(crate) fn check_nothing_written(knobs: Knobs, arguments: &[&str], status: i32, words: &[&str]) {
    let stage = Stage::new(knobs);
    let before = stage.text("terraform.tfvars");
    stage.run(arguments).expect(status, words);
    assert_eq!(stage.text("terraform.tfvars"), before);
    assert_eq!(stage.kept_refresh_token(), None);
}

fn answer(answer: Answer) -> Knobs {
    Knobs { answer, ..Knobs::default() }
}

#[test]
fn denied_consent() {
    check_nothing_written(answer(Answer::Cancel), &[], 3, &["the consent was denied", "User did not authorize", "press Accept"]);
}

#[test]
fn denied_consent_is_shown_on_the_landing_page() {
    let stage = Stage::new(answer(Answer::Cancel));
    let mut running = stage.start(&[]);
    let page = browse(&running.authorization_url().unwrap());
    assert!(page.contains("No consent") && page.contains("User did not authorize the request"), "{page}");
    stage.checked(running.finish()).expect(3, &[]);
}

#[test]
fn silence_ends_with_every_reason_that_never_comes_back() {
    let words = [
        "no consent came within 1 s",
        "redirect_uri is not registered",
        "site admin must authorize",
        "failed to retrieve client",
        "requires access to a jira",
    ];
    check_nothing_written(answer(Answer::NeverRedirect), &["--timeout", "1s"], 3, &words);
}

#[test]
fn answer_with_another_state_is_passed_over() {
    check_nothing_written(answer(Answer::WrongState), &["--timeout", "1s"], 3, &["no consent came"]);
}

#[test]
fn answer_without_state_is_passed_over() {
    check_nothing_written(answer(Answer::NoState), &["--timeout", "1s"], 3, &["no consent came"]);
}

#[track_caller]
fn check_pasted_error_page(description: &str, words: &[&str]) {
    let stage = Stage::good_day();
    let page = format!("https://id.atlassian.com/error?error=unauthorized_client&error_description={description}");
    stage.paste(&page, &[]).expect(3, words);
    assert_eq!(stage.kept_refresh_token(), None);
}

#[test]
fn wrong_callback_url_names_the_exact_one() {
    check_pasted_error_page(
        "redirect_uri%20is%20not%20registered%20for%20client:%20x",
        &["callback URL is another one", "exactly `http://localhost:"],
    );
}

#[test]
fn wrong_callback_url_in_the_older_words() {
    check_pasted_error_page("Callback%20URL%20mismatch.%20x%20is%20not%20in%20the%20list", &["callback URL is another one"]);
}

#[test]
fn administrator_who_blocks_apps() {
    check_pasted_error_page("Your%20site%20admin%20must%20authorize%20this%20app", &["blocks apps", "User installed apps"]);
}

#[test]
fn app_that_is_not_shared() {
    check_pasted_error_page("failed%20to%20retrieve%20client", &["not shared", "Distribution"]);
}

#[test]
fn account_without_jira() {
    check_pasted_error_page("Access%20denied.%20This%20app%20requires%20access%20to%20a%20Jira%20site", &["no access to Jira"]);
}

#[test]
fn missing_refresh_token() {
    let tokens = Tokens { omits_refresh_token: true, ..Tokens::default() };
    check_nothing_written(Knobs { tokens, ..Knobs::default() }, &[], 3, &["no refresh token", "offline_access"]);
}

#[track_caller]
fn check_expired_code(errors: TokenErrors) {
    let tokens = Tokens { errors, code_lifetime: Duration::ZERO, ..Tokens::default() };
    check_nothing_written(
        Knobs { tokens, ..Knobs::default() },
        &[],
        3,
        &["does not take the authorization code", "good for one use"],
    );
}

#[test]
fn bad_code_in_the_present_words() {
    check_expired_code(TokenErrors::Current);
}

#[test]
fn bad_code_in_the_older_words() {
    check_expired_code(TokenErrors::Auth0);
}

#[test]
fn wrong_client_secret() {
    let mut stage = Stage::good_day();
    stage.set("TFHELPER_JIRA_CLIENT_SECRET", "wrong");
    stage.run(&[]).expect(3, &["does not know this client ID with this client secret", "Settings of the app"]);
    assert_eq!(stage.kept_refresh_token(), None);
}

#[test]
fn client_secret_with_a_space_is_found_before_the_consent() {
    let mut stage = Stage::good_day();
    stage.set("TFHELPER_JIRA_CLIENT_SECRET", "copied along ");
    stage.run(&[]).expect(2, &["white space"]);
    assert!(stage.rehearsal.requests().is_empty());
}

#[test]
fn client_id_that_is_an_address_is_found_before_the_consent() {
    let mut stage = Stage::good_day();
    stage.set("TFHELPER_JIRA_CLIENT_ID", "https://developer.atlassian.com/console/myapps/");
    stage.run(&[]).expect(2, &["client ID cannot be right", "it is an address"]);
    assert!(stage.rehearsal.requests().is_empty());
}

#[test]
fn no_client_secret_and_nobody_to_ask() {
    let mut stage = Stage::good_day();
    stage.set("TFHELPER_JIRA_CLIENT_SECRET", "");
    stage.run(&[]).expect(2, &["--client-secret-file", "developer.atlassian.com/console"]);
}

#[test]
fn missing_scope_names_the_place_in_the_console() {
    let app = App { missing_scopes: vec![String::from("read:user:jira")], ..App::default() };
    let words = ["the grant for site `acme` lacks `read:user:jira`", "Granular scopes", "add read:user:jira"];
    check_nothing_written(Knobs { app, ..Knobs::default() }, &[], 3, &words);
}

#[test]
fn missing_scope_leaves_the_former_tokens_in_place() {
    let stage = Stage::good_day();
    stage.run(&[]).expect(0, &[]);
    let former = stage.kept_refresh_token();
    let app = App { missing_scopes: vec![String::from("read:jira-work")], ..App::default() };
    let poor = Stage::new(Knobs { app, ..Knobs::default() });
    std::fs::create_dir(poor.file(".tfhelper")).unwrap();
    std::fs::copy(stage.file(".tfhelper/secrets.json"), poor.file(".tfhelper/secrets.json")).unwrap();
    poor.run(&[]).expect(3, &["lacks `read:jira-work`"]);
    assert_eq!(poor.kept_refresh_token(), former);
}

#[test]
fn account_scope_is_told_by_the_token_response_alone() {
    let app = App { missing_scopes: vec![String::from("read:account")], ..App::default() };
    let knobs = Knobs { app, ..Knobs::default() };
    check_nothing_written(knobs.clone(), &["--psoxy-release", "v0.5.9"], 3, &["lacks `read:account`", "User identity API"]);
    Stage::new(knobs).run(&["--psoxy-release", "v0.6.6"]).expect(0, &[]);
}

fn several_sites() -> Knobs {
    let other = Site::new("zeta", "adcae078-765b-45bf-a38b-7cda232b9a94");
    Knobs { sites: vec![other, Site::default()], access: Access::EverySite, ..Knobs::default() }
}

#[test]
fn several_sites_and_nobody_to_ask() {
    let stage = Stage::new(several_sites());
    stage
        .run(&[])
        .expect(3, &["2 Jira sites match", "acme.atlassian.net", "zeta.atlassian.net", "--site", "tfhelper secrets push"]);
    assert!(stage.kept_refresh_token().is_some());
}

#[test]
fn site_that_the_grant_does_not_reach() {
    check_nothing_written(Knobs::default(), &["--site", "zeta"], 3, &["does not reach the site", "acme.atlassian.net"]);
}

#[test]
fn no_site_with_jira() {
    let site = Site { has_jira: false, has_confluence: true, ..Site::default() };
    check_nothing_written(
        Knobs { sites: vec![site], access: Access::EverySite, ..Knobs::default() },
        &[],
        3,
        &["reaches no Jira site"],
    );
}

#[test]
fn taken_port_fails_before_the_browser() {
    let stage = Stage::good_day();
    let port: u16 = stage.redirect_uri().rsplit(':').next().unwrap().split('/').next().unwrap().parse().unwrap();
    let _taken = std::net::TcpListener::bind(("127.0.0.1", port)).unwrap();
    stage.run(&[]).expect(2, &["cannot listen", "--redirect-uri"]);
    assert!(stage.rehearsal.requests().is_empty());
}

#[test]
fn unwritable_store_fails_before_the_browser() {
    let stage = Stage::good_day();
    std::fs::write(stage.file(".tfhelper"), "a file where the folder goes").unwrap();
    stage.run(&[]).expect(2, &[".tfhelper"]);
    assert!(stage.rehearsal.requests().is_empty());
}

#[test]
fn plain_http_beyond_loopback_is_refused() {
    let mut stage = Stage::good_day();
    stage.set("TFHELPER_ATLASSIAN_AUTH_URL", "http://auth.example.org");
    stage.run(&[]).expect(2, &["TFHELPER_ATLASSIAN_AUTH_URL", "loopback"]);
}

#[test]
fn redirection_uri_that_cannot_be_one() {
    let stage = Stage::good_day();
    stage.run(&["--redirect-uri", "localhost:9000"]).expect(2, &["cannot use redirection URI"]);
}

#[test]
fn unknown_site_has_no_cloud_id() {
    Stage::good_day().run(&["--no-oauth", "--site", "nowhere"]).expect(3, &["there is no Jira site `nowhere`"]);
}

#[test]
fn cloud_id_that_is_no_uuid() {
    Stage::good_day().run(&["--no-oauth", "--cloud-id", "YOUR_JIRA_CLOUD_ID"]).expect(2, &["it is no UUID"]);
}

#[test]
fn interrupted_while_waiting() {
    let stage = Stage::good_day();
    let mut running = stage.start(&[]);
    running.authorization_url().unwrap();
    interrupt(&running);
    stage.checked(running.finish()).expect(130, &["interrupted", "nothing was changed"]);
    assert_eq!(stage.kept_refresh_token(), None);
}

#[test]
fn interrupted_after_the_exchange() {
    let stage = Stage::new(Knobs { faults: vec![Fault::always(SITES, FaultKind::Stall)], ..Knobs::default() });
    let mut running = stage.start(&[]);
    browse(&running.authorization_url().unwrap());
    while !stage.rehearsal.requests().iter().any(|request| request.path == SITES) {
        std::thread::yield_now();
    }
    interrupt(&running);
    stage.checked(running.finish()).expect(130, &["interrupted", "tfhelper secrets push"]);
    assert!(stage.kept_refresh_token().is_some());
}

/// What Ctrl-C sends.
fn interrupt(running: &crate::stage::Running) {
    let status = std::process::Command::new("kill").args(["-INT", &running.child.id().to_string()]).status().unwrap();
    assert!(status.success());
}

/// Runs it on files that are changed before, and asserts that it fails before anybody is asked.
#[track_caller]
fn check_unfit(change: impl FnOnce(&Stage), words: &[&str]) {
    let stage = Stage::good_day();
    change(&stage);
    stage.run(&[]).expect(2, words);
    assert!(stage.rehearsal.requests().is_empty());
    assert_eq!(stage.kept_refresh_token(), None);
}

#[test]
fn two_homes_that_disagree() {
    let variables = "jira_cloud_id = \"1324a887-45db-4bf4-8e99-ef0ff456d421\"\n\
                     connector_settings = {\n  jira_cloud_id = \"adcae078-765b-45bf-a38b-7cda232b9a94\"\n}\n";
    let words = ["`jira_cloud_id` and `connector_settings.jira_cloud_id` hold different values", "tfhelper tfvars unset"];
    check_unfit(|stage| std::fs::write(stage.file("terraform.tfvars"), variables).unwrap(), &words);
}

#[test]
fn broken_variable_definitions_file() {
    check_unfit(
        |stage| std::fs::write(stage.file("terraform.tfvars"), "a = {\n").unwrap(),
        &["terraform.tfvars", "nothing was changed"],
    );
}

#[test]
fn read_only_variable_definitions_file() {
    let read_only = |stage: &Stage| {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o444);
        std::fs::set_permissions(stage.file("terraform.tfvars"), mode).unwrap();
    };
    check_unfit(read_only, &["read-only"]);
}

#[test]
fn folder_without_configuration() {
    let empty =
        |stage: &Stage| crate::stage::files(&stage.root_module()).iter().for_each(|file| std::fs::remove_file(file).unwrap());
    check_unfit(empty, &["No configuration files", "--chdir"]);
}

#[test]
fn release_without_the_connector() {
    let stage = Stage::good_day();
    stage.run(&["--psoxy-release", "v0.4.20"]).expect(2, &["has no connector `jira-cloud`"]);
}

#[test]
fn scripts_folder_that_is_a_file() {
    check_unfit(|stage| std::fs::write(stage.file("test-calls"), "").unwrap(), &["test-calls", "--scripts-dir"]);
}
