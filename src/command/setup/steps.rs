//! What is told on the way: numbered steps, what will be done, what the store holds.

use super::edit::PlannedEdit;
use super::root::Release;
use crate::command::context::Context;
use crate::report::printable;
use crate::secret::store::{Preflight, Store};
use crate::terraform::module_call::Host;

const BOLD: anstyle::Style = anstyle::Style::new().bold();
const GREEN: anstyle::Style = anstyle::AnsiColor::Green.on_default().bold();

/// The numbered steps on stderr.
#[derive(Default)]
pub(crate) struct Steps {
    number: u32,
}

impl Steps {
    /// Begins the next step.
    pub(crate) fn next(&mut self, ctx: &mut Context, title: &str) {
        self.number += 1;
        let gap = if self.number == 1 { "" } else { "\n" };
        ctx.note(format_args!("{gap}{BOLD}{}. {title}{BOLD:#}", self.number));
    }
}

/// Says what the root module is and what will be written.
pub(crate) fn show_work(ctx: &mut Context, release: &Release, host: Option<Host>, edits: &[PlannedEdit], scripts: &[String]) {
    let host = match host {
        Some(Host::Aws) => " on AWS",
        Some(Host::Gcp) => " on GCP",
        None => "",
    };
    let tag = release.tag();
    if release.is_assumed {
        done(ctx, &format!("psoxy{host}, in `{}`", ctx.directory.display()));
        ctx.note(format_args!("   No module source names a release; {tag} is assumed. Name another with --psoxy-release."));
    } else {
        done(ctx, &format!("psoxy {tag}{host}, in `{}`", ctx.directory.display()));
    }
    for edit in edits {
        done(ctx, &format!("`{}` will be set in `{}`", edit.home, edit.file));
    }
    for path in scripts {
        done(ctx, &format!("`{path}` will be written"));
    }
}

/// Says what the store holds now.
pub(crate) fn show_preflight(ctx: &mut Context, store: &Store, preflight: &Preflight) {
    let identity = preflight.identity.as_ref().map(|identity| format!(", as {identity}")).unwrap_or_default();
    done(ctx, &format!("secrets go to {}{identity}:", store.describe()));
    for (name, state) in &preflight.states {
        ctx.note(format_args!("       {} (now: {})", printable(name.as_str()), state.condition.word()));
    }
    for note in &preflight.notes {
        ctx.note(format_args!("   {}", printable(note)));
    }
}

/// Ticks something off.
pub(crate) fn done(ctx: &mut Context, text: &str) {
    ctx.note(format_args!("   {GREEN}✓{GREEN:#} {}", printable(text)));
}
