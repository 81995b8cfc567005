//! Hands several secrets to a store so that none is lost, whatever fails and whenever.
//!
//! All of them are kept in the 0600 file first and taken out of it one by one as the store has them. A process that is
//! killed half-way leaves the rest in the file, and `tfhelper secrets push` goes on from there.

use jiff::Timestamp;

use super::Secret;
use super::error::StoreError;
use super::file::FileStore;
use super::name::SecretName;
use super::store::Store;

/// When the consent behind the secrets was given, and when it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Consent {
    /// When it was given.
    pub given_at: Timestamp,
    /// When its token family ends, however often it is used.
    pub ends_at: Timestamp,
}

/// What became of the secrets.
#[derive(Debug, Default)]
pub struct Delivery {
    /// Those that the store has, in the order of writing.
    pub stored: Vec<SecretName>,
    /// Those that the file still keeps.
    pub kept: Vec<SecretName>,
    /// Why it stopped; none when everything is stored.
    pub failure: Option<StoreError>,
    /// What the user should know, whole sentences.
    pub notes: Vec<String>,
}

/// Returns the place of a secret in the order of writing: the refresh token, which a running proxy uses, comes last.
#[must_use]
pub fn put_order(name: &SecretName) -> u8 {
    match name.variable() {
        "CLIENT_ID" => 0,
        "CLIENT_SECRET" => 1,
        "REFRESH_TOKEN" => 3,
        _ => 2,
    }
}

/// Keeps the secrets in the file, then puts them into the store one by one, the refresh token last.
///
/// The `consent` is written beside the refresh token where the store has a place for it.
///
/// # Errors
///
/// When they cannot even be kept in the file; nothing has been written to the store then. A failure of the store is
/// [`Delivery::failure`].
pub async fn deliver(
    store: &Store,
    kept: &FileStore,
    mut secrets: Vec<(SecretName, Secret)>,
    consent: Option<Consent>,
) -> Result<Delivery, StoreError> {
    secrets.sort_by_key(|(name, _)| put_order(name));
    let mut delivery = Delivery::default();
    if matches!(store, Store::Nowhere) {
        return Ok(delivery);
    }
    kept.put_all(&secrets)?;
    if let Store::File(file) = store
        && file == kept
    {
        delivery.stored = secrets.into_iter().map(|(name, _)| name).collect();
        return Ok(delivery);
    }
    let mut names = secrets.iter().map(|(name, _)| name.clone());
    for (name, secret) in &secrets {
        match store.put(name, secret).await {
            Ok(written) => delivery.notes.extend(written.note),
            Err(error) => {
                delivery.failure = Some(error);
                break;
            }
        }
        delivery.stored.extend(names.next());
        if let Err(error) = kept.remove(name, secret) {
            delivery.notes.push(format!("{error}: it still keeps `{name}`, which the store has. Remove the file by hand."));
        }
        if let Some(consent) = consent
            && name.is_refresh_token()
            && let Err(error) = store.note_consent(name, consent.given_at, consent.ends_at).await
        {
            delivery.notes.push(format!("The date of the consent was not written beside `{name}`: {error}."));
        }
    }
    delivery.kept = names.collect();
    Ok(delivery)
}
