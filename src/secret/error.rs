//! Why a store could not do what was asked, in words that need no knowledge of the service's error codes.

use std::fmt;

use super::Secret;
use super::name::SecretName;
use super::state::{Condition, SecretState};

/// Why a store could not do what was asked, as far as a caller has to tell it apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreErrorKind {
    /// A secret is not there yet; `terraform apply` creates it.
    Missing,
    /// No credentials, expired ones, those of another account, or a clock that is wrong.
    Unauthorized,
    /// The credentials are good and may not do this.
    Forbidden,
    /// The store, the name or the value is not one that can be used: nothing that waiting would change.
    Unusable,
    /// The service failed, throttled for too long, or could not be reached.
    Unavailable,
}

/// A store's failure, in words that need no knowledge of the service's error codes.
#[derive(Debug)]
pub struct StoreError {
    /// What a caller has to tell apart.
    pub kind: StoreErrorKind,
    /// What could not be done, lowercase, without a final period.
    pub message: String,
    /// How to fix it.
    pub hint: Option<String>,
    /// What caused it; never holds the value of a secret.
    pub cause: Option<anyhow::Error>,
}

impl StoreError {
    /// A failure of this kind.
    #[must_use]
    pub fn new(kind: StoreErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hint: None, cause: None }
    }

    /// Adds the way to fix it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds what caused it.
    #[must_use]
    pub fn because(mut self, cause: impl Into<anyhow::Error>) -> Self {
        self.cause = Some(cause.into());
        self
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as &(dyn std::error::Error + 'static))
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
#[cfg(any(feature = "aws", feature = "gcp"))]
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
