//! `--rehearse`: the very same job on a copy of the root module, against a stand-in for Atlassian on loopback.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::consent::Opener;
use super::credentials::Credentials;
use super::{Stage, job};
use crate::atlassian::endpoint::{API_URL, AUTH_URL, Endpoints, SITE_URL};
use crate::atlassian::loopback::Listener;
use crate::atlassian::rehearsal::Rehearsal;
use crate::atlassian::rehearsal::knobs::{Answer, App, Knobs};
use crate::cli::InitJiraArgs;
use crate::command::{Context, ExitStatus, Failure};
use crate::report::printable;
use crate::secret::store::StoreChoice;

/// Files larger than this are no part of a root module.
const MAX_FILE: u64 = 16 * 1024 * 1024;

/// Runs the job on a copy.
pub(super) async fn run(ctx: &mut Context, args: &InitJiraArgs) -> anyhow::Result<ExitStatus> {
    let copy = copy_root_module(&ctx.directory)?;
    ctx.note(format_args!(
        "This is a rehearsal on a copy in `{}`. Your files stay as they are, and nothing leaves this machine.\n",
        printable(&copy.display().to_string())
    ));
    let (uri, listener) = Listener::bind_free_port("/psoxy-setup-callback")
        .await
        .map_err(|error| Failure::new(ExitStatus::Usage, "cannot find a free port on loopback").because(error))?;
    let app = App { redirect_uri: uri.as_str().to_owned(), ..App::default() };
    let credentials = Credentials { client_id: app.client_id.clone(), client_secret: app.client_secret.clone() };
    let opener = match (ctx.can_ask, args.no_browser) {
        (true, false) => Opener::Browser,
        (true, true) => Opener::Address,
        (false, _) => Opener::Itself,
    };
    let answer = if opener == Opener::Itself { Answer::Accept } else { Answer::Ask };
    let rehearsal = Rehearsal::start(Knobs { app, answer, ..Knobs::default() })?;
    let endpoints = Endpoints::from_variables(|name| match name {
        AUTH_URL => Some(rehearsal.auth_url().to_owned()),
        API_URL => Some(rehearsal.api_url().to_owned()),
        SITE_URL => Some(rehearsal.site_url()),
        _ => None,
    })
    .map_err(anyhow::Error::msg)?;
    let stage = Stage {
        endpoints,
        opener,
        credentials: Some(credentials),
        redirection: Some((uri, listener)),
        secret_store: Some(StoreChoice::File(None)),
    };
    let original = std::mem::replace(&mut ctx.directory, copy);
    let result = job(ctx, args, stage).await;
    let copy = std::mem::replace(&mut ctx.directory, original);
    ctx.note(format_args!("\nThe rehearsal's copy is in `{}`.", printable(&copy.display().to_string())));
    result
}

/// Copies what Terraform reads of a root module; not its state, its modules and its folders.
fn copy_root_module(directory: &Path) -> anyhow::Result<PathBuf> {
    let cannot_read = || format!("cannot read root module `{}`", directory.display());
    let copy = tempfile::Builder::new().prefix("tfhelper-rehearsal-").tempdir().context("cannot create a temporary folder")?;
    for entry in fs::read_dir(directory).with_context(cannot_read)? {
        let entry = entry.with_context(cannot_read)?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let is_read = [".tf", ".tf.json", ".tfvars", ".tfvars.json"].iter().any(|end| name.ends_with(end));
        // The link's target counts, as it does for Terraform.
        let Ok(metadata) = fs::metadata(entry.path()) else { continue };
        if is_read && metadata.is_file() && metadata.len() <= MAX_FILE {
            let text = fs::read(entry.path()).with_context(|| format!("cannot read `{}`", entry.path().display()))?;
            fs::write(copy.path().join(&name), text).with_context(|| format!("cannot copy `{name}`"))?;
        }
    }
    Ok(copy.keep())
}
