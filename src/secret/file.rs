//! Secrets in a file that its owner alone may read: `--secret-store file`, and the place of safety when a store fails.
//!
//! The file is JSON, in the order of writing, so that `tfhelper secrets push` can go on where a store stopped.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::{Deserialize, Serialize};

use super::Secret;
use super::error::{StoreError, StoreErrorKind};
use super::name::SecretName;
use super::state::SecretState;
use super::store::Preflight;
use crate::disk;

/// The folder of tfhelper's own files in a root module.
pub const FOLDER: &str = ".tfhelper";

/// Where secrets are kept in a root module unless the user says otherwise.
pub const DEFAULT_PATH: &str = ".tfhelper/secrets.json";

/// Version of the file's format.
const FORMAT_VERSION: &str = "1.0";

/// A file of secrets with mode 0600.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileStore {
    path: PathBuf,
}

/// The file as it is read.
#[derive(Deserialize)]
struct Kept {
    format_version: String,
    secrets: Vec<KeptSecret>,
}

/// One secret of the file as it is read.
#[derive(Deserialize)]
struct KeptSecret {
    name: String,
    connector: String,
    variable: String,
    value: Secret,
}

/// The file as it is written.
#[derive(Serialize)]
struct Written<'a> {
    format_version: &'a str,
    secrets: Vec<WrittenSecret<'a>>,
}

/// One secret of the file as it is written.
#[derive(Serialize)]
struct WrittenSecret<'a> {
    name: &'a str,
    connector: &'a str,
    variable: &'a str,
    value: &'a str,
}

impl FileStore {
    /// The file at `path`, or at the usual place, in a root module's directory.
    #[must_use]
    pub fn in_directory(directory: &Path, path: Option<&Path>) -> Self {
        let path = path.unwrap_or(Path::new(DEFAULT_PATH));
        // Shown to people, so without a leading `./`.
        Self { path: if directory == Path::new(".") { path.to_owned() } else { directory.join(path) } }
    }

    /// Returns the file's path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads every secret, in the order of the file; a file that is not there holds none.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or parsed; the message never shows its content.
    pub fn read(&self) -> Result<Vec<(SecretName, Secret)>, StoreError> {
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => Secret::new(text),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(self.failure("read").because(error)),
        };
        let kept: Kept = serde_json::from_str(text.expose()).map_err(|error| {
            // The parser's own words may quote the content.
            let place = anyhow::anyhow!("line {}, column {} is not what tfhelper writes", error.line(), error.column());
            self.failure("parse").because(place)
        })?;
        if kept.format_version.split('.').next() != Some("1") {
            let cause = anyhow::anyhow!("its format_version is `{}`; this tfhelper knows 1", kept.format_version);
            return Err(self.failure("parse").because(cause));
        }
        let named = |kept: KeptSecret| (SecretName::from_parts(kept.name, kept.connector, kept.variable), kept.value);
        Ok(kept.secrets.into_iter().map(named).collect())
    }

    /// Verifies that the file can be written, and says what it holds.
    ///
    /// # Errors
    ///
    /// When the folder cannot be created or written, or the file cannot be parsed.
    pub fn preflight(&self, names: &[SecretName]) -> Result<Preflight, StoreError> {
        let kept = self.read()?;
        self.prepare_folder()
            .and_then(|folder| tempfile::NamedTempFile::new_in(folder).context("cannot create a file there"))
            .map_err(|error| self.failure("write").because(error))?;
        let states = names.iter().map(|name| (name.clone(), state_in(&kept, name))).collect();
        Ok(Preflight { states, ..Preflight::default() })
    }

    /// Returns what can be said of one secret.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or parsed.
    pub fn state(&self, name: &SecretName) -> Result<SecretState, StoreError> {
        Ok(state_in(&self.read()?, name))
    }

    /// Puts one secret; the others stay.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, parsed or written; it is then as it was.
    pub fn put(&self, name: &SecretName, secret: &Secret) -> Result<(), StoreError> {
        self.put_all(&[(name.clone(), secret.clone())])
    }

    /// Puts several secrets in one write; the others stay.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, parsed or written; it is then as it was.
    pub fn put_all(&self, secrets: &[(SecretName, Secret)]) -> Result<(), StoreError> {
        let _lock = self.lock()?;
        let mut kept = self.read()?;
        for (name, secret) in secrets {
            match kept.iter_mut().find(|(known, _)| known == name) {
                Some((_, value)) => *value = secret.clone(),
                None => kept.push((name.clone(), secret.clone())),
            }
        }
        self.write(&kept)
    }

    /// Removes one secret that has this value, and the file with the last one.
    ///
    /// One that is not there is removed already, and one of another value is somebody else's: a later consent's.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, parsed, written or removed.
    pub fn remove(&self, name: &SecretName, secret: &Secret) -> Result<(), StoreError> {
        if !self.path.exists() {
            return Ok(());
        }
        let _lock = self.lock()?;
        let mut kept = self.read()?;
        kept.retain(|(known, value)| known != name || !value.is_same(secret));
        if !kept.is_empty() {
            return self.write(&kept);
        }
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(self.failure("remove").because(error)),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Writes the whole file: a new one beside it, synced, then renamed over it.
    fn write(&self, secrets: &[(SecretName, Secret)]) -> Result<(), StoreError> {
        let written = Written {
            format_version: FORMAT_VERSION,
            secrets: secrets
                .iter()
                .map(|(name, secret)| WrittenSecret {
                    name: name.as_str(),
                    connector: name.connector(),
                    variable: name.variable(),
                    value: secret.expose(),
                })
                .collect(),
        };
        let write = || -> anyhow::Result<()> {
            let text = Secret::new(serde_json::to_string_pretty(&written)?);
            let folder = self.prepare_folder()?;
            // Temporary files have mode 0600 from their creation on, and renaming keeps it.
            let mut file = tempfile::NamedTempFile::new_in(&folder)?;
            file.write_all(text.expose().as_bytes())?;
            file.write_all(b"\n")?;
            file.as_file().sync_all()?;
            file.persist(&self.path)?;
            fs::File::open(&folder)?.sync_all()?;
            Ok(())
        };
        write().map_err(|error| self.failure("write").because(error))
    }

    /// Keeps other runs of tfhelper from changing the file between its reading and its writing.
    fn lock(&self) -> Result<disk::Lock, StoreError> {
        self.prepare_folder().and_then(|_| disk::lock(&self.path)).map_err(|error| self.failure("lock").because(error))
    }

    /// Creates the file's folder, and keeps tfhelper's own out of git.
    fn prepare_folder(&self) -> anyhow::Result<PathBuf> {
        let folder = self.path.parent().filter(|path| !path.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(folder).with_context(|| format!("cannot create folder `{}`", folder.display()))?;
        if folder.ends_with(FOLDER) {
            keep_out_of_git(folder)?;
        }
        Ok(folder.to_owned())
    }

    fn failure(&self, verb: &str) -> StoreError {
        StoreError::new(StoreErrorKind::Unusable, format!("cannot {verb} file of secrets `{}`", self.path.display()))
    }
}

/// Puts a `.gitignore` into tfhelper's folder that keeps everything in it out of git; one that is there stays.
///
/// # Errors
///
/// When it cannot be written.
pub fn keep_out_of_git(folder: &Path) -> anyhow::Result<()> {
    match fs::File::create_new(folder.join(".gitignore")) {
        Ok(mut file) => file.write_all(b"# tfhelper's own files, some of them secret.\n*\n").map_err(Into::into),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error).with_context(|| format!("cannot write `{}`", folder.join(".gitignore").display())),
    }
}

fn state_in(kept: &[(SecretName, Secret)], name: &SecretName) -> SecretState {
    kept.iter().find(|(known, _)| known == name).map_or_else(SecretState::absent, |(_, secret)| SecretState::of(secret.expose()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::secret::name::Naming;
    use crate::secret::state::Condition;

    fn name(variable: &str) -> SecretName {
        Naming::Gcp { environment_name: String::new(), config_parameter_prefix: String::new() }.name("jira-cloud", variable)
    }

    #[test]
    fn what_was_put_is_read_back_in_its_order() {
        let directory = tempfile::tempdir().unwrap();
        let store = FileStore::in_directory(directory.path(), None);
        store.put(&name("CLIENT_ID"), &Secret::new("id")).unwrap();
        store.put(&name("REFRESH_TOKEN"), &Secret::new("old")).unwrap();
        store.put(&name("REFRESH_TOKEN"), &Secret::new("quote \" and \u{1f511}")).unwrap();
        let read: Vec<(String, String)> =
            store.read().unwrap().into_iter().map(|(n, s)| (n.variable().to_owned(), s.expose().to_owned())).collect();
        let expected = [("CLIENT_ID", "id"), ("REFRESH_TOKEN", "quote \" and \u{1f511}")];
        assert_eq!(read, expected.map(|(n, s)| (n.to_owned(), s.to_owned())));
    }

    #[test]
    fn the_file_is_for_its_owner_alone_and_kept_out_of_git() {
        let directory = tempfile::tempdir().unwrap();
        let store = FileStore::in_directory(directory.path(), None);
        store.put(&name("CLIENT_ID"), &Secret::new("id")).unwrap();
        assert_eq!(fs::metadata(store.path()).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(fs::read_to_string(directory.path().join(".tfhelper/.gitignore")).unwrap().ends_with("*\n"));
    }

    #[test]
    fn removing_the_last_secret_removes_the_file() {
        let directory = tempfile::tempdir().unwrap();
        let store = FileStore::in_directory(directory.path(), None);
        store.put(&name("CLIENT_ID"), &Secret::new("id")).unwrap();
        store.remove(&name("CLIENT_ID"), &Secret::new("id")).unwrap();
        assert!(!store.path().exists());
        store.remove(&name("CLIENT_ID"), &Secret::new("id")).unwrap();
    }

    #[test]
    fn a_value_that_a_later_consent_has_put_is_not_removed() {
        let directory = tempfile::tempdir().unwrap();
        let store = FileStore::in_directory(directory.path(), None);
        store.put(&name("REFRESH_TOKEN"), &Secret::new("newer")).unwrap();
        store.remove(&name("REFRESH_TOKEN"), &Secret::new("older")).unwrap();
        assert_eq!(store.read().unwrap()[0].1.expose(), "newer");
    }

    #[test]
    fn a_broken_file_is_an_error_that_shows_nothing_of_it() {
        let directory = tempfile::tempdir().unwrap();
        let store = FileStore::in_directory(directory.path(), Some(Path::new("kept.json")));
        fs::write(store.path(), r#"{"format_version":"1.0","secrets":[{"value":"canary","name":17}]}"#).unwrap();
        let error = anyhow::Error::new(store.read().unwrap_err());
        assert!(format!("{error:#}").contains("line 1, column"), "{error:#}");
        assert!(!format!("{error:#}").contains("canary"), "{error:#}");
    }

    #[test]
    fn a_file_of_a_later_format_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let store = FileStore::in_directory(directory.path(), Some(Path::new("kept.json")));
        fs::write(store.path(), r#"{"format_version":"2.0","secrets":[]}"#).unwrap();
        assert!(format!("{:#}", anyhow::Error::new(store.read().unwrap_err())).contains("knows 1"));
    }

    #[test]
    fn preflight_knows_what_is_there() {
        let directory = tempfile::tempdir().unwrap();
        let store = FileStore::in_directory(directory.path(), None);
        store.put(&name("REFRESH_TOKEN"), &Secret::new("live")).unwrap();
        let preflight = store.preflight(&[name("CLIENT_ID"), name("REFRESH_TOKEN")]).unwrap();
        assert_eq!(preflight.states[0].1.condition, Condition::Absent);
        assert_eq!(preflight.states[1].1.condition, Condition::Set);
    }

    #[test]
    fn preflight_refuses_a_folder_that_is_a_file() {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join(FOLDER), "").unwrap();
        let store = FileStore::in_directory(directory.path(), None);
        assert!(store.preflight(&[]).is_err());
    }
}
