//! What is told on the way: the plan, what the consent gave, and the question before anything is done.

use super::plan::Plan;
use super::summary::Summary;
use crate::atlassian::authorization::{RedirectionUri, Scopes};
use crate::atlassian::site::Site;
use crate::cli::PlainFormat;
use crate::cli::init_jira::InitJiraArgs;
use crate::command::context::Context;
use crate::command::failure::ExitStatus;
use crate::command::secrets;
use crate::command::setup::edit;
use crate::command::setup::steps::{self, done};
use crate::command::setup::summary::SecretSummary;
use crate::report::printable;
use crate::secret::store::Preflight;

/// Says what the store holds now.
pub(super) fn show_preflight(ctx: &mut Context, plan: &Plan, preflight: &Preflight) {
    if plan.keeps_secrets() {
        return steps::show_preflight(ctx, &plan.store, preflight);
    }
    ctx.note("   The secrets will be kept nowhere: --secret-store none. The refresh token will be lost when tfhelper ends.");
}

/// Says what has to be set up by hand in the developer console.
pub(super) fn show_app(ctx: &mut Context, plan: &Plan, uri: &RedirectionUri) {
    ctx.note("\n   The app at https://developer.atlassian.com/console/myapps/ needs, byte for byte:");
    ctx.note(format_args!("       Authorization, Callback URL: {}", printable(uri.as_str())));
    for scope in plan.connector.scopes(&plan.release.version) {
        // `offline_access` is in no list of the console: the authorization request asks for it.
        let Some(place) = scope.console.place() else { continue };
        ctx.note(format_args!("       {place}: {}", scope.name));
    }
}

/// Says what the consent gave.
pub(super) fn show_grant(ctx: &mut Context, site: &Site, granted: &Scopes, required: usize) {
    done(ctx, &format!("site {}", super::grant::describe(site)));
    done(ctx, &format!("all {required} scopes granted: {granted}"));
}

/// Asks before the browser opens, where a refresh token would be replaced that a running proxy may be using.
///
/// # Errors
///
/// When nobody can be asked, or the answer is no.
pub(super) fn confirm(ctx: &mut Context, args: &InitJiraArgs, plan: &Plan, preflight: &Preflight) -> anyhow::Result<()> {
    let Some(name) = plan.store.live_refresh_token(preflight) else { return Ok(()) };
    ctx.note(format_args!(
        "   `{}` holds a value already. It is replaced after the consent; a running proxy takes the new one within five minutes.",
        printable(name.as_str())
    ));
    secrets::confirm_replacing(ctx, name, args.yes)
}

/// Ends a dry run: what would happen, as the summary has it.
pub(super) fn finish_dry_run(
    ctx: &mut Context,
    args: &InitJiraArgs,
    plan: &Plan,
    cloud_id: Option<&str>,
) -> anyhow::Result<ExitStatus> {
    let mut summary = Summary::new(Some(plan.release.tag()));
    summary.cloud_id = cloud_id.map(String::from);
    if !args.no_oauth {
        summary.require(plan.connector.scopes(&plan.release.version));
    }
    summary.edits = plan.edits.iter().map(|planned| edit::preview(planned, cloud_id)).collect();
    summary.secrets = plan.names.iter().map(|name| SecretSummary::new(name, &plan.store, "planned")).collect();
    summary.scripts = plan.script_paths.clone();
    summary.next.push(String::from("run the same command without --dry-run"));
    match args.format {
        PlainFormat::Json => ctx.print(summary.render_json()?)?,
        PlainFormat::Human => ctx.print(summary.render_human("Nothing was written. This is what would be:"))?,
    }
    Ok(ExitStatus::Done)
}
