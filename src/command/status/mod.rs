//! `tfhelper status`: what is done, what comes next, and when the consent runs out.
//!
//! Without `--online` it reads files alone. It never refreshes a token: that would take it from the running proxy.

mod evidence;
mod personal_access_token;
mod render;
mod steps;

use self::evidence::{Evidence, StoreEvidence};
use self::personal_access_token::TokenEvidence;
use super::context::Context;
use super::failure::ExitStatus;
use super::root_module::load;
use super::secret_store::{self, enabled_connectors, failure, kept_file, read_ledger, read_token_ledger};
use crate::cli::PlainFormat;
use crate::cli::status::StatusArgs;
use crate::connector::{Connector, NEWEST_RELEASE, jira_cloud, jira_server};
use crate::secret::deployment::Deployment;
use crate::secret::name::SecretName;
use crate::secret::store::StoreChoice;
use crate::terraform::input::Inputs;
use crate::terraform::version::Version;

/// Runs `tfhelper status`.
///
/// # Errors
///
/// When the root module or the ledger cannot be read.
#[inline(never)] // Its frame is large, and every `check` would reserve it.
pub fn run(ctx: &mut Context, args: &StatusArgs) -> anyhow::Result<ExitStatus> {
    let root = load(ctx, &args.variables, None)?;
    let connector = &jira_cloud::CONNECTOR;
    let ledger = read_ledger(&ctx.directory)?;
    let is_enabled = |id: &str| enabled_connectors(&root.inputs).iter().any(|enabled| enabled.id == id);
    let has_data_center = is_enabled(jira_server::CONNECTOR.id);
    // Where Data Center alone is connected, the way to Jira Cloud is of no interest.
    let has_cloud = ledger.is_some() || is_enabled(connector.id) || !has_data_center;
    if ledger.is_none() && !is_enabled(connector.id) && has_cloud {
        ctx.note("`jira-cloud` is not among enabled_connectors; this is the way to it.");
    }
    let release = root.root_module.psoxy_release().cloned().unwrap_or(NEWEST_RELEASE);
    let deployment = secret_store::deployment(&root);
    let kept = kept_file(ctx).read().map_err(failure)?.into_iter().map(|(name, _)| name);
    let (kept_token, kept): (Vec<SecretName>, Vec<SecretName>) =
        kept.partition(|name| name.connector() == jira_server::CONNECTOR.id);
    let ask = |connector| match args.online {
        true => ask_store(ctx, &args.secret_store, deployment.as_ref(), connector),
        false => Ok(StoreEvidence::NotAsked),
    };
    let now = ctx.now()?;
    let evidence = Evidence {
        ledger,
        required: connector.scopes(&release).iter().map(|scope| scope.name).collect(),
        cloud_id: cloud_id(&root.inputs, &release),
        kept,
        store: if has_cloud { ask(connector)? } else { StoreEvidence::NotAsked },
        now,
    };
    let token = if has_data_center {
        let ledger = read_token_ledger(&ctx.directory)?;
        Some(TokenEvidence { ledger, kept: kept_token.into_iter().next(), store: ask(&jira_server::CONNECTOR)?, now })
    } else {
        None
    };
    let warn_days = i64::from(args.warn_days);
    let steps = if has_cloud { steps::judge(&evidence) } else { Vec::new() };
    let next = steps::next(&evidence, &steps, warn_days).or_else(|| token.as_ref()?.next(warn_days));
    match args.format {
        PlainFormat::Json => ctx.print(render::json(&evidence, token.as_ref(), &steps, next.as_ref(), warn_days)?)?,
        PlainFormat::Human => {
            for line in render::human(&evidence, token.as_ref(), &steps, next.as_ref(), warn_days) {
                ctx.print(line)?;
            }
        }
    }
    let consent_runs_out = evidence.consent().is_some_and(|consent| consent.certain_days_left(now) < warn_days);
    let token_runs_out = token.is_some_and(|token| token.runs_out(warn_days));
    Ok(if consent_runs_out || token_runs_out { ExitStatus::Findings } else { ExitStatus::Done })
}

/// The cloud ID that psoxy would use; none for a placeholder.
fn cloud_id(inputs: &Inputs, release: &Version) -> Option<String> {
    let setting = &jira_cloud::CLOUD_ID;
    let value_of = |home: crate::connector::setting::Home| {
        let value = &inputs.value(home.variable())?.value;
        match home.key() {
            None => value.as_str(),
            Some(key) => value.as_mapping()?.get(key)?.as_str(),
        }
    };
    let set = setting.homes(release).into_iter().filter_map(value_of).find(|value| !value.is_empty())?;
    (!setting.is_placeholder(set)).then(|| set.to_owned())
}

/// Asks the store for what the operator fills in; that it cannot be asked is evidence too, and no failure.
fn ask_store(
    ctx: &Context,
    choice: &StoreChoice,
    deployment: Option<&Deployment>,
    connector: &Connector,
) -> anyhow::Result<StoreEvidence> {
    let Some(deployment) = deployment else {
        return Ok(StoreEvidence::Unreachable(String::from("the root module calls no module of psoxy for AWS or GCP")));
    };
    let names = secret_store::names_to_fill(Some(deployment), connector, false);
    Ok(match secret_store::runtime()?.block_on(secret_store::ask(&ctx.directory, &ctx.environment, choice, deployment, &names)) {
        Ok((place, states)) => StoreEvidence::Known { place, states },
        Err(why) => StoreEvidence::Unreachable(why),
    })
}
