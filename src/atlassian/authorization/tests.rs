//! Requests and responses, as they are sent, come back and are pasted.

use super::*;

fn request(redirection_uri: &str) -> AuthorizationRequest {
    AuthorizationRequest {
        auth_url: Url::parse("https://auth.atlassian.com").unwrap(),
        client_id: String::from("CLIENT"),
        scopes: Scopes::parse("read:jira-work offline_access"),
        redirection_uri: RedirectionUri::parse(redirection_uri).unwrap(),
        state: State(String::from("s3cret")),
    }
}

#[track_caller]
fn check_response(text: &str, expected: Result<&str, AuthorizationError>) {
    let code = request("http://localhost").read_response(text);
    assert_eq!(code.as_ref().map(Secret::expose), expected.as_ref().map(|code| *code));
}

#[test]
fn url_is_the_documented_one() {
    assert_eq!(
        request("http://localhost").url(),
        "https://auth.atlassian.com/authorize?audience=api.atlassian.com&client_id=CLIENT&scope=offline_access%20read:jira-work\
         &redirect_uri=http://localhost&state=s3cret&response_type=code&prompt=consent"
    );
}

#[test]
fn url_escapes_a_redirection_uri_with_a_query_of_its_own() {
    assert!(request("http://localhost:9000/a?b=c&d").url().contains("&redirect_uri=http://localhost:9000/a%3Fb%3Dc%26d&"));
}

#[test]
fn two_states_differ() {
    assert!(!State::random().unwrap().matches(&State::random().unwrap().0));
}

#[test]
fn response_of_the_listener_gives_the_code() {
    check_response("/?state=s3cret&code=eyJ", Ok("eyJ"));
}

#[test]
fn response_pasted_with_quotes_and_spaces_gives_the_code() {
    check_response("  'http://localhost/?b=c&state=s3cret&code=ey%4A'\r\n", Ok("eyJ"));
}

#[test]
fn response_pasted_without_the_address_gives_the_code() {
    check_response("code=eyJ&state=s3cret", Ok("eyJ"));
}

#[test]
fn response_with_another_state_is_refused_though_it_denies() {
    check_response("/?state=other&error=access_denied", Err(AuthorizationError::StateMismatch));
}

#[test]
fn response_with_two_states_is_refused() {
    check_response("/?state=s3cret&state=other&code=eyJ", Err(AuthorizationError::NoState));
}

#[test]
fn response_with_two_codes_is_refused() {
    check_response("/?state=s3cret&code=a&code=b", Err(AuthorizationError::NoCode));
}

#[test]
fn bare_code_is_refused() {
    check_response("eyJhbGciOi", Err(AuthorizationError::NoState));
}

#[test]
fn denial_carries_its_words() {
    let description = String::from("User did not authorize the request");
    check_response(
        "/?error=access_denied&error_description=User%20did%20not%20authorize%20the%20request&state=s3cret",
        Err(AuthorizationError::Refused { error: String::from("access_denied"), description }),
    );
}

#[test]
fn error_page_of_atlassian_is_read() {
    let page = "https://id.atlassian.com/error?error=unauthorized_client&error_description=redirect_uri%20is%20not%20registered";
    assert!(matches!(read_error_page(page), Some(AuthorizationError::Refused { error, .. }) if error == "unauthorized_client"));
}

#[test]
fn error_page_of_another_host_is_not_read() {
    assert_eq!(read_error_page("https://id.atlassian.com.example.org/error?error=a"), None);
}

#[test]
fn redirection_uri_keeps_its_bytes() {
    assert_eq!(RedirectionUri::parse("http://LocalHost").unwrap().as_str(), "http://LocalHost");
}

#[test]
fn redirection_uri_takes_https_elsewhere() {
    assert!(RedirectionUri::parse("https://example.org/callback").is_ok());
}

#[test]
fn redirection_uri_refuses_plain_http_elsewhere() {
    assert!(RedirectionUri::parse("http://example.org/callback").is_err());
}
