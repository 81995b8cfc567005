//! Changes of a secret's resource and of its versions' states: label, annotations, disabling.

use google_cloud_gax::options::RequestOptionsBuilder;
use google_cloud_secretmanager_v1::model;
use google_cloud_secretmanager_v1::model::secret_version::State;
use google_cloud_wkt::FieldMask;
use jiff::Timestamp;

use super::explain::{explain, is_conflict};
use super::{ATTEMPTS, GcpSecretManager, LATEST_VERSION};
use crate::secret::cloud::missing;
use crate::secret::error::{StoreError, StoreErrorKind};
use crate::secret::name::SecretName;
use crate::secret::state::SecretState;
use crate::secret::store::{CONSENTED_AT, EXPIRES_AT};

impl GcpSecretManager {
    /// Points the label to a version, guarded by the secret's etag: the running proxy moves it too.
    pub(super) async fn move_label(&self, name: &SecretName, number: &str) -> Result<(), StoreError> {
        self.change(name, "labels", &format!("move label `{LATEST_VERSION}` of secret `{name}` to version {number}"), |secret| {
            secret.labels.insert(LATEST_VERSION.to_owned(), number.to_owned()).as_deref() != Some(number)
        })
        .await
    }

    pub(in crate::secret) async fn note_consent(
        &self,
        name: &SecretName,
        consented_at: Timestamp,
        expires_at: Timestamp,
    ) -> Result<bool, StoreError> {
        self.change(name, "annotations", &format!("annotate secret `{name}`"), |secret| {
            secret.annotations.insert(CONSENTED_AT.to_owned(), consented_at.to_string());
            secret.annotations.insert(EXPIRES_AT.to_owned(), expires_at.to_string());
            true
        })
        .await?;
        Ok(true)
    }

    /// Reads the secret, changes it and writes it back under its etag; anew when somebody else was faster.
    ///
    /// `change` says whether there is anything to write.
    async fn change(
        &self,
        name: &SecretName,
        field: &str,
        job: &str,
        change: impl Fn(&mut model::Secret) -> bool,
    ) -> Result<(), StoreError> {
        for attempt in 1..=ATTEMPTS {
            let Some(mut found) = self.find(name).await? else {
                return missing(&[(name.clone(), SecretState::absent())]);
            };
            if !change(&mut found.secret) {
                return Ok(());
            }
            let request = self.client.update_secret().set_secret(found.secret);
            let request = request.set_update_mask(FieldMask::default().set_paths([field]));
            match self.logged("PATCH", &self.resource(name), request.send()).await {
                Ok(_) => return Ok(()),
                Err(error) => {
                    let is_worth_another = is_conflict(&error);
                    let error = explain(job, &error, None);
                    if attempt == ATTEMPTS || !(is_worth_another || error.kind == StoreErrorKind::Unavailable) {
                        return Err(error);
                    }
                }
            }
            self.patience.pause_after(attempt).await;
        }
        Ok(())
    }

    pub(super) async fn disable(&self, name: &SecretName, number: &str) -> Result<(), StoreError> {
        let job = format!("disable version {number} of secret `{name}`");
        match self.version(name, number).await? {
            Some(version) if version.state == State::Enabled => {
                let resource = format!("{}/versions/{number}", self.resource(name));
                let request = self.client.disable_secret_version().set_name(&resource).with_idempotency(true);
                let answer = self.logged("POST", &format!("{resource}:disable"), request.send()).await;
                answer.map(|_| ()).map_err(|error| explain(&job, &error, None))
            }
            Some(_) | None => Ok(()),
        }
    }
}
