//! `--no-oauth`: the cloud ID alone, given or looked up from the site's address; nobody consents and no secret is touched.

use url::Url;

use super::finish::Finish;
use super::plan::Plan;
use super::steps;
use crate::atlassian::client::Client;
use crate::atlassian::site::{atlassian_name, parse_cloud_id};
use crate::cli::init_jira::InitJiraArgs;
use crate::command::context::Context;
use crate::command::failure::{ExitStatus, Failure};
use crate::command::setup::steps::{Steps, done};
use crate::command::setup::terminal::Progress;

/// Finds the cloud ID and sets it.
pub(super) async fn run(
    ctx: &mut Context,
    args: &InitJiraArgs,
    mut steps: Steps,
    plan: &Plan,
    client: &Client,
) -> anyhow::Result<ExitStatus> {
    steps.next(ctx, "Cloud ID");
    let cloud_id = find_cloud_id(args, client).await?;
    done(ctx, &format!("cloud ID {cloud_id}"));
    if args.dry_run {
        return steps::finish_dry_run(ctx, args, plan, Some(&cloud_id));
    }
    let mut finish = Finish::new(ctx, args, plan, steps, &cloud_id);
    finish.edit_variables();
    finish.write_scripts();
    finish.check();
    finish.end()
}

async fn find_cloud_id(args: &InitJiraArgs, client: &Client) -> anyhow::Result<String> {
    if let Some(text) = &args.cloud_id {
        return parse_cloud_id(text).ok_or_else(|| {
            let message = format!("cannot use cloud ID `{text}`: it is no UUID");
            let hint =
                "a cloud ID looks like 1324a887-45db-4bf4-8e99-ef0ff456d421; leave it out and pass --site to have it looked up";
            Failure::new(ExitStatus::Usage, message).hint(hint).into()
        });
    }
    let Some(site) = &args.site else {
        let message = "--no-oauth needs --cloud-id, or --site to look the cloud ID up";
        return Err(Failure::new(ExitStatus::Usage, message).into());
    };
    let url = site_url(client, site)?;
    let progress = Progress::show("Looking the cloud ID up");
    let answer = client.fetch_cloud_id(&url).await;
    drop(progress);
    let found = answer.map_err(|error| {
        Failure::new(ExitStatus::Remote, format!("cannot look up the cloud ID of site `{site}`"))
            .because(error)
            .hint("nothing was changed; pass --cloud-id if you know it")
    })?;
    found.ok_or_else(|| {
        let message = format!("there is no Jira site `{site}`: `{url}` does not know it");
        let hint = "pass the site's address as the browser shows it, such as --site acme.atlassian.net. Nothing was changed";
        Failure::new(ExitStatus::Authorization, message).hint(hint).into()
    })
}

/// The site's address: a name at `atlassian.net`, or a domain of its own.
fn site_url(client: &Client, site: &str) -> anyhow::Result<Url> {
    let cannot = |why: &str| {
        Failure::new(ExitStatus::Usage, format!("cannot look up site `{site}`: {why}"))
            .hint("pass the site's address as the browser shows it, such as --site acme.atlassian.net")
    };
    if let Some(name) = atlassian_name(site) {
        return Ok(client.site_url(&name).map_err(|why| cannot(&why))?);
    }
    let host = site.trim().split_once("://").map_or(site.trim(), |(_, rest)| rest);
    let url = Url::parse(&format!("https://{host}")).map_err(|error| cannot(&error.to_string()))?;
    match url.host() {
        Some(url::Host::Domain(domain)) if domain.contains('.') => Ok(Url::parse(&format!("https://{domain}"))?),
        Some(_) | None => Err(cannot("it is no host name").into()),
    }
}
