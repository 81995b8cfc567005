//! What will be done, worked out before Jira is asked: everything that can fail without it fails here.

use inquire::Text;

use super::Stage;
use crate::atlassian::data_center::{Address, AddressError};
use crate::cli::init_jira_server::InitJiraServerArgs;
use crate::command::context::Context;
use crate::command::failure::{ExitStatus, Failure};
use crate::command::secret_store;
use crate::command::setup::edit::{self, PlannedEdit};
use crate::command::setup::root::{Release, Root};
use crate::command::setup::scripts::ScriptPlan;
use crate::command::setup::terminal::no_answer;
use crate::connector::jira_cloud::EXAMPLE_ISSUE;
use crate::connector::jira_server::{CONNECTOR, URL};
use crate::secret::file::FileStore;
use crate::secret::name::SecretName;
use crate::secret::store::Store;
use crate::terraform::module_call::Host;

/// What will be done.
pub(super) struct Plan {
    pub(super) address: Address,
    pub(super) release: Release,
    pub(super) host: Option<Host>,
    /// `enabled_connectors` names the connector.
    pub(super) is_enabled: bool,
    /// The edits of variable definitions files.
    pub(super) edits: Vec<PlannedEdit>,
    pub(super) names: Vec<SecretName>,
    pub(super) store: Store,
    /// Where the token is kept until the store has it.
    pub(super) kept: FileStore,
    /// None with `--no-scripts`.
    pub(super) scripts: Option<ScriptPlan>,
    /// The scripts that will be written, relative to the root module.
    pub(super) script_paths: Vec<String>,
}

impl Plan {
    /// Works it out.
    ///
    /// # Errors
    ///
    /// When the root module, the address, the target of an edit, the store or the scripts' folder is not fit for the job.
    pub(super) async fn make(ctx: &mut Context, args: &InitJiraServerArgs, stage: Option<&Stage>) -> anyhow::Result<Self> {
        let root = Root::read(ctx)?;
        let release = root.release(args.psoxy_release.as_deref(), &CONNECTOR)?;
        let address = match stage {
            Some(stage) => stage.address.clone(),
            None => address(ctx, args, edit::standing_value(&root, &URL, &release.version))?,
        };
        let mut edits = edit::plan(ctx, &root, &URL, &release.version, Some(&address.host()))?;
        if let Some(issue) = &args.issue {
            edits.extend(edit::plan(ctx, &root, &EXAMPLE_ISSUE, &release.version, Some(issue))?);
        }
        let host = root.0.root_module.host();
        let issue = args.issue.clone().or_else(|| edit::standing_value(&root, &EXAMPLE_ISSUE, &release.version));
        let mut settings = vec![(URL.name, address.host())];
        settings.extend(issue.map(|issue| (EXAMPLE_ISSUE.name, issue)));
        let scripts = ScriptPlan {
            connector: &CONNECTOR,
            release: release.version.clone(),
            host,
            settings,
            folder: args.scripts_dir.clone(),
        };
        let scripts = (!args.no_scripts).then_some(scripts);
        let script_paths = scripts.as_ref().map(|scripts| scripts.try_out(ctx)).transpose()?.unwrap_or_default();
        let deployment = secret_store::deployment(&root.0);
        let choice = stage.map_or(&args.secret_store, |stage| &stage.secret_store);
        Ok(Self {
            address,
            release,
            host,
            is_enabled: secret_store::enabled_connectors(&root.0.inputs).iter().any(|enabled| enabled.id == CONNECTOR.id),
            edits,
            names: secret_store::names_to_fill(deployment.as_ref(), &CONNECTOR, false),
            store: secret_store::open(ctx, choice, deployment.as_ref()).await?,
            kept: secret_store::kept_file(ctx),
            scripts,
            script_paths,
        })
    }
}

/// The address that the user gives, else the one that the root module has, else that of the person at the terminal.
fn address(ctx: &Context, args: &InitJiraServerArgs, standing: Option<String>) -> anyhow::Result<Address> {
    let text = match args.url.clone().or(standing) {
        Some(text) => text,
        None if ctx.can_ask => Text::new("Address of Jira:")
            .with_help_message("as in the browser's address bar, such as https://jira.acme.com")
            .prompt()
            .map_err(no_answer)?,
        None => {
            let hint = "pass it as the browser shows it, such as --url https://jira.acme.com";
            return Err(Failure::new(ExitStatus::Usage, "no address of Jira: pass --url").hint(hint).into());
        }
    };
    Address::parse(&text).map_err(|error| {
        let hint = match &error {
            AddressError::ContextPath(_) => {
                "give Jira a host of its own, or have a reverse proxy offer it at the root of one, and pass that host"
            }
            AddressError::PlainHttp => "pass the https:// address",
            AddressError::Cloud => "enable `jira-cloud` and run `tfhelper init-jira`",
            AddressError::Malformed(_) => "pass the address as the browser shows it, such as --url https://jira.acme.com",
        };
        // What stands before an @ could be a password.
        let shown = text.rsplit('@').next().unwrap_or_default();
        Failure::new(ExitStatus::Usage, format!("cannot use `{shown}` as the address of Jira: {error}")).hint(hint).into()
    })
}
