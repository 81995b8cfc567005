//! What was done and what comes next, for people and as JSON.

use serde::Serialize;

use crate::command::setup::summary::{EditSummary, FORMAT_VERSION, SecretSummary, SummaryText, day};
use crate::connector::Scope;
use crate::report::Counts;

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

#[derive(Debug, Serialize)]
pub(super) struct TokenFamilySummary {
    pub(super) consented_at: jiff::Timestamp,
    pub(super) idle_expires_at: jiff::Timestamp,
    pub(super) expires_at: jiff::Timestamp,
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
        let mut text = SummaryText::new(heading);
        if let Some(site) = &self.site {
            text.line("Site", &format!("{} ({})", site.name, site.url));
        }
        if let Some(cloud_id) = &self.cloud_id {
            text.line("Cloud ID", cloud_id);
        }
        if !self.scopes.granted.is_empty() {
            text.line("Scopes", &format!("all {} granted", self.scopes.required.len()));
        }
        text.work(&self.secrets, &self.edits, &self.scripts);
        text.check(self.check);
        if let Some(family) = &self.token_family {
            text.line(
                "Consent ends",
                &format!("{} at the latest (computed: 365 days after the consent)", day(family.expires_at)),
            );
            text.line("", &format!("{} if the proxy does not run before (90 days idle)", day(family.idle_expires_at)));
        }
        text.finish(&self.next)
    }
}
