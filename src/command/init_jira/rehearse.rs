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
use crate::disk;
use crate::report::printable;
use crate::secret::store::StoreChoice;

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
        (true, true) => Opener::Address,
        (true, false) if has_display(ctx) => Opener::Browser,
        (true | false, _) => Opener::Itself,
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

/// Whether a browser can show anything: the first command that a newcomer runs must not wait for one that cannot.
fn has_display(ctx: &Context) -> bool {
    let is_set = |name: &str| ctx.variable(name).is_some();
    cfg!(any(windows, target_os = "macos")) || ["DISPLAY", "WAYLAND_DISPLAY", "BROWSER"].into_iter().any(is_set)
}

/// Copies what Terraform reads by itself of a root module; not its state, its modules and its folders.
fn copy_root_module(directory: &Path) -> anyhow::Result<PathBuf> {
    let files = disk::read_root_module(directory)?;
    let copy = tempfile::Builder::new().prefix("tfhelper-rehearsal-").tempdir().context("cannot create a temporary folder")?;
    for file in files {
        fs::write(copy.path().join(&file.name), file.content?).with_context(|| format!("cannot copy `{}`", file.name))?;
    }
    Ok(copy.keep())
}
