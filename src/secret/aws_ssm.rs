//! AWS Systems Manager Parameter Store.
//!
//! `PutParameter` with `Overwrite` creates what is not there and forgets the key that was used before: so every write
//! first looks at the parameter, and passes its key and tier on.

use std::collections::BTreeMap;

use aws_sdk_ssm::Client;
use aws_sdk_ssm::operation::describe_parameters::DescribeParametersError;
use aws_sdk_ssm::types::{ParameterStringFilter, ParameterTier, ParameterType, ResourceTypeForTagging, Tag};
use jiff::Timestamp;

use super::Secret;
use super::aws::{Session, explain};
use super::cloud::{Patience, missing, not_read_back, too_long};
use super::deployment::AwsDeployment;
use super::error::{StoreError, StoreErrorKind};
use super::name::SecretName;
use super::state::{Condition, SecretState};
use super::store::{CONSENTED_AT, EXPIRES_AT, Preflight, Written};

/// Longest value in bytes of a parameter of the standard tier.
///
/// Source: AWS, "Parameter Store endpoints and quotas": 4 KB standard, 8 KB advanced.
const STANDARD_LIMIT: usize = 4096;

/// Longest value in bytes of a parameter of the advanced tier.
const ADVANCED_LIMIT: usize = 8192;

/// Longest name of a parameter.
///
/// Source: AWS Systems Manager API, `PutParameter`: 2048 with the ARN's part before it, of which 1011 are the user's.
const NAME_LIMIT: usize = 1011;

/// Value of the write that must not succeed; psoxy's own placeholder.
const PROBE_VALUE: &str = "fill me";

/// Parameter Store of one account and region.
#[derive(Debug)]
pub struct AwsSsm {
    session: Session,
    client: Client,
    kms_key_arn: Option<String>,
}

/// What a write has to keep of a parameter.
#[derive(Debug, Default)]
struct Shape {
    kind: Option<ParameterType>,
    key_id: Option<String>,
    tier: Option<ParameterTier>,
}

impl AwsSsm {
    /// Opens the store; talks to nobody.
    pub(super) async fn open(
        deployment: Option<&AwsDeployment>,
        environment: &BTreeMap<String, String>,
        patience: Patience,
    ) -> Result<Self, StoreError> {
        let session = Session::open(deployment, environment, patience).await?;
        let client = Client::new(&session.config);
        Ok(Self { session, client, kms_key_arn: deployment.and_then(|deployment| deployment.kms_key_arn.clone()) })
    }

    pub(super) fn region(&self) -> &str {
        self.session.region()
    }

    /// Credentials, account, existence, kind, and the permission to write, in this order; writes nothing.
    pub(super) async fn preflight(&self, names: &[SecretName]) -> Result<Preflight, StoreError> {
        for name in names {
            check_name(name)?;
        }
        let identity = self.session.identify().await?;
        let mut preflight = Preflight {
            identity: Some(format!("{} in account {}, region {}", identity.arn, identity.account, self.region())),
            ..Preflight::default()
        };
        for name in names {
            preflight.states.push((name.clone(), self.state(name).await?));
        }
        missing(&preflight.states)?;
        for (name, state) in &preflight.states {
            if state.condition == Condition::Unreadable {
                preflight
                    .notes
                    .push(format!("`{name}` may not be read with these credentials: what is written cannot be compared."));
            }
            let shape = self.shape(name).await?;
            if shape.kind.is_some_and(|kind| kind != ParameterType::SecureString) {
                let message = format!("cannot use parameter `{name}`: it is not a SecureString, so its value would be readable");
                return Err(StoreError::new(StoreErrorKind::Unusable, message)
                    .hint("psoxy's Terraform makes it a SecureString; delete the parameter and run `terraform apply`"));
            }
            self.probe_write(name).await?;
        }
        Ok(preflight)
    }

    /// Asks for a write that AWS refuses because the parameter is there: permission is what it checks first.
    async fn probe_write(&self, name: &SecretName) -> Result<(), StoreError> {
        let answer = self
            .client
            .put_parameter()
            .name(name.as_str())
            .r#type(ParameterType::SecureString)
            .value(PROBE_VALUE)
            .overwrite(false)
            .send()
            .await;
        match answer {
            Ok(_) => Err(StoreError::new(
                StoreErrorKind::Missing,
                format!("parameter `{name}` was removed while tfhelper looked at it, and now holds a placeholder"),
            )
            .hint("run `terraform import` or delete it, then `terraform apply`")),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_parameter_already_exists()) => Ok(()),
            Err(error) => Err(explain(&format!("write parameter `{name}`"), &error, None)),
        }
    }

    pub(super) async fn state(&self, name: &SecretName) -> Result<SecretState, StoreError> {
        let answer = match self.client.get_parameter().name(name.as_str()).with_decryption(true).send().await {
            Ok(answer) => answer,
            Err(error) => {
                let error = explain(&format!("read parameter `{name}`"), &error, None);
                return match error.kind {
                    StoreErrorKind::Missing => Ok(SecretState::absent()),
                    StoreErrorKind::Forbidden => Ok(SecretState::without_value(Condition::Unreadable)),
                    StoreErrorKind::Unauthorized | StoreErrorKind::Unusable | StoreErrorKind::Unavailable => Err(error),
                };
            }
        };
        let Some(parameter) = answer.parameter else { return Ok(SecretState::absent()) };
        let value = Secret::new(parameter.value.unwrap_or_default());
        Ok(SecretState {
            version: Some(parameter.version.to_string()),
            changed_at: parameter.last_modified_date.and_then(|at| Timestamp::from_second(at.secs()).ok()),
            consented_at: if name.is_refresh_token() { self.consented_at(name).await } else { None },
            ..SecretState::of(value.expose())
        })
    }

    /// The day of the consent from the parameter's tags; what may not be read is not known.
    async fn consented_at(&self, name: &SecretName) -> Option<Timestamp> {
        let request = self.client.list_tags_for_resource().resource_type(ResourceTypeForTagging::Parameter);
        let tags = request.resource_id(name.as_str()).send().await.ok()?.tag_list?;
        tags.iter().find(|tag| tag.key() == CONSENTED_AT)?.value().parse().ok()
    }

    /// Kind, key and tier from the description, else from the history: a policy may allow only one of the two.
    async fn shape(&self, name: &SecretName) -> Result<Shape, StoreError> {
        let filter = ParameterStringFilter::builder().key("Name").option("Equals").values(name.as_str()).build();
        let filter = filter.map_err(|error| {
            StoreError::new(StoreErrorKind::Unusable, format!("cannot describe parameter `{name}`")).because(error)
        })?;
        match self.client.describe_parameters().parameter_filters(filter).send().await {
            Ok(answer) => {
                let described = answer.parameters.unwrap_or_default().into_iter().next();
                Ok(described.map_or_else(Shape::default, |metadata| Shape {
                    kind: metadata.r#type,
                    key_id: metadata.key_id,
                    tier: metadata.tier,
                }))
            }
            Err(error) => {
                let error = explain::<DescribeParametersError>(&format!("describe parameter `{name}`"), &error, None);
                if error.kind == StoreErrorKind::Forbidden { Ok(self.last_shape(name).await) } else { Err(error) }
            }
        }
    }

    /// Kind, key and tier of the newest entry of the history; nothing where it may not be read.
    async fn last_shape(&self, name: &SecretName) -> Shape {
        let mut pages = self.client.get_parameter_history().name(name.as_str()).into_paginator().send();
        let mut newest = None;
        while let Some(Ok(page)) = pages.next().await {
            newest = page.parameters.unwrap_or_default().into_iter().last().or(newest);
        }
        newest.map_or_else(Shape::default, |entry| Shape { kind: entry.r#type, key_id: entry.key_id, tier: entry.tier })
    }

    pub(super) async fn put(&self, name: &SecretName, secret: &Secret) -> Result<Written, StoreError> {
        check_name(name)?;
        if self.state(name).await?.condition == Condition::Absent {
            missing(&[(name.clone(), SecretState::absent())])?;
        }
        let shape = self.shape(name).await?;
        let limit = if shape.tier == Some(ParameterTier::Advanced) { ADVANCED_LIMIT } else { STANDARD_LIMIT };
        if secret.expose().len() > limit {
            return Err(too_long(name, secret, limit));
        }
        let key_id = shape.key_id.or_else(|| self.kms_key_arn.clone());
        let answer = self
            .client
            .put_parameter()
            .name(name.as_str())
            .r#type(ParameterType::SecureString)
            .value(secret.expose())
            .overwrite(true)
            .set_key_id(key_id)
            .set_tier(shape.tier)
            .send()
            .await;
        match answer {
            Ok(answer) => self.compare(name, secret, Some(answer.version)).await,
            Err(error) => {
                let error = explain(&format!("write parameter `{name}`"), &error, Some(secret));
                // An answer that was lost says nothing about the write itself.
                if error.kind == StoreErrorKind::Unavailable
                    && let Ok(written) = self.compare(name, secret, None).await
                    && written.note.is_none()
                {
                    return Ok(written);
                }
                Err(error)
            }
        }
    }

    /// Reads the value back; a reader without permission cannot compare, and says so.
    async fn compare(&self, name: &SecretName, secret: &Secret, version: Option<i64>) -> Result<Written, StoreError> {
        match self.client.get_parameter().name(name.as_str()).with_decryption(true).send().await {
            Ok(answer) => {
                let parameter = answer.parameter.unwrap_or_else(|| aws_sdk_ssm::types::Parameter::builder().build());
                if !secret.is_same(&Secret::new(parameter.value.unwrap_or_default())) {
                    return Err(not_read_back(name));
                }
                Ok(Written { version: Some(parameter.version.to_string()), note: None })
            }
            Err(error) => {
                let error = explain(&format!("read parameter `{name}` back"), &error, Some(secret));
                if error.kind != StoreErrorKind::Forbidden {
                    return Err(error);
                }
                let note = format!("`{name}` was written; these credentials may not read it, so it was not compared.");
                Ok(Written { version: version.map(|version| version.to_string()), note: Some(note) })
            }
        }
    }

    pub(super) async fn note_consent(
        &self,
        name: &SecretName,
        consented_at: Timestamp,
        expires_at: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut request =
            self.client.add_tags_to_resource().resource_type(ResourceTypeForTagging::Parameter).resource_id(name.as_str());
        for (key, value) in [(CONSENTED_AT, consented_at), (EXPIRES_AT, expires_at)] {
            let tag = Tag::builder().key(key).value(value.to_string()).build();
            request = request.tags(tag.map_err(|error| {
                StoreError::new(StoreErrorKind::Unusable, format!("cannot tag parameter `{name}`")).because(error)
            })?);
        }
        let answer = request.send().await;
        answer.map(|_| true).map_err(|error| explain(&format!("tag parameter `{name}`"), &error, None))
    }
}

/// Source: AWS Systems Manager API, `PutParameter`, on names.
fn check_name(name: &SecretName) -> Result<(), StoreError> {
    let text = name.as_str();
    let is_legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '/');
    let lower = text.trim_start_matches('/').to_ascii_lowercase();
    let fault = if let Some(illegal) = text.chars().find(|c| !is_legal(*c)) {
        format!("`{}` is not allowed in it", illegal.escape_default())
    } else if lower.starts_with("aws") || lower.starts_with("ssm") {
        String::from("AWS reserves names that begin with `aws` or `ssm`")
    } else if text.len() > NAME_LIMIT {
        format!("it is longer than {NAME_LIMIT} characters")
    } else if text.matches('/').count() > 15 {
        String::from("it has more than 15 levels")
    } else {
        return Ok(());
    };
    Err(StoreError::new(StoreErrorKind::Unusable, format!("cannot use `{name}` as the name of a parameter: {fault}"))
        .hint("change `environment_name` or `aws_ssm_param_root_path`"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::name::Naming;

    #[track_caller]
    fn check_legal(environment_name: &str, root_path: &str, expected: bool) {
        let naming = Naming::Aws { environment_name: environment_name.to_owned(), root_path: root_path.to_owned() };
        assert_eq!(check_name(&naming.name("jira-cloud", "CLIENT_ID")).is_ok(), expected);
    }

    #[test]
    fn default_name_is_legal() {
        check_legal("psoxy", "", true);
    }

    #[test]
    fn name_in_folders_is_legal() {
        check_legal("psoxy", "/corp/eu/", true);
    }

    #[test]
    fn reserved_name_is_not() {
        check_legal("aws prod", "", false);
    }

    #[test]
    fn reserved_folder_is_not() {
        check_legal("psoxy", "/ssm/", false);
    }

    #[test]
    fn name_with_a_quote_is_not() {
        check_legal("it's", "", false);
    }

    #[test]
    fn name_in_sixteen_folders_is_not() {
        check_legal("psoxy", &"/a".repeat(16), false);
    }

    #[tokio::test]
    async fn a_service_that_does_not_answer_is_unavailable() {
        // Connections are taken by the system, and nobody reads them.
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let session = Session::at(&format!("http://{}", listener.local_addr().unwrap()), Patience::short()).await;
        let store = AwsSsm { client: Client::new(&session.config), session, kms_key_arn: None };
        let naming = Naming::Aws { environment_name: String::from("psoxy"), root_path: String::new() };
        let error = store.state(&naming.name("jira-cloud", "CLIENT_ID")).await.unwrap_err();
        assert_eq!(error.kind, StoreErrorKind::Unavailable, "{error}");
    }
}
