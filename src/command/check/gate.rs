//! `--gate`: the verdict as a file that a `precondition` in the root module reads.
//!
//! The file is bound to what was judged by a digest that the root module itself computes, in the local value
//! `tfhelper_digest`: Terraform's expression is evaluated here as terraform will evaluate it, so the two agree exactly when
//! nothing that the expression names has changed.

use std::fs;
use std::path::PathBuf;

use anyhow::Context as _;
use jiff::Timestamp;
use serde::Serialize;

use crate::command::failure::{ExitStatus, Failure};
use crate::command::root_module::Loaded;
use crate::disk::{self, Audience};
use crate::report::Counts;
use crate::secret::file::keep_out_of_git;
use crate::terraform::value::Value;

/// Where the gate looks, relative to the root module.
const GATE_PATH: &str = ".tfhelper/preflight.json";

/// tfhelper's own folder.
const FOLDER: &str = ".tfhelper";

/// The local value that says what the verdict is bound to.
const DIGEST_LOCAL: &str = "tfhelper_digest";

#[derive(Serialize)]
struct Gate<'a> {
    format_version: &'static str,
    /// No check found what the user's threshold forbids.
    ok: bool,
    error_count: usize,
    warning_count: usize,
    /// When the checks were made, RFC 3339.
    checked_at: String,
    /// The value of `local.tfhelper_digest`.
    digest: &'a str,
}

/// What a gate is bound to.
pub(super) enum GateDigest {
    /// The root module has no gate.
    Absent,
    /// It has one, and its digest cannot be known: terraform will say the same.
    Unknown,
    /// The value of `local.tfhelper_digest`.
    Known(String),
}

impl GateDigest {
    /// That of a root module.
    pub(super) fn of(loaded: &Loaded) -> Self {
        if let Some(digest) = loaded.names.locals.get(DIGEST_LOCAL).and_then(Value::as_str) {
            return Self::Known(digest.to_owned());
        }
        if loaded.root_module.locals.contains_key(DIGEST_LOCAL) { Self::Unknown } else { Self::Absent }
    }
}

/// What a gate says.
pub(super) struct Verdict {
    /// The root module.
    pub directory: PathBuf,
    /// What the verdict is bound to.
    pub digest: GateDigest,
    /// What was found.
    pub counts: Counts,
    /// It is below the user's threshold.
    pub is_passed: bool,
}

/// Writes the verdict of each root module beside it.
///
/// Where errors keep the digest from being known there is nothing to write, and a gate of an earlier run holds for nothing.
///
/// # Errors
///
/// When a root module has no gate, or the file cannot be written; then none is written.
pub(super) fn write(verdicts: &[Verdict], now: Timestamp) -> anyhow::Result<()> {
    for verdict in verdicts {
        let (why, hint) = match verdict.digest {
            GateDigest::Absent => ("it has no", "copy terraform-examples/gate/tfhelper.tf into the root module"),
            GateDigest::Unknown if verdict.is_passed => {
                ("nobody knows before the apply the value of", "name in it only files, variables and what is computed from them")
            }
            GateDigest::Unknown | GateDigest::Known(_) => continue,
        };
        let directory = verdict.directory.display();
        let message = format!("cannot write a gate for `{directory}`: {why} `local.{DIGEST_LOCAL}`");
        return Err(Failure::new(ExitStatus::Usage, message).hint(hint).into());
    }
    for verdict in verdicts {
        let GateDigest::Known(digest) = &verdict.digest else { continue };
        let gate = Gate {
            format_version: "1.0",
            ok: verdict.is_passed,
            error_count: verdict.counts.errors,
            warning_count: verdict.counts.warnings,
            checked_at: now.to_string(),
            digest,
        };
        let path = verdict.directory.join(GATE_PATH);
        let text = serde_json::to_string_pretty(&gate)? + "\n";
        let folder = verdict.directory.join(FOLDER);
        fs::create_dir_all(&folder).with_context(|| format!("cannot create folder `{}`", folder.display()))?;
        keep_out_of_git(&folder)?;
        let before = disk::read_if_there(&path)?;
        disk::replace(&path, before.as_deref(), text.as_bytes(), Audience::Everybody)
            .with_context(|| format!("cannot write the gate `{}`", path.display()))?;
    }
    Ok(())
}
