//! The client against servers that refuse, stall, echo and answer nonsense.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, Method, Uri, header};
use axum::response::Response;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::probe::Verdict;
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

/// A request as a server saw it.
#[derive(Clone)]
struct Asked {
    method: Method,
    path: String,
    headers: HeaderMap,
    body: String,
}

/// A server on loopback that runs until its test ends, and what it was asked.
struct Server {
    origin: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    /// Answers each request with what this makes of it and of the number of those before it.
    async fn start(answer: impl Fn(&Asked, usize) -> Response + Clone + Send + Sync + 'static) -> Self {
        let (listener, origin) = listen().await;
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&asked);
        let handler = async move |method: Method, uri: Uri, headers: HeaderMap, body: String| {
            let request = Asked { method, path: uri.path().to_owned(), headers, body };
            let mut seen = seen.lock().unwrap();
            let answer = answer(&request, seen.len());
            seen.push(request);
            answer
        };
        tokio::spawn(async { axum::serve(listener, axum::Router::new().fallback(handler)).await });
        Self { origin, asked }
    }

    fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

async fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    (listener, origin)
}

fn answer(status: u16, headers: &[(&str, &str)], body: impl Into<Body>) -> Response {
    let head = headers.iter().fold(Response::builder().status(status), |head, (name, value)| head.header(*name, *value));
    head.body(body.into()).unwrap()
}

/// A server whose token endpoint answers so.
async fn token_endpoint(status: u16, headers: &'static [(&str, &str)], body: impl Into<String>) -> Server {
    let body = body.into();
    Server::start(move |asked, _| match (asked.method.as_str(), asked.path.as_str()) {
        ("POST", "/oauth/token") => answer(status, headers, body.clone()),
        _ => answer(404, &[], ""),
    })
    .await
}

#[tokio::test]
async fn exchange_sends_the_documented_body() {
    let server = token_endpoint(200, &[], r#"{"access_token": "a", "token_type": "Bearer"}"#).await;
    assert_eq!(exchange(&server.origin).await.unwrap().access_token.expose(), "a");
    let [asked] = server.asked().try_into().ok().unwrap();
    assert_eq!(asked.headers[header::CONTENT_TYPE], "application/json");
    let body = serde_json::json!({"grant_type": "authorization_code", "client_id": "id", "client_secret": CLIENT_SECRET,
        "code": CODE, "redirect_uri": "http://localhost"});
    assert_eq!(serde_json::from_str::<serde_json::Value>(&asked.body).unwrap(), body);
}

#[tokio::test]
async fn exchange_is_not_repeated_after_a_server_error() {
    let server = token_endpoint(500, &[], "").await;
    assert!(matches!(exchange(&server.origin).await, Err(ExchangeError::Request(error)) if error.status() == Some(500)));
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn exchange_is_repeated_after_it_was_turned_away() {
    let server = Server::start(|_, before| match before {
        0 => answer(429, &[("retry-after", "0")], ""),
        _ => answer(200, &[], r#"{"access_token": "a"}"#),
    })
    .await;
    assert!(exchange(&server.origin).await.is_ok());
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test]
async fn refusal_is_classified_and_echoes_no_secret() {
    let description = format!("authorization_code {CODE} is invalid for {CLIENT_SECRET}");
    let body = serde_json::json!({"error": "invalid_request", "error_description": description});
    let server = token_endpoint(400, &[], body.to_string()).await;
    let error = exchange(&server.origin).await.unwrap_err();
    assert!(matches!(error, ExchangeError::Refused { refusal: TokenRefusal::Code, .. }));
    assert!(!error.to_string().contains("canary"));
}

#[tokio::test]
async fn html_is_shown_without_tags() {
    let page = "<html><head><style>p{}</style></head><body><h1>Proxy login</h1><p>canary-code</p></body></html>";
    let server = token_endpoint(502, &[("content-type", "text/html")], page).await;
    let message = exchange(&server.origin).await.unwrap_err().to_string();
    assert!(message.ends_with("answered 502 Bad Gateway: Proxy login ***"), "{message}");
}

#[tokio::test]
async fn redirection_is_not_followed() {
    let server = token_endpoint(307, &[("location", "https://example.org/")], "").await;
    let message = exchange(&server.origin).await.unwrap_err().to_string();
    assert!(message.contains("points to `https://example.org/`"), "{message}");
}

#[tokio::test]
async fn stalled_server_is_given_up() {
    let (_listener, origin) = listen().await;
    assert!(matches!(exchange(&origin).await, Err(ExchangeError::Request(RequestError { fault: Fault::TimedOut(_), .. }))));
}

#[tokio::test]
async fn reset_connection_is_an_error_that_names_the_server() {
    let (listener, origin) = listen().await;
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
    let server = token_endpoint(200, &[], " ".repeat(5 * 1024 * 1024)).await;
    assert!(matches!(exchange(&server.origin).await, Err(ExchangeError::Request(RequestError { fault: Fault::TooLarge, .. }))));
}

#[tokio::test]
async fn read_is_repeated_while_the_server_is_busy() {
    let server = Server::start(|_, before| match before {
        0 | 1 => answer(503, &[("retry-after", "0")], ""),
        _ => answer(200, &[], "[]"),
    })
    .await;
    assert!(client(&server.origin).fetch_sites(&Secret::new("a")).await.unwrap().is_empty());
    let asked = server.asked();
    assert_eq!(asked.len(), 3);
    assert!(asked.iter().all(|asked| asked.method == Method::GET && asked.path == "/oauth/token/accessible-resources"));
    assert!(asked.iter().all(|asked| asked.headers[header::AUTHORIZATION] == "Bearer a"));
}

#[tokio::test]
async fn read_is_not_repeated_past_a_long_retry_after() {
    let server = Server::start(|_, _| answer(429, &[("retry-after", "3600")], "")).await;
    assert_eq!(client(&server.origin).fetch_sites(&Secret::new("a")).await.unwrap_err().status(), Some(429));
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn cloud_id_of_a_site_is_looked_up() {
    let server = Server::start(|asked, _| {
        assert_eq!(asked.path, "/_edge/tenant_info");
        answer(200, &[], r#"{"cloudId": "1324A887-45db-1bf4-1e99-ef0ff456d421"}"#)
    })
    .await;
    let client = client(&server.origin);
    let cloud_id = client.fetch_cloud_id(&client.site_url("acme").unwrap()).await.unwrap();
    assert_eq!(cloud_id.as_deref(), Some("1324a887-45db-1bf4-1e99-ef0ff456d421"));
}

#[tokio::test]
async fn unknown_site_has_no_cloud_id() {
    let server = Server::start(|_, _| answer(404, &[], "")).await;
    let client = client(&server.origin);
    assert_eq!(client.fetch_cloud_id(&client.site_url("acme").unwrap()).await.unwrap(), None);
}

#[tokio::test]
async fn probe_tells_a_missing_scope_from_a_missing_permission() {
    let server = Server::start(|asked, _| {
        let scope = r#"{"code": 401, "message": "Unauthorized; scope does not match"}"#;
        let permission = r#"{"errorMessages": ["no"], "errors": {}}"#;
        match asked.path.strip_prefix("/ex/jira/id/rest/api/3/") {
            Some("myself") => answer(401, &[("x-failure-category", "FAILURE_CLIENT_SCOPE_CHECK")], scope),
            Some("group/bulk") => answer(403, &[], permission),
            Some("project/search") => answer(200, &[], ""),
            _ => answer(404, &[], ""),
        }
    })
    .await;
    let probes = client(&server.origin).probe_scopes("id", &Secret::new("a")).await.unwrap();
    let verdicts: Vec<&Verdict> = probes.iter().map(|probe| &probe.verdict).collect();
    assert_eq!(verdicts, [&Verdict::ScopeMissing, &Verdict::Passed, &Verdict::PermissionMissing(String::from("no"))]);
}
