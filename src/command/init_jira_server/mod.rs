//! `tfhelper init-jira-server`: from a root module and a personal access token to `jira_server_url`, secret, test-call scripts
//! and a check.
//!
//! The token is tried out before anything is written: what Jira refuses never reaches the store.

mod finish;
mod plan;
mod refusal;
mod rehearse;
mod summary;
mod token;
mod verification;

use finish::Finish;
use inquire::Confirm;
use plan::Plan;
use summary::Summary;
use verification::Verification;

use crate::atlassian::client::Patience;
use crate::atlassian::client::data_center::DataCenterClient;
use crate::atlassian::data_center::Address;
use crate::cli::PlainFormat;
use crate::cli::init_jira_server::InitJiraServerArgs;
use crate::command::context::Context;
use crate::command::failure::ExitStatus;
use crate::command::secret_store;
use crate::command::setup::steps::{self, Steps, show_work};
use crate::command::setup::terminal::{interrupted, no_answer};
use crate::report::printable;
use crate::secret::Secret;
use crate::secret::state::{Condition, SecretState};
use crate::secret::store::{Preflight, Store, StoreChoice};

/// What the rehearsal brings along in place of the user.
struct Stage {
    address: Address,
    token: Secret,
    secret_store: StoreChoice,
}

/// Runs the job.
///
/// # Errors
///
/// When it could not be finished; once the secret is written, the error says what was done and which command goes on.
#[inline(never)] // Its frame is large, and every `check` would reserve it.
pub(super) fn run(ctx: &mut Context, args: &InitJiraServerArgs) -> anyhow::Result<ExitStatus> {
    secret_store::runtime()?.block_on(async {
        match args.rehearse {
            true => rehearse::run(ctx, args).await,
            false => job(ctx, args, None).await,
        }
    })
}

async fn job(ctx: &mut Context, args: &InitJiraServerArgs, stage: Option<Stage>) -> anyhow::Result<ExitStatus> {
    let mut steps = Steps::default();
    let now = ctx.now()?;
    let expires_at = args.expires.as_deref().map(|text| token::parse_expiry(text, now)).transpose()?;

    steps.next(ctx, "Root module");
    let plan = Plan::make(ctx, args, stage.as_ref()).await?;
    show_work(ctx, &plan.release, plan.host, &plan.edits, &plan.script_paths);
    let preflight = plan.store.preflight(&plan.names).await.map_err(secret_store::failure)?;
    show_preflight(ctx, &plan, &preflight);

    steps.next(ctx, "Jira");
    let mut client = DataCenterClient::new(plan.address.origin().clone(), Patience::default())?;
    let info = verification::identify(ctx, &client, &plan.address).await?;
    if args.dry_run && !token::is_given(args) && stage.is_none() {
        return finish_dry_run(ctx, args, &plan, None);
    }

    steps.next(ctx, "Personal access token");
    let token = match stage {
        Some(stage) => stage.token,
        None => token::gather(ctx, args)?,
    };
    client.hide(&token);
    let verification = Verification::make(ctx, &client, &token, info, expires_at).await?;
    if args.dry_run {
        return finish_dry_run(ctx, args, &plan, Some(&verification));
    }
    confirm(ctx, args, &preflight)?;

    let mut finish = Finish::new(ctx, args, &plan, steps, &verification);
    finish.store_secret(token).await;
    finish.edit_variables();
    finish.write_scripts();
    finish.check();
    finish.end()
}

/// Says what the store holds now.
fn show_preflight(ctx: &mut Context, plan: &Plan, preflight: &Preflight) {
    if matches!(plan.store, Store::Nowhere) {
        return ctx.note("   The token will be kept nowhere: --secret-store none.");
    }
    steps::show_preflight(ctx, &plan.store, preflight);
}

/// Asks before a token is replaced that a running proxy uses, where somebody can be asked.
fn confirm(ctx: &mut Context, args: &InitJiraServerArgs, preflight: &Preflight) -> anyhow::Result<()> {
    let is_live = |state: &SecretState| state.condition == Condition::Set;
    let Some((name, _)) = preflight.states.iter().find(|(_, state)| is_live(state)).filter(|_| !args.yes) else {
        return Ok(());
    };
    ctx.note(format_args!(
        "   `{}` holds a value already. It is replaced; a running proxy takes the new one within five minutes.",
        printable(name.as_str())
    ));
    if ctx.can_ask && !Confirm::new("Go on?").with_default(true).prompt().map_err(no_answer)? {
        return Err(interrupted().hint("nothing was changed").into());
    }
    Ok(())
}

/// Ends a dry run: what would happen, as the summary has it; without a token nothing is known of one.
fn finish_dry_run(
    ctx: &mut Context,
    args: &InitJiraServerArgs,
    plan: &Plan,
    verification: Option<&Verification>,
) -> anyhow::Result<ExitStatus> {
    let mut summary = Summary::new(plan, verification);
    summary.plan(plan);
    match args.format {
        PlainFormat::Json => ctx.print(summary.render_json()?)?,
        PlainFormat::Human => ctx.print(summary.render_human("Nothing was written. This is what would be:"))?,
    }
    Ok(ExitStatus::Done)
}
