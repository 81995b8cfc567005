//! The stand-in, asked over HTTP as anybody would ask it.

mod authorization;
mod data_center;
mod faults;
mod gateway;
mod resources;
mod tokens;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use reqwest::redirect::Policy;
use reqwest::{Client, Method};
use serde_json::{Value, json};

use super::Rehearsal;
use super::knobs::{Access, Answer, App, Clock, Fault, FaultKind, Knobs, PersonalAccessToken, Site, TokenErrors, User};
use crate::secret::Secret;

const REDIRECT_URI: &str = "http://localhost:9000/psoxy-setup-callback";
const SCOPES: &str = "offline_access read:group:jira read:avatar:jira read:user:jira read:jira-user read:jira-work";
const CLOUD_ID: &str = "1324a887-45db-4bf4-8e99-ef0ff456d421";

/// Status, headers and body of an answer.
struct Answered {
    status: u16,
    headers: BTreeMap<String, String>,
    body: String,
}

impl Answered {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    fn location(&self) -> &str {
        &self.headers["location"]
    }

    /// The parameter of the redirection's query.
    fn answer(&self, name: &str) -> Option<String> {
        let location = url::Url::parse(self.location()).unwrap();
        location.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }
}

fn http() -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().redirect(Policy::none()).no_proxy().timeout(Duration::from_secs(20)).build().unwrap()
}

async fn send(request: reqwest::RequestBuilder) -> Result<Answered, reqwest::Error> {
    let response = request.send().await?;
    let headers = response.headers().iter();
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
    Ok(Answered { status: response.status().as_u16(), headers, body: response.text().await? })
}

async fn get(rehearsal: &Rehearsal, path: &str, token: Option<&Secret>) -> Answered {
    let mut request = http().get(format!("{}{path}", rehearsal.api_url()));
    if let Some(token) = token {
        request = request.bearer_auth(token.expose());
    }
    send(request).await.unwrap()
}

async fn authorize(rehearsal: &Rehearsal, changes: &[(&str, &str)]) -> Answered {
    let mut query = BTreeMap::from([
        ("audience", "api.atlassian.com"),
        ("client_id", "rehearsal-client-id"),
        ("scope", SCOPES),
        ("redirect_uri", REDIRECT_URI),
        ("state", "s t&a=te"),
        ("response_type", "code"),
        ("prompt", "consent"),
    ]);
    query.extend(changes.iter().copied());
    query.retain(|_, value| !value.is_empty());
    send(http().get(format!("{}/authorize", rehearsal.auth_url())).query(&query)).await.unwrap()
}

async fn token(rehearsal: &Rehearsal, changes: &[(&str, &str)]) -> Answered {
    let mut body = BTreeMap::from([
        ("grant_type", "authorization_code"),
        ("client_id", "rehearsal-client-id"),
        ("client_secret", "rehearsal-client-secret"),
        ("redirect_uri", REDIRECT_URI),
    ]);
    body.extend(changes.iter().copied());
    send(http().post(format!("{}/oauth/token", rehearsal.auth_url())).json(&body)).await.unwrap()
}

async fn code(rehearsal: &Rehearsal, changes: &[(&str, &str)]) -> String {
    authorize(rehearsal, changes).await.answer("code").unwrap()
}

async fn consent(rehearsal: &Rehearsal) -> Value {
    let code = code(rehearsal, &[]).await;
    token(rehearsal, &[("code", &code)]).await.json()
}

async fn refresh(rehearsal: &Rehearsal, refresh_token: &Value) -> Answered {
    token(rehearsal, &[("grant_type", "refresh_token"), ("refresh_token", refresh_token.as_str().unwrap())]).await
}

/// A clock that the test moves, and the seconds it shows.
fn moving_clock() -> (Clock, Arc<AtomicI64>) {
    let seconds = Arc::new(AtomicI64::new(1_795_000_000));
    let shown = Arc::clone(&seconds);
    (Clock(Arc::new(move || Timestamp::from_second(shown.load(Ordering::SeqCst)).unwrap())), seconds)
}

fn start(change: impl FnOnce(&mut Knobs)) -> Rehearsal {
    let mut knobs = Knobs::default();
    change(&mut knobs);
    Rehearsal::start(knobs).unwrap()
}
