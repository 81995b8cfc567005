//! The secret stores behind one seam: what can be asked of each, and how each fails.
//!
//! No store ever creates a cloud secret: Terraform does, and would fail on one that is there already.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use jiff::Timestamp;

use super::Secret;
use super::deployment::Deployment;
use super::file::FileStore;
use super::name::SecretName;
use super::state::SecretState;

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

impl Preflight {
    /// Returns the refresh token that a running proxy may have rotated: replacing it needs the user's consent.
    #[must_use]
    pub fn live_refresh_token(&self) -> Option<&SecretName> {
        let is_live = |state: &SecretState| state.condition == super::state::Condition::Set;
        self.states.iter().find(|(name, state)| name.is_refresh_token() && is_live(state)).map(|(name, _)| name)
    }
}

/// A place where secrets are kept.
#[derive(Debug)]
pub enum Store {
    /// A file that its owner alone may read.
    File(FileStore),
    /// Nowhere: every secret is absent, and putting one does nothing.
    Nowhere,
}

impl Store {
    /// Opens a store; `auto` is what the root module uses. Talks to nobody.
    ///
    /// `directory` is the root module's, where a relative path starts.
    ///
    /// # Errors
    ///
    /// When `auto` finds no store in the root module, or the deployment lacks what the store needs.
    pub fn open(
        choice: &StoreChoice,
        deployment: Option<&Deployment>,
        directory: &Path,
        _environment: &BTreeMap<String, String>,
    ) -> Result<Self, StoreError> {
        match (choice, deployment) {
            (StoreChoice::File(path), _) => Ok(Self::File(FileStore::in_directory(directory, path.as_deref()))),
            (StoreChoice::None, _) => Ok(Self::Nowhere),
            (StoreChoice::Auto, None) => Err(StoreError::new(
                StoreErrorKind::Unusable,
                "cannot tell which secret store the root module uses: it calls no module of psoxy for AWS or GCP",
            )
            .hint("name the store with --secret-store")),
            (StoreChoice::Auto | StoreChoice::AwsSsm | StoreChoice::AwsSecretsManager | StoreChoice::GcpSecretManager, _) => {
                Err(StoreError::new(StoreErrorKind::Unusable, format!("cannot use secret store `{choice}` yet"))
                    .hint("keep the secrets in a file with --secret-store file"))
            }
        }
    }

    /// Returns the word for the store as `--secret-store` takes it.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::File(_) => "file",
            Self::Nowhere => "none",
        }
    }

    /// Returns the store and its place for people, for example "AWS SSM Parameter Store in us-east-1".
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
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
            Self::File(file) => file.preflight(names),
            Self::Nowhere => Ok(Preflight {
                states: names.iter().map(|name| (name.clone(), SecretState::absent())).collect(),
                ..Preflight::default()
            }),
        }
    }

    /// Puts a secret over the value that is there, reads it back and compares.
    ///
    /// # Errors
    ///
    /// When the value could not be written, or what was read back is something else.
    pub async fn put(&self, name: &SecretName, secret: &Secret) -> Result<(), StoreError> {
        if name.is_lock() {
            return Err(StoreError::new(StoreErrorKind::Unusable, format!("cannot put `{name}`: it is the proxy's lock")));
        }
        match self {
            Self::File(file) => file.put(name, secret),
            Self::Nowhere => Ok(()),
        }
    }

    /// Returns what can be said of a secret without showing it; a missing one is a state, not an error.
    ///
    /// # Errors
    ///
    /// When the store cannot be asked.
    pub async fn state(&self, name: &SecretName) -> Result<SecretState, StoreError> {
        match self {
            Self::File(file) => file.state(name),
            Self::Nowhere => Ok(SecretState::absent()),
        }
    }

    /// Writes beside the refresh token when its consent was given, for other machines to know; psoxy ignores it.
    ///
    /// Returns whether the store has a place for it.
    ///
    /// # Errors
    ///
    /// When the store refuses; nothing that matters is lost then.
    pub async fn note_consent(&self, _name: &SecretName, _consented_at: Timestamp) -> Result<bool, StoreError> {
        match self {
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
