//! What was done and what comes next, for people and as JSON.

use std::fmt::Write as _;

use serde::Serialize;

use crate::connector::Scope;
use crate::report::{Counts, plural, printable};
use crate::secret::name::SecretName;
use crate::secret::store::Store;

/// The version of the JSON document.
const FORMAT_VERSION: &str = "1.0";

/// The result of the job; serialized as it stands.
#[derive(Debug, Serialize)]
pub(super) struct Summary {
    format_version: &'static str,
    pub(super) cloud_id: Option<String>,
    pub(super) site: Option<SiteSummary>,
    pub(super) psoxy_release: Option<String>,
    pub(super) scopes: ScopesSummary,
    pub(super) edits: Vec<EditSummary>,
    pub(super) secrets: Vec<SecretSummary>,
    pub(super) scripts: Vec<String>,
    /// For people alone: `tfhelper check --format json` has it whole.
    #[serde(skip)]
    pub(super) check: Option<Counts>,
    pub(super) token_family: Option<TokenFamilySummary>,
    pub(super) next: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct SiteSummary {
    pub(super) url: String,
    pub(super) name: String,
}

#[derive(Debug, Default, Serialize)]
pub(super) struct ScopesSummary {
    pub(super) required: Vec<String>,
    /// Empty until there is a grant.
    pub(super) granted: Vec<String>,
    pub(super) missing: Vec<String>,
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct EditSummary {
    pub(super) file: String,
    pub(super) address: String,
    /// None where nothing was assigned.
    pub(super) before: Option<String>,
    /// None where it is not known yet, before the consent.
    pub(super) after: Option<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct SecretSummary {
    pub(super) name: String,
    pub(super) store: String,
    pub(super) status: &'static str,
}

#[derive(Debug, Serialize)]
pub(super) struct TokenFamilySummary {
    pub(super) consented_at: jiff::Timestamp,
    pub(super) idle_expires_at: jiff::Timestamp,
    pub(super) expires_at: jiff::Timestamp,
}

impl SecretSummary {
    pub(super) fn new(name: &SecretName, store: &Store, status: &'static str) -> Self {
        Self { name: name.as_str().to_owned(), store: store.word().to_owned(), status }
    }
}

impl Summary {
    /// A summary that says nothing but the release.
    pub(super) fn new(psoxy_release: Option<String>) -> Self {
        Self {
            format_version: FORMAT_VERSION,
            cloud_id: None,
            site: None,
            psoxy_release,
            scopes: ScopesSummary::default(),
            edits: Vec::new(),
            secrets: Vec::new(),
            scripts: Vec::new(),
            check: None,
            token_family: None,
            next: Vec::new(),
        }
    }

    /// Takes over the scopes that the connector needs.
    pub(super) fn require(&mut self, scopes: &[Scope]) {
        self.scopes.required = scopes.iter().map(|scope| scope.name.to_owned()).collect();
    }

    /// One JSON document.
    pub(super) fn render_json(&self) -> anyhow::Result<String> {
        Ok(serde_json::to_string_pretty(self)?)
    }

    /// For people.
    pub(super) fn render_human(&self, heading: &str) -> String {
        let mut text = format!("{heading}\n");
        let mut line = |label: &str, value: &str| {
            let _ = writeln!(text, "  {label:<14}{}", printable(value));
        };
        if let Some(site) = &self.site {
            line("Site", &format!("{} ({})", site.name, site.url));
        }
        if let Some(cloud_id) = &self.cloud_id {
            line("Cloud ID", cloud_id);
        }
        if !self.scopes.granted.is_empty() {
            line("Scopes", &format!("all {} granted", self.scopes.required.len()));
        }
        for secret in &self.secrets {
            line("Secret", &format!("{} {} in {}", secret.name, secret.status, secret.store));
        }
        for edit in &self.edits {
            let what = match (&edit.before, &edit.after) {
                (before, after) if before == after => "unchanged",
                (Some(_), _) => "changed",
                (None, _) => "added",
            };
            line("Variable", &format!("{} {what} in {}", edit.address, edit.file));
        }
        for script in &self.scripts {
            line("Script", script);
        }
        if let Some(counts) = self.check {
            let verdict = if counts.errors == 0 { "passed" } else { "failed" };
            line("Check", &format!("{verdict}, {} and {}", plural(counts.errors, "error"), plural(counts.warnings, "warning")));
        }
        if let Some(family) = &self.token_family {
            line("Consent ends", &format!("{} at the latest (computed: 365 days after the consent)", day(family.expires_at)));
            line("", &format!("{} if the proxy does not run before (90 days idle)", day(family.idle_expires_at)));
        }
        if !self.next.is_empty() {
            text.push_str("\nNext\n");
            for (at, step) in self.next.iter().enumerate() {
                let _ = writeln!(text, "  {}. {}", at + 1, printable(step));
            }
        }
        text.truncate(text.trim_end().len());
        text
    }
}

pub(super) fn day(timestamp: jiff::Timestamp) -> String {
    timestamp.strftime("%Y-%m-%d").to_string()
}
