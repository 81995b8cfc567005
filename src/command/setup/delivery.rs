//! What became of the secrets, told and remembered.

use super::steps::done;
use super::summary::SecretSummary;
use super::unfinished::Unfinished;
use crate::command::context::Context;
use crate::command::failure::Failure;
use crate::command::secret_store;
use crate::secret::delivery::Delivery;
use crate::secret::error::StoreError;
use crate::secret::file::FileStore;
use crate::secret::name::SecretName;
use crate::secret::store::Store;

/// Ticks off what the store has; what it has not is kept, and left to `tfhelper secrets push`.
pub(crate) fn report(
    ctx: &mut Context,
    store: &Store,
    kept: &FileStore,
    names: &[SecretName],
    delivered: Result<Delivery, StoreError>,
    unfinished: &mut Unfinished,
) -> Vec<SecretSummary> {
    // The file took the secrets before the store was asked; if it takes them no more, they are still in it.
    let delivery =
        delivered.unwrap_or_else(|error| Delivery { kept: names.to_vec(), failure: Some(error), ..Delivery::default() });
    let mut summaries = Vec::new();
    for name in names {
        let status = match () {
            () if delivery.stored.contains(name) => "stored",
            () if delivery.kept.contains(name) => "kept",
            () => "discarded",
        };
        if status == "stored" {
            done(ctx, &format!("`{name}` stored"));
        }
        summaries.push(SecretSummary::new(name, store, status));
    }
    if let Err(mut error) = secret_store::complete(ctx, store, kept, delivery) {
        // The end names the command that goes on, among the others.
        if let Some(failure) = error.downcast_mut::<Failure>() {
            failure.hint = None;
        }
        unfinished.push(error, "tfhelper secrets push");
    }
    summaries
}
