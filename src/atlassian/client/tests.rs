//! The client against servers that refuse, stall, echo and answer nonsense.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use wiremock::matchers::{body_json, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;
use crate::atlassian::authorization::token::TokenRefusal;
use crate::atlassian::endpoint::{API_URL, AUTH_URL, SITE_URL};

const CODE: &str = "canary-code";
const CLIENT_SECRET: &str = "canary-client-secret";

fn client(origin: &str) -> Client {
    let endpoints =
        Endpoints::from_variables(|name| [AUTH_URL, API_URL, SITE_URL].contains(&name).then(|| origin.to_owned())).unwrap();
    let patience =
        Patience { connect: Duration::from_secs(5), answer: Duration::from_millis(500), retries: Duration::from_secs(5) };
    let mut client = Client::new(endpoints, patience).unwrap();
    client.hide(&Secret::new(CODE));
    client.hide(&Secret::new(CLIENT_SECRET));
    client
}

async fn exchange(origin: &str) -> Result<TokenResponse, ExchangeError> {
    let exchange = Exchange {
        client_id: "id",
        client_secret: &Secret::new(CLIENT_SECRET),
        code: &Secret::new(CODE),
        redirection_uri: &RedirectionUri::parse("http://localhost").unwrap(),
    };
    client(origin).exchange(&exchange).await
}

/// A server whose token endpoint answers so.
async fn token_endpoint(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("POST")).and(path("/oauth/token")).respond_with(answer).mount(&server).await;
    server
}

async fn calls(server: &MockServer) -> usize {
    server.received_requests().await.unwrap().len()
}

#[tokio::test]
async fn exchange_sends_the_documented_body() {
    let server = MockServer::start().await;
    let body = serde_json::json!({"grant_type": "authorization_code", "client_id": "id", "client_secret": CLIENT_SECRET,
        "code": CODE, "redirect_uri": "http://localhost"});
    let answer = ResponseTemplate::new(200).set_body_json(serde_json::json!({"access_token": "a", "token_type": "Bearer"}));
    Mock::given(body_json(body)).and(header("content-type", "application/json")).respond_with(answer).mount(&server).await;
    assert_eq!(exchange(&server.uri()).await.unwrap().access_token.expose(), "a");
}

#[tokio::test]
async fn exchange_is_not_repeated_after_a_server_error() {
    let server = token_endpoint(ResponseTemplate::new(500)).await;
    assert!(matches!(exchange(&server.uri()).await, Err(ExchangeError::Request(error)) if error.status() == Some(500)));
    assert_eq!(calls(&server).await, 1);
}

#[tokio::test]
async fn exchange_is_repeated_after_it_was_turned_away() {
    let server = MockServer::start().await;
    let turned_away = ResponseTemplate::new(429).insert_header("retry-after", "0");
    Mock::given(method("POST")).respond_with(turned_away).up_to_n_times(1).mount(&server).await;
    let answer = ResponseTemplate::new(200).set_body_json(serde_json::json!({"access_token": "a"}));
    Mock::given(method("POST")).respond_with(answer).mount(&server).await;
    assert!(exchange(&server.uri()).await.is_ok());
    assert_eq!(calls(&server).await, 2);
}

#[tokio::test]
async fn refusal_is_classified_and_echoes_no_secret() {
    let description = format!("authorization_code {CODE} is invalid for {CLIENT_SECRET}");
    let body = serde_json::json!({"error": "invalid_request", "error_description": description});
    let server = token_endpoint(ResponseTemplate::new(400).set_body_json(body)).await;
    let error = exchange(&server.uri()).await.unwrap_err();
    assert!(matches!(error, ExchangeError::Refused { refusal: TokenRefusal::Code, .. }));
    assert!(!error.to_string().contains("canary"));
}

#[tokio::test]
async fn html_is_shown_without_tags() {
    let page = "<html><head><style>p{}</style></head><body><h1>Proxy login</h1><p>canary-code</p></body></html>";
    let server = token_endpoint(ResponseTemplate::new(502).set_body_raw(page, "text/html")).await;
    let message = exchange(&server.uri()).await.unwrap_err().to_string();
    assert!(message.ends_with("answered 502 Bad Gateway: Proxy login ***"), "{message}");
}

#[tokio::test]
async fn redirection_is_not_followed() {
    let server = token_endpoint(ResponseTemplate::new(307).insert_header("location", "https://example.org/")).await;
    let message = exchange(&server.uri()).await.unwrap_err().to_string();
    assert!(message.contains("points to `https://example.org/`"), "{message}");
}

#[tokio::test]
async fn stalled_server_is_given_up() {
    let server = token_endpoint(ResponseTemplate::new(200).set_delay(Duration::from_secs(60))).await;
    assert!(matches!(exchange(&server.uri()).await, Err(ExchangeError::Request(RequestError { fault: Fault::TimedOut(_), .. }))));
}

#[tokio::test]
async fn reset_connection_is_an_error_that_names_the_server() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 64]).await;
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{").await;
        }
    });
    let message = exchange(&origin).await.unwrap_err().to_string();
    assert!(message.contains(&format!("{origin}/oauth/token")), "{message}");
}

#[tokio::test]
async fn endless_answer_is_cut_off() {
    let server = token_endpoint(ResponseTemplate::new(200).set_body_string(" ".repeat(5 * 1024 * 1024))).await;
    assert!(matches!(exchange(&server.uri()).await, Err(ExchangeError::Request(RequestError { fault: Fault::TooLarge, .. }))));
}

#[tokio::test]
async fn read_is_repeated_while_the_server_is_busy() {
    let server = MockServer::start().await;
    let busy = ResponseTemplate::new(503).insert_header("retry-after", "0");
    Mock::given(path("/oauth/token/accessible-resources")).respond_with(busy).up_to_n_times(2).mount(&server).await;
    Mock::given(header("authorization", "Bearer a"))
        .respond_with(ResponseTemplate::new(200).set_body_string("[]"))
        .mount(&server)
        .await;
    assert!(client(&server.uri()).fetch_sites(&Secret::new("a")).await.unwrap().is_empty());
    assert_eq!(calls(&server).await, 3);
}

#[tokio::test]
async fn read_is_not_repeated_past_a_long_retry_after() {
    let server = MockServer::start().await;
    let busy = ResponseTemplate::new(429).insert_header("retry-after", "3600");
    Mock::given(method("GET")).respond_with(busy).mount(&server).await;
    assert_eq!(client(&server.uri()).fetch_sites(&Secret::new("a")).await.unwrap_err().status(), Some(429));
    assert_eq!(calls(&server).await, 1);
}

#[tokio::test]
async fn cloud_id_of_a_site_is_looked_up() {
    let server = MockServer::start().await;
    let body = serde_json::json!({"cloudId": "1324A887-45db-1bf4-1e99-ef0ff456d421"});
    Mock::given(path("/_edge/tenant_info")).respond_with(ResponseTemplate::new(200).set_body_json(body)).mount(&server).await;
    let client = client(&server.uri());
    let cloud_id = client.fetch_cloud_id(&client.site_url("acme").unwrap()).await.unwrap();
    assert_eq!(cloud_id.as_deref(), Some("1324a887-45db-1bf4-1e99-ef0ff456d421"));
}

#[tokio::test]
async fn unknown_site_has_no_cloud_id() {
    let server = MockServer::start().await;
    let client = client(&server.uri());
    assert_eq!(client.fetch_cloud_id(&client.site_url("acme").unwrap()).await.unwrap(), None);
}

#[tokio::test]
async fn probe_tells_a_missing_scope_from_a_missing_permission() {
    let server = MockServer::start().await;
    let scope = ResponseTemplate::new(401)
        .insert_header("x-failure-category", "FAILURE_CLIENT_SCOPE_CHECK")
        .set_body_json(serde_json::json!({"code": 401, "message": "Unauthorized; scope does not match"}));
    let permission = ResponseTemplate::new(403).set_body_json(serde_json::json!({"errorMessages": ["no"], "errors": {}}));
    Mock::given(path("/ex/jira/id/rest/api/3/myself")).respond_with(scope).mount(&server).await;
    Mock::given(path("/ex/jira/id/rest/api/3/group/bulk")).respond_with(permission).mount(&server).await;
    Mock::given(path("/ex/jira/id/rest/api/3/project/search")).respond_with(ResponseTemplate::new(200)).mount(&server).await;
    let probes = client(&server.uri()).probe_scopes("id", &Secret::new("a")).await.unwrap();
    let verdicts: Vec<&Verdict> = probes.iter().map(|probe| &probe.verdict).collect();
    assert_eq!(verdicts, [&Verdict::ScopeMissing, &Verdict::Passed, &Verdict::PermissionMissing(String::from("no"))]);
}
