//! Opens the store that the user or the root module chose; a build may be without some of them.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Store, StoreChoice};
#[cfg(feature = "aws")]
use crate::secret::aws_secrets_manager::AwsSecretsManager;
#[cfg(feature = "aws")]
use crate::secret::aws_ssm::AwsSsm;
#[cfg(any(feature = "aws", feature = "gcp"))]
use crate::secret::cloud::Patience;
use crate::secret::deployment::Deployment;
use crate::secret::error::StoreError;
#[cfg(not(all(feature = "aws", feature = "gcp")))]
use crate::secret::error::StoreErrorKind;
use crate::secret::file::FileStore;
#[cfg(feature = "gcp")]
use crate::secret::gcp_secret_manager::GcpSecretManager;

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
}

#[cfg(feature = "aws")]
async fn open_aws_ssm(deployment: Option<&Deployment>, environment: &BTreeMap<String, String>) -> Result<Store, StoreError> {
    let deployment = deployment.and_then(Deployment::aws);
    Ok(Store::AwsSsm(Box::new(AwsSsm::open(deployment, environment, Patience::default()).await?)))
}

#[cfg(feature = "aws")]
async fn open_aws_secrets_manager(
    deployment: Option<&Deployment>,
    environment: &BTreeMap<String, String>,
) -> Result<Store, StoreError> {
    let deployment = deployment.and_then(Deployment::aws);
    Ok(Store::AwsSecretsManager(Box::new(AwsSecretsManager::open(deployment, environment, Patience::default()).await?)))
}

#[cfg(feature = "gcp")]
async fn open_gcp_secret_manager(
    deployment: Option<&Deployment>,
    environment: &BTreeMap<String, String>,
) -> Result<Store, StoreError> {
    let deployment = deployment.and_then(Deployment::gcp);
    Ok(Store::GcpSecretManager(Box::new(GcpSecretManager::open(deployment, environment, Patience::default()).await?)))
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
