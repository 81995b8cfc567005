//! What will be done, worked out before the consent: everything that can fail without it fails here.

use std::time::Duration;

use jiff::Timestamp;

use super::Stage;
use super::credentials::Credentials;
use super::edit::{self, PlannedEdit};
use super::root::Root;
use super::scripts::{self, ScriptPlan};
use crate::atlassian::authorization::TokenResponse;
use crate::atlassian::site::parse_cloud_id;
use crate::cli::InitJiraArgs;
use crate::command::{Context, ExitStatus, Failure, secret_store};
use crate::connector::{Connector, NEWEST_RELEASE, jira_cloud};
use crate::secret::Secret;
use crate::secret::delivery::put_order;
use crate::secret::deployment::Deployment;
use crate::secret::file::FileStore;
use crate::secret::name::{Naming, SecretName};
use crate::secret::state::access_token_json;
use crate::secret::store::Store;
use crate::terraform::module_call::Host;
use crate::terraform::version::Version;

/// What will be done.
pub(super) struct Plan {
    pub(super) connector: &'static Connector,
    /// As the user or the module sources name it; none where neither does.
    pub(super) named_release: Option<Version>,
    /// The release whose tables count.
    pub(super) release: Version,
    pub(super) host: Option<Host>,
    /// The edits of variable definitions files; none with `--renew`.
    pub(super) edits: Vec<PlannedEdit>,
    /// The cloud ID that the root module has now, if it is one.
    pub(super) standing_cloud_id: Option<String>,
    /// The secrets that tfhelper fills in; none with `--no-oauth`.
    pub(super) names: Vec<SecretName>,
    pub(super) store: Store,
    /// Where the tokens are kept until the store has them.
    pub(super) kept: FileStore,
    /// None with `--renew` and `--no-scripts`.
    pub(super) scripts: Option<ScriptPlan>,
}

impl Plan {
    /// Works it out.
    ///
    /// # Errors
    ///
    /// When the root module, the release, the target of an edit, the store or the scripts' folder is not fit for the job.
    pub(super) async fn make(ctx: &mut Context, args: &InitJiraArgs, stage: &Stage) -> anyhow::Result<Self> {
        let connector = &jira_cloud::CONNECTOR;
        let root = Root::read(ctx)?;
        let named_release = match &args.psoxy_release {
            Some(text) => Some(parse_release(text)?),
            None => root.0.root_module.psoxy_release().cloned(),
        };
        let release = named_release.clone().unwrap_or(NEWEST_RELEASE);
        if release < *connector.first_release() {
            let message = format!("psoxy v{release} has no connector `{}`", connector.id);
            let hint = format!("upgrade psoxy to v{} or later: change `?ref=` of its module sources", connector.first_release());
            return Err(Failure::new(ExitStatus::Usage, message).hint(hint).into());
        }
        let mut plan = Self {
            connector,
            named_release,
            host: root.0.root_module.host(),
            edits: Vec::new(),
            standing_cloud_id: edit::standing_value(&root, &jira_cloud::CLOUD_ID, &release).as_deref().and_then(parse_cloud_id),
            names: Vec::new(),
            store: Store::Nowhere,
            kept: secret_store::kept_file(ctx),
            scripts: None,
            release,
        };
        if !args.renew {
            plan.edits.extend(edit::plan(ctx, &root, &jira_cloud::CLOUD_ID, &plan.release)?);
            if args.issue.is_some() {
                plan.edits.extend(edit::plan(ctx, &root, &jira_cloud::EXAMPLE_ISSUE, &plan.release)?);
            }
            if !args.no_scripts {
                plan.scripts = Some(scripts::plan(ctx, args, &root, &plan)?);
            }
        }
        if !args.no_oauth {
            let deployment = secret_store::deployment(&root.0);
            let choice = stage.secret_store.as_ref().unwrap_or(&args.secret_store);
            plan.store = secret_store::open(ctx, choice, deployment.as_ref()).await?;
            plan.names = secret_names(connector, deployment.as_ref(), args.seed_access_token);
        }
        Ok(plan)
    }

    /// The release as psoxy writes it, `v0.6.6`.
    pub(super) fn release_tag(&self) -> String {
        format!("v{}", self.release)
    }

    /// The secrets' values, each with its name.
    pub(super) fn secrets(
        &self,
        credentials: &Credentials,
        tokens: &TokenResponse,
        refresh_token: &Secret,
        consented_at: Timestamp,
    ) -> Vec<(SecretName, Secret)> {
        let value = |name: &SecretName| match name.variable() {
            "CLIENT_ID" => Some(Secret::new(&credentials.client_id)),
            "CLIENT_SECRET" => Some(credentials.client_secret.clone()),
            "REFRESH_TOKEN" => Some(refresh_token.clone()),
            "ACCESS_TOKEN" => {
                let lifetime = tokens.expires_in.unwrap_or(ACCESS_TOKEN_LIFETIME);
                let expires_at = consented_at.checked_add(lifetime).unwrap_or(Timestamp::MAX);
                Some(access_token_json(&tokens.access_token, expires_at))
            }
            _ => None,
        };
        self.names.iter().filter_map(|name| Some((name.clone(), value(name)?))).collect()
    }

    /// The scripts that will be written, relative to the root module.
    pub(super) fn script_paths(&self) -> impl Iterator<Item = String> {
        self.scripts.iter().flat_map(|scripts| &scripts.scripts).map(|script| script.path.display().to_string())
    }

    /// How the job goes on from the tokens, where it stops before the site is known.
    pub(super) fn go_on(&self) -> &'static str {
        if self.keeps_secrets() {
            "the tokens are kept: run `tfhelper secrets push`, then `tfhelper init-jira --no-oauth --site SITE`"
        } else {
            "the tokens are lost, since --secret-store none keeps them nowhere: run the same command again for a new consent"
        }
    }

    /// Whether the user wants the secrets kept anywhere.
    pub(super) fn keeps_secrets(&self) -> bool {
        !matches!(self.store, Store::Nowhere)
    }
}

/// Lifetime of an access token whose response names none.
///
/// Source: psoxy assumes an hour too, `AccessTokenDto.java`.
const ACCESS_TOKEN_LIFETIME: Duration = Duration::from_secs(3600);

/// The secrets that the operator fills in, and the access token where it is to be seeded, in the order of writing.
/// Without a host there is no deployment to name them for, so AWS's default names serve.
fn secret_names(connector: &Connector, deployment: Option<&Deployment>, seeds_access_token: bool) -> Vec<SecretName> {
    let naming = deployment
        .map_or_else(|| Naming::Aws { environment_name: String::from("psoxy"), root_path: String::new() }, Deployment::naming);
    let is_seeded = |name: &str| seeds_access_token && name == "ACCESS_TOKEN";
    let variables = connector.secured_variables.iter();
    let filled = variables.filter(|variable| variable.is_filled_by_operator() || is_seeded(variable.name));
    let mut names: Vec<SecretName> = filled.map(|variable| naming.name(connector.id, variable.name)).collect();
    names.sort_by_key(put_order);
    names
}

fn parse_release(text: &str) -> anyhow::Result<Version> {
    let release = text.strip_prefix('v').and_then(Version::parse).or_else(|| Version::parse(text));
    release.ok_or_else(|| {
        let message = format!("cannot read psoxy release `{text}`");
        Failure::new(ExitStatus::Usage, message).hint("write it as psoxy's tags are, such as --psoxy-release v0.6.6").into()
    })
}
