//! The token endpoint: exchanges codes, rotates refresh tokens, refuses in either generation of Atlassian's words.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State as Extracted;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::World;
use super::knobs::{Knobs, TokenErrors};
use super::state::{ACCESS_TOKEN_LIFETIME, Code, Family, State};

/// How long a refresh token that was exchanged already is still taken; later it revokes its family.
///
/// Source: Atlassian's announcement of rotating refresh tokens, community.developer.atlassian.com t/54172.
const REUSE_LEEWAY: SignedDuration = SignedDuration::from_mins(10);
/// Source: the same announcement, "Inactivity expiry".
const IDLE_LIFETIME: SignedDuration = SignedDuration::from_hours(90 * 24);
/// Source: the same announcement, "Absolute expiry".
const FAMILY_LIFETIME: SignedDuration = SignedDuration::from_hours(365 * 24);

type Parameters = BTreeMap<String, String>;

pub(super) async fn exchange(Extracted(world): Extracted<Arc<World>>, headers: HeaderMap, body: String) -> Response {
    let Some(parameters) = parameters(&headers, &body) else {
        return Refusal::Request("the body is neither JSON nor a form").into_response(&world.knobs);
    };
    let mut state = world.state();
    let answer = match parameters.get("grant_type").map(String::as_str) {
        Some("authorization_code") => exchange_code(&world.knobs, &mut state, &parameters),
        Some("refresh_token") => refresh(&world.knobs, &mut state, &parameters),
        Some(_) => Err(Refusal::GrantType),
        None => Err(Refusal::Request("grant_type is required")),
    };
    answer.unwrap_or_else(|refusal| refusal.into_response(&world.knobs))
}

fn parameters(headers: &HeaderMap, body: &str) -> Option<Parameters> {
    let content_type = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    match content_type.split(';').next()?.trim() {
        "application/json" => serde_json::from_str(body).ok(),
        "application/x-www-form-urlencoded" => Some(url::form_urlencoded::parse(body.as_bytes()).into_owned().collect()),
        _ => None,
    }
}

/// Why nothing is given; the words depend on the generation.
enum Refusal {
    Request(&'static str),
    GrantType,
    Client,
    Code,
    RefreshToken,
}

impl Refusal {
    /// Statuses and words: those seen in public reports; the status of the current generation's code error is not on record.
    fn into_response(self, knobs: &Knobs) -> Response {
        let (status, error, description) = match (self, knobs.tokens.errors) {
            (Self::Request(why), _) => (StatusCode::BAD_REQUEST, "invalid_request", why),
            (Self::GrantType, _) => (StatusCode::BAD_REQUEST, "unsupported_grant_type", "grant_type is not supported"),
            (Self::Client, _) => (StatusCode::UNAUTHORIZED, "access_denied", "Unauthorized"),
            (Self::Code, TokenErrors::Auth0) => (StatusCode::FORBIDDEN, "invalid_grant", "Invalid authorization code"),
            (Self::Code, TokenErrors::Current) => (StatusCode::BAD_REQUEST, "invalid_request", "authorization_code is invalid"),
            (Self::RefreshToken, TokenErrors::Auth0) => {
                (StatusCode::FORBIDDEN, "invalid_grant", "Unknown or invalid refresh token.")
            }
            (Self::RefreshToken, TokenErrors::Current) => {
                (StatusCode::FORBIDDEN, "unauthorized_client", "refresh_token is invalid")
            }
        };
        (status, Json(json!({"error": error, "error_description": description}))).into_response()
    }
}

fn required<'a>(parameters: &'a Parameters, name: &str, missing: &'static str) -> Result<&'a str, Refusal> {
    parameters.get(name).map(String::as_str).filter(|value| !value.is_empty()).ok_or(Refusal::Request(missing))
}

fn authenticate_client(knobs: &Knobs, parameters: &Parameters) -> Result<(), Refusal> {
    let client_id = required(parameters, "client_id", "client_id is required")?;
    let client_secret = required(parameters, "client_secret", "client_secret is required")?;
    if client_id == knobs.app.client_id && client_secret == knobs.app.client_secret.expose() {
        Ok(())
    } else {
        Err(Refusal::Client)
    }
}

fn exchange_code(knobs: &Knobs, state: &mut State, parameters: &Parameters) -> Result<Response, Refusal> {
    let value = required(parameters, "code", "code is required")?;
    let redirect_uri = required(parameters, "redirect_uri", "redirect_uri is required")?;
    authenticate_client(knobs, parameters)?;
    let now = knobs.clock.now();
    let code = state.codes.get_mut(value).ok_or(Refusal::Code)?;
    let is_valid = !code.is_used && now < code.expires_at && redirect_uri == code.asked.redirect_uri;
    if !is_valid || !proves_possession(code, parameters) {
        return Err(Refusal::Code);
    }
    code.is_used = true;
    let (scopes, sites) = (code.asked.scopes.clone(), code.sites.clone());
    let family = if code.gives_refresh_token && !knobs.tokens.omits_refresh_token {
        state.families.push(Family {
            consented_at: now,
            last_used_at: now,
            is_revoked: false,
            scopes: scopes.clone(),
            sites: sites.clone(),
        });
        Some(state.families.len() - 1)
    } else {
        None
    };
    let access_token = state.issue_access_token(knobs, &scopes, &sites);
    let refresh_token = family.map(|family| state.issue_refresh_token(knobs, family));
    Ok(tokens(&access_token, refresh_token.as_deref(), scopes.iter().map(String::as_str)))
}

/// Whether the verifier fits the challenge, where the authorization request had one.
fn proves_possession(code: &Code, parameters: &Parameters) -> bool {
    let Some(challenge) = &code.asked.code_challenge else { return true };
    let verifier = parameters.get("code_verifier").map(String::as_str).unwrap_or_default();
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) == *challenge
}

fn refresh(knobs: &Knobs, state: &mut State, parameters: &Parameters) -> Result<Response, Refusal> {
    let value = required(parameters, "refresh_token", "refresh_token is required")?;
    authenticate_client(knobs, parameters)?;
    let now = knobs.clock.now();
    let token = state.refresh_tokens.get_mut(value).ok_or(Refusal::RefreshToken)?;
    let index = token.family;
    let is_reused_late = token.used_at.is_some_and(|used_at| now.duration_since(used_at) > REUSE_LEEWAY);
    token.used_at.get_or_insert(now);
    let family = state.families.get_mut(index).ok_or(Refusal::RefreshToken)?;
    if is_reused_late {
        family.is_revoked = true;
    }
    if family.is_revoked || has_ended(family, now) {
        return Err(Refusal::RefreshToken);
    }
    family.last_used_at = now;
    let (scopes, sites) = (family.scopes.clone(), family.sites.clone());
    let access_token = state.issue_access_token(knobs, &scopes, &sites);
    let refresh_token = state.issue_refresh_token(knobs, index);
    Ok(tokens(&access_token, Some(&refresh_token), scopes.iter().map(String::as_str)))
}

fn has_ended(family: &Family, now: Timestamp) -> bool {
    now.duration_since(family.last_used_at) > IDLE_LIFETIME || now.duration_since(family.consented_at) > FAMILY_LIFETIME
}

/// The token response; the scopes come in no particular order, `offline_access` among them.
fn tokens<'a>(access_token: &str, refresh_token: Option<&str>, scopes: impl DoubleEndedIterator<Item = &'a str>) -> Response {
    let scope = scopes.rev().collect::<Vec<_>>().join(" ");
    let mut body = json!({
        "access_token": access_token, "expires_in": ACCESS_TOKEN_LIFETIME.as_secs(), "token_type": "Bearer", "scope": scope,
    });
    if let (Some(object), Some(refresh_token)) = (body.as_object_mut(), refresh_token) {
        object.insert(String::from("refresh_token"), json!(refresh_token));
    }
    ([(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}
