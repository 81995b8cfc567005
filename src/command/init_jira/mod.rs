//! `tfhelper init-jira`: from a root module to consent, scopes, site, secrets, `jira_cloud_id`, test-call scripts and a check.
//!
//! Nothing foreseeable fails after the consent: [`plan`] has everything that can fail without it. From the exchange on the
//! tokens are in a file that only their owner can read, until the store has them.

mod consent;
mod credentials;
mod finish;
mod grant;
mod plan;
mod refusal;
mod rehearse;
mod steps;
mod summary;
mod waiting;
mod without_consent;

use consent::{Consent, Opener};
use credentials::Credentials;
use finish::Finish;
use grant::Grant;
use plan::Plan;
use waiting::{Interrupt, Lines};

use crate::atlassian::authorization::{AuthorizationRequest, RedirectionUri, Scopes, State};
use crate::atlassian::client::{Client, Patience};
use crate::atlassian::endpoint::Endpoints;
use crate::atlassian::loopback::Listener;
use crate::cli::init_jira::InitJiraArgs;
use crate::command::context::Context;
use crate::command::failure::{ExitStatus, Failure};
use crate::command::secret_store;
use crate::command::setup::steps::{Steps, show_work};
use crate::secret::store::StoreChoice;

/// Where the redirection goes unless the user says otherwise; no other well-known program listens there.
const REDIRECTION_URI: &str = "http://localhost:9000/psoxy-setup-callback";

/// What the job plays against: Atlassian itself, or the rehearsal's stand-in.
struct Stage {
    endpoints: Endpoints,
    opener: Opener,
    /// The rehearsal has its own app, redirection URI and store.
    credentials: Option<Credentials>,
    redirection: Option<(RedirectionUri, Listener)>,
    secret_store: Option<StoreChoice>,
}

/// Runs the job.
///
/// # Errors
///
/// When it could not be finished; once the consent is given, the error says what was done and which command goes on.
#[inline(never)] // Its frame is large, and every `check` would reserve it.
pub(super) fn run(ctx: &mut Context, args: &InitJiraArgs) -> anyhow::Result<ExitStatus> {
    // More than one thread: the landing page has to be served while a prompt blocks.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let status = runtime.block_on(async {
        if args.rehearse {
            return rehearse::run(ctx, args).await;
        }
        let endpoints = Endpoints::from_variables(|name| ctx.variable(name).map(String::from))
            .map_err(|why| Failure::new(ExitStatus::Usage, why))?;
        let opener = if args.no_browser { Opener::Address } else { Opener::Browser };
        job(ctx, args, Stage { endpoints, opener, credentials: None, redirection: None, secret_store: None }).await
    });
    // What still runs is a read of the terminal or a connection of the listener; neither is worth waiting for.
    runtime.shutdown_background();
    status
}

async fn job(ctx: &mut Context, args: &InitJiraArgs, stage: Stage) -> anyhow::Result<ExitStatus> {
    let mut steps = Steps::default();
    let uri = redirection_uri(args)?;
    // A clock that cannot be read must not be found out after the consent.
    ctx.now()?;

    steps.next(ctx, "Root module");
    let plan = Plan::make(ctx, args, &stage).await?;
    show_work(ctx, &plan.release, plan.host, &plan.edits, &plan.script_paths);
    let mut client = Client::new(stage.endpoints.clone(), Patience::default())?;
    if args.no_oauth {
        return without_consent::run(ctx, args, steps, &plan, &client).await;
    }
    let preflight = plan.store.preflight(&plan.names).await.map_err(secret_store::failure)?;
    steps::show_preflight(ctx, &plan, &preflight);
    if args.dry_run {
        steps::show_app(ctx, &plan, &uri);
        return steps::finish_dry_run(ctx, args, &plan, None);
    }
    let credentials = match stage.credentials {
        Some(credentials) => credentials,
        None => Credentials::gather(ctx, args)?,
    };
    client.hide(&credentials.client_secret);
    steps::confirm(ctx, args, &plan, &preflight)?;

    steps.next(ctx, "Consent at Atlassian");
    let interrupt = Interrupt::listen();
    let (uri, listener) = match stage.redirection {
        Some((uri, listener)) => (uri, Some(listener)),
        None => {
            let listener = consent::listen(ctx, &uri).await?;
            (uri, listener)
        }
    };
    let required = plan.connector.scopes(&plan.release.version);
    let request = AuthorizationRequest {
        auth_url: stage.endpoints.auth,
        client_id: credentials.client_id.clone(),
        scopes: required.iter().map(|scope| scope.name).collect::<Scopes>(),
        redirection_uri: uri,
        state: State::random()?,
    };
    let mut lines = Lines::read();
    let consent = Consent { request: &request, listener, opener: stage.opener, timeout: args.timeout };
    let code = consent.obtain(ctx, &mut lines, &interrupt).await?;
    client.hide(&code);

    steps.next(ctx, "Tokens, site and scopes");
    let grant = Grant::exchange(&mut client, &credentials, &request, &code, &plan, ctx.now()?).await?;
    interrupt.check().map_err(|failure| failure.hint(plan.go_on()))?;
    let wanted = args.site.as_deref().or(plan.standing_cloud_id.as_deref().filter(|_| args.renew));
    let site = grant.site(ctx, &client, wanted, &mut lines, &interrupt).await?;
    let granted = grant.check_scopes(&site, required)?;
    steps::show_grant(ctx, &site, &granted, required.len());

    let mut finish = Finish::new(ctx, args, &plan, steps, &site.cloud_id);
    finish.store_secrets(&grant, &credentials, &site, &granted, &interrupt).await?;
    finish.edit_variables();
    finish.write_scripts();
    finish.check();
    finish.end()
}

fn redirection_uri(args: &InitJiraArgs) -> anyhow::Result<RedirectionUri> {
    let text = args.redirect_uri.as_deref().unwrap_or(REDIRECTION_URI);
    RedirectionUri::parse(text).map_err(|why| {
        let message = format!("cannot use redirection URI `{text}`: {why}");
        Failure::new(ExitStatus::Usage, message).hint(format!("pass the app's callback URL, such as {REDIRECTION_URI}")).into()
    })
}
