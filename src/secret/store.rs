//! The secret stores behind one seam: what can be asked of each, and how each fails.
//!
//! No store ever creates a cloud secret: Terraform does, and would fail on one that is there already.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use jiff::Timestamp;

use super::Secret;
#[cfg(feature = "aws")]
use super::aws_secrets_manager::AwsSecretsManager;
#[cfg(feature = "aws")]
use super::aws_ssm::AwsSsm;
use super::deployment::Deployment;
use super::file::FileStore;
#[cfg(feature = "gcp")]
use super::gcp_secret_manager::GcpSecretManager;
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

/// Refuses when a secret is absent, and names all that are.
pub(super) fn missing(states: &[(SecretName, SecretState)]) -> Result<(), StoreError> {
    let is_absent = |state: &SecretState| state.condition == super::state::Condition::Absent;
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
    /// Opens a store; `auto` is what the root module uses. Talks to nobody.
    ///
    /// `directory` is the root module's, where a relative path starts; `environment` says where the services are.
    ///
    /// # Errors
    ///
    /// When `auto` finds no store in the root module, or the deployment lacks what the store needs.
    pub async fn open(
        choice: &StoreChoice,
        deployment: Option<&Deployment>,
        directory: &Path,
        environment: &BTreeMap<String, String>,
    ) -> Result<Self, StoreError> {
        match choice.resolve(deployment)? {
            StoreChoice::File(path) => Ok(Self::File(FileStore::in_directory(directory, path.as_deref()))),
            StoreChoice::Auto | StoreChoice::None => Ok(Self::Nowhere),
            StoreChoice::AwsSsm => open_aws_ssm(deployment, environment).await,
            StoreChoice::AwsSecretsManager => open_aws_secrets_manager(deployment, environment).await,
            StoreChoice::GcpSecretManager => open_gcp_secret_manager(deployment, environment).await,
        }
    }

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

#[cfg(feature = "aws")]
async fn open_aws_ssm(deployment: Option<&Deployment>, environment: &BTreeMap<String, String>) -> Result<Store, StoreError> {
    let deployment = deployment.and_then(Deployment::aws);
    Ok(Store::AwsSsm(Box::new(AwsSsm::open(deployment, environment).await?)))
}

#[cfg(feature = "aws")]
async fn open_aws_secrets_manager(
    deployment: Option<&Deployment>,
    environment: &BTreeMap<String, String>,
) -> Result<Store, StoreError> {
    let deployment = deployment.and_then(Deployment::aws);
    Ok(Store::AwsSecretsManager(Box::new(AwsSecretsManager::open(deployment, environment).await?)))
}

#[cfg(feature = "gcp")]
async fn open_gcp_secret_manager(
    deployment: Option<&Deployment>,
    environment: &BTreeMap<String, String>,
) -> Result<Store, StoreError> {
    let deployment = deployment.and_then(Deployment::gcp);
    Ok(Store::GcpSecretManager(Box::new(GcpSecretManager::open(deployment, environment).await?)))
}

#[cfg(not(feature = "aws"))]
async fn open_aws_ssm(_: Option<&Deployment>, _: &BTreeMap<String, String>) -> Result<Store, StoreError> {
    Err(left_out(&StoreChoice::AwsSsm))
}

#[cfg(not(feature = "aws"))]
async fn open_aws_secrets_manager(_: Option<&Deployment>, _: &BTreeMap<String, String>) -> Result<Store, StoreError> {
    Err(left_out(&StoreChoice::AwsSecretsManager))
}

#[cfg(not(feature = "gcp"))]
async fn open_gcp_secret_manager(_: Option<&Deployment>, _: &BTreeMap<String, String>) -> Result<Store, StoreError> {
    Err(left_out(&StoreChoice::GcpSecretManager))
}

#[cfg(not(all(feature = "aws", feature = "gcp")))]
fn left_out(choice: &StoreChoice) -> StoreError {
    StoreError::new(StoreErrorKind::Unusable, format!("cannot use secret store `{choice}`: this tfhelper was built without it"))
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
