//! Scope probes: four reads that show which scopes and which of the user's permissions Jira sees behind an access token.
//!
//! Source of the scopes of each call: Atlassian's published `OpenAPI` document of Jira Cloud v3.

use super::super::authorization::Scopes;
use super::Client;
use super::error::RequestError;
use super::error::words_of;
use super::transport::Answer;
use crate::secret::Secret;

/// One probe and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// What was called, below `/rest/api/3/`.
    pub call: &'static str,
    /// The scopes that let it through, all of them together.
    pub scopes: Scopes,
    /// What Jira made of it.
    pub verdict: Verdict,
}

/// What Jira made of a probe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Scopes and permissions suffice.
    Passed,
    /// A scope is missing; Atlassian does not say which.
    ScopeMissing,
    /// The access token is expired or no token.
    TokenRefused,
    /// The scopes suffice, the user's own permissions do not; with Jira's words.
    PermissionMissing(String),
    /// The grant does not reach the site, or its administrator blocks the app; with the gateway's words.
    SiteRefused(String),
    /// The gateway knows no site of this cloud ID.
    SiteUnknown,
    /// Jira answered something else.
    Other(u16, String),
}

/// The calls and the scopes of each: `myself` and `group/bulk` need the user's data, `project/search` the issues'.
const PROBES: [(&str, &str); 3] = [
    ("myself", "read:jira-user"),
    ("project/search?maxResults=1", "read:jira-work"),
    ("group/bulk?maxResults=1", "read:jira-user"),
];

/// The call that needs the three granular scopes; its group is the first that `group/bulk` names.
const GROUP_MEMBER: (&str, &str) = ("group/member", "read:group:jira read:user:jira read:avatar:jira");

impl Client {
    /// Makes the probes, one after the other; `group/member` is left out on a site without groups.
    ///
    /// # Errors
    ///
    /// When Jira cannot be reached or stays busy.
    pub async fn probe_scopes(&self, cloud_id: &str, access_token: &Secret) -> Result<Vec<Probe>, RequestError> {
        let mut probes = Vec::new();
        let mut group = None;
        for (call, scopes) in PROBES {
            let answer = self.jira("probe the scopes of the access token", cloud_id, call, access_token).await?;
            if call.starts_with("group/bulk") {
                group = first_group(&answer);
            }
            probes.push(Probe { call, scopes: Scopes::parse(scopes), verdict: judge(&answer) });
        }
        if let Some(group) = group {
            let (call, scopes) = GROUP_MEMBER;
            let query: String = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("groupId", &group)
                .append_pair("maxResults", "1")
                .finish();
            let path = format!("{call}?{query}");
            let answer = self.jira("probe the scopes of the access token", cloud_id, &path, access_token).await?;
            probes.push(Probe { call, scopes: Scopes::parse(scopes), verdict: judge(&answer) });
        }
        Ok(probes)
    }
}

fn first_group(answer: &Answer) -> Option<String> {
    let page: serde_json::Value = serde_json::from_slice(&answer.body).ok()?;
    page.get("values")?.get(0)?.get("groupId")?.as_str().map(String::from)
}

/// Reads the gateway's and Jira's refusals, which differ in their bodies' shapes.
fn judge(answer: &Answer) -> Verdict {
    let words = words_of(answer);
    let is_jira_s_own =
        serde_json::from_slice::<serde_json::Value>(&answer.body).is_ok_and(|body| body.get("errorMessages").is_some());
    match answer.status {
        200..=299 => Verdict::Passed,
        401 if words.contains("scope does not match")
            || answer.failure_category.as_deref() == Some("FAILURE_CLIENT_SCOPE_CHECK") =>
        {
            Verdict::ScopeMissing
        }
        401 => Verdict::TokenRefused,
        403 if is_jira_s_own => Verdict::PermissionMissing(words),
        403 => Verdict::SiteRefused(words),
        404 if is_jira_s_own => Verdict::PermissionMissing(words),
        404 => Verdict::SiteUnknown,
        status => Verdict::Other(status, words),
    }
}
