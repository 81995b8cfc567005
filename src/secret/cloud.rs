//! What the clouds' stores have in common: how long they are waited for, where they may be, and what they refuse alike.

use std::time::Duration;

use super::Secret;
use super::error::{StoreError, StoreErrorKind};
use super::name::SecretName;
use super::state::{Condition, SecretState};

/// How long a service is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Patience {
    /// Longest wait for one answer; with all retries four times as long.
    pub(super) answer: Duration,
    /// The first pause before another try; each later one is twice as long.
    pub(super) pause: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { answer: Duration::from_secs(15), pause: Duration::from_millis(500) }
    }
}

impl Patience {
    /// Waits before the try that follows this one; the first try is 1.
    pub(super) async fn pause_after(self, attempt: u32) {
        tokio::time::sleep(self.pause.saturating_mul(1 << (attempt - 1).min(4))).await;
    }
}

/// Refuses when a secret is absent, and names all that are.
pub(super) fn missing(states: &[(SecretName, SecretState)]) -> Result<(), StoreError> {
    let is_absent = |state: &SecretState| state.condition == Condition::Absent;
    let absent: Vec<String> = states.iter().filter(|(_, state)| is_absent(state)).map(|(name, _)| format!("`{name}`")).collect();
    if absent.is_empty() {
        return Ok(());
    }
    let pronoun = if absent.len() == 1 { "it" } else { "them" };
    let message = format!("cannot fill in {}: the store does not have {pronoun} yet", absent.join(", "));
    Err(StoreError::new(StoreErrorKind::Missing, message).hint(
        "run `terraform apply` first: it creates them, and a secret that is there already would make it fail; \
         or keep the tokens with `--secret-store file` and run `tfhelper secrets push` after the apply",
    ))
}

/// The failure of a value that the store cannot hold.
pub(super) fn too_long(name: &SecretName, secret: &Secret, limit: usize) -> StoreError {
    let length = secret.expose().len();
    StoreError::new(
        StoreErrorKind::Unusable,
        format!("cannot write `{name}`: the value has {length} bytes, and the store takes {limit}"),
    )
}

/// The failure of a value that was written and is another when it is read.
pub(super) fn not_read_back(name: &SecretName) -> StoreError {
    StoreError::new(StoreErrorKind::Unavailable, format!("cannot confirm `{name}`: what was read back is not what was written"))
        .hint("somebody else writes it at the same time, perhaps the running proxy; run the command again")
}

/// Refuses an endpoint without TLS unless it is on this machine.
pub(super) fn require_safe_endpoint(variable: &str, url: &str) -> Result<(), StoreError> {
    let parsed = url::Url::parse(url)
        .map_err(|error| StoreError::new(StoreErrorKind::Unusable, format!("cannot parse {variable} `{url}`")).because(error))?;
    let is_loopback = match parsed.host() {
        Some(url::Host::Domain(domain)) => domain == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    if parsed.scheme() == "https" || (parsed.scheme() == "http" && is_loopback) {
        return Ok(());
    }
    Err(StoreError::new(StoreErrorKind::Unusable, format!("cannot use {variable} `{url}`: secrets need https"))
        .hint("plain http is accepted for loopback addresses alone"))
}

#[cfg(test)]
impl Patience {
    /// Next to none.
    pub(super) fn short() -> Self {
        Self { answer: Duration::from_millis(100), pause: Duration::from_millis(1) }
    }
}
