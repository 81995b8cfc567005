//! What the consent gave: tokens, kept at once; the site; and whether the scopes are all there.
//!
//! The scopes are told in three places: a refresh token stands for `offline_access`, the accessible resources name Jira's
//! scopes, and the token response alone names those of the account.

use std::fmt::Write as _;

use jiff::Timestamp;

use super::credentials::Credentials;
use super::waiting::{Interrupt, Lines};
use super::{Plan, refusal};
use crate::atlassian::authorization::token::TokenResponse;
use crate::atlassian::authorization::{AuthorizationRequest, Scopes};
use crate::atlassian::client::{Client, Exchange};
use crate::atlassian::site::{self, Site, SiteError};
use crate::command::context::Context;
use crate::command::failure::{ExitStatus, Failure};
use crate::command::setup::terminal::Progress;
use crate::connector::{ConsoleSection, Scope};
use crate::report::printable;
use crate::secret::Secret;
use crate::secret::name::SecretName;

/// The tokens of a consent, kept in the file until the store has them.
pub(super) struct Grant<'a> {
    pub(super) tokens: TokenResponse,
    pub(super) secrets: Vec<(SecretName, Secret)>,
    pub(super) consented_at: Timestamp,
    plan: &'a Plan,
    /// What the file held before, to be put back if the grant turns out useless.
    before: Vec<(SecretName, Secret)>,
}

impl<'a> Grant<'a> {
    /// Exchanges the code and keeps the tokens before anything else happens; nothing interrupts it.
    ///
    /// # Errors
    ///
    /// When no tokens come, no refresh token is among them, or they cannot be kept.
    pub(super) async fn exchange(
        client: &mut Client,
        credentials: &Credentials,
        request: &AuthorizationRequest,
        code: &Secret,
        plan: &'a Plan,
        consented_at: Timestamp,
    ) -> anyhow::Result<Self> {
        let progress = Progress::show("Exchanging the authorization code");
        let Credentials { client_id, client_secret } = credentials;
        let exchange = Exchange { client_id, client_secret, code, redirection_uri: &request.redirection_uri };
        let answer = client.exchange(&exchange).await;
        drop(progress);
        let tokens = answer.map_err(|error| refusal::of_exchange(error, &request.redirection_uri))?;
        let Some(refresh_token) = tokens.refresh_token.clone() else {
            let message = "Atlassian gave no refresh token, so the proxy could not renew its access";
            return Err(Failure::new(ExitStatus::Authorization, message)
                .hint(
                    "the grant lacks `offline_access`. tfhelper asks for it, with `prompt=consent`: remove the app under Connected apps of \
                     the Atlassian account that consented, then run the same command again. Nothing was changed",
                )
                .into());
        };
        client.hide(&tokens.access_token);
        client.hide(&refresh_token);
        let secrets = plan.secrets(credentials, &tokens, &refresh_token, consented_at);
        let before = plan.kept.read()?;
        if plan.keeps_secrets() {
            plan.kept.put_all(&secrets)?;
        }
        Ok(Self { tokens, secrets, consented_at, plan, before })
    }

    /// Takes tokens that are of no use out of the file again; what it held before comes back.
    fn discard(&self) -> anyhow::Result<()> {
        for (name, secret) in &self.secrets {
            match self.before.iter().find(|(known, _)| known == name) {
                Some((_, former)) => self.plan.kept.put(name, former)?,
                None => self.plan.kept.remove(name, secret)?,
            }
        }
        Ok(())
    }

    /// Finds the site that the proxy is for: the one asked for, the only one, or the one that the person chooses.
    ///
    /// # Errors
    ///
    /// When no site can be chosen.
    pub(super) async fn site(
        &self,
        ctx: &mut Context,
        client: &Client,
        wanted: Option<&str>,
        lines: &mut Lines,
        interrupt: &Interrupt,
    ) -> anyhow::Result<Site> {
        let progress = Progress::show("Listing the sites");
        let answer = interrupt
            .or(client.fetch_sites(&self.tokens.access_token))
            .await
            .map_err(|failure| failure.hint(self.plan.go_on()))?;
        drop(progress);
        let sites = answer.map_err(|error| {
            Failure::new(ExitStatus::PartWay, "the consent is given, but its sites cannot be listed")
                .because(error)
                .hint(self.plan.go_on())
        })?;
        match site::choose(&sites, wanted) {
            Ok(site) => Ok(site.clone()),
            Err(SiteError::Several(several)) if ctx.can_ask => self.ask_site(ctx, several, lines, interrupt).await,
            Err(error @ SiteError::Several(_)) => {
                Err(no_choice(&error).hint(format!("name one with --site. {}", self.plan.go_on())).into())
            }
            Err(error @ SiteError::NoMatch(_)) => {
                self.discard()?;
                let wanted = printable(wanted.unwrap_or_default()).into_owned();
                let hint = format!(
                    "run the same command again and choose `{wanted}` on the consent page, or name one of these sites with --site. Nothing was \
                     changed"
                );
                Err(no_choice(&error).hint(hint).into())
            }
            Err(error @ SiteError::None) => {
                self.discard()?;
                let hint = "consent with an account that has access to Jira on the site, and choose the site on the consent page; if the app \
                            has no Jira scopes, add them in the developer console, under Permissions > Jira API. Nothing was changed";
                Err(no_choice(&error).hint(hint).into())
            }
        }
    }

    /// Asks by number on the reader that the pasted address would have come from.
    async fn ask_site(
        &self,
        ctx: &mut Context,
        sites: Vec<Site>,
        lines: &mut Lines,
        interrupt: &Interrupt,
    ) -> anyhow::Result<Site> {
        ctx.say("   The grant reaches several Jira sites:");
        for (at, site) in sites.iter().enumerate() {
            ctx.say(format_args!("     {}. {}", at + 1, describe(site)));
        }
        loop {
            ctx.say(format_args!("   Which one is the proxy for? Type a number from 1 to {}, then Enter.", sites.len()));
            let Some(line) = interrupt.or(lines.next()).await.map_err(|failure| failure.hint(self.plan.go_on()))? else {
                return Err(no_choice(&SiteError::Several(sites))
                    .hint(format!("name one with --site. {}", self.plan.go_on()))
                    .into());
            };
            let number = line.trim().parse::<usize>().ok().and_then(|number| number.checked_sub(1));
            if let Some(site) = number.and_then(|at| sites.get(at)) {
                return Ok(site.clone());
            }
            if let Ok(site) = site::choose(&sites, Some(&line)) {
                return Ok(site.clone());
            }
        }
    }

    /// Compares the scopes granted with those that the psoxy release needs; returns those granted.
    ///
    /// # Errors
    ///
    /// When one is missing; the tokens are discarded then.
    pub(super) fn check_scopes(&self, site: &Site, required: &[Scope]) -> anyhow::Result<Scopes> {
        let granted = granted_scopes(&self.tokens, site, required);
        let required_scopes: Scopes = required.iter().map(|scope| scope.name).collect();
        let missing = required_scopes.missing_from(&granted);
        if missing.is_empty() {
            return Ok(granted);
        }
        self.discard()?;
        let listed: Vec<String> = missing.iter().map(|scope| format!("`{scope}`")).collect();
        let message = format!("the grant for site `{}` lacks {}", site.name, listed.join(", "));
        Err(Failure::new(ExitStatus::Authorization, message).hint(console_instructions(required, &missing)).into())
    }
}

/// Every required scope that is known to be granted; one that no answer can tell counts as granted.
fn granted_scopes(tokens: &TokenResponse, site: &Site, required: &[Scope]) -> Scopes {
    let mut granted = site.scopes.clone();
    let of_account: Scopes = required
        .iter()
        .filter(|scope| match scope.console {
            ConsoleSection::JiraClassic | ConsoleSection::JiraGranular => false,
            ConsoleSection::RequestAlone => tokens.refresh_token.is_some(),
            ConsoleSection::UserIdentity => tokens.scopes.as_ref().is_none_or(|scopes| scopes.contains(scope.name)),
        })
        .map(|scope| scope.name)
        .collect();
    granted.extend(&of_account);
    granted
}

fn console_instructions(required: &[Scope], missing: &Scopes) -> String {
    let mut text =
        String::from("give the app in the developer console, https://developer.atlassian.com/console/myapps/, what it lacks:");
    for scope in required.iter().filter(|scope| missing.contains(scope.name)) {
        if let Some(place) = scope.console.place() {
            let _ = write!(text, "\n  {place}: add {}", scope.name);
        }
    }
    text.push_str(
        "\nThen run the same command again: who consented before has to consent once more. Scopes that are ticked there already are missing \
         because the consent is older. Nothing was changed",
    );
    text
}

fn no_choice(error: &SiteError) -> Failure {
    let mut message = error.to_string();
    if let SiteError::Several(sites) | SiteError::NoMatch(sites) = error {
        message.push_str("; it reaches:");
        for site in sites {
            let _ = write!(message, "\n  {}", describe(site));
        }
    }
    Failure::new(ExitStatus::Authorization, message)
}

/// A site on one line.
pub(super) fn describe(site: &Site) -> String {
    let name = site.name.split_whitespace().collect::<Vec<_>>().join(" ");
    printable(&format!("{name} ({}), cloud ID {}", site.url, site.cloud_id)).into_owned()
}
