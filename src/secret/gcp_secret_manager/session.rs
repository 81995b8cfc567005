//! The client of Secret Manager: endpoint, credentials, retries.

use std::collections::BTreeMap;

use axum::http::Extensions;
use axum::http::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use google_cloud_auth::credentials::{Builder, CacheableResource, Credentials, CredentialsProvider, EntityTag, impersonated};
use google_cloud_auth::errors::CredentialsError;
use google_cloud_gax::error::Error;
use google_cloud_gax::exponential_backoff::ExponentialBackoffBuilder;
use google_cloud_gax::retry_policy::{RetryPolicy, RetryPolicyExt};
use google_cloud_gax::retry_result::RetryResult;
use google_cloud_gax::retry_state::RetryState;
use google_cloud_secretmanager_v1::client::SecretManagerService;

use crate::secret::Secret;
use crate::secret::cloud::{Patience, require_safe_endpoint};
use crate::secret::deployment::GcpDeployment;
use crate::secret::error::{StoreError, StoreErrorKind};

const SCOPE: &str = "https://www.googleapis.com/auth/cloud-platform";
const ENDPOINT_VARIABLE: &str = "TFHELPER_GCP_SECRET_MANAGER_URL";

/// Variables that name the project where the root module does not, in the order of Terraform's provider.
const PROJECT_VARIABLES: [&str; 4] = ["GOOGLE_PROJECT", "GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT", "CLOUDSDK_CORE_PROJECT"];

/// An access token that somebody else got, as Terraform's provider takes it.
#[derive(Debug)]
struct StaticToken(Secret);

impl CredentialsProvider for StaticToken {
    async fn headers(&self, _: Extensions) -> Result<CacheableResource<HeaderMap>, CredentialsError> {
        let mut value = HeaderValue::from_str(&format!("Bearer {}", self.0.expose()))
            .map_err(|error| CredentialsError::from_source(false, error))?;
        value.set_sensitive(true);
        let data = HeaderMap::from_iter([(AUTHORIZATION, value)]);
        Ok(CacheableResource::New { entity_tag: EntityTag::new(), data })
    }

    async fn universe_domain(&self) -> Option<String> {
        None
    }
}

/// Throttling, server errors and lost connections are worth another try where doing a thing twice does no harm.
#[derive(Debug)]
struct Transient;

impl RetryPolicy for Transient {
    fn on_error(&self, state: &RetryState, error: Error) -> RetryResult {
        let is_transient = error.is_io()
            || error.is_timeout()
            || error.is_connect()
            || error.http_status_code().is_some_and(|status| status == 429 || status >= 500);
        if (state.idempotent && is_transient) || error.is_transient_and_before_rpc() {
            RetryResult::Continue(error)
        } else {
            RetryResult::Permanent(error)
        }
    }
}

/// The project of the root module, else that of the environment.
pub(super) fn project_id(
    deployment: Option<&GcpDeployment>,
    environment: &BTreeMap<String, String>,
) -> Result<String, StoreError> {
    let of_environment = || PROJECT_VARIABLES.iter().find_map(|name| environment.get(*name).filter(|id| !id.is_empty()).cloned());
    deployment.and_then(|deployment| deployment.project_id.clone()).or_else(of_environment).ok_or_else(|| {
        StoreError::new(StoreErrorKind::Unusable, "cannot tell which GCP project to use")
            .hint("set the input variable `gcp_project_id`, or GOOGLE_CLOUD_PROJECT in the environment")
    })
}

/// Another place of Secret Manager than the client's own.
pub(super) fn endpoint(environment: &BTreeMap<String, String>) -> Result<Option<String>, StoreError> {
    let Some(url) = environment.get(ENDPOINT_VARIABLE).filter(|url| !url.is_empty()) else { return Ok(None) };
    require_safe_endpoint(ENDPOINT_VARIABLE, url)?;
    Ok(Some(url.trim_end_matches('/').to_owned()))
}

/// The client, and whose credentials it uses, in words.
pub(super) async fn client(
    deployment: Option<&GcpDeployment>,
    environment: &BTreeMap<String, String>,
    endpoint: Option<&str>,
    patience: Patience,
) -> Result<(SecretManagerService, &'static str), StoreError> {
    // The client panics without a default; that another part of the program has set one already is no failure.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let token = environment.get("GOOGLE_OAUTH_ACCESS_TOKEN").filter(|token| !token.is_empty());
    let (own, identity) = match token {
        Some(token) => (Credentials::from(StaticToken(Secret::new(token.as_str()))), "the token of GOOGLE_OAUTH_ACCESS_TOKEN"),
        None => (Builder::default().with_scopes([SCOPE]).build().map_err(no_credentials)?, "application default credentials"),
    };
    let (credentials, identity) = match deployment.and_then(|deployment| deployment.impersonate_service_account.as_deref()) {
        Some(account) => {
            let builder = impersonated::Builder::from_source_credentials(own);
            let impersonating = builder.with_target_principal(account).with_scopes([SCOPE]).build().map_err(no_credentials)?;
            (impersonating, "the service account that Terraform impersonates")
        }
        None => (own, identity),
    };
    let mut builder = SecretManagerService::builder()
        .with_credentials(credentials)
        .with_attempt_timeout(patience.answer)
        .with_retry_policy(Transient.with_attempt_limit(super::ATTEMPTS))
        .with_backoff_policy(
            ExponentialBackoffBuilder::new()
                .with_initial_delay(patience.pause)
                .with_maximum_delay(patience.pause.saturating_mul(10))
                .clamp(),
        );
    if let Some(url) = endpoint {
        builder = builder.with_endpoint(url);
    }
    builder.build().await.map(|client| (client, identity)).map_err(no_credentials)
}

fn no_credentials(error: impl std::error::Error) -> StoreError {
    StoreError::new(StoreErrorKind::Unauthorized, "cannot get Google credentials")
        .hint("sign in with `gcloud auth application-default login`, or set GOOGLE_OAUTH_ACCESS_TOKEN")
        .because(anyhow::anyhow!("{error}"))
}
