//! What was done and what comes next, for people and as JSON.

use serde::Serialize;

use super::plan::Plan;
use super::verification::{Verification, describe};
use crate::atlassian::data_center::User;
use crate::atlassian::personal_access_token::Expiry;
use crate::command::setup::edit;
use crate::command::setup::summary::{EditSummary, FORMAT_VERSION, SecretSummary, SummaryText, day};
use crate::report::Counts;

/// The result of the job; serialized as it stands.
#[derive(Debug, Serialize)]
pub(super) struct Summary {
    format_version: &'static str,
    /// What `jira_server_url` takes.
    host: String,
    /// None where Jira does not tell, or was not asked.
    jira_version: Option<String>,
    user: Option<UserSummary>,
    psoxy_release: String,
    pub(super) edits: Vec<EditSummary>,
    pub(super) secrets: Vec<SecretSummary>,
    pub(super) scripts: Vec<String>,
    /// What the check at the end found; for people alone.
    #[serde(skip)]
    pub(super) check: Option<Counts>,
    token: Option<TokenSummary>,
    pub(super) next: Vec<String>,
}

#[derive(Debug, Serialize)]
struct UserSummary {
    name: String,
    display_name: String,
}

#[derive(Debug, Serialize)]
struct TokenSummary {
    verified_at: jiff::Timestamp,
    expiry: &'static str,
    expires_at: Option<jiff::Timestamp>,
}

impl Summary {
    /// A summary of what is known before anything is written.
    pub(super) fn new(plan: &Plan, verification: Option<&Verification>) -> Self {
        let user = |user: &User| UserSummary { name: user.name.clone(), display_name: user.display_name.clone() };
        Self {
            format_version: FORMAT_VERSION,
            host: plan.address.host(),
            jira_version: verification.and_then(|verification| verification.version.clone()),
            user: verification.map(|verification| user(&verification.user)),
            psoxy_release: plan.release.tag(),
            edits: Vec::new(),
            secrets: Vec::new(),
            scripts: Vec::new(),
            check: None,
            token: verification.map(|verification| TokenSummary {
                verified_at: verification.verified_at,
                expiry: verification.expiry.word(),
                expires_at: verification.expiry.soonest(),
            }),
            next: Vec::new(),
        }
    }

    /// Takes over what would be done.
    pub(super) fn plan(&mut self, plan: &Plan) {
        self.edits = plan.edits.iter().map(|planned| edit::preview(planned, None)).collect();
        self.secrets = plan.names.iter().map(|name| SecretSummary::new(name, &plan.store, "planned")).collect();
        self.scripts.clone_from(&plan.script_paths);
        self.next.push(String::from("run the same command without --dry-run"));
    }

    /// One JSON document.
    pub(super) fn render_json(&self) -> anyhow::Result<String> {
        Ok(serde_json::to_string_pretty(self)?)
    }

    /// For people.
    pub(super) fn render_human(&self, heading: &str) -> String {
        let mut text = SummaryText::new(heading);
        let version = self.jira_version.as_ref().map(|version| format!(" (Jira {version})")).unwrap_or_default();
        text.line("Host", &format!("{}{version}", self.host));
        if let Some(UserSummary { name, display_name }) = &self.user {
            text.line("User", &describe(&User { name: name.clone(), display_name: display_name.clone() }));
        }
        text.work(&self.secrets, &self.edits, &self.scripts);
        text.check(self.check);
        if let Some(token) = &self.token {
            text.line("Token ends", &token.end());
        }
        text.finish(&self.next)
    }
}

impl TokenSummary {
    fn end(&self) -> String {
        match self.expires_at {
            Some(end) if self.expiry == Expiry::NotBefore(end).word() => format!("{} at the soonest", day(end)),
            Some(end) => day(end),
            None if self.expiry == Expiry::Never.word() => String::from("never"),
            None => String::from("not known"),
        }
    }
}
