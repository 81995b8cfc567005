//! `--rehearse`: the very same job on a copy of the root module, against a stand-in for Jira Data Center on loopback.

use anyhow::Context as _;

use super::{Stage, job};
use crate::atlassian::data_center::Address;
use crate::atlassian::rehearsal::Rehearsal;
use crate::atlassian::rehearsal::knobs::Knobs;
use crate::cli::init_jira_server::InitJiraServerArgs;
use crate::command::context::Context;
use crate::command::failure::ExitStatus;
use crate::command::setup::copy::Original;
use crate::secret::store::StoreChoice;

/// Runs the job on a copy.
pub(super) async fn run(ctx: &mut Context, args: &InitJiraServerArgs) -> anyhow::Result<ExitStatus> {
    let knobs = Knobs::default();
    let token = knobs.data_center.tokens.first().context("the rehearsal knows no token")?.value.clone();
    let rehearsal = Rehearsal::start(knobs)?;
    let address = Address::parse(rehearsal.data_center_url()).map_err(|error| anyhow::anyhow!("{error}"))?;
    let original = Original::put_aside(ctx)?;
    let result = job(ctx, args, Some(Stage { address, token, secret_store: StoreChoice::File(None) })).await;
    original.take_back(ctx);
    result
}
