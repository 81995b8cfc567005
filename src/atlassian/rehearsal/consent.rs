//! The authorization endpoint: checks the request, shows the consent page or answers it, sends the browser back.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::extract::{Form, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use url::Url;
use url::form_urlencoded::Serializer;

use super::knobs::{Access, Answer, Knobs};
use super::state::{self, Asked, Code};
use super::{World, page};

/// Shows the consent page, or answers it at once as the knobs say.
pub(super) async fn show(State(world): State<Arc<World>>, Query(query): Query<BTreeMap<String, String>>) -> Response {
    let asked = match checked(&world.knobs, &query) {
        Ok(asked) => asked,
        Err(refusal) => return refusal.into_response(&world.origin),
    };
    let mut state = world.state();
    // A returning person is not asked again without `prompt=consent`, and the app gets no refresh token then.
    let asks_for_consent = query.get("prompt").is_some_and(|prompt| prompt == "consent");
    if !asks_for_consent && !state.granted_sites.is_empty() {
        let sites = state.granted_sites.clone();
        return send_code(&world.knobs, &mut state, asked, sites, false);
    }
    match world.knobs.answer {
        Answer::Ask => {
            let id = state::unguessable();
            let response = page::consent(&world.knobs, &id, &asked);
            state.waiting.insert(id, asked);
            response
        }
        Answer::Accept => accept(&world.knobs, &mut state, asked, None),
        Answer::WrongState => {
            accept(&world.knobs, &mut state, Asked { state: Some(String::from("another-state")), ..asked }, None)
        }
        Answer::NoState => accept(&world.knobs, &mut state, Asked { state: None, ..asked }, None),
        Answer::Cancel => send_denial(&asked),
        Answer::BlockedByAdministrator => Refusal::BlockedByAdministrator(first_host(&world.knobs)).into_response(&world.origin),
        Answer::NeverRedirect => found(&format!("{}/login", world.origin)),
    }
}

/// What the consent page's form sends.
#[derive(Deserialize)]
pub(super) struct Clicked {
    request: String,
    answer: String,
    /// The cloud ID.
    site: Option<String>,
}

/// Takes the click on Accept or Cancel.
pub(super) async fn answer(State(world): State<Arc<World>>, Form(clicked): Form<Clicked>) -> Response {
    let mut state = world.state();
    let Some(asked) = state.waiting.remove(&clicked.request) else {
        return page::message(StatusCode::BAD_REQUEST, "This page was answered already", "Start again from the application.");
    };
    if clicked.answer != "accept" {
        return send_denial(&asked);
    }
    accept(&world.knobs, &mut state, asked, clicked.site.as_deref())
}

/// Why the browser is not sent back: Atlassian shows these on a page of its own.
enum Refusal {
    Client(String),
    RedirectUri(String),
    ResponseType,
    Scope,
    NotShared,
    BlockedByAdministrator(String),
    NoSite,
}

impl Refusal {
    fn into_response(self, origin: &str) -> Response {
        let (error, description) = match self {
            Self::Client(client_id) => ("unauthorized_client", format!("Unknown client: {client_id}")),
            Self::RedirectUri(uri) => ("unauthorized_client", format!("redirect_uri is not registered for client: {uri}")),
            Self::ResponseType => ("unsupported_response_type", String::from("response_type has to be code")),
            Self::Scope => ("invalid_scope", String::from("scope is required")),
            Self::NotShared => ("server_error", String::from("failed to retrieve client")),
            Self::BlockedByAdministrator(host) => (
                "access_denied",
                format!(
                    "Your site admin must authorize this app for the site {host}.atlassian.net before the app can access your account."
                ),
            ),
            Self::NoSite => (
                "access_denied",
                String::from(
                    "Access denied. This app requires access to a Jira site which you don't have or don't have the permission to access.",
                ),
            ),
        };
        let query =
            Serializer::new(String::new()).append_pair("error", error).append_pair("error_description", &description).finish();
        found(&format!("{origin}/error?{query}"))
    }
}

fn checked(knobs: &Knobs, query: &BTreeMap<String, String>) -> Result<Asked, Refusal> {
    let value = |name: &str| query.get(name).cloned().unwrap_or_default();
    if value("client_id") != knobs.app.client_id {
        return Err(Refusal::Client(value("client_id")));
    }
    if value("redirect_uri") != knobs.app.redirect_uri {
        return Err(Refusal::RedirectUri(value("redirect_uri")));
    }
    if value("response_type") != "code" {
        return Err(Refusal::ResponseType);
    }
    let mut scopes = state::scopes(&value("scope"));
    if scopes.is_empty() {
        return Err(Refusal::Scope);
    }
    if !knobs.app.is_shared {
        return Err(Refusal::NotShared);
    }
    if !knobs.sites.iter().any(|site| site.has_jira || site.has_confluence) {
        return Err(Refusal::NoSite);
    }
    scopes.retain(|scope| !knobs.app.missing_scopes.contains(scope));
    Ok(Asked {
        redirect_uri: value("redirect_uri"),
        state: query.get("state").cloned(),
        scopes,
        code_challenge: query.get("code_challenge").cloned(),
    })
}

/// Grants the chosen site, or the first with Jira where nobody chose.
fn accept(knobs: &Knobs, state: &mut state::State, asked: Asked, chosen: Option<&str>) -> Response {
    match knobs.access {
        Access::EverySite => state.granted_sites.extend(0..knobs.sites.len()),
        Access::OneSite => {
            let is_chosen = |site: &super::knobs::Site| chosen.map_or(site.has_jira, |cloud_id| site.cloud_id == cloud_id);
            state.granted_sites.extend(knobs.sites.iter().position(is_chosen));
        }
    }
    let sites = state.granted_sites.clone();
    send_code(knobs, state, asked, sites, true)
}

fn send_code(knobs: &Knobs, state: &mut state::State, asked: Asked, sites: BTreeSet<usize>, is_new_consent: bool) -> Response {
    let now = knobs.clock.now();
    let value = state::opaque_token(&json!({
        "jti": state::unguessable(), "sub": knobs.user.account_id, "aud": knobs.app.client_id, "iss": "auth.atlassian.com",
        "iat": now.as_second(), "redirect_uri": asked.redirect_uri, "typ": "authorization_code",
    }));
    let mut answer: Vec<(&str, &str)> = Vec::new();
    if let Some(state) = &asked.state {
        answer.push(("state", state));
    }
    answer.push(("code", &value));
    let response = send_back(&asked.redirect_uri, &answer);
    let gives_refresh_token = is_new_consent && asked.scopes.contains("offline_access");
    let expires_at = now + knobs.tokens.code_lifetime;
    state.codes.insert(value, Code { asked, sites, expires_at, is_used: false, gives_refresh_token });
    response
}

fn send_denial(asked: &Asked) -> Response {
    let mut answer = vec![("error", "access_denied"), ("error_description", "User did not authorize the request")];
    if let Some(state) = &asked.state {
        answer.push(("state", state));
    }
    send_back(&asked.redirect_uri, &answer)
}

/// Sends the browser to the redirection URI, whose own query stays; spaces go as `%20`, as Atlassian writes them.
fn send_back(redirect_uri: &str, answer: &[(&str, &str)]) -> Response {
    let Ok(mut url) = Url::parse(redirect_uri) else {
        return page::message(StatusCode::BAD_REQUEST, "The callback URL is no URL", redirect_uri);
    };
    let added = Serializer::new(String::new()).extend_pairs(answer).finish().replace('+', "%20");
    let query = url.query().map_or_else(|| added.clone(), |own| format!("{own}&{added}"));
    url.set_query(Some(&query));
    found(url.as_str())
}

fn found(location: &str) -> Response {
    match HeaderValue::from_str(location) {
        Ok(location) => (StatusCode::FOUND, [(header::LOCATION, location)]).into_response(),
        Err(_) => page::message(StatusCode::BAD_REQUEST, "The callback URL is no URL", location),
    }
}

fn first_host(knobs: &Knobs) -> String {
    knobs.sites.first().map(|site| site.host.clone()).unwrap_or_default()
}
