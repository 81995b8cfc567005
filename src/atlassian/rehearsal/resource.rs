//! What a token reaches, who it is of, and the cloud ID that needs no token.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::World;

/// The bearer token of a request.
pub(super) fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The gateway's error body.
pub(super) fn gateway_error(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({"code": status.as_u16(), "message": message}))).into_response()
}

/// Lists an object for each product of each site that the grant reaches, the last site first: the order means nothing.
pub(super) async fn accessible_resources(State(world): State<Arc<World>>, headers: HeaderMap) -> Response {
    let state = world.state();
    let now = world.knobs.clock.now();
    let Some(token) = bearer_token(&headers).and_then(|value| state.valid_access_token(value, now)) else {
        return gateway_error(StatusCode::UNAUTHORIZED, "Unauthorized");
    };
    let jira_scopes: BTreeSet<&String> = token.scopes.iter().filter(|scope| scope.contains(":jira")).collect();
    let mut resources: Vec<Value> = Vec::new();
    for site in token.sites.iter().rev().filter_map(|index| world.knobs.sites.get(*index)) {
        let resource = |scopes: Value| {
            json!({
                "id": site.cloud_id, "url": site.url(), "name": site.name, "scopes": scopes,
                "avatarUrl": "https://site-admin-avatar-cdn.prod.public.atl-paas.net/avatars/240/rocket.png",
            })
        };
        if site.has_confluence {
            resources.push(resource(json!(["read:confluence-content.summary"])));
        }
        if site.has_jira && !jira_scopes.is_empty() {
            resources.push(resource(json!(jira_scopes)));
        }
    }
    Json(resources).into_response()
}

/// The account's profile, for `read:me` alone; `read:account` does not open it.
pub(super) async fn me(State(world): State<Arc<World>>, headers: HeaderMap) -> Response {
    let state = world.state();
    let now = world.knobs.clock.now();
    let Some(token) = bearer_token(&headers).and_then(|value| state.valid_access_token(value, now)) else {
        return gateway_error(StatusCode::UNAUTHORIZED, "Unauthorized");
    };
    if !token.scopes.contains("read:me") {
        return gateway_error(StatusCode::FORBIDDEN, "Forbidden");
    }
    let user = &world.knobs.user;
    Json(json!({
        "account_type": "atlassian", "account_id": user.account_id, "name": user.display_name, "nickname": user.display_name,
        "email": "alex@example.com", "account_status": "active", "zoneinfo": "Europe/Berlin", "locale": "en-US",
        "extended_profile": {}, "characteristics": {"not_mentionable": false},
    }))
    .into_response()
}

/// The cloud ID of a site, for anybody.
pub(super) async fn tenant_info(State(world): State<Arc<World>>, Path(host): Path<String>) -> Response {
    match world.knobs.sites.iter().find(|site| site.host.eq_ignore_ascii_case(&host)) {
        Some(site) => Json(json!({"cloudId": site.cloud_id})).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
