//! The test-call scripts: rendered once before anything is done, so that nothing can fail after it but the disk.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::steps::done;
use crate::command::context::Context;
use crate::command::failure::{ExitStatus, Failure};
use crate::command::script_files::{differs, proxy_host, root_module_from, write_executable};
use crate::connector::Connector;
use crate::terraform::module_call::Host;
use crate::terraform::version::Version;
use crate::test_script::template::Templates;
use crate::test_script::{Script, Subject, Target, render};

/// What the scripts are about and where they go.
pub(crate) struct ScriptPlan {
    pub(crate) connector: &'static Connector,
    pub(crate) release: Version,
    pub(crate) host: Option<Host>,
    /// The values of the connector's settings, as far as they are known.
    pub(crate) settings: Vec<(&'static str, String)>,
    /// The folder, relative to the root module.
    pub(crate) folder: PathBuf,
}

impl ScriptPlan {
    /// Renders the scripts, and makes sure that their folder can be written; returns their paths relative to the root module.
    ///
    /// # Errors
    ///
    /// When a script cannot be rendered, or there is no such folder to be had.
    pub(crate) fn try_out(&self, ctx: &Context) -> anyhow::Result<Vec<String>> {
        let scripts = self.render(ctx, None)?;
        let folder = ctx.directory.join(&self.folder);
        require_writable(&folder).map_err(|error| {
            let message = format!("cannot write test-call scripts into `{}`", folder.display());
            Failure::new(ExitStatus::Usage, message)
                .because(error)
                .hint("name another folder with --scripts-dir, or pass --no-scripts")
        })?;
        Ok(scripts.iter().map(|script| self.path(script).display().to_string()).collect())
    }

    /// Writes the scripts, executable; returns their paths relative to the root module. `late` is a setting whose value was
    /// not known when this was planned.
    ///
    /// # Errors
    ///
    /// When one cannot be written.
    pub(crate) fn write(&self, ctx: &mut Context, late: Option<(&'static str, &str)>) -> anyhow::Result<Vec<String>> {
        let mut written = Vec::new();
        for script in self.render(ctx, late)? {
            let path = self.path(&script);
            let file = ctx.directory.join(&path);
            let differed = differs(&file, &script.content);
            write_executable(&file, &script.content)
                .with_context(|| format!("cannot write test-call script `{}`", path.display()))?;
            done(ctx, &format!("`{}` written", path.display()));
            if differed {
                ctx.note("     it differed and is written anew; what is to stay belongs in a template");
            }
            written.push(path.display().to_string());
        }
        Ok(written)
    }

    fn path(&self, script: &Script) -> PathBuf {
        self.folder.join(&script.name)
    }

    fn render(&self, ctx: &Context, late: Option<(&'static str, &str)>) -> anyhow::Result<Vec<Script>> {
        let mut settings = self.settings.clone();
        settings.extend(late.map(|(name, value)| (name, value.to_owned())));
        let root_module = root_module_from(&ctx.directory, &self.folder)?;
        let subject = Subject {
            connector: self.connector,
            release: &self.release,
            settings: &settings,
            proxy: self.host.map(proxy_host),
            root_module: &root_module,
        };
        Ok(render(&Templates::built_in()?, &subject, &[Target::Direct, Target::Proxy])?)
    }
}

/// Tries to create a file in the folder, or in the nearest one above it that exists.
fn require_writable(folder: &Path) -> anyhow::Result<()> {
    let existing = folder.ancestors().find(|above| above.as_os_str().is_empty() || above.exists()).unwrap_or(folder);
    let existing = if existing.as_os_str().is_empty() { Path::new(".") } else { existing };
    tempfile::tempfile_in(existing).with_context(|| format!("cannot create a file in `{}`", existing.display()))?;
    Ok(())
}
