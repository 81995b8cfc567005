//! `--rehearse`: the very same job, on a copy of the root module.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::command::context::Context;
use crate::disk;
use crate::report::printable;

/// The original of a root module whose copy is worked on.
pub(crate) struct Original(PathBuf);

impl Original {
    /// Copies the root module, and makes the copy the one that is worked on.
    ///
    /// # Errors
    ///
    /// When it cannot be read or copied.
    pub(crate) fn put_aside(ctx: &mut Context) -> anyhow::Result<Self> {
        let copy = copy_root_module(&ctx.directory)?;
        ctx.note(format_args!(
            "This is a rehearsal on a copy in `{}`. Your files stay as they are, and nothing leaves this machine.\n",
            printable(&copy.display().to_string())
        ));
        Ok(Self(std::mem::replace(&mut ctx.directory, copy)))
    }

    /// Works on the original again, and says where the copy is.
    pub(crate) fn take_back(self, ctx: &mut Context) {
        let copy = std::mem::replace(&mut ctx.directory, self.0);
        ctx.note(format_args!("\nThe rehearsal's copy is in `{}`.", printable(&copy.display().to_string())));
    }
}

/// Copies what Terraform reads by itself of a root module; not its state, its modules and its folders.
fn copy_root_module(directory: &Path) -> anyhow::Result<PathBuf> {
    let files = disk::read_root_module(directory)?;
    let copy = tempfile::Builder::new().prefix("tfhelper-rehearsal-").tempdir().context("cannot create a temporary folder")?;
    for file in files {
        fs::write(copy.path().join(&file.name), file.content?).with_context(|| format!("cannot copy `{}`", file.name))?;
    }
    Ok(copy.keep())
}
