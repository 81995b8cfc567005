//! `--online`: what Atlassian says of an access token.
//!
//! Only reads, and never a refresh: a refresh token that is used here would be dead for the proxy.

use super::judge::Judge;
use crate::atlassian::client::{Client, Patience};
use crate::atlassian::endpoint::Endpoints;
use crate::atlassian::site::Site;
use crate::check::assignment::{Effective, effective};
use crate::check::{Facts, GrantedScopes, ScopeSource};
use crate::cli::check::CheckArgs;
use crate::command::context::Context;
use crate::command::failure::{ExitStatus, Failure};
use crate::command::secret_store;
use crate::connector;
use crate::connector::setting::SettingKind;
use crate::disk;
use crate::secret::Secret;

/// What Atlassian says of an access token.
pub(super) struct Online {
    sites: Vec<Site>,
}

impl Online {
    /// The scopes granted for the site that the root module names; no site of that cloud ID has none.
    pub(super) fn granted_scopes(&self, facts: &Facts) -> Option<GrantedScopes> {
        let mut settings = facts.connectors.iter().filter_map(|id| connector::find(id)).flat_map(|connector| connector.settings);
        let setting = settings.find(|setting| setting.kind == SettingKind::CloudId)?;
        let Effective::Value(_, cloud_id) = effective(facts, setting) else { return None };
        let site = self.sites.iter().find(|site| site.cloud_id.eq_ignore_ascii_case(cloud_id));
        let scopes = site.map(|site| site.scopes.clone()).unwrap_or_default();
        Some(GrantedScopes { scopes, source: ScopeSource::AccessibleResources })
    }
}

/// Asks Atlassian once what the access token reaches; without a token nothing is asked, and the checks say so.
pub(super) fn ask_atlassian(ctx: &Context, args: &CheckArgs, judge: &mut Judge<'_>) -> anyhow::Result<()> {
    let Some(token) = access_token(ctx, args)? else { return Ok(()) };
    let endpoints = Endpoints::from_variables(|name| ctx.variable(name).map(String::from))
        .map_err(|why| Failure::new(ExitStatus::Usage, why))?;
    let mut client = Client::new(endpoints, Patience::default())?;
    client.hide(&token);
    let sites = secret_store::runtime()?.block_on(client.fetch_sites(&token));
    let sites = sites.map_err(|error| {
        let (status, hint) = match error.status() {
            Some(401 | 403) => {
                (ExitStatus::Authorization, "an access token lives for an hour; take a new one from `tfhelper init-jira`")
            }
            _ => (ExitStatus::Remote, "try again, or leave --online out"),
        };
        Failure::new(status, "cannot ask Atlassian what was granted").hint(hint).because(error)
    })?;
    judge.online = Some(Online { sites });
    Ok(())
}

/// The access token of `--access-token-file`, else of `JIRA_ACCESS_TOKEN`.
fn access_token(ctx: &Context, args: &CheckArgs) -> anyhow::Result<Option<Secret>> {
    let Some(path) = &args.access_token_file else {
        return Ok(ctx.variable("JIRA_ACCESS_TOKEN").map(Secret::new));
    };
    let text = String::from_utf8(disk::read(path)?).ok();
    match text.as_deref().map(str::trim).filter(|token| !token.is_empty()) {
        Some(token) => Ok(Some(Secret::new(token))),
        None => Err(Failure::new(ExitStatus::Usage, format!("cannot find an access token in `{}`", path.display())).into()),
    }
}
