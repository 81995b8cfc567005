//! The token endpoint.

use super::*;

#[tokio::test]
async fn exchange_gives_every_field() {
    let tokens = consent(&start(|_| ())).await;
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["expires_in"], 3600);
    assert!(tokens["scope"].as_str().unwrap().contains("offline_access"));
    assert!(tokens["access_token"].is_string() && tokens["refresh_token"].is_string());
}

#[tokio::test]
async fn exchange_takes_a_form_too() {
    let rehearsal = start(|_| ());
    let code = code(&rehearsal, &[]).await;
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", "rehearsal-client-id"),
        ("client_secret", "rehearsal-client-secret"),
        ("redirect_uri", REDIRECT_URI),
        ("code", &code),
    ];
    let answered = send(http().post(format!("{}/oauth/token", rehearsal.auth_url())).form(&form)).await.unwrap();
    assert_eq!(answered.status, 200);
    assert_eq!(rehearsal.requests()[1].parameters()["code"], code);
}

#[tokio::test]
async fn refresh_token_comes_with_offline_access_alone() {
    let rehearsal = start(|_| ());
    let code = code(&rehearsal, &[("scope", "read:jira-work")]).await;
    assert!(token(&rehearsal, &[("code", &code)]).await.json().get("refresh_token").is_none());
}

#[tokio::test]
async fn scope_that_the_console_lacks_is_not_granted() {
    let rehearsal = start(|knobs| {
        knobs.app = App { missing_scopes: vec![String::from("read:user:jira")], ..App::default() };
    });
    let scope = consent(&rehearsal).await["scope"].as_str().unwrap().to_owned();
    assert!(!scope.contains("read:user:jira") && scope.contains("read:avatar:jira"));
}

#[track_caller]
fn check_refusal(answered: &Answered, status: u16, error: &str, description: &str) {
    let body = answered.json();
    assert_eq!(
        (answered.status, body["error"].as_str(), body["error_description"].as_str()),
        (status, Some(error), Some(description))
    );
}

#[tokio::test]
async fn code_is_good_for_one_exchange() {
    let rehearsal = start(|_| ());
    let code = code(&rehearsal, &[]).await;
    assert_eq!(token(&rehearsal, &[("code", &code)]).await.status, 200);
    check_refusal(&token(&rehearsal, &[("code", &code)]).await, 400, "invalid_request", "authorization_code is invalid");
}

#[tokio::test]
async fn code_error_has_the_older_words_too() {
    let rehearsal = start(|knobs| knobs.tokens.errors = TokenErrors::Auth0);
    check_refusal(&token(&rehearsal, &[("code", "x")]).await, 403, "invalid_grant", "Invalid authorization code");
}

#[tokio::test]
async fn code_expires() {
    let (clock, seconds) = moving_clock();
    let rehearsal = start(|knobs| knobs.clock = clock);
    let code = code(&rehearsal, &[]).await;
    seconds.fetch_add(300, Ordering::SeqCst);
    assert_eq!(token(&rehearsal, &[("code", &code)]).await.status, 400);
}

#[tokio::test]
async fn code_is_bound_to_its_redirection_uri() {
    let rehearsal = start(|_| ());
    let code = code(&rehearsal, &[]).await;
    let answered = token(&rehearsal, &[("code", &code), ("redirect_uri", "http://localhost")]).await;
    check_refusal(&answered, 400, "invalid_request", "authorization_code is invalid");
}

#[tokio::test]
async fn wrong_client_secret_is_unauthorized() {
    let rehearsal = start(|_| ());
    let answered = token(&rehearsal, &[("code", "x"), ("client_secret", "wrong")]).await;
    check_refusal(&answered, 401, "access_denied", "Unauthorized");
}

#[tokio::test]
async fn challenge_demands_its_verifier() {
    let rehearsal = start(|_| ());
    // RFC 7636, appendix B.
    let challenge = [("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"), ("code_challenge_method", "S256")];
    let code = code(&rehearsal, &challenge).await;
    assert_eq!(token(&rehearsal, &[("code", &code)]).await.status, 400);
    let verifier = ("code_verifier", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    assert_eq!(token(&rehearsal, &[("code", &code), verifier]).await.status, 200);
}

#[tokio::test]
async fn refresh_rotates_and_the_old_token_lives_for_ten_minutes() {
    let (clock, seconds) = moving_clock();
    let rehearsal = start(|knobs| knobs.clock = clock);
    let first = consent(&rehearsal).await["refresh_token"].clone();
    let second = refresh(&rehearsal, &first).await.json()["refresh_token"].clone();
    assert_ne!(first, second);
    seconds.fetch_add(600, Ordering::SeqCst);
    assert_eq!(refresh(&rehearsal, &first).await.status, 200);
}

#[tokio::test]
async fn late_reuse_revokes_the_whole_family() {
    let (clock, seconds) = moving_clock();
    let rehearsal = start(|knobs| knobs.clock = clock);
    let first = consent(&rehearsal).await["refresh_token"].clone();
    let second = refresh(&rehearsal, &first).await.json()["refresh_token"].clone();
    seconds.fetch_add(601, Ordering::SeqCst);
    check_refusal(&refresh(&rehearsal, &first).await, 403, "unauthorized_client", "refresh_token is invalid");
    check_refusal(&refresh(&rehearsal, &second).await, 403, "unauthorized_client", "refresh_token is invalid");
}

#[tokio::test]
async fn second_consent_leaves_the_first_family_alone() {
    let rehearsal = start(|_| ());
    let first = consent(&rehearsal).await["refresh_token"].clone();
    consent(&rehearsal).await;
    assert_eq!(refresh(&rehearsal, &first).await.status, 200);
}

const DAY: i64 = 24 * 3600;

#[tokio::test]
async fn family_ends_after_ninety_idle_days() {
    let (clock, seconds) = moving_clock();
    let rehearsal = start(|knobs| {
        knobs.clock = clock;
        knobs.tokens.errors = TokenErrors::Auth0;
    });
    let first = consent(&rehearsal).await["refresh_token"].clone();
    seconds.fetch_add(90 * DAY + 1, Ordering::SeqCst);
    check_refusal(&refresh(&rehearsal, &first).await, 403, "invalid_grant", "Unknown or invalid refresh token.");
}

#[tokio::test]
async fn family_ends_after_a_year_of_use() {
    let (clock, seconds) = moving_clock();
    let rehearsal = start(|knobs| knobs.clock = clock);
    let mut current = consent(&rehearsal).await["refresh_token"].clone();
    for _ in 0..5 {
        seconds.fetch_add(73 * DAY, Ordering::SeqCst);
        current = refresh(&rehearsal, &current).await.json()["refresh_token"].clone();
    }
    seconds.fetch_add(1, Ordering::SeqCst);
    assert_eq!(refresh(&rehearsal, &current).await.status, 403);
}

#[tokio::test]
async fn secrets_name_all_that_was_given_out() {
    let rehearsal = start(|_| ());
    let tokens = consent(&rehearsal).await;
    let secrets: Vec<String> = rehearsal.secrets().iter().map(|secret| secret.expose().to_owned()).collect();
    for field in ["access_token", "refresh_token"] {
        assert!(secrets.iter().any(|secret| tokens[field] == json!(secret)));
    }
    assert!(secrets.contains(&rehearsal.requests()[1].parameters()["code"]));
    assert!(secrets.contains(&String::from("rehearsal-client-secret")));
}
