//! AWS Secrets Manager.
//!
//! Terraform creates the secret without a version; `PutSecretValue` never creates one, and keeps the secret's own key.
//! No tags are written: psoxy's Terraform would remove them at the next apply.

use std::collections::BTreeMap;

use aws_sdk_secretsmanager::Client;
use jiff::Timestamp;

use super::Secret;
use super::aws::{Session, explain};
use super::cloud::{Patience, missing, not_read_back, too_long};
use super::deployment::AwsDeployment;
use super::error::{StoreError, StoreErrorKind};
use super::name::SecretName;
use super::state::{Condition, SecretState};
use super::store::{Preflight, Written};

/// Longest value in bytes.
///
/// Source: AWS Secrets Manager API, `PutSecretValue`.
const VALUE_LIMIT: usize = 65_536;

/// Secrets Manager of one account and region.
#[derive(Debug)]
pub struct AwsSecretsManager {
    session: Session,
    client: Client,
}

impl AwsSecretsManager {
    /// Opens the store; talks to nobody.
    pub(super) async fn open(
        deployment: Option<&AwsDeployment>,
        environment: &BTreeMap<String, String>,
        patience: Patience,
    ) -> Result<Self, StoreError> {
        let session = Session::open(deployment, environment, patience).await?;
        let client = Client::new(&session.config);
        Ok(Self { session, client })
    }

    pub(super) fn region(&self) -> &str {
        self.session.region()
    }

    /// Credentials, account and existence; AWS has no way to ask for the permission to write without writing.
    pub(super) async fn preflight(&self, names: &[SecretName]) -> Result<Preflight, StoreError> {
        for name in names {
            check_name(name)?;
        }
        let identity = self.session.identify().await?;
        let mut preflight = Preflight {
            identity: Some(format!("{} in account {}, region {}", identity.arn, identity.account, self.region())),
            notes: vec![String::from("Whether these credentials may write the secrets shows only when they are written.")],
            ..Preflight::default()
        };
        for name in names {
            preflight.states.push((name.clone(), self.state(name).await?));
        }
        missing(&preflight.states)?;
        Ok(preflight)
    }

    pub(super) async fn state(&self, name: &SecretName) -> Result<SecretState, StoreError> {
        let mut changed_at = None;
        match self.client.describe_secret().secret_id(name.as_str()).send().await {
            Ok(described) if described.deleted_date().is_some() => {
                let message = format!("cannot use secret `{name}`: it is scheduled for deletion");
                return Err(StoreError::new(StoreErrorKind::Unusable, message)
                    .hint(format!("restore it with `aws secretsmanager restore-secret --secret-id {name}`")));
            }
            Ok(described) => {
                changed_at = described.last_changed_date().and_then(|at| Timestamp::from_second(at.secs()).ok());
            }
            Err(error) => {
                let error = explain(&format!("describe secret `{name}`"), &error, None);
                match error.kind {
                    StoreErrorKind::Missing => return Ok(SecretState::absent()),
                    // Reading may be allowed where describing is not.
                    StoreErrorKind::Forbidden => {}
                    StoreErrorKind::Unauthorized | StoreErrorKind::Unusable | StoreErrorKind::Unavailable => {
                        return Err(error);
                    }
                }
            }
        }
        match self.client.get_secret_value().secret_id(name.as_str()).send().await {
            Ok(answer) => {
                let value = Secret::new(answer.secret_string.unwrap_or_default());
                Ok(SecretState { version: answer.version_id, changed_at, ..SecretState::of(value.expose()) })
            }
            Err(error) => {
                let error = explain(&format!("read secret `{name}`"), &error, None);
                match error.kind {
                    // The secret was just described: what is missing is its first version.
                    StoreErrorKind::Missing => {
                        Ok(SecretState { changed_at, ..SecretState::without_value(Condition::Placeholder) })
                    }
                    StoreErrorKind::Forbidden => {
                        Ok(SecretState { changed_at, ..SecretState::without_value(Condition::Unreadable) })
                    }
                    StoreErrorKind::Unauthorized | StoreErrorKind::Unusable | StoreErrorKind::Unavailable => Err(error),
                }
            }
        }
    }

    pub(super) async fn put(&self, name: &SecretName, secret: &Secret) -> Result<Written, StoreError> {
        check_name(name)?;
        if secret.expose().len() > VALUE_LIMIT {
            return Err(too_long(name, secret, VALUE_LIMIT));
        }
        // The SDK sends one idempotency token with every retry, so a write whose answer was lost is not done twice.
        let answer = self.client.put_secret_value().secret_id(name.as_str()).secret_string(secret.expose()).send().await;
        match answer {
            Ok(_) => self.compare(name, secret).await,
            Err(error) => {
                let error = explain(&format!("write secret `{name}`"), &error, Some(secret));
                if error.kind == StoreErrorKind::Unavailable
                    && let Ok(written) = self.compare(name, secret).await
                    && written.note.is_none()
                {
                    return Ok(written);
                }
                Err(error)
            }
        }
    }

    /// Reads the value back; a reader without permission cannot compare, and says so.
    async fn compare(&self, name: &SecretName, secret: &Secret) -> Result<Written, StoreError> {
        match self.client.get_secret_value().secret_id(name.as_str()).send().await {
            Ok(answer) => {
                if !secret.is_same(&Secret::new(answer.secret_string.unwrap_or_default())) {
                    return Err(not_read_back(name));
                }
                Ok(Written { version: answer.version_id, note: None })
            }
            Err(error) => {
                let error = explain(&format!("read secret `{name}` back"), &error, Some(secret));
                if error.kind != StoreErrorKind::Forbidden {
                    return Err(error);
                }
                let note = format!("`{name}` was written; these credentials may not read it, so it was not compared.");
                Ok(Written { version: None, note: Some(note) })
            }
        }
    }
}

/// Source: AWS Secrets Manager API, `CreateSecret`, on names.
fn check_name(name: &SecretName) -> Result<(), StoreError> {
    let is_legal = |c: char| c.is_ascii_alphanumeric() || "/_+=.@-".contains(c);
    let fault = if let Some(illegal) = name.as_str().chars().find(|c| !is_legal(*c)) {
        format!("`{}` is not allowed in it", illegal.escape_default())
    } else if name.as_str().len() > 512 {
        String::from("it is longer than 512 characters")
    } else {
        return Ok(());
    };
    Err(StoreError::new(StoreErrorKind::Unusable, format!("cannot use `{name}` as the name of a secret: {fault}"))
        .hint("change `environment_name` or `aws_ssm_param_root_path`"))
}
