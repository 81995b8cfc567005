//! GCP Secret Manager.
//!
//! The proxy reads the version that the secret's label `latest-version` names, where there is one: adding a version
//! without moving the label leaves the proxy on the old, dead token.

mod crc32c;
mod explain;
mod session;
mod update;

use std::collections::BTreeMap;

use google_cloud_gax::error::Error;
use google_cloud_gax::options::RequestOptionsBuilder;
use google_cloud_secretmanager_v1::client::SecretManagerService;
use google_cloud_secretmanager_v1::model;
use google_cloud_secretmanager_v1::model::secret_version::State;
use jiff::Timestamp;

use self::crc32c::crc32c;
use self::explain::explain;
use super::Secret;
use super::cloud::{Patience, missing, not_read_back, too_long};
use super::deployment::GcpDeployment;
use super::error::{StoreError, StoreErrorKind};
use super::name::SecretName;
use super::state::{Condition, SecretState};
use super::store::{CONSENTED_AT, Preflight, Written};
use crate::request_log::SentRequest;

/// Label that names the version the proxy reads.
///
/// Source: psoxy `SecretManagerConfigService.java`, since v0.4.31.
const LATEST_VERSION: &str = "latest-version";

/// Longest value in bytes.
///
/// Source: Secret Manager, `SecretPayload.data`: "Must be no larger than 64KiB".
const VALUE_LIMIT: usize = 65_536;

/// How often a change is made anew because somebody else changed the secret, or its answer was lost.
const ATTEMPTS: u32 = 4;

const PERMISSION_TO_ADD: &str = "secretmanager.versions.add";
const PERMISSION_TO_READ: &str = "secretmanager.versions.access";
const PERMISSION_TO_UPDATE: &str = "secretmanager.secrets.update";

/// Secret Manager of one project.
#[derive(Debug)]
pub struct GcpSecretManager {
    client: SecretManagerService,
    /// Where the requests go.
    endpoint: String,
    project_id: String,
    identity: &'static str,
    patience: Patience,
}

/// What a secret's resource says, and the version that the proxy reads.
struct Found {
    secret: model::Secret,
    label: Option<String>,
}

impl GcpSecretManager {
    /// Opens the store; talks to nobody but, for some kinds of credentials, the machine's own metadata server.
    pub(super) async fn open(
        deployment: Option<&GcpDeployment>,
        environment: &BTreeMap<String, String>,
        patience: Patience,
    ) -> Result<Self, StoreError> {
        let project_id = session::project_id(deployment, environment)?;
        let endpoint = session::endpoint(environment)?;
        let (client, identity) = session::client(deployment, environment, endpoint.as_deref(), patience).await?;
        let endpoint = endpoint.unwrap_or_else(|| String::from("https://secretmanager.googleapis.com"));
        Ok(Self { client, endpoint, project_id, identity, patience })
    }

    pub(super) fn project_id(&self) -> &str {
        &self.project_id
    }

    fn resource(&self, name: &SecretName) -> String {
        format!("projects/{}/secrets/{name}", self.project_id)
    }

    /// Logs a call; the client has no place to log each of its attempts from.
    async fn logged<T>(&self, method: &str, path: &str, call: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let sent = SentRequest::new(method, &format!("{}/v1/{path}", self.endpoint));
        let answer = call.await;
        sent.log(answer.as_ref().map_or_else(Error::http_status_code, |_| Some(200)));
        answer
    }

    /// Names, existence and permissions; writes nothing.
    pub(super) async fn preflight(&self, names: &[SecretName]) -> Result<Preflight, StoreError> {
        for name in names {
            check_name(name)?;
        }
        let mut preflight =
            Preflight { identity: Some(format!("{} in project {}", self.identity, self.project_id)), ..Preflight::default() };
        for name in names {
            preflight.states.push((name.clone(), self.state(name).await?));
        }
        missing(&preflight.states)?;
        for name in names {
            preflight.notes.extend(self.check_permissions(name).await?);
        }
        Ok(preflight)
    }

    /// Asks which of the needed permissions the caller has on the secret.
    async fn check_permissions(&self, name: &SecretName) -> Result<Option<String>, StoreError> {
        let has_label = self.find(name).await?.is_some_and(|found| found.label.is_some());
        let request = self
            .client
            .test_iam_permissions()
            .set_resource(self.resource(name))
            .set_permissions([PERMISSION_TO_ADD, PERMISSION_TO_READ, PERMISSION_TO_UPDATE])
            .with_idempotency(true);
        let answer = self.logged("POST", &format!("{}:testIamPermissions", self.resource(name)), request.send()).await;
        let granted = match answer {
            Ok(answer) => answer.permissions,
            Err(error) => {
                let error = explain(&format!("ask for the permissions on secret `{name}`"), &error, None);
                return match error.kind {
                    StoreErrorKind::Unauthorized | StoreErrorKind::Unavailable => Err(error),
                    StoreErrorKind::Missing | StoreErrorKind::Forbidden | StoreErrorKind::Unusable => {
                        Ok(Some(format!("Whether these credentials may write `{name}` shows only when it is written.")))
                    }
                };
            }
        };
        let lacks = |permission: &str| !granted.iter().any(|known| known == permission);
        let needed: Vec<&str> = [(PERMISSION_TO_ADD, true), (PERMISSION_TO_UPDATE, has_label)]
            .into_iter()
            .filter(|(permission, is_needed)| *is_needed && lacks(permission))
            .map(|(permission, _)| permission)
            .collect();
        if !needed.is_empty() {
            let message = format!("cannot write secret `{name}`: these credentials lack {}", needed.join(" and "));
            return Err(StoreError::new(StoreErrorKind::Forbidden, message)
                .hint("use the credentials that `terraform apply` uses, or have that permission granted on the secret"));
        }
        let note = format!("`{name}` may not be read with these credentials: what is written cannot be compared.");
        Ok(lacks(PERMISSION_TO_READ).then_some(note))
    }

    /// The secret's resource; none where it is not there.
    async fn find(&self, name: &SecretName) -> Result<Option<Found>, StoreError> {
        let resource = self.resource(name);
        let request = self.client.get_secret().set_name(&resource);
        match self.logged("GET", &resource, request.send()).await {
            Ok(secret) => {
                let label = secret.labels.get(LATEST_VERSION).cloned();
                Ok(Some(Found { secret, label }))
            }
            Err(error) => {
                let error = explain(&format!("read secret `{name}`"), &error, None);
                if error.kind == StoreErrorKind::Missing { Ok(None) } else { Err(error) }
            }
        }
    }

    pub(super) async fn state(&self, name: &SecretName) -> Result<SecretState, StoreError> {
        let Some(found) = self.find(name).await? else { return Ok(SecretState::absent()) };
        let newest = self.version(name, "latest").await?;
        let read = match &found.label {
            Some(label) => self.version(name, label).await?.or_else(|| newest.clone()),
            None => newest.clone(),
        };
        let consented_at = found.secret.annotations.get(CONSENTED_AT).and_then(|text| text.parse().ok());
        let Some(version) = read else {
            return Ok(SecretState { consented_at, ..SecretState::without_value(Condition::Placeholder) });
        };
        let number = number_of(&version.name);
        let newest_number = newest.as_ref().map(|newest| number_of(&newest.name));
        let judged = if version.state == State::Enabled {
            match self.access(name, &number).await {
                Ok(value) => SecretState::of(value.expose()),
                Err(error) if error.kind == StoreErrorKind::Forbidden => SecretState::without_value(Condition::Unreadable),
                Err(error) => return Err(error),
            }
        } else {
            // The proxy treats a disabled or destroyed version as no value at all.
            SecretState::without_value(Condition::Placeholder)
        };
        Ok(SecretState {
            newest_version: newest_number.filter(|newest| *newest != number),
            version: Some(number),
            changed_at: version.create_time.and_then(|at| Timestamp::new(at.seconds(), at.nanos()).ok()),
            consented_at,
            ..judged
        })
    }

    /// What is known of a version without its value; none where it is not there.
    async fn version(&self, name: &SecretName, version: &str) -> Result<Option<model::SecretVersion>, StoreError> {
        let resource = format!("{}/versions/{version}", self.resource(name));
        let request = self.client.get_secret_version().set_name(&resource);
        match self.logged("GET", &resource, request.send()).await {
            Ok(version) => Ok(Some(version)),
            Err(error) => {
                let error = explain(&format!("read version `{version}` of secret `{name}`"), &error, None);
                if error.kind == StoreErrorKind::Missing { Ok(None) } else { Err(error) }
            }
        }
    }

    /// The value of a version, its checksum verified.
    async fn access(&self, name: &SecretName, version: &str) -> Result<Secret, StoreError> {
        let job = format!("read version `{version}` of secret `{name}`");
        let resource = format!("{}/versions/{version}", self.resource(name));
        let request = self.client.access_secret_version().set_name(&resource);
        let answer = self.logged("GET", &format!("{resource}:access"), request.send()).await;
        let payload = answer.map_err(|error| explain(&job, &error, None))?.payload.unwrap_or_default();
        let is_damaged = payload.data_crc32c.is_some_and(|sum| sum != i64::from(crc32c(&payload.data)));
        match std::str::from_utf8(&payload.data) {
            Ok(text) if !is_damaged => Ok(Secret::new(text)),
            Ok(_) => Err(StoreError::new(StoreErrorKind::Unavailable, format!("cannot {job}: its checksum is wrong"))),
            Err(_) => Err(StoreError::new(StoreErrorKind::Unusable, format!("cannot {job}: it is no text"))),
        }
    }

    pub(super) async fn put(&self, name: &SecretName, secret: &Secret) -> Result<Written, StoreError> {
        check_name(name)?;
        if secret.expose().len() > VALUE_LIMIT {
            return Err(too_long(name, secret, VALUE_LIMIT));
        }
        let Some(found) = self.find(name).await? else {
            return missing(&[(name.clone(), SecretState::absent())]).map(|()| Written::default());
        };
        let newest = self.version(name, "latest").await?.map(|version| number_of(&version.name));
        let before = found.label.clone().or(newest);
        let (number, mut note) = self.add(name, secret).await?;
        if found.label.is_some() {
            self.move_label(name, &number).await?;
        }
        if let Some(before) = before.filter(|before| *before != number)
            && let Err(error) = self.disable(name, &before).await
        {
            note = Some(format!("Version {before} of `{name}`, which is no longer used, is still enabled: {error}."));
        }
        Ok(Written { version: Some(number), note })
    }

    /// Adds a version and reads it back; a value that is the newest already is not added again.
    async fn add(&self, name: &SecretName, secret: &Secret) -> Result<(String, Option<String>), StoreError> {
        let data = secret.expose().as_bytes().to_vec();
        let payload = model::SecretPayload::new().set_data_crc32c(i64::from(crc32c(&data))).set_data(data);
        let mut attempt = 1;
        loop {
            // Also after an answer that was lost: the version may have been added all the same.
            if let Some(number) = self.newest_if_same(name, secret).await? {
                return Ok((number, None));
            }
            let request = self.client.add_secret_version().set_parent(self.resource(name)).set_payload(payload.clone());
            let answer = self.logged("POST", &format!("{}:addVersion", self.resource(name)), request.send()).await;
            match answer {
                Ok(version) => return self.compare(name, secret, number_of(&version.name)).await,
                Err(error) => {
                    let error = explain(&format!("add a version to secret `{name}`"), &error, Some(secret));
                    if error.kind != StoreErrorKind::Unavailable || attempt == ATTEMPTS {
                        return Err(error);
                    }
                }
            }
            self.patience.pause_after(attempt).await;
            attempt += 1;
        }
    }

    /// The newest version's number when it holds this very value; an unreadable one is taken to hold another.
    async fn newest_if_same(&self, name: &SecretName, secret: &Secret) -> Result<Option<String>, StoreError> {
        let Some(newest) = self.version(name, "latest").await? else { return Ok(None) };
        if newest.state != State::Enabled {
            return Ok(None);
        }
        let number = number_of(&newest.name);
        match self.access(name, &number).await {
            Ok(value) => Ok(value.is_same(secret).then_some(number)),
            Err(error) => match error.kind {
                StoreErrorKind::Forbidden | StoreErrorKind::Missing | StoreErrorKind::Unusable => Ok(None),
                StoreErrorKind::Unauthorized | StoreErrorKind::Unavailable => Err(error),
            },
        }
    }

    async fn compare(&self, name: &SecretName, secret: &Secret, number: String) -> Result<(String, Option<String>), StoreError> {
        match self.access(name, &number).await {
            Ok(value) if value.is_same(secret) => Ok((number, None)),
            Ok(_) => Err(not_read_back(name)),
            Err(error) if error.kind == StoreErrorKind::Forbidden => {
                let note = format!("`{name}` was written; these credentials may not read it, so it was not compared.");
                Ok((number, Some(note)))
            }
            Err(error) => Err(error),
        }
    }
}

/// The last part of a version's resource name.
fn number_of(resource: &str) -> String {
    resource.rsplit('/').next().unwrap_or_default().to_owned()
}

/// Source: Secret Manager API, `CreateSecretRequest.secret_id`.
fn check_name(name: &SecretName) -> Result<(), StoreError> {
    let is_legal = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let fault = if let Some(illegal) = name.as_str().chars().find(|c| !is_legal(*c)) {
        format!("`{}` is not allowed in it", illegal.escape_default())
    } else if name.as_str().len() > 255 {
        String::from("it is longer than 255 characters")
    } else {
        return Ok(());
    };
    Err(StoreError::new(StoreErrorKind::Unusable, format!("cannot use `{name}` as the name of a secret: {fault}"))
        .hint("change `environment_name` or `config_parameter_prefix`"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::name::Naming;

    #[tokio::test]
    async fn a_service_that_does_not_answer_is_unavailable() {
        // Connections are taken by the system, and nobody reads them.
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let environment = BTreeMap::from([
            (String::from("TFHELPER_GCP_SECRET_MANAGER_URL"), url),
            (String::from("GOOGLE_OAUTH_ACCESS_TOKEN"), String::from("token")),
            (String::from("GOOGLE_CLOUD_PROJECT"), String::from("p")),
        ]);
        let store = GcpSecretManager::open(None, &environment, Patience::short()).await.unwrap();
        let naming = Naming::Gcp { environment_name: String::new(), config_parameter_prefix: String::new() };
        let error = store.state(&naming.name("jira-cloud", "CLIENT_ID")).await.unwrap_err();
        assert_eq!(error.kind, StoreErrorKind::Unavailable, "{error}");
    }
}
