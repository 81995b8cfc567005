//! `--gate`: the verdict as a file that a `precondition` in the root module reads.
//!
//! The file is bound to what was judged by a digest that the root module itself computes, in the local value
//! `tfhelper_digest`: Terraform's expression is evaluated here as terraform will evaluate it, so the two agree exactly when
//! nothing that the expression names has changed.

use std::fs;

use anyhow::Context as _;
use jiff::Timestamp;
use serde::Serialize;

use super::judge::Judged;
use crate::command::root_module::Loaded;
use crate::command::{ExitStatus, Failure};
use crate::disk::{self, Audience};
use crate::secret::file::keep_out_of_git;

/// Where the gate looks, relative to the root module.
const GATE_PATH: &str = ".tfhelper/preflight.json";

/// tfhelper's own folder.
const FOLDER: &str = ".tfhelper";

/// The local value that says what the verdict is bound to.
const DIGEST_LOCAL: &str = "tfhelper_digest";

#[derive(Serialize)]
struct Gate<'a> {
    format_version: &'static str,
    /// No check found an error.
    ok: bool,
    error_count: usize,
    warning_count: usize,
    /// When the checks were made, RFC 3339.
    checked_at: String,
    /// The value of `local.tfhelper_digest`.
    digest: &'a str,
}

/// The value of the root module's `local.tfhelper_digest`; none where it has none, or it cannot be known before apply.
pub(super) fn digest(loaded: &Loaded) -> Option<String> {
    loaded.names.locals.get(DIGEST_LOCAL)?.as_str().map(str::to_owned)
}

/// Writes the verdict of each root module beside it.
///
/// # Errors
///
/// When a root module has no gate, or the file cannot be written.
pub(super) fn write(modules: &[Judged], now: Timestamp) -> anyhow::Result<()> {
    for judged in modules {
        let Some(digest) = judged.gate_digest.as_deref() else {
            let directory = judged.directory.display();
            let failure = Failure::new(
                ExitStatus::Usage,
                format!("cannot write a gate for `{directory}`: it has no `local.{DIGEST_LOCAL}`"),
            );
            return Err(failure.hint("copy terraform-examples/gate/tfhelper.tf into the root module").into());
        };
        let counts = judged.report.counts();
        let gate = Gate {
            format_version: "1.0",
            ok: counts.errors == 0,
            error_count: counts.errors,
            warning_count: counts.warnings,
            checked_at: now.to_string(),
            digest,
        };
        let path = judged.directory.join(GATE_PATH);
        let text = serde_json::to_string_pretty(&gate)? + "\n";
        let folder = judged.directory.join(FOLDER);
        fs::create_dir_all(&folder).with_context(|| format!("cannot create folder `{}`", folder.display()))?;
        keep_out_of_git(&folder)?;
        let before = disk::read_if_there(&path)?;
        disk::replace(&path, before.as_deref(), text.as_bytes(), Audience::Everybody)
            .with_context(|| format!("cannot write the gate `{}`", path.display()))?;
    }
    Ok(())
}
