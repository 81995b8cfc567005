//! What is known when the status is asked for: the ledger, the root module's values, the kept file, the secret store.

use jiff::Timestamp;

use crate::atlassian::authorization::Scopes;
use crate::atlassian::token_family::{Ledger, TokenFamily, days_until};
use crate::secret::name::SecretName;
use crate::secret::state::{Condition, SecretState};

/// Everything that the steps are judged by.
pub(super) struct Evidence {
    /// What the last consent left behind on this machine.
    pub(super) ledger: Option<Ledger>,
    /// The scopes that psoxy needs in the root module's release.
    pub(super) required: Scopes,
    /// The cloud ID that the root module uses; none where it is unset or a placeholder.
    pub(super) cloud_id: Option<String>,
    /// Secrets that wait for `tfhelper secrets push`.
    pub(super) kept: Vec<SecretName>,
    /// What the store says.
    pub(super) store: StoreEvidence,
    /// The time.
    pub(super) now: Timestamp,
}

/// What the store says.
pub(super) enum StoreEvidence {
    /// Nobody asked it.
    NotAsked,
    /// It could not be asked, and why.
    Unreachable(String),
    /// The state of each secret that the operator fills in.
    Known {
        /// The store, for people.
        place: String,
        /// The states.
        states: Vec<(SecretName, SecretState)>,
    },
}

/// What is known of the consent's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Consent {
    /// The consent.
    pub(super) family: TokenFamily,
    /// The last refresh that is known of.
    pub(super) last_used_at: Option<Timestamp>,
    /// It is known whether the proxy has refreshed since.
    pub(super) is_use_known: bool,
}

impl Consent {
    /// Whole days until Atlassian ends the family, however often it is used.
    pub(super) fn days_left(&self, now: Timestamp) -> i64 {
        days_until(self.family.expires_at(), now)
    }

    /// Whole days until the family ends if nobody uses it.
    pub(super) fn idle_days_left(&self, now: Timestamp) -> i64 {
        days_until(self.family.idle_expires_at(self.last_used_at), now)
    }

    /// The days that certainly are no more than this; the idle end counts only where the last use is known.
    pub(super) fn certain_days_left(&self, now: Timestamp) -> i64 {
        if self.is_use_known { self.days_left(now).min(self.idle_days_left(now)) } else { self.days_left(now) }
    }
}

impl Evidence {
    /// The consent, from the ledger or from what stands beside the refresh token in the store, whichever is later.
    pub(super) fn consent(&self) -> Option<Consent> {
        let stored = self.refresh_token();
        let of_ledger = self.ledger.as_ref().map(|ledger| ledger.token_family);
        let of_store = stored.and_then(|state| state.consented_at).map(|consented_at| TokenFamily { consented_at });
        let family = of_ledger.into_iter().chain(of_store).max_by_key(|family| family.consented_at)?;
        // The proxy writes every rotated token back, so the last change is the last use. A token that is still kept here
        // has reached no proxy.
        let is_kept = self.kept.iter().any(SecretName::is_refresh_token);
        let last_used_at = if is_kept { None } else { stored.and_then(|state| state.changed_at) };
        Some(Consent { family, last_used_at, is_use_known: is_kept || last_used_at.is_some() })
    }

    /// The scopes that the grant lacks; none where the grant is not known.
    pub(super) fn missing_scopes(&self) -> Option<Scopes> {
        let ledger = self.ledger.as_ref()?;
        Some(self.required.missing_from(&ledger.scopes.iter().map(String::as_str).collect()))
    }

    /// The state of a secret, where the store was asked.
    pub(super) fn state(&self, variable: &str) -> Option<&SecretState> {
        match &self.store {
            StoreEvidence::Known { states, .. } => {
                states.iter().find(|(name, _)| name.variable() == variable).map(|(_, state)| state)
            }
            StoreEvidence::NotAsked | StoreEvidence::Unreachable(_) => None,
        }
    }

    fn refresh_token(&self) -> Option<&SecretState> {
        self.state("REFRESH_TOKEN").filter(|state| state.condition == Condition::Set)
    }

    /// The secrets that the store has without a real value.
    pub(super) fn unfilled(&self) -> Vec<&SecretName> {
        match &self.store {
            StoreEvidence::Known { states, .. } => states
                .iter()
                .filter(|(_, state)| !matches!(state.condition, Condition::Set | Condition::Unreadable))
                .map(|(name, _)| name)
                .collect(),
            StoreEvidence::NotAsked | StoreEvidence::Unreachable(_) => Vec::new(),
        }
    }
}
