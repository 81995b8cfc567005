//! What is told on the way: numbered steps, the plan, and the question before anything is done.

use super::plan::Plan;
use super::{edit, summary::Summary};
use crate::atlassian::authorization::{RedirectionUri, Scopes};
use crate::atlassian::site::Site;
use crate::cli::{InitJiraArgs, PlainFormat};
use crate::command::{Context, ExitStatus, secrets};
use crate::report::printable;
use crate::secret::store::Preflight;
use crate::terraform::module_call::Host;

const BOLD: anstyle::Style = anstyle::Style::new().bold();
const GREEN: anstyle::Style = anstyle::AnsiColor::Green.on_default().bold();

/// The numbered steps on stderr.
#[derive(Default)]
pub(super) struct Steps {
    number: u32,
}

impl Steps {
    /// Begins the next step.
    pub(super) fn next(&mut self, ctx: &mut Context, title: &str) {
        self.number += 1;
        let gap = if self.number == 1 { "" } else { "\n" };
        ctx.note(format_args!("{gap}{BOLD}{}. {title}{BOLD:#}", self.number));
    }

    /// Says what the root module is and what will be written.
    pub(super) fn show_plan(&self, ctx: &mut Context, plan: &Plan) {
        let host = match plan.host {
            Some(Host::Aws) => " on AWS",
            Some(Host::Gcp) => " on GCP",
            None => "",
        };
        match plan.named_release {
            Some(_) => done(ctx, &format!("psoxy {}{host}, in `{}`", plan.release_tag(), ctx.directory.display())),
            None => {
                done(ctx, &format!("psoxy{host}, in `{}`", ctx.directory.display()));
                let tag = plan.release_tag();
                ctx.note(format_args!(
                    "   No module source names a release; {tag} is assumed. Name another with --psoxy-release."
                ));
            }
        }
        for edit in &plan.edits {
            done(ctx, &format!("`{}` will be set in `{}`", edit.home, edit.file));
        }
        for path in plan.script_paths() {
            done(ctx, &format!("`{path}` will be written"));
        }
    }

    /// Says what the store holds now.
    pub(super) fn show_preflight(&self, ctx: &mut Context, plan: &Plan, preflight: &Preflight) {
        if !plan.keeps_secrets() {
            ctx.note(
                "   The secrets will be kept nowhere: --secret-store none. The refresh token will be lost when tfhelper ends.",
            );
            return;
        }
        let identity = preflight.identity.as_ref().map(|identity| format!(", as {identity}")).unwrap_or_default();
        done(ctx, &format!("secrets go to {}{identity}:", plan.store.describe()));
        for (name, state) in &preflight.states {
            ctx.note(format_args!("       {} (now: {})", printable(name.as_str()), state.condition.word()));
        }
        for note in &preflight.notes {
            ctx.note(format_args!("   {}", printable(note)));
        }
    }

    /// Says what has to be set up by hand in the developer console.
    pub(super) fn show_app(&self, ctx: &mut Context, plan: &Plan, uri: &RedirectionUri) {
        ctx.note("\n   The app at https://developer.atlassian.com/console/myapps/ needs, byte for byte:");
        ctx.note(format_args!("       Authorization, Callback URL: {}", printable(uri.as_str())));
        for scope in plan.connector.scopes(&plan.release) {
            // `offline_access` is in no list of the console: the authorization request asks for it.
            let Some(place) = scope.console.place() else { continue };
            ctx.note(format_args!("       {place}: {}", scope.name));
        }
    }

    /// Says what the consent gave.
    pub(super) fn show_grant(&self, ctx: &mut Context, site: &Site, granted: &Scopes, required: usize) {
        done(ctx, &format!("site {}", super::grant::describe(site)));
        done(ctx, &format!("all {required} scopes granted: {granted}"));
    }
}

/// Ticks something off.
pub(super) fn done(ctx: &mut Context, text: &str) {
    ctx.note(format_args!("   {GREEN}✓{GREEN:#} {}", printable(text)));
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
    let mut summary = Summary::new(Some(plan.release_tag()));
    summary.cloud_id = cloud_id.map(String::from);
    if !args.no_oauth {
        summary.require(plan.connector.scopes(&plan.release));
    }
    summary.edits = plan.edits.iter().map(|planned| edit::preview(planned, args, cloud_id)).collect();
    summary.secrets = plan.names.iter().map(|name| super::summary::SecretSummary::new(name, &plan.store, "planned")).collect();
    summary.scripts = plan.script_paths().collect();
    summary.next.push(String::from("run the same command without --dry-run"));
    match args.format {
        PlainFormat::Json => ctx.print(summary.render_json()?)?,
        PlainFormat::Human => ctx.print(summary.render_human("Nothing was written. This is what would be:"))?,
    }
    Ok(ExitStatus::Done)
}
