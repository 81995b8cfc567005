//! `tfhelper secrets list|push`: what the secret store holds, never the values; and kept secrets on their way into it.

use inquire::InquireError;
use serde::Serialize;

use super::context::Context;
use super::failure::{ExitStatus, Failure};
use super::root_module::load;
use super::secret_store::{self, complete, enabled_connectors, failure, kept_file};
use crate::cli::PlainFormat;
use crate::cli::secrets::SecretsCommand;
use crate::report::printable;
use crate::secret::delivery::{Consent, deliver};
use crate::secret::deployment::Deployment;
use crate::secret::name::SecretName;
use crate::secret::state::SecretState;
use crate::secret::store::{Store, StoreChoice};

/// Version of the JSON documents.
const FORMAT_VERSION: &str = "1.0";

/// Runs `tfhelper secrets`.
///
/// # Errors
///
/// When the root module cannot be read, or the store cannot be used.
#[inline(never)] // Its frame is large, and every `check` would reserve it.
pub fn run(ctx: &mut Context, command: SecretsCommand) -> anyhow::Result<ExitStatus> {
    match command {
        SecretsCommand::List { variables, secret_store, format } => {
            let root = load(ctx, &variables, None)?;
            let deployment = secret_store::deployment(&root);
            let connectors = enabled_connectors(&root.inputs);
            let names = match &deployment {
                Some(deployment) => connectors.iter().flat_map(|connector| secret_store::names(deployment, connector)).collect(),
                None => Vec::new(),
            };
            secret_store::runtime()?.block_on(list(ctx, &secret_store, deployment.as_ref(), &names, format))
        }
        SecretsCommand::Push { variables, secret_store, yes, format } => {
            let root = load(ctx, &variables, None)?;
            let deployment = secret_store::deployment(&root);
            secret_store::runtime()?.block_on(push(ctx, &secret_store, deployment.as_ref(), yes, format))
        }
    }
}

/// `secrets list --format json`.
#[derive(Serialize)]
struct ListDocument<'a> {
    format_version: &'a str,
    store: &'a str,
    place: String,
    secrets: Vec<ListedSecret<'a>>,
    kept: Vec<&'a str>,
}

/// One secret of the list.
#[derive(Serialize)]
struct ListedSecret<'a> {
    name: &'a str,
    connector: &'a str,
    variable: &'a str,
    state: &'a str,
    form: Option<&'a str>,
    version: Option<&'a str>,
    newest_version: Option<&'a str>,
    changed_at: Option<String>,
}

async fn list(
    ctx: &mut Context,
    choice: &StoreChoice,
    deployment: Option<&Deployment>,
    names: &[SecretName],
    format: PlainFormat,
) -> anyhow::Result<ExitStatus> {
    let store = secret_store::open(ctx, choice, deployment).await?;
    let mut states = Vec::new();
    for name in names {
        states.push((name.clone(), store.state(name).await.map_err(failure)?));
    }
    let kept = kept_file(ctx).read().map_err(failure)?;
    match format {
        PlainFormat::Json => {
            let document = ListDocument {
                format_version: FORMAT_VERSION,
                store: store.word(),
                place: store.describe(),
                secrets: states.iter().map(|(name, state)| listed(name, state)).collect(),
                kept: kept.iter().map(|(name, _)| name.as_str()).collect(),
            };
            ctx.print(serde_json::to_string_pretty(&document)?)?;
        }
        PlainFormat::Human => {
            ctx.note(format_args!("{}", printable(&store.describe())));
            for line in table(&states) {
                ctx.print(line)?;
            }
            if states.is_empty() {
                ctx.note("No connector of Jira is enabled, so there are no secrets to list.");
            }
            for (name, _) in &kept {
                ctx.note(format_args!("kept in {}: {name}", kept_file(ctx).path().display()));
            }
        }
    }
    Ok(ExitStatus::Done)
}

fn listed<'a>(name: &'a SecretName, state: &'a SecretState) -> ListedSecret<'a> {
    ListedSecret {
        name: name.as_str(),
        connector: name.connector(),
        variable: name.variable(),
        state: state.condition.word(),
        form: state.form.map(crate::secret::state::Form::word),
        version: state.version.as_deref(),
        newest_version: state.newest_version.as_deref(),
        changed_at: state.changed_at.map(|at| at.to_string()),
    }
}

/// The states as aligned lines, a head first.
fn table(states: &[(SecretName, SecretState)]) -> Vec<String> {
    let mut rows = vec![["NAME", "STATE", "VERSION", "LAST CHANGE"].map(str::to_owned)];
    for (name, state) in states {
        let version = match (&state.version, &state.newest_version) {
            (Some(read), Some(newest)) => format!("{read} (newest: {newest})"),
            (Some(read), None) => read.clone(),
            (None, _) => String::from("-"),
        };
        let changed_at = state.changed_at.map_or_else(|| String::from("-"), |at| at.strftime("%Y-%m-%d %H:%M UTC").to_string());
        rows.push([
            printable(name.as_str()).into_owned(),
            state.condition.word().to_owned(),
            printable(&version).into_owned(),
            changed_at,
        ]);
    }
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let [name, state, version] = [0, 1, 2].map(width);
    rows.iter().map(|row| format!("{:name$}  {:state$}  {:version$}  {}", row[0], row[1], row[2], row[3])).collect()
}

/// `secrets push --format json`.
#[derive(Serialize)]
struct PushDocument<'a> {
    format_version: &'a str,
    store: &'a str,
    place: String,
    secrets: Vec<PushedSecret<'a>>,
}

/// One secret that was moved.
#[derive(Serialize)]
struct PushedSecret<'a> {
    name: &'a str,
    status: &'a str,
}

async fn push(
    ctx: &mut Context,
    choice: &StoreChoice,
    deployment: Option<&Deployment>,
    yes: bool,
    format: PlainFormat,
) -> anyhow::Result<ExitStatus> {
    let kept = kept_file(ctx);
    // Several deployments may share a directory, each with names of its own: those of the others stay where they are.
    let is_ours = |name: &SecretName| deployment.is_none_or(|d| d.naming().name(name.connector(), name.variable()) == *name);
    let (secrets, others): (Vec<_>, Vec<_>) = kept.read().map_err(failure)?.into_iter().partition(|(name, _)| is_ours(name));
    for (name, _) in &others {
        ctx.say(format_args!(
            "note: `{}` stays in the file: the root module, as its variables are now, has no such name.",
            printable(name.as_str())
        ));
    }
    let store = secret_store::open(ctx, choice, deployment).await?;
    let mut stored = Vec::new();
    if secrets.is_empty() {
        ctx.note(format_args!("Nothing is kept in `{}`.", kept.path().display()));
    } else {
        let names: Vec<SecretName> = secrets.iter().map(|(name, _)| name.clone()).collect();
        refuse_places_that_keep_nothing(&store, &kept)?;
        let preflight = store.preflight(&names).await.map_err(failure)?;
        if let Some(identity) = &preflight.identity {
            ctx.note(format_args!("Writing to {} as {}", printable(&store.describe()), printable(identity)));
        }
        for note in &preflight.notes {
            ctx.note(format_args!("note: {}", printable(note)));
        }
        if let Some(live) = store.live_refresh_token(&preflight) {
            confirm_replacing(ctx, live, yes)?;
        }
        let delivery = deliver(&store, &kept, secrets, consent(ctx)).await.map_err(failure)?;
        stored = complete(ctx, &store, &kept, delivery)?;
    }
    match format {
        PlainFormat::Json => {
            let document = PushDocument {
                format_version: FORMAT_VERSION,
                store: store.word(),
                place: store.describe(),
                secrets: stored.iter().map(|name| PushedSecret { name: name.as_str(), status: "stored" }).collect(),
            };
            ctx.print(serde_json::to_string_pretty(&document)?)?;
        }
        PlainFormat::Human => {
            for name in &stored {
                ctx.print(format_args!("stored {}", printable(name.as_str())))?;
            }
        }
    }
    Ok(ExitStatus::Done)
}

/// Pushing takes the secrets out of the file: into itself, or into nothing, they would be lost.
fn refuse_places_that_keep_nothing(store: &Store, kept: &crate::secret::file::FileStore) -> anyhow::Result<()> {
    let is_itself = matches!(store, Store::File(file) if file == kept);
    if is_itself || matches!(store, Store::Nowhere) {
        let message = format!("cannot push the secrets into {}: that is no other place than where they are", store.describe());
        return Err(Failure::new(ExitStatus::Usage, message)
            .hint("leave --secret-store out to push into the root module's store")
            .into());
    }
    Ok(())
}

/// Asks before a refresh token is replaced that a running proxy may be using.
///
/// # Errors
///
/// When nobody can be asked, or the answer is no.
pub fn confirm_replacing(ctx: &Context, live: &SecretName, yes: bool) -> anyhow::Result<()> {
    if yes {
        return Ok(());
    }
    let hint = "add --yes to replace it; the proxy then goes on with the new consent";
    if !ctx.can_ask {
        let message =
            format!("cannot replace `{live}` without being told to: it holds a refresh token that the proxy may be using");
        return Err(Failure::new(ExitStatus::Usage, message).hint(hint).into());
    }
    let question = format!("`{live}` holds a refresh token that the proxy may be using. Replace it?");
    let answer = inquire::Confirm::new(&question).with_default(false).prompt().map_err(|error| match error {
        InquireError::OperationInterrupted => Failure::new(ExitStatus::Interrupted, "interrupted").hint("nothing was changed"),
        other => Failure::new(ExitStatus::Usage, "cannot ask for an answer").because(other).hint(hint),
    })?;
    if answer {
        return Ok(());
    }
    Err(Failure::new(ExitStatus::Usage, format!("`{live}` is left as it is")).hint(hint).into())
}

/// The consent behind the secrets, where the ledger tells; a broken ledger must not keep the secrets from the store.
fn consent(ctx: &Context) -> Option<Consent> {
    let family = secret_store::read_ledger(&ctx.directory).ok()??.token_family;
    Some(Consent { given_at: family.consented_at, ends_at: family.expires_at() })
}
