//! Jira Cloud behind `api.atlassian.com/ex/jira/{cloud id}`: checks in the gateway's order, then answers.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::World;
use super::cloud_data::{self, Page};
use super::knobs::Knobs;
use super::resource::{bearer_token, gateway_error};
use super::state::AccessToken;

/// A call of the REST API, version 3, with what it needs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Call {
    Users,
    GroupBulk,
    GroupMember,
    SearchJql,
    Issue,
    Changelog,
    Comment,
    Worklog,
    ProjectSearch,
    Myself,
    ServerInfo,
    MyPermissions,
    /// Removed in 2025.
    Search,
}

impl Call {
    /// The call behind a path, and the issue key in it.
    fn parse(path: &str) -> Option<(Self, &str)> {
        let segments: Vec<&str> = path.split('/').collect();
        let ["rest", "api", "2" | "3" | "latest", call @ ..] = segments.as_slice() else { return None };
        match call {
            ["users"] => Some((Self::Users, "")),
            ["group", "bulk"] => Some((Self::GroupBulk, "")),
            ["group", "member"] => Some((Self::GroupMember, "")),
            ["search", "jql"] => Some((Self::SearchJql, "")),
            ["search"] => Some((Self::Search, "")),
            ["issue", key] => Some((Self::Issue, key)),
            ["issue", key, "changelog"] => Some((Self::Changelog, key)),
            ["issue", key, "comment"] => Some((Self::Comment, key)),
            ["issue", key, "worklog"] => Some((Self::Worklog, key)),
            ["project", "search"] => Some((Self::ProjectSearch, "")),
            ["myself"] => Some((Self::Myself, "")),
            ["serverInfo"] => Some((Self::ServerInfo, "")),
            ["mypermissions"] => Some((Self::MyPermissions, "")),
            _ => None,
        }
    }

    /// The classic scope, and the granular ones that do as well when all of them were granted.
    ///
    /// Source: Atlassian's `OpenAPI` description of Jira Cloud 3, `x-atlassian-oauth2-scopes`, September 2025.
    fn scopes(self) -> Option<(&'static str, &'static [&'static str])> {
        match self {
            Self::Users => {
                Some(("read:jira-user", &["read:user:jira", "read:application-role:jira", "read:avatar:jira", "read:group:jira"]))
            }
            Self::GroupBulk => Some(("read:jira-user", &["read:group:jira"])),
            Self::GroupMember => Some(("manage:jira-configuration", &["read:group:jira", "read:user:jira", "read:avatar:jira"])),
            Self::SearchJql | Self::Search => Some((
                "read:jira-work",
                &[
                    "read:issue-details:jira",
                    "read:audit-log:jira",
                    "read:avatar:jira",
                    "read:field-configuration:jira",
                    "read:issue-meta:jira",
                ],
            )),
            Self::Issue => Some((
                "read:jira-work",
                &[
                    "read:issue-meta:jira",
                    "read:issue-security-level:jira",
                    "read:issue.vote:jira",
                    "read:issue.changelog:jira",
                    "read:avatar:jira",
                    "read:issue:jira",
                    "read:status:jira",
                    "read:user:jira",
                    "read:field-configuration:jira",
                ],
            )),
            Self::Changelog => {
                Some(("read:jira-work", &["read:issue-meta:jira", "read:avatar:jira", "read:issue.changelog:jira"]))
            }
            Self::Comment => Some((
                "read:jira-work",
                &[
                    "read:comment:jira",
                    "read:comment.property:jira",
                    "read:group:jira",
                    "read:project:jira",
                    "read:project-role:jira",
                    "read:user:jira",
                    "read:avatar:jira",
                ],
            )),
            Self::Worklog => Some((
                "read:jira-work",
                &[
                    "read:group:jira",
                    "read:issue-worklog:jira",
                    "read:issue-worklog.property:jira",
                    "read:project-role:jira",
                    "read:user:jira",
                    "read:avatar:jira",
                ],
            )),
            Self::ProjectSearch => Some((
                "read:jira-work",
                &[
                    "read:issue-type:jira",
                    "read:project:jira",
                    "read:project.property:jira",
                    "read:user:jira",
                    "read:application-role:jira",
                    "read:avatar:jira",
                    "read:group:jira",
                    "read:issue-type-hierarchy:jira",
                    "read:project-category:jira",
                    "read:project-version:jira",
                    "read:project.component:jira",
                ],
            )),
            Self::Myself => {
                Some(("read:jira-user", &["read:application-role:jira", "read:group:jira", "read:user:jira", "read:avatar:jira"]))
            }
            Self::MyPermissions => Some(("read:jira-work", &["read:permission:jira"])),
            Self::ServerInfo => None,
        }
    }

    fn is_covered_by(self, token: &AccessToken) -> bool {
        let Some((classic, granular)) = self.scopes() else { return true };
        token.scopes.contains(classic) || granular.iter().all(|scope| token.scopes.contains(*scope))
    }
}

/// Answers one call, after the gateway's checks in the gateway's order.
pub(super) async fn answer(
    State(world): State<Arc<World>>,
    Path((cloud_id, path)): Path<(String, String)>,
    Query(query): Query<Vec<(String, String)>>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let knobs = &world.knobs;
    let state = world.state();
    let Some(token) = bearer_token(&headers).and_then(|value| state.valid_access_token(value, knobs.clock.now())) else {
        return gateway_error(StatusCode::UNAUTHORIZED, "Unauthorized");
    };
    let Some(index) = knobs.sites.iter().position(|site| site.cloud_id.eq_ignore_ascii_case(&cloud_id)) else {
        return gateway_error(StatusCode::NOT_FOUND, "No message available");
    };
    let is_admitted = knobs.sites.get(index).is_some_and(|site| site.admits_app && site.has_jira);
    if !token.sites.contains(&index) || !is_admitted {
        return gateway_error(StatusCode::FORBIDDEN, "The app is not installed on this instance");
    }
    let Some((call, key)) = Call::parse(&path) else {
        return gateway_error(StatusCode::NOT_FOUND, "No message available");
    };
    if method != Method::GET {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    if !call.is_covered_by(token) {
        let category = (HeaderName::from_static("x-failure-category"), "FAILURE_CLIENT_SCOPE_CHECK");
        return ([category], gateway_error(StatusCode::UNAUTHORIZED, "Unauthorized; scope does not match")).into_response();
    }
    match permitted(knobs, call, key, &query) {
        Ok(body) => Json(body).into_response(),
        Err((status, message)) => jira_error(status, message),
    }
}

/// Jira's own error body.
pub(super) fn jira_error(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({"errorMessages": [message], "errors": {}}))).into_response()
}

const NO_SUCH_ISSUE: &str = "Issue does not exist or you do not have permission to see it.";
const REMOVED: &str = "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046";

/// The body, where the person may see it.
fn permitted(knobs: &Knobs, call: Call, key: &str, query: &[(String, String)]) -> Result<Value, (StatusCode, &'static str)> {
    let user = &knobs.user;
    let parameter = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let page = Page::from_query(query);
    let sees_users = if user.can_browse_users || (call == Call::GroupMember && user.is_administrator) {
        Ok(())
    } else {
        Err((StatusCode::FORBIDDEN, "You are not authorized to perform this action. Administrator privileges are required."))
    };
    let sees_issue = if user.can_browse_projects && knobs.issues.iter().any(|issue| issue.eq_ignore_ascii_case(key)) {
        Ok(())
    } else {
        Err((StatusCode::NOT_FOUND, NO_SUCH_ISSUE))
    };
    match call {
        Call::Users => sees_users.map(|()| page.slice(&cloud_data::users(user))),
        Call::GroupBulk => sees_users.map(|()| page.of_values(&cloud_data::groups())),
        Call::GroupMember => {
            sees_users?;
            match parameter("groupId").or(parameter("groupname")) {
                None => Err((StatusCode::BAD_REQUEST, "The query parameters 'groupname' and 'groupId' are missing.")),
                Some(group) if !cloud_data::is_group(group) => Err((StatusCode::NOT_FOUND, "The group does not exist.")),
                Some(_) => Ok(page.of_values(&cloud_data::users(user))),
            }
        }
        Call::Search => Err((StatusCode::GONE, REMOVED)),
        Call::SearchJql if parameter("jql").unwrap_or_default().trim().is_empty() => Err((
            StatusCode::BAD_REQUEST,
            "Unbounded JQL queries are not allowed here. Please add a search restriction to your query.",
        )),
        Call::SearchJql => {
            let issues = if user.can_browse_projects { knobs.issues.as_slice() } else { &[] };
            Ok(page.of_issues(issues, parameter("nextPageToken"), parameter("fields").is_some()))
        }
        Call::Issue => sees_issue.map(|()| cloud_data::issue(key)),
        Call::Changelog => sees_issue.map(|()| page.of_values(&cloud_data::changelog(user))),
        Call::Comment => sees_issue.map(|()| page.of("comments", &cloud_data::comments(user))),
        Call::Worklog => sees_issue.map(|()| page.of("worklogs", &cloud_data::worklogs(user))),
        Call::ProjectSearch => {
            let projects = if user.can_browse_projects { cloud_data::projects() } else { Vec::new() };
            Ok(page.of_values(&projects))
        }
        Call::Myself => Ok(cloud_data::person(&user.account_id, &user.display_name)),
        Call::ServerInfo => Ok(cloud_data::server_info()),
        Call::MyPermissions => match parameter("permissions") {
            None | Some("") => Err((StatusCode::BAD_REQUEST, "The 'permissions' query parameter is required.")),
            Some(names) => cloud_data::permissions(user, names).ok_or((StatusCode::BAD_REQUEST, "Unrecognized permission")),
        },
    }
}
