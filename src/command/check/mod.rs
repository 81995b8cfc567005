//! `tfhelper check`: finds the root modules, judges each, reports.

mod gate;
mod judge;
mod online;
pub(super) mod output;
mod target;

use std::fs::File;
use std::path::Path;

use anyhow::Context as _;
use jiff::Timestamp;

use self::gate::Verdict;
use self::judge::{Judge, Judged};
use super::context::Context;
use super::failure::{ExitStatus, Failure};
use crate::atlassian::authorization::Scopes;
use crate::check::{self, GrantedScopes, ScopeSource, access_token_form, secret_value, secret_version};
use crate::cli::check::{CheckArgs, FailOn};
use crate::connector;
use crate::report::{Counts, Report, printable_name};
use crate::terraform::plan::Plan;

/// Runs the command.
///
/// # Errors
///
/// When an option names what does not exist, a root module's directory or the plan cannot be read, or the report cannot be
/// written.
pub fn run(ctx: &mut Context, args: &CheckArgs) -> anyhow::Result<ExitStatus> {
    let Examined { report, verdicts, now } = examine(ctx, args)?;
    output::write(ctx, args, &report)?;
    if args.gate {
        gate::write(&verdicts, now)?;
    }
    Ok(status(report.counts(), args.fail_on))
}

/// Judges before terraform runs. What it finds is shown beside terraform's output, never in it.
///
/// Returns the exit status when the findings are to stop terraform.
///
/// # Errors
///
/// As [`run`].
pub(super) fn run_before_terraform(ctx: &mut Context, args: &CheckArgs) -> anyhow::Result<Option<ExitStatus>> {
    let report = examined(ctx, args)?;
    let Counts { errors, warnings, .. } = report.counts();
    if errors + warnings > 0 {
        output::show(ctx, &report);
    }
    let status = status(report.counts(), args.fail_on);
    Ok((status != ExitStatus::Done).then_some(status))
}

/// Judges, and leaves it to the caller to report.
///
/// # Errors
///
/// As [`run`].
pub(super) fn examined(ctx: &mut Context, args: &CheckArgs) -> anyhow::Result<Report> {
    Ok(examine(ctx, args)?.report)
}

/// What was found, and what the gates are to say of it.
struct Examined {
    report: Report,
    verdicts: Vec<Verdict>,
    now: Timestamp,
}

fn examine(ctx: &mut Context, args: &CheckArgs) -> anyhow::Result<Examined> {
    judge_names(args)?;
    let plan = args.plan.as_deref().map(read_plan).transpose()?;
    let targets = target::find(ctx, args)?;
    for note in &targets.notes {
        ctx.note(printable_name(note));
    }
    let mut judge = Judge::new(ctx, args, plan.as_ref())?;
    judge.ends_process = !targets.is_recursive;
    if args.online {
        online::ask_atlassian(ctx, args, &mut judge)?;
    }
    let mut report = Report { modules: Vec::new(), is_recursive: targets.is_recursive };
    let mut verdicts = Vec::new();
    for Judged { directory, report: module, gate } in judge.all(&targets)? {
        let counts = module.counts();
        let is_passed = status(counts, args.fail_on) == ExitStatus::Done;
        verdicts.push(Verdict { directory, digest: gate, counts, is_passed });
        report.modules.push(module);
    }
    Ok(Examined { report, verdicts, now: judge.now })
}

/// Judges the root module of the context at the end of a command that set it up, and shows the findings beside the
/// command's own notes; `granted` are the scopes of the consent that was just given.
///
/// What takes the store's word is left out: the command itself has asked the store, and wrote to it since.
///
/// # Errors
///
/// When the root module's directory cannot be read.
pub fn run_after_setup(ctx: &mut Context, granted: Option<Scopes>) -> anyhow::Result<Counts> {
    let of_store = [access_token_form::CHECK, secret_value::CHECK, secret_version::CHECK];
    let args = CheckArgs { skipped: of_store.map(|check| check.id.to_owned()).into(), ..CheckArgs::default() };
    let mut judge = Judge::new(ctx, &args, None)?;
    judge.granted_scopes = granted.map(|scopes| GrantedScopes { scopes, source: ScopeSource::Ledger });
    let judged = judge.module(&ctx.directory)?;
    let report = Report { modules: vec![judged.report], is_recursive: false };
    output::show(ctx, &report);
    Ok(report.counts())
}

/// The exit status for these findings.
pub(super) fn status(counts: Counts, fail_on: FailOn) -> ExitStatus {
    let is_failure = match fail_on {
        FailOn::Error => counts.errors > 0,
        FailOn::Warning => counts.errors + counts.warnings > 0,
    };
    if is_failure { ExitStatus::Findings } else { ExitStatus::Done }
}

/// Every check and connector that an option names has to be there.
fn judge_names(args: &CheckArgs) -> anyhow::Result<()> {
    if let Some(id) = args.checks.iter().chain(&args.skipped).find(|id| check::find(id).is_none()) {
        let known: Vec<&str> = check::ALL.iter().map(|check| check.id).collect();
        let failure = Failure::new(ExitStatus::Usage, format!("cannot find check `{id}`"));
        return Err(failure.hint(format!("the checks are: {}", known.join(", "))).into());
    }
    if let Some(id) = args.connectors.iter().find(|id| connector::find(id).is_none()) {
        let known: Vec<&str> = connector::ALL.iter().map(|connector| connector.id).collect();
        let failure = Failure::new(ExitStatus::Usage, format!("cannot find connector `{id}`"));
        return Err(failure.hint(format!("the connectors are: {}", known.join(", "))).into());
    }
    Ok(())
}

/// Reads `--plan FILE`; `-` is standard input.
fn read_plan(path: &Path) -> anyhow::Result<Plan> {
    let read = if path == Path::new("-") {
        Plan::read(std::io::stdin().lock())
    } else {
        Plan::read(File::open(path).with_context(|| format!("cannot read the plan `{}`", path.display()))?)
    };
    read.map_err(|why| {
        let failure = Failure::new(ExitStatus::Usage, format!("cannot use `{}` as a plan", path.display()));
        failure.hint("make one with `terraform plan -out=FILE` and `terraform show -json FILE`").because(why).into()
    })
}
