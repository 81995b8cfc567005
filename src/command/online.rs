//! What `check --online` asks: Atlassian for the granted scopes, the secret store for the state of each secret.
//!
//! Neither failure ends the check: what could not be asked is a fact, and the checks list it as not evaluated.

use std::path::Path;

use anyhow::Context as _;

use super::{Context, ExitStatus, Failure, secret_store};
use crate::atlassian::authorization::Scopes;
use crate::atlassian::client::{Client, Patience};
use crate::atlassian::endpoint::Endpoints;
use crate::check::{GrantedScopes, ScopeSource, SecretFacts};
use crate::connector;
use crate::disk;
use crate::secret::Secret;
use crate::secret::deployment::Deployment;
use crate::secret::name::SecretName;
use crate::secret::store::{StoreChoice, StoreError};

/// The access token that the user gave, in a file or in the environment.
///
/// # Errors
///
/// When the file cannot be read, or is empty.
pub(super) fn access_token(ctx: &Context, file: Option<&Path>) -> anyhow::Result<Option<Secret>> {
    let Some(path) = file else {
        return Ok(ctx.variable("JIRA_ACCESS_TOKEN").map(Secret::new));
    };
    let text = String::from_utf8(disk::read(path)?).ok();
    match text.as_deref().map(str::trim).filter(|token| !token.is_empty()) {
        Some(token) => Ok(Some(Secret::new(token))),
        None => Err(Failure::new(ExitStatus::Usage, format!("cannot find an access token in `{}`", path.display())).into()),
    }
}

/// Asks Atlassian which scopes the grant behind the access token has for the site of this cloud ID, or for its only site.
///
/// # Errors
///
/// When Atlassian cannot be asked, or refuses the token.
pub(super) async fn granted_scopes(
    ctx: &Context,
    token: &Secret,
    cloud_id: Option<&str>,
) -> anyhow::Result<Option<GrantedScopes>> {
    let endpoints = Endpoints::from_variables(|name| ctx.variable(name).map(String::from))
        .map_err(|why| Failure::new(ExitStatus::Usage, why))?;
    let mut client = Client::new(endpoints, Patience::default())?;
    client.hide(token);
    let sites = client.fetch_sites(token).await.context("cannot ask Atlassian for the granted scopes")?;
    let site = match cloud_id {
        Some(cloud_id) => sites.iter().find(|site| site.cloud_id.eq_ignore_ascii_case(cloud_id)),
        None => sites.first().filter(|_| sites.len() == 1),
    };
    let scopes: Option<Scopes> = site.map(|site| site.scopes.clone());
    Ok(scopes.map(|scopes| GrantedScopes { scopes, source: ScopeSource::AccessibleResources }))
}

/// Asks the root module's store for the state of each secret of the connectors.
pub(super) async fn secrets(ctx: &Context, deployment: &Deployment, connectors: &[String]) -> SecretFacts {
    let known = connectors.iter().filter_map(|id| connector::find(id));
    let names: Vec<SecretName> = known.flat_map(|connector| secret_store::names(deployment, connector)).collect();
    let store = match secret_store::open(ctx, &StoreChoice::Auto, Some(deployment)).await {
        Ok(store) => store,
        Err(error) => return SecretFacts::Unreachable(format!("{error:#}")),
    };
    let mut states = Vec::new();
    for name in names {
        match store.state(&name).await {
            Ok(state) => states.push((name, state)),
            Err(error) => return SecretFacts::Unreachable(reason(error)),
        }
    }
    SecretFacts::Known(states)
}

fn reason(error: StoreError) -> String {
    match error.hint {
        Some(hint) => format!("{}; {hint}", error.message),
        None => error.message,
    }
}
