//! The test-call scripts: rendered once before the consent, so that nothing can fail after it but the disk.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::edit;
use super::plan::Plan;
use super::root::Root;
use super::steps::done;
use crate::cli::InitJiraArgs;
use crate::command::script_files::{proxy_host, root_module_from, write_executable};
use crate::command::{Context, ExitStatus, Failure};
use crate::connector::jira_cloud::{CLOUD_ID, EXAMPLE_ISSUE};
use crate::test_script::template::Templates;
use crate::test_script::{Script, Subject, Target, render};

/// A script that will be written.
pub(super) struct PlannedScript {
    /// Where, relative to the root module.
    pub(super) path: PathBuf,
}

/// What the scripts are about, but for the cloud ID.
pub(super) struct ScriptPlan {
    /// The key of the example issue, where one is set or given.
    issue: Option<String>,
    pub(super) scripts: Vec<PlannedScript>,
}

/// Renders the scripts with a cloud ID that stands in for the one to come, and makes sure that their folder can be written.
///
/// # Errors
///
/// When a script cannot be rendered, or there is no such folder to be had.
pub(super) fn plan(ctx: &Context, args: &InitJiraArgs, root: &Root, plan: &Plan) -> anyhow::Result<ScriptPlan> {
    let issue = args.issue.clone().or_else(|| edit::standing_value(root, &EXAMPLE_ISSUE, &plan.release));
    let scripts = render_all(ctx, args, plan, issue.as_deref(), CLOUD_ID.placeholder)?;
    let folder = ctx.directory.join(&args.scripts_dir);
    require_writable(&folder).map_err(|error| {
        let message = format!("cannot write test-call scripts into `{}`", folder.display());
        Failure::new(ExitStatus::Usage, message)
            .because(error)
            .hint("name another folder with --scripts-dir, or pass --no-scripts")
    })?;
    let scripts = scripts.into_iter().map(|script| PlannedScript { path: args.scripts_dir.join(script.name) }).collect();
    Ok(ScriptPlan { issue, scripts })
}

/// Writes the scripts, executable; returns their paths relative to the root module.
///
/// # Errors
///
/// When one cannot be written.
pub(super) fn write(ctx: &mut Context, args: &InitJiraArgs, plan: &Plan, cloud_id: &str) -> anyhow::Result<Vec<String>> {
    let mut written = Vec::new();
    let issue = plan.scripts.as_ref().and_then(|scripts| scripts.issue.as_deref());
    for script in render_all(ctx, args, plan, issue, cloud_id)? {
        let path = args.scripts_dir.join(&script.name);
        write_executable(&ctx.directory.join(&path), &script.content)
            .with_context(|| format!("cannot write test-call script `{}`", path.display()))?;
        done(ctx, &format!("`{}` written", path.display()));
        written.push(path.display().to_string());
    }
    Ok(written)
}

fn render_all(
    ctx: &Context,
    args: &InitJiraArgs,
    plan: &Plan,
    issue: Option<&str>,
    cloud_id: &str,
) -> anyhow::Result<Vec<Script>> {
    let mut settings = vec![(CLOUD_ID.name, cloud_id.to_owned())];
    settings.extend(issue.map(|issue| (EXAMPLE_ISSUE.name, issue.to_owned())));
    let root_module = root_module_from(&ctx.directory, &args.scripts_dir)?;
    let subject = Subject {
        connector: plan.connector,
        release: &plan.release,
        settings: &settings,
        proxy: plan.host.map(proxy_host),
        root_module: &root_module,
    };
    Ok(render(&Templates::built_in()?, &subject, &[Target::Direct, Target::Proxy])?)
}

/// Tries to create a file in the folder, or in the nearest one above it that exists.
fn require_writable(folder: &Path) -> anyhow::Result<()> {
    let existing = folder.ancestors().find(|above| above.as_os_str().is_empty() || above.exists()).unwrap_or(folder);
    let existing = if existing.as_os_str().is_empty() { Path::new(".") } else { existing };
    tempfile::tempfile_in(existing).with_context(|| format!("cannot create a file in `{}`", existing.display()))?;
    Ok(())
}
