//! Secrets: the type that cannot be printed, the names that psoxy reads, and the stores that hold the values.
//!
//! [`name`], [`deployment`] and [`state`] do no I/O. Everything that talks to a disk or a cloud is behind [`store::Store`].

#[cfg(feature = "aws")]
mod aws;
#[cfg(feature = "aws")]
pub mod aws_secrets_manager;
#[cfg(feature = "aws")]
pub mod aws_ssm;
#[cfg(any(feature = "aws", feature = "gcp"))]
mod cloud;
pub mod delivery;
pub mod deployment;
pub mod error;
pub mod file;
#[cfg(feature = "gcp")]
pub mod gcp_secret_manager;
pub mod name;
pub mod state;
pub mod store;

use std::fmt;

use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

/// A value that must never be shown: wiped when dropped, and without `Display`, `Serialize` and `Deref`.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the value in.
    #[must_use]
    pub fn new(value: impl Into<String>) -> Self {
        Self(Zeroizing::new(value.into()))
    }

    /// Returns the value; only for the place where it leaves the process, never for an argument vector or a message.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Tells whether both hold the same value.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_of_a_secret_shows_nothing_of_it() {
        assert_eq!(format!("{:?}", Some(Secret::new("canary"))), "Some(Secret(***))");
    }

    #[test]
    fn a_secret_can_be_read_from_json() {
        let secret: Secret = serde_json::from_str("\"a\\u0062\"").unwrap();
        assert!(secret.is_same(&Secret::new("ab")));
    }
}
