//! What will be done, worked out before the consent: everything that can fail without it fails here.

use std::time::Duration;

use jiff::Timestamp;

use super::Stage;
use super::credentials::Credentials;
use crate::atlassian::authorization::token::TokenResponse;
use crate::atlassian::site::parse_cloud_id;
use crate::cli::init_jira::InitJiraArgs;
use crate::command::context::Context;
use crate::command::secret_store;
use crate::command::setup::edit::{self, PlannedEdit};
use crate::command::setup::root::{Release, Root};
use crate::command::setup::scripts::ScriptPlan;
use crate::connector::{Connector, jira_cloud};
use crate::secret::Secret;
use crate::secret::file::FileStore;
use crate::secret::name::SecretName;
use crate::secret::state::access_token_json;
use crate::secret::store::Store;
use crate::terraform::module_call::Host;

/// What will be done.
pub(super) struct Plan {
    pub(super) connector: &'static Connector,
    pub(super) release: Release,
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
    /// The scripts that will be written, relative to the root module.
    pub(super) script_paths: Vec<String>,
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
        let release = root.release(args.psoxy_release.as_deref(), connector)?;
        let mut plan = Self {
            connector,
            host: root.0.root_module.host(),
            edits: Vec::new(),
            standing_cloud_id: edit::standing_value(&root, &jira_cloud::CLOUD_ID, &release.version)
                .as_deref()
                .and_then(parse_cloud_id),
            names: Vec::new(),
            store: Store::Nowhere,
            kept: secret_store::kept_file(ctx),
            scripts: None,
            script_paths: Vec::new(),
            release,
        };
        if !args.renew {
            let release = &plan.release.version;
            plan.edits.extend(edit::plan(ctx, &root, &jira_cloud::CLOUD_ID, release, None)?);
            if args.issue.is_some() {
                plan.edits.extend(edit::plan(ctx, &root, &jira_cloud::EXAMPLE_ISSUE, release, args.issue.as_deref())?);
            }
            if !args.no_scripts {
                let issue = args.issue.clone().or_else(|| edit::standing_value(&root, &jira_cloud::EXAMPLE_ISSUE, release));
                let scripts = ScriptPlan {
                    connector,
                    release: release.clone(),
                    host: plan.host,
                    settings: issue.map(|issue| (jira_cloud::EXAMPLE_ISSUE.name, issue)).into_iter().collect(),
                    folder: args.scripts_dir.clone(),
                };
                plan.script_paths = scripts.try_out(ctx)?;
                plan.scripts = Some(scripts);
            }
        }
        if !args.no_oauth {
            let deployment = secret_store::deployment(&root.0);
            let choice = stage.secret_store.as_ref().unwrap_or(&args.secret_store);
            plan.store = secret_store::open(ctx, choice, deployment.as_ref()).await?;
            plan.names = secret_store::names_to_fill(deployment.as_ref(), connector, args.seed_access_token);
        }
        Ok(plan)
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
