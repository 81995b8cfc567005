//! Jira Data Center: personal access tokens without scopes, and a search that takes an unknown token for nobody.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use serde_json::{Value, json};

use super::World;
use super::cloud_data::{self, Page};
use super::gateway::jira_error;
use super::knobs::{DataCenter, Knobs, PersonalAccessToken};
use super::resource::bearer_token;

/// Answers one call.
pub(super) async fn answer(
    State(world): State<Arc<World>>,
    Path(path): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let knobs = &world.knobs;
    let data_center = &knobs.data_center;
    if method != Method::GET {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let has_password = headers.get("authorization").is_some_and(|value| value.as_bytes().starts_with(b"Basic "));
    if has_password {
        let reason = (HeaderName::from_static("x-seraph-loginreason"), "AUTHENTICATED_FAILED");
        return (StatusCode::UNAUTHORIZED, [reason], Html(LOGIN_PAGE)).into_response();
    }
    let is_known = is_known(knobs, &headers);
    let segments: Vec<&str> = path.split('/').collect();
    match segments.as_slice() {
        ["pat", "latest", "tokens"] if data_center.lists_tokens && !is_known => refused(data_center),
        ["pat", "latest", "tokens"] if data_center.lists_tokens => Json(token_list(data_center)).into_response(),
        ["api", "2" | "latest", call @ ..] => answer_api(knobs, is_known, call, &query),
        _ => jira_error(StatusCode::NOT_FOUND, "null for uri"),
    }
}

fn answer_api(knobs: &Knobs, is_known: bool, call: &[&str], query: &[(String, String)]) -> Response {
    let data_center = &knobs.data_center;
    let page = Page::from_query(query);
    let can_browse = is_known && data_center.can_browse_projects;
    match call {
        ["serverInfo"] if is_known || data_center.admits_anonymous => Json(server_info(data_center)).into_response(),
        ["mypermissions"] => Json(permissions(can_browse)).into_response(),
        // The trap of the search: it never refuses.
        ["search"] => {
            let keys = if can_browse { knobs.issues.as_slice() } else { &[] };
            let issues: Vec<Value> = keys.iter().map(|key| cloud_data::issue(key)).collect();
            Json(page.of("issues", &issues)).into_response()
        }
        _ if !is_known => refused(data_center),
        ["myself"] => Json(myself()).into_response(),
        ["project"] => Json(if can_browse { json!(cloud_data::projects()) } else { json!([]) }).into_response(),
        ["user", "search"] => Json(json!([myself()])).into_response(),
        ["issue", key, rest @ ..] => {
            if !can_browse || !knobs.issues.iter().any(|issue| issue.eq_ignore_ascii_case(key)) {
                return jira_error(StatusCode::NOT_FOUND, "Issue Does Not Exist");
            }
            match rest {
                [] => Json(cloud_data::issue(key)).into_response(),
                ["comment"] => Json(page.of("comments", &[])).into_response(),
                ["worklog"] => Json(page.of("worklogs", &[])).into_response(),
                _ => jira_error(StatusCode::NOT_FOUND, "null for uri"),
            }
        }
        _ => jira_error(StatusCode::NOT_FOUND, "null for uri"),
    }
}

/// Whether the bearer's token can be resolved; where it cannot, the caller is nobody.
fn is_known(knobs: &Knobs, headers: &HeaderMap) -> bool {
    let Some(value) = bearer_token(headers) else { return false };
    let now = knobs.clock.now();
    let is_valid =
        |token: &PersonalAccessToken| token.value.expose() == value && token.expires_at.is_none_or(|expires_at| now < expires_at);
    knows_personal_access_tokens(&knobs.data_center.version) && knobs.data_center.tokens.iter().any(is_valid)
}

/// Source: Atlassian, "Using personal access tokens": from Jira 8.14 on.
fn knows_personal_access_tokens(version: &str) -> bool {
    version_numbers(version) >= vec![8, 14]
}

fn version_numbers(version: &str) -> Vec<u32> {
    version.split('.').map_while(|part| part.parse().ok()).collect()
}

const LOGIN_PAGE: &str = "<!DOCTYPE html><html><head><title>Log in - Jira</title><script>alert('no')</script></head><body><h1>Log in</h1><p>You must log in to access this page.</p></body></html>";

fn refused(data_center: &DataCenter) -> Response {
    if data_center.answers_html {
        return (StatusCode::UNAUTHORIZED, Html(LOGIN_PAGE)).into_response();
    }
    jira_error(StatusCode::UNAUTHORIZED, "You do not have the permission to see the specified issue.")
}

fn server_info(data_center: &DataCenter) -> Value {
    json!({
        "baseUrl": "https://jira.example.com", "version": data_center.version,
        "versionNumbers": version_numbers(&data_center.version), "deploymentType": data_center.deployment_type,
        "buildNumber": 912_000, "buildDate": "2026-06-01T00:00:00.000+0000", "serverTime": "2026-11-23T12:00:00.000+0000",
        "scmInfo": "0000000000000000000000000000000000000000", "serverTitle": "Jira",
    })
}

fn myself() -> Value {
    json!({
        "self": "https://jira.example.com/rest/api/2/user?username=alex", "key": "JIRAUSER10000", "name": "alex",
        "emailAddress": "alex@example.com", "displayName": "Alex Admin", "active": true, "deleted": false,
        "timeZone": "Europe/Berlin", "locale": "en_US", "groups": {"size": 1, "items": []},
        "applicationRoles": {"size": 1, "items": []}, "expand": "groups,applicationRoles",
    })
}

/// Every permission, deprecated keys among them: Data Center needs no `permissions` parameter.
fn permissions(can_browse: bool) -> Value {
    let permission = |id: &str, key: &str, name: &str, is_deprecated: bool| {
        let mut permission = json!({
            "id": id, "key": key, "name": name, "type": "PROJECT", "description": name, "havePermission": can_browse,
        });
        if let (Some(permission), true) = (permission.as_object_mut(), is_deprecated) {
            permission.insert(String::from("deprecatedKey"), json!(true));
        }
        permission
    };
    json!({"permissions": {
        "BROWSE": permission("10", "BROWSE", "Browse Projects", true),
        "BROWSE_PROJECTS": permission("10", "BROWSE_PROJECTS", "Browse Projects", false),
    }})
}

/// The list of tokens, never with their values.
fn token_list(data_center: &DataCenter) -> Value {
    let mut list = Vec::new();
    for (id, token) in (1..).zip(&data_center.tokens) {
        let mut entry = json!({
            "id": id, "name": token.name, "createdAt": "2026-10-01T09:00:00.000+0000", "lastAccessedAt": "2026-11-20T09:00:00.000+0000",
        });
        if let (Some(entry), Some(expires_at)) = (entry.as_object_mut(), token.expires_at) {
            let written = expires_at.strftime("%Y-%m-%dT%H:%M:%S.000+0000").to_string();
            entry.insert(String::from("expiringAt"), json!(written));
        }
        list.push(entry);
    }
    json!(list)
}
