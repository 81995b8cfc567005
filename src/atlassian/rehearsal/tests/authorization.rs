//! The authorization endpoint and its pages.

use super::*;

#[tokio::test]
async fn consent_sends_back_state_and_code_in_this_order() {
    let answered = authorize(&start(|_| ()), &[]).await;
    assert_eq!(answered.status, 302);
    assert!(answered.location().starts_with("http://localhost:9000/psoxy-setup-callback?state="));
    assert_eq!(answered.answer("state").as_deref(), Some("s t&a=te"));
    assert!(answered.answer("code").unwrap().starts_with("eyJ"));
}

#[tokio::test]
async fn redirection_uri_keeps_a_query_of_its_own() {
    let uri = "http://localhost:9000/callback?from=tfhelper";
    let rehearsal = start(|knobs| knobs.app.redirect_uri = uri.to_owned());
    let answered = authorize(&rehearsal, &[("redirect_uri", uri)]).await;
    assert_eq!(answered.answer("from").as_deref(), Some("tfhelper"));
    assert!(answered.answer("code").is_some());
}

#[track_caller]
fn check_error_page(answered: &Answered, rehearsal: &Rehearsal, expected: &str) {
    assert!(answered.location().starts_with(&format!("{}/error?", rehearsal.auth_url())), "{}", answered.location());
    let description = answered.answer("error_description").unwrap();
    assert!(description.contains(expected), "{description}");
}

#[tokio::test]
async fn redirection_uri_with_a_trailing_slash_more_is_not_registered() {
    let rehearsal = start(|_| ());
    let answered = authorize(&rehearsal, &[("redirect_uri", "http://localhost:9000/psoxy-setup-callback/")]).await;
    check_error_page(
        &answered,
        &rehearsal,
        "redirect_uri is not registered for client: http://localhost:9000/psoxy-setup-callback/",
    );
}

#[tokio::test]
async fn unknown_client_is_not_sent_back() {
    let rehearsal = start(|_| ());
    check_error_page(&authorize(&rehearsal, &[("client_id", "another")]).await, &rehearsal, "Unknown client");
}

#[tokio::test]
async fn unshared_app_is_not_sent_back() {
    let rehearsal = start(|knobs| knobs.app.is_shared = false);
    check_error_page(&authorize(&rehearsal, &[]).await, &rehearsal, "failed to retrieve client");
}

#[tokio::test]
async fn administrator_s_block_is_not_sent_back() {
    let rehearsal = start(|knobs| knobs.answer = Answer::BlockedByAdministrator);
    check_error_page(&authorize(&rehearsal, &[]).await, &rehearsal, "must authorize this app for the site acme.atlassian.net");
}

#[tokio::test]
async fn account_without_a_site_is_not_sent_back() {
    let rehearsal = start(|knobs| knobs.sites.clear());
    check_error_page(&authorize(&rehearsal, &[]).await, &rehearsal, "requires access to a Jira site");
}

#[tokio::test]
async fn error_page_escapes_what_the_address_says() {
    let rehearsal = start(|_| ());
    let page = get(&rehearsal, "/error?error=x&error_description=%3Cscript%3Ealert(1)%3C/script%3E", None).await;
    assert!(page.body.contains("&lt;script&gt;") && !page.body.contains("<script>"));
}

#[tokio::test]
async fn cancel_sends_back_access_denied_with_the_state() {
    let answered = authorize(&start(|knobs| knobs.answer = Answer::Cancel), &[]).await;
    assert!(answered.location().contains("?error=access_denied&error_description=User%20did%20not%20authorize%20the%20request&"));
    assert_eq!(answered.answer("state").as_deref(), Some("s t&a=te"));
}

#[tokio::test]
async fn wrong_state_is_another_state() {
    let answered = authorize(&start(|knobs| knobs.answer = Answer::WrongState), &[]).await;
    assert_eq!(answered.answer("state").as_deref(), Some("another-state"));
}

#[tokio::test]
async fn consent_page_escapes_a_hostile_site_name_and_has_no_script() {
    let rehearsal = start(|knobs| {
        knobs.answer = Answer::Ask;
        knobs.sites = vec![Site { name: String::from("<script>\"'${x}\n\u{1b}[31m"), ..Site::default() }];
    });
    let page = authorize(&rehearsal, &[]).await;
    assert!(page.body.contains("&lt;script&gt;&quot;&#39;${x}") && !page.body.contains("<script"));
}

/// The value of the page's hidden field.
fn request_of(page: &Answered) -> String {
    let (_, rest) = page.body.split_once("name=\"request\" value=\"").unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

async fn click(rehearsal: &Rehearsal, form: &[(&str, &str)]) -> Answered {
    send(http().post(format!("{}/authorize", rehearsal.auth_url())).form(form)).await.unwrap()
}

#[tokio::test]
async fn accept_on_the_page_grants_the_site_that_was_chosen() {
    let rehearsal = start(|knobs| {
        knobs.answer = Answer::Ask;
        knobs.sites.push(Site::new("beta", "2324a887-45db-4bf4-8e99-ef0ff456d421"));
    });
    let request = request_of(&authorize(&rehearsal, &[]).await);
    let form = [("request", request.as_str()), ("site", "2324a887-45db-4bf4-8e99-ef0ff456d421"), ("answer", "accept")];
    let code = click(&rehearsal, &form).await.answer("code").unwrap();
    let access_token = Secret::new(token(&rehearsal, &[("code", &code)]).await.json()["access_token"].as_str().unwrap());
    let resources = get(&rehearsal, "/oauth/token/accessible-resources", Some(&access_token)).await.json();
    assert_eq!(resources.as_array().unwrap().len(), 1);
    assert_eq!(resources[0]["url"], "https://beta.atlassian.net");
}

#[tokio::test]
async fn page_is_good_for_one_click() {
    let rehearsal = start(|knobs| knobs.answer = Answer::Ask);
    let request = request_of(&authorize(&rehearsal, &[]).await);
    let form = [("request", request.as_str()), ("answer", "cancel")];
    assert_eq!(click(&rehearsal, &form).await.answer("error").as_deref(), Some("access_denied"));
    assert_eq!(click(&rehearsal, &form).await.status, 400);
}

#[tokio::test]
async fn second_consent_without_prompt_gives_no_refresh_token() {
    let rehearsal = start(|_| ());
    assert!(consent(&rehearsal).await["refresh_token"].is_string());
    let code = code(&rehearsal, &[("prompt", "")]).await;
    assert!(token(&rehearsal, &[("code", &code)]).await.json().get("refresh_token").is_none());
}
