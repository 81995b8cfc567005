//! Why a store could not do what was asked, in words that need no knowledge of the service's error codes.

use std::fmt;

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
