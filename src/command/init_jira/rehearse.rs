//! `--rehearse`: the very same job on a copy of the root module, against a stand-in for Atlassian on loopback.

use super::consent::Opener;
use super::credentials::Credentials;
use super::{Stage, job};
use crate::atlassian::endpoint::{API_URL, AUTH_URL, Endpoints, SITE_URL};
use crate::atlassian::loopback::Listener;
use crate::atlassian::rehearsal::Rehearsal;
use crate::atlassian::rehearsal::knobs::{Answer, App, Knobs};
use crate::cli::init_jira::InitJiraArgs;
use crate::command::context::Context;
use crate::command::failure::{ExitStatus, Failure};
use crate::command::setup::copy::Original;
use crate::secret::store::StoreChoice;

/// Runs the job on a copy.
pub(super) async fn run(ctx: &mut Context, args: &InitJiraArgs) -> anyhow::Result<ExitStatus> {
    let original = Original::put_aside(ctx)?;
    let result = job_on_copy(ctx, args).await;
    original.take_back(ctx);
    result
}

async fn job_on_copy(ctx: &mut Context, args: &InitJiraArgs) -> anyhow::Result<ExitStatus> {
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
    job(ctx, args, stage).await
}

/// Whether a browser can show anything: the first command that a newcomer runs must not wait for one that cannot.
fn has_display(ctx: &Context) -> bool {
    let is_set = |name: &str| ctx.variable(name).is_some();
    cfg!(any(windows, target_os = "macos")) || ["DISPLAY", "WAYLAND_DISPLAY", "BROWSER"].into_iter().any(is_set)
}
