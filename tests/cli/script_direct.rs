//! The scripts that call Jira directly: what they say of each answer, and what they never show.

use std::fs;
use std::sync::{Arc, Mutex};

use tfhelper::test_script::{ProxyHost, Target};

use crate::script_stage::{Reply, Request, ScriptStage, Server, TOKEN, assert_says, command_lines_with, healthy};

/// Runs the direct script against a Jira that answers one call, the one whose path ends so, in its own way.
fn run_with(connector: &str, ending: &'static str, reply: Reply, call: &str) -> (Option<i32>, String) {
    let server = Server::start(move |request: &Request| {
        let path = request.target.split('?').next().unwrap_or_default();
        if path.ends_with(ending) { reply.clone() } else { healthy(request) }
    });
    let outcome = ScriptStage::direct(connector, &server).run(&[call]);
    assert_eq!(outcome.stderr, "");
    (outcome.status, outcome.stdout)
}

#[track_caller]
fn check_reason(ending: &'static str, reply: Reply, call: &str, words: &[&str]) {
    let (status, output) = run_with("jira-cloud", ending, reply, call);
    assert_eq!(status, Some(1), "{output}");
    assert!(output.ends_with("0 ok, 0 with a warning, 0 skipped, 1 failed\n"), "{output}");
    assert_says(&output, words);
}

#[test]
fn good_day_ends_with_status_0_and_a_row_for_each_call() {
    let server = Server::start(healthy);
    let outcome = ScriptStage::direct("jira-cloud", &server).run(&[]).expect(0, &[]);
    assert_says(
        &outcome.stdout,
        &["users 200 ok, 2 items", "comments 200 ok, 0 items", "myself 200 ok", "groups 200 ok, 1 item"],
    );
    assert!(outcome.stdout.ends_with("8 ok, 0 with a warning, 0 skipped, 0 failed\n"), "{}", outcome.stdout);
    let requests = server.requests();
    assert_eq!(requests.len(), 8);
    for request in &requests {
        assert_eq!(request.method, "GET");
        assert_eq!(request.header("authorization"), format!("Bearer {TOKEN}"));
    }
    assert!(requests.iter().any(|request| request.target.ends_with("/issue/ETV-12/comment?maxResults=25")));
}

#[test]
fn scope_mismatch_names_the_scope() {
    let reply = Reply::json(401, r#"{"code":401,"message":"Unauthorized; scope does not match"}"#);
    let words =
        &["users 401 FAILED", "lacks a scope", "`read:jira-user`", "tfhelper init-jira --renew", "scope does not match\"}"];
    check_reason("/users", reply.header("x-failure-category", "FAILURE_CLIENT_SCOPE_CHECK"), "users", words);
}

#[test]
fn expired_token_is_told_from_a_missing_scope() {
    check_reason(
        "/users",
        Reply::json(401, r#"{"code":401,"message":"Unauthorized"}"#),
        "users",
        &["expired, revoked", "one hour"],
    );
}

#[test]
fn site_outside_the_grant_is_explained() {
    let reply = Reply::json(403, r#"{"code":403,"message":"The app is not installed on this instance"}"#);
    check_reason("/users", reply, "users", &["This site is not part of the grant"]);
}

#[test]
fn missing_permission_is_named() {
    let reply = Reply::json(403, r#"{"errorMessages":["No."],"errors":{}}"#);
    check_reason("/users", reply, "users", &["403 FAILED", "`Browse users and groups`"]);
}

#[test]
fn unknown_issue_is_told_from_an_unknown_cloud_id() {
    let jira =
        Reply::json(404, r#"{"errorMessages":["Issue does not exist or you do not have permission to see it."],"errors":{}}"#);
    check_reason("/comment", jira, "comments", &["no such issue", "jira_example_issue_id", "| {\"errorMessages\""]);
    let gateway = Reply::json(404, r#"{"code":404,"message":"No message available"}"#);
    check_reason("/comment", gateway, "comments", &["No site has this cloud ID"]);
}

#[test]
fn removed_operation_points_to_the_upgrade() {
    check_reason("/users", Reply::json(410, r#"{"errorMessages":["removed"]}"#), "users", &["upgrade psoxy to v0.5.3"]);
}

#[test]
fn rate_limit_tells_how_long_to_wait() {
    let reply = Reply::json(429, "{}").header("Retry-After", "17").header("RateLimit-Reason", "jira-burst-based");
    check_reason("/users", reply, "users", &["wait 17 seconds", "jira-burst-based"]);
}

#[test]
fn failure_of_the_service_is_told() {
    check_reason("/users", Reply::html(503, "<h1>Sorry</h1>"), "users", &["Atlassian's side failed", "| Sorry"]);
}

#[test]
fn redirection_is_not_followed() {
    let reply = Reply::html(302, "").header("Location", "https://elsewhere.test/login");
    check_reason("/users", reply, "users", &["Redirected to https://elsewhere.test/login"]);
}

#[test]
fn html_with_status_200_is_a_failure() {
    check_reason(
        "/users",
        Reply::html(200, "<html><p>Log in</p></html>"),
        "users",
        &["200 FAILED", "not JSON but text/html", "| Log in"],
    );
}

#[test]
fn json_of_another_shape_is_a_failure() {
    check_reason("/users", Reply::json(200, r#"{"values":[]}"#), "users", &["not the list"]);
    check_reason("/myself", Reply::json(200, r#"{"name":"x"}"#), "myself", &["has no `accountId`"]);
    check_reason("/users", Reply::json(200, r#"[{"a":1]"#), "users", &["not JSON"]);
}

#[test]
fn empty_list_is_a_warning_where_the_account_should_see_something() {
    let (status, output) = run_with("jira-cloud", "/users", Reply::json(200, "[]"), "users");
    assert_eq!(status, Some(0), "{output}");
    assert_says(&output, &["users 200 warning, 0 items", "`Browse users and groups`", "0 ok, 1 with a warning"]);
}

#[test]
fn control_characters_of_an_answer_do_not_reach_the_terminal() {
    let body = "\u{1b}]0;title\u{7}\u{1b}[31mred\u{9b}32m \u{202e}reversed";
    check_reason(
        "/users",
        Reply { status: 500, headers: Vec::new(), body: body.to_owned() },
        "users",
        &["| ]0;title[31mred32m reversed"],
    );
}

#[test]
fn echoed_token_is_hidden() {
    check_reason("/users", Reply::json(500, &format!("you sent {TOKEN}.")), "users", &["| you sent (hidden)."]);
}

#[test]
fn token_is_in_no_command_line_while_a_call_is_made() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let found = Arc::clone(&seen);
    let server = Server::start(move |request| {
        found.lock().unwrap().push((command_lines_with(TOKEN), command_lines_with("--write-out").len()));
        healthy(request)
    });
    ScriptStage::direct("jira-cloud", &server).run(&["users"]).expect(0, &[]);
    let seen = seen.lock().unwrap();
    // Without /proc there is nothing to see, and nothing is claimed.
    assert!(seen.iter().all(|(lines, calls)| lines.is_empty() && (*calls > 0 || !cfg!(target_os = "linux"))), "{seen:?}");
}

#[test]
fn trace_of_bash_does_not_show_the_token() {
    let server = Server::start(healthy);
    let stage = ScriptStage::direct("jira-cloud", &server);
    stage.run_bash(&["-x"], &["users"]).expect(0, &[]);
    stage.run_bash(&["-v"], &["users"]).expect(0, &[]);
}

#[test]
fn curlrc_of_the_user_is_not_read() {
    let server = Server::start(healthy);
    let stage = ScriptStage::direct("jira-cloud", &server);
    fs::write(stage.path(".curlrc"), "verbose\nheader = \"X-Extra: 1\"\n").unwrap();
    let outcome = stage.run(&["users"]).expect(0, &[]);
    assert_eq!(outcome.stderr, "");
    assert_eq!(server.requests()[0].header("x-extra"), "");
}

#[test]
fn token_comes_from_a_file_too() {
    let server = Server::start(healthy);
    let mut stage = ScriptStage::direct("jira-cloud", &server);
    stage.unset("JIRA_ACCESS_TOKEN");
    let file = stage.path("token");
    fs::write(&file, format!("  {TOKEN}\r\n")).unwrap();
    stage.run(&["--token-file", file.to_str().unwrap(), "users"]).expect(0, &[]);
    stage.run(&["users", &format!("--token-file={}", file.display())]).expect(0, &[]);
    assert_eq!(server.requests()[1].header("authorization"), format!("Bearer {TOKEN}"));
}

#[test]
fn missing_token_is_a_usage_error() {
    let server = Server::start(healthy);
    let mut stage = ScriptStage::direct("jira-cloud", &server);
    stage.unset("JIRA_ACCESS_TOKEN");
    stage.run(&[]).expect(2, &["no token: set JIRA_ACCESS_TOKEN"]);
    stage.run(&["--token-file", "/nowhere"]).expect(2, &["cannot read the token file: /nowhere"]);
    assert!(server.requests().is_empty());
}

#[test]
fn token_that_would_be_a_line_of_its_own_is_refused() {
    let server = Server::start(healthy);
    let mut stage = ScriptStage::direct("jira-cloud", &server);
    stage.set("JIRA_ACCESS_TOKEN", "a\"\noutput = \"/tmp/x");
    stage.run(&[]).expect(2, &["JIRA_ACCESS_TOKEN holds characters"]);
    assert!(server.requests().is_empty());
}

#[test]
fn call_names_are_listed_and_unknown_ones_refused() {
    let server = Server::start(healthy);
    let mut stage = ScriptStage::direct("jira-cloud", &server);
    stage.unset("JIRA_ACCESS_TOKEN");
    let listed = stage.run(&["--list"]).expect(0, &[]).stdout;
    let names: Vec<&str> = listed.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(names, ["myself", "accessible-resources", "users", "groups", "changelog", "comments", "worklogs", "projects"]);
    assert!(stage.run(&["--help"]).expect(0, &[]).stdout.contains("Usage: jira-cloud-direct.sh"));
    stage.run(&["nonsense"]).expect(2, &["no call `nonsense`"]);
    stage.run(&["--nonsense"]).expect(2, &["no option `--nonsense`"]);
    stage.run(&["--token-file"]).expect(2, &["--token-file needs a file"]);
}

#[test]
fn host_without_https_is_refused_unless_it_is_this_machine() {
    let server = Server::start(healthy);
    let mut stage = ScriptStage::direct("jira-cloud", &server);
    let refused = |stage: &mut ScriptStage, url: &str, word: &str| {
        stage.set("TFHELPER_ATLASSIAN_API_URL", url);
        stage.run(&["users"]).expect(2, &[word]);
    };
    refused(&mut stage, "http://api.atlassian.test", "is not https");
    refused(&mut stage, "http://127.0.0.1.evil.test", "is not https");
    refused(&mut stage, "http://localhost@evil.test", "is not a plain URL");
    refused(&mut stage, "https://a.test/?x=\"", "is not a plain URL");
    refused(&mut stage, "file:///etc/passwd", "is not an https URL");
}

#[test]
fn nobody_there_is_told() {
    let url = Server::start(healthy).url.clone();
    let mut stage = ScriptStage::new("jira-cloud", Target::Direct, ProxyHost::Aws);
    stage.set("TFHELPER_ATLASSIAN_API_URL", &url);
    stage.set("JIRA_ACCESS_TOKEN", TOKEN);
    let outcome = stage.run(&["users"]).expect(1, &[]);
    assert_says(&outcome.stdout, &["users - FAILED", "No complete answer"]);
}

#[test]
fn missing_and_old_curl_are_told() {
    let server = Server::start(healthy);
    let mut stage = ScriptStage::direct("jira-cloud", &server);
    stage.stand_in("curl", "echo 'curl 7.74.0 (x86_64-pc-linux-gnu) libcurl/7.74.0'");
    stage.run(&[]).expect(2, &["curl is too old: 7.75 or later is needed, this is 7.74.0"]);
    fs::remove_file(stage.path("bin/curl")).unwrap();
    stage.only_programs(&["bash", "awk", "sed", "tr", "cat"]);
    stage.run(&[]).expect(2, &["curl is not installed"]);
}

#[test]
fn calls_without_their_setting_are_skipped_or_refused() {
    let server = Server::start(healthy);
    let settings = [("jira_cloud_id", "1324a887-45db-4bf4-8e99-ef0ff456d421")];
    let mut stage = ScriptStage::with_settings("jira-cloud", Target::Direct, ProxyHost::Aws, &settings);
    stage.set("TFHELPER_ATLASSIAN_API_URL", &server.url);
    stage.set("JIRA_ACCESS_TOKEN", TOKEN);
    let outcome = stage.run(&[]).expect(0, &[]);
    assert_says(
        &outcome.stdout,
        &["comments - skipped", "`jira_example_issue_id` is not set", "5 ok, 0 with a warning, 3 skipped"],
    );
    stage.run(&["comments"]).expect(1, &[]);
}

#[test]
fn hostile_settings_arrive_as_one_argument() {
    let server = Server::start(healthy);
    let hostile = "'; touch pwned #\n$(touch pwned)`touch pwned`\"";
    let settings = [("jira_cloud_id", hostile), ("jira_example_issue_id", hostile)];
    let mut stage = ScriptStage::with_settings("jira-cloud", Target::Direct, ProxyHost::Aws, &settings);
    stage.set("TFHELPER_ATLASSIAN_API_URL", &server.url);
    stage.set("JIRA_ACCESS_TOKEN", TOKEN);
    stage.run(&["comments"]).expect(0, &[]);
    let encoded = "%27%3B%20touch%20pwned%20%23%0A%24%28touch%20pwned%29%60touch%20pwned%60%22";
    assert_eq!(server.requests()[0].target, format!("/ex/jira/{encoded}/rest/api/3/issue/{encoded}/comment?maxResults=25"));
    assert!(!stage.path("pwned").exists());
}

#[test]
fn data_center_search_with_nothing_in_it_is_a_warning() {
    let empty = Reply::json(200, r#"{"startAt":0,"maxResults":50,"total":0,"issues":[]}"#);
    let (status, output) = run_with("jira-server", "/search", empty, "search");
    assert_eq!(status, Some(0), "{output}");
    assert_says(&output, &["search 200 warning", "a token that Jira does not know", "`myself`"]);
}

#[test]
fn data_center_tells_unknown_token_and_context_path() {
    let (status, output) = run_with("jira-server", "/myself", Reply::html(401, "<html>Log in</html>"), "myself");
    assert_eq!(status, Some(1), "{output}");
    assert_says(&output, &["does not know this personal access token", "tfhelper init-jira-server"]);
    let (_, output) = run_with("jira-server", "/myself", Reply::html(404, "<html>Not found</html>"), "myself");
    assert_says(&output, &["no Jira at its root", "context path"]);
}

#[test]
fn data_center_needs_a_host_alone() {
    let run = |settings: &[(&'static str, &str)], words: &str| {
        let mut stage = ScriptStage::with_settings("jira-server", Target::Direct, ProxyHost::Aws, settings);
        stage.set("JIRA_ACCESS_TOKEN", TOKEN);
        stage.run(&["myself"]).expect(2, &[words]);
    };
    run(&[], "jira_server_url is not set");
    run(&[("jira_server_url", "https://jira.acme.test/")], "must be a host");
    run(&[("jira_server_url", "jira acme'$(id)")], "is not a plain URL");
}

#[test]
fn data_center_on_this_machine_needs_no_override() {
    let server = Server::start(healthy);
    let host = server.url.trim_start_matches("http://").to_owned();
    let settings = [("jira_server_url", host.as_str()), ("jira_example_issue_id", "ETV-12")];
    let mut stage = ScriptStage::with_settings("jira-server", Target::Direct, ProxyHost::Aws, &settings);
    stage.set("JIRA_ACCESS_TOKEN", TOKEN);
    let outcome = stage.run(&[]).expect(0, &[]);
    assert!(outcome.stdout.ends_with("7 ok, 0 with a warning, 0 skipped, 0 failed\n"), "{}", outcome.stdout);
}
