//! The secret stores behind one seam: what can be asked of each, and how each fails.
//!
//! No store ever creates a cloud secret: Terraform does, and would fail on one that is there already.

mod open;

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use jiff::Timestamp;

use super::Secret;
#[cfg(feature = "aws")]
use super::aws_secrets_manager::AwsSecretsManager;
#[cfg(feature = "aws")]
use super::aws_ssm::AwsSsm;
use super::deployment::Deployment;
use super::error::{StoreError, StoreErrorKind};
use super::file::FileStore;
#[cfg(feature = "gcp")]
use super::gcp_secret_manager::GcpSecretManager;
use super::name::SecretName;
use super::state::{Condition, SecretState};

/// The store that the user asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum StoreChoice {
    /// The one that the root module uses.
    #[default]
    Auto,
    /// AWS Systems Manager Parameter Store.
    AwsSsm,
    /// AWS Secrets Manager.
    AwsSecretsManager,
    /// GCP Secret Manager.
    GcpSecretManager,
    /// A file that its owner alone may read; without a path [`super::file::DEFAULT_PATH`].
    File(Option<PathBuf>),
    /// Nowhere.
    None,
}

impl StoreChoice {
    /// Returns the store that `auto` stands for; any other choice stands for itself.
    ///
    /// # Errors
    ///
    /// When `auto` finds no store in the root module.
    pub fn resolve(&self, deployment: Option<&Deployment>) -> Result<Self, StoreError> {
        match (self, deployment) {
            (Self::Auto, Some(Deployment::Aws(aws))) if aws.uses_secrets_manager => Ok(Self::AwsSecretsManager),
            (Self::Auto, Some(Deployment::Aws(_))) => Ok(Self::AwsSsm),
            (Self::Auto, Some(Deployment::Gcp(_))) => Ok(Self::GcpSecretManager),
            (Self::Auto, None) => Err(StoreError::new(
                StoreErrorKind::Unusable,
                "cannot tell which secret store the root module uses: it calls no module of psoxy for AWS or GCP",
            )
            .hint("name the store with --secret-store")),
            (Self::AwsSsm | Self::AwsSecretsManager | Self::GcpSecretManager | Self::File(_) | Self::None, _) => Ok(self.clone()),
        }
    }
}

impl FromStr for StoreChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "auto" => Ok(Self::Auto),
            "aws-ssm" => Ok(Self::AwsSsm),
            "aws-secrets-manager" => Ok(Self::AwsSecretsManager),
            "gcp-secret-manager" => Ok(Self::GcpSecretManager),
            "file" => Ok(Self::File(None)),
            "none" => Ok(Self::None),
            _ => match text.strip_prefix("file:") {
                Some(path) if !path.is_empty() => Ok(Self::File(Some(PathBuf::from(path)))),
                Some(_) | None => {
                    Err(String::from("expected auto, aws-ssm, aws-secrets-manager, gcp-secret-manager, file, file:PATH or none"))
                }
            },
        }
    }
}

impl fmt::Display for StoreChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::AwsSsm => f.write_str("aws-ssm"),
            Self::AwsSecretsManager => f.write_str("aws-secrets-manager"),
            Self::GcpSecretManager => f.write_str("gcp-secret-manager"),
            Self::File(None) => f.write_str("file"),
            Self::File(Some(path)) => write!(f, "file:{}", path.display()),
            Self::None => f.write_str("none"),
        }
    }
}

/// What is known before anything is written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Preflight {
    /// As whom, and in which account or project, the store is used; `None` where that has no meaning.
    pub identity: Option<String>,
    /// The state of each secret asked for, in that order.
    pub states: Vec<(SecretName, SecretState)>,
    /// What the user should know, whole sentences.
    pub notes: Vec<String>,
}

/// Key of the tag or annotation beside a refresh token: when the consent was given.
pub const CONSENTED_AT: &str = "tfhelper-consented-at";

/// Key of the tag or annotation beside a refresh token: when the token family ends.
pub const EXPIRES_AT: &str = "tfhelper-expires-at";

/// What a store says of a write that it has done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Written {
    /// The new version, in the store's own numbering.
    pub version: Option<String>,
    /// What the user should know, a whole sentence.
    pub note: Option<String>,
}

/// A place where secrets are kept.
#[derive(Debug)]
pub enum Store {
    /// AWS Systems Manager Parameter Store.
    #[cfg(feature = "aws")]
    AwsSsm(Box<AwsSsm>),
    /// AWS Secrets Manager.
    #[cfg(feature = "aws")]
    AwsSecretsManager(Box<AwsSecretsManager>),
    /// GCP Secret Manager.
    #[cfg(feature = "gcp")]
    GcpSecretManager(Box<GcpSecretManager>),
    /// A file that its owner alone may read.
    File(FileStore),
    /// Nowhere: every secret is absent, and putting one does nothing.
    Nowhere,
}

impl Store {
    /// Returns the word for the store as `--secret-store` takes it.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            #[cfg(feature = "aws")]
            Self::AwsSsm(_) => "aws-ssm",
            #[cfg(feature = "aws")]
            Self::AwsSecretsManager(_) => "aws-secrets-manager",
            #[cfg(feature = "gcp")]
            Self::GcpSecretManager(_) => "gcp-secret-manager",
            Self::File(_) => "file",
            Self::Nowhere => "none",
        }
    }

    /// Returns the store and its place for people, for example "AWS SSM Parameter Store in us-east-1".
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
            #[cfg(feature = "aws")]
            Self::AwsSsm(store) => format!("AWS SSM Parameter Store in {}", store.region()),
            #[cfg(feature = "aws")]
            Self::AwsSecretsManager(store) => format!("AWS Secrets Manager in {}", store.region()),
            #[cfg(feature = "gcp")]
            Self::GcpSecretManager(store) => format!("GCP Secret Manager in project {}", store.project_id()),
            Self::File(file) => format!("file `{}`", file.path().display()),
            Self::Nowhere => String::from("nowhere"),
        }
    }

    /// Verifies everything that can be known without writing: credentials, account, permissions, and that each
    /// secret is there and of the right kind.
    ///
    /// # Errors
    ///
    /// When writing these secrets would fail; a missing one is [`StoreErrorKind::Missing`] and names all that are.
    pub async fn preflight(&self, names: &[SecretName]) -> Result<Preflight, StoreError> {
        match self {
            #[cfg(feature = "aws")]
            Self::AwsSsm(store) => store.preflight(names).await,
            #[cfg(feature = "aws")]
            Self::AwsSecretsManager(store) => store.preflight(names).await,
            #[cfg(feature = "gcp")]
            Self::GcpSecretManager(store) => store.preflight(names).await,
            Self::File(file) => file.preflight(names),
            Self::Nowhere => Ok(Preflight {
                states: names.iter().map(|name| (name.clone(), SecretState::absent())).collect(),
                ..Preflight::default()
            }),
        }
    }

    /// Returns the refresh token that a running proxy may have rotated: replacing it needs the user's consent.
    #[must_use]
    pub fn live_refresh_token<'p>(&self, preflight: &'p Preflight) -> Option<&'p SecretName> {
        // No proxy reads a file.
        if matches!(self, Self::File(_)) {
            return None;
        }
        let is_live = |state: &SecretState| matches!(state.condition, Condition::Set | Condition::Unreadable);
        preflight.states.iter().find(|(name, state)| name.is_refresh_token() && is_live(state)).map(|(name, _)| name)
    }

    /// Puts a secret over the value that is there, reads it back and compares.
    ///
    /// # Errors
    ///
    /// When the value could not be written, or what was read back is something else.
    pub async fn put(&self, name: &SecretName, secret: &Secret) -> Result<Written, StoreError> {
        if name.is_lock() {
            return Err(StoreError::new(StoreErrorKind::Unusable, format!("cannot put `{name}`: it is the proxy's lock")));
        }
        match self {
            #[cfg(feature = "aws")]
            Self::AwsSsm(store) => store.put(name, secret).await,
            #[cfg(feature = "aws")]
            Self::AwsSecretsManager(store) => store.put(name, secret).await,
            #[cfg(feature = "gcp")]
            Self::GcpSecretManager(store) => store.put(name, secret).await,
            Self::File(file) => file.put(name, secret).map(|()| Written::default()),
            Self::Nowhere => Ok(Written::default()),
        }
    }

    /// Returns what can be said of a secret without showing it; a missing one is a state, not an error.
    ///
    /// # Errors
    ///
    /// When the store cannot be asked.
    pub async fn state(&self, name: &SecretName) -> Result<SecretState, StoreError> {
        match self {
            #[cfg(feature = "aws")]
            Self::AwsSsm(store) => store.state(name).await,
            #[cfg(feature = "aws")]
            Self::AwsSecretsManager(store) => store.state(name).await,
            #[cfg(feature = "gcp")]
            Self::GcpSecretManager(store) => store.state(name).await,
            Self::File(file) => file.state(name),
            Self::Nowhere => Ok(SecretState::absent()),
        }
    }

    /// Writes beside the refresh token when its consent was given and ends, for other machines to know; psoxy ignores it.
    ///
    /// Returns whether the store has a place for it.
    ///
    /// # Errors
    ///
    /// When the store refuses; nothing that matters is lost then.
    #[cfg_attr(not(any(feature = "aws", feature = "gcp")), expect(unused_variables, reason = "a file has no place for it"))]
    pub async fn note_consent(
        &self,
        name: &SecretName,
        consented_at: Timestamp,
        expires_at: Timestamp,
    ) -> Result<bool, StoreError> {
        match self {
            #[cfg(feature = "aws")]
            Self::AwsSsm(store) => store.note_consent(name, consented_at, expires_at).await,
            #[cfg(feature = "aws")]
            Self::AwsSecretsManager(_) => Ok(false),
            #[cfg(feature = "gcp")]
            Self::GcpSecretManager(store) => store.note_consent(name, consented_at, expires_at).await,
            Self::File(_) | Self::Nowhere => Ok(false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_choice(text: &str, expected: Option<StoreChoice>) {
        assert_eq!(text.parse::<StoreChoice>().ok(), expected);
    }

    #[test]
    fn every_choice_reads_what_it_prints() {
        for word in ["auto", "aws-ssm", "aws-secrets-manager", "gcp-secret-manager", "file", "file:a/b.json", "none"] {
            assert_eq!(word.parse::<StoreChoice>().unwrap().to_string(), word);
        }
    }

    #[test]
    fn a_file_may_have_a_path() {
        check_choice("file:x", Some(StoreChoice::File(Some(PathBuf::from("x")))));
    }

    #[test]
    fn a_file_with_an_empty_path_is_refused() {
        check_choice("file:", None);
    }

    #[test]
    fn an_unknown_store_is_refused() {
        check_choice("vault", None);
    }
}
