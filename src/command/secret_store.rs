//! From a root module to its secrets: the deployment, their names, the open store, and a store's failure as a command's.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;

use super::context::Context;
use super::failure::{ExitStatus, Failure};
use super::root_module::Loaded;
use crate::atlassian::personal_access_token;
use crate::atlassian::token_family::{LEDGER_PATH, Ledger, LedgerError};
use crate::connector::{self, Connector, FilledBy};
use crate::disk::{self, Audience};
use crate::secret::delivery::{Delivery, put_order};
use crate::secret::deployment::Deployment;
use crate::secret::error::{StoreError, StoreErrorKind};
use crate::secret::file::{FOLDER, FileStore, keep_out_of_git};
use crate::secret::name::{Naming, SecretName};
use crate::secret::state::SecretState;
use crate::secret::store::{Store, StoreChoice};
use crate::terraform::input::Inputs;
use crate::terraform::module_call::Host;
use crate::terraform::syntax::Expression;

/// Returns where the root module keeps its secrets; none where it calls no module of psoxy for AWS or GCP.
///
/// What the host's module is given counts before the variable of the same name, and what the provider is given before both.
#[must_use]
pub fn deployment(loaded: &Loaded) -> Option<Deployment> {
    let Loaded { root_module, .. } = loaded;
    let host = root_module.host()?;
    let variable = |name: &str| loaded.inputs.value(name)?.value.as_str().map(str::to_owned);
    let given = |arguments: &BTreeMap<String, Arc<Expression>>, name: &str| {
        loaded.evaluate(arguments.get(name)?).as_str().map(str::to_owned)
    };
    let arguments = root_module.host_call().map(|call| &call.arguments);
    let input = |name: &str| arguments.and_then(|arguments| given(arguments, name)).or_else(|| variable(name));
    let block = root_module.default_provider(match host {
        Host::Aws => "aws",
        Host::Gcp => "google",
    });
    let provider = |argument: &str, usual_variable: &str| match block {
        Some(block) if !block.arguments.contains_key(argument) => None,
        Some(block) => given(&block.arguments, argument).or_else(|| variable(usual_variable)),
        None => variable(usual_variable),
    };
    Some(Deployment::from_root_module(host, input, provider))
}

/// Returns the connectors of Jira that `enabled_connectors` names, in their usual order.
#[must_use]
pub fn enabled_connectors(inputs: &Inputs) -> Vec<&'static Connector> {
    let Some(enabled) = inputs.value("enabled_connectors").and_then(|input| input.value.as_sequence()) else {
        return Vec::new();
    };
    connector::ALL.into_iter().filter(|connector| enabled.iter().any(|id| id.as_str() == Some(connector.id))).collect()
}

/// Returns the names of a connector's secrets without the proxy's lock, which nobody fills in and nobody should miss.
#[must_use]
pub fn names(deployment: &Deployment, connector: &Connector) -> Vec<SecretName> {
    let naming = deployment.naming();
    let is_lock = |filled_by: FilledBy| filled_by == FilledBy::Nobody;
    let variables = connector.secured_variables.iter().filter(|variable| !is_lock(variable.filled_by));
    variables.map(|variable| naming.name(connector.id, variable.name)).collect()
}

/// Returns the names of the secrets that the operator fills in, and of the access token where it is to be seeded, in the order of
/// writing; without a deployment, AWS's default names serve.
#[must_use]
pub fn names_to_fill(deployment: Option<&Deployment>, connector: &Connector, seeds_access_token: bool) -> Vec<SecretName> {
    let naming = deployment
        .map_or_else(|| Naming::Aws { environment_name: String::from("psoxy"), root_path: String::new() }, Deployment::naming);
    let is_seeded = |name: &str| seeds_access_token && name == "ACCESS_TOKEN";
    let variables = connector.secured_variables.iter();
    let filled = variables.filter(|variable| variable.is_filled_by_operator() || is_seeded(variable.name));
    let mut names: Vec<SecretName> = filled.map(|variable| naming.name(connector.id, variable.name)).collect();
    names.sort_by_key(put_order);
    names
}

/// Asks the store for the state of each secret; returns the store in words, and the states.
///
/// # Errors
///
/// Why the store could not be asked, in one line.
pub async fn ask(
    directory: &Path,
    environment: &BTreeMap<String, String>,
    choice: &StoreChoice,
    deployment: &Deployment,
    names: &[SecretName],
) -> Result<(String, Vec<(SecretName, SecretState)>), String> {
    let why = |error: StoreError| format!("{:#}", anyhow::Error::new(failure(error)));
    let store = Store::open(choice, Some(deployment), directory, environment).await.map_err(why)?;
    let mut states = Vec::new();
    for name in names {
        states.push((name.clone(), store.state(name).await.map_err(why)?));
    }
    Ok((store.describe(), states))
}

/// Reads the ledger of the last consent on this machine; none where there has been none.
///
/// # Errors
///
/// When it cannot be read or is broken.
pub fn read_ledger(directory: &Path) -> anyhow::Result<Option<Ledger>> {
    let hint = "remove the file to forget the consent, or run `tfhelper init-jira --renew` to write it anew";
    read(directory, LEDGER_PATH, hint, Ledger::parse)
}

/// Reads what is remembered of the personal access token of Jira Data Center; none where nothing is.
///
/// # Errors
///
/// When it cannot be read or is broken.
pub fn read_token_ledger(directory: &Path) -> anyhow::Result<Option<personal_access_token::Ledger>> {
    let hint = "remove the file to forget the token, or run `tfhelper init-jira-server` to write it anew";
    read(directory, personal_access_token::LEDGER_PATH, hint, personal_access_token::Ledger::parse)
}

fn read<T>(
    directory: &Path,
    ledger_path: &str,
    hint: &str,
    parse: fn(&str) -> Result<T, LedgerError>,
) -> anyhow::Result<Option<T>> {
    let path = directory.join(ledger_path);
    match std::fs::read_to_string(&path) {
        Ok(text) => {
            let unusable =
                |error| Failure::new(ExitStatus::Usage, format!("cannot use `{ledger_path}`")).because(error).hint(hint);
            Ok(Some(parse(&text).map_err(unusable)?))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read `{}`", path.display())),
    }
}

/// Writes a ledger, for its owner alone and kept out of git.
///
/// # Errors
///
/// When the folder or the file cannot be written.
pub fn write_ledger(directory: &Path, ledger_path: &str, text: &str) -> anyhow::Result<()> {
    let path = directory.join(ledger_path);
    let folder = directory.join(FOLDER);
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot create folder `{}`", folder.display()))?;
    keep_out_of_git(&folder)?;
    let _lock = disk::lock(&path)?;
    let before = disk::read_if_there(&path)?;
    disk::replace(&path, before.as_deref(), text.as_bytes(), Audience::Owner)
}

/// Returns the file in which tokens are kept until the store has them.
#[must_use]
pub fn kept_file(ctx: &Context) -> FileStore {
    FileStore::in_directory(&ctx.directory, None)
}

/// Opens the store that the user or the root module chose; the runtime that it is used in must be running.
///
/// # Errors
///
/// When the store cannot be told or used.
pub async fn open(ctx: &Context, choice: &StoreChoice, deployment: Option<&Deployment>) -> anyhow::Result<Store> {
    Ok(Store::open(choice, deployment, &ctx.directory, &ctx.environment).await.map_err(failure)?)
}

/// Builds what the stores and the services are talked to in; a command that talks to nobody builds none.
///
/// # Errors
///
/// When the operating system refuses.
pub fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build().context("cannot prepare network input and output")
}

/// Turns a store's failure into a command's, with its exit status and its hint.
#[must_use]
pub fn failure(error: StoreError) -> Failure {
    let status = match error.kind {
        StoreErrorKind::Missing | StoreErrorKind::Unauthorized | StoreErrorKind::Forbidden => ExitStatus::Authorization,
        StoreErrorKind::Unusable => ExitStatus::Usage,
        StoreErrorKind::Unavailable => ExitStatus::Remote,
    };
    Failure { status, message: error.message, hint: error.hint, cause: error.cause }
}

/// Says what a delivery has not done: nothing to say when everything is stored.
///
/// # Errors
///
/// When the store failed; the message says what it has and what is kept, with status 5.
pub fn complete(ctx: &mut Context, store: &Store, kept: &FileStore, delivery: Delivery) -> anyhow::Result<Vec<SecretName>> {
    for note in &delivery.notes {
        ctx.say(format_args!("note: {note}"));
    }
    let Some(error) = delivery.failure else { return Ok(delivery.stored) };
    let stored =
        if delivery.stored.is_empty() { String::from("none is written") } else { format!("{} written", list(&delivery.stored)) };
    let message = format!(
        "cannot put every secret into {}: {stored}; {} kept in `{}`",
        store.describe(),
        list(&delivery.kept),
        kept.path().display()
    );
    Err(Failure::new(ExitStatus::PartWay, message)
        .because(failure(error))
        .hint("nothing is lost; run `tfhelper secrets push` to go on")
        .into())
}

/// The names with the verb that suits their number.
fn list(names: &[SecretName]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    format!("{} {}", quoted.join(", "), if names.len() == 1 { "is" } else { "are" })
}
