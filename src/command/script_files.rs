//! Where test-call scripts lie, and how they are written.

use std::fs;
use std::path::{Component, Path};

use anyhow::Context as _;

use crate::terraform::module_call::Host;
use crate::test_script::ProxyHost;

/// How the callers of a proxy on this host identify themselves.
#[must_use]
pub fn proxy_host(host: Host) -> ProxyHost {
    match host {
        Host::Aws => ProxyHost::Aws,
        Host::Gcp => ProxyHost::Gcp,
    }
}

/// The root module as seen from the scripts' folder; absolute where that lies elsewhere.
///
/// # Errors
///
/// When the root module's directory cannot be resolved; the message names it.
pub fn root_module_from(directory: &Path, scripts_dir: &Path) -> anyhow::Result<String> {
    let is_below = scripts_dir.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if is_below {
        let depth = scripts_dir.components().filter(|part| matches!(part, Component::Normal(_))).count();
        return Ok(if depth == 0 { String::from(".") } else { vec![".."; depth].join("/") });
    }
    let absolute = fs::canonicalize(directory).with_context(|| format!("cannot read root module `{}`", directory.display()))?;
    Ok(absolute.to_string_lossy().into_owned())
}

/// Whether a file is there that says something else than what is about to be written.
#[must_use]
pub fn differs(path: &Path, content: &str) -> bool {
    fs::read(path).is_ok_and(|before| before != content.as_bytes())
}

/// Writes an executable file, and the folders above it, all or nothing.
///
/// # Errors
///
/// When the folder or the file cannot be written; the file is then as it was.
pub fn write_executable(path: &Path, content: &str) -> anyhow::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file =
        tempfile::Builder::new().permissions(std::os::unix::fs::PermissionsExt::from_mode(0o755)).tempfile_in(folder)?;
    std::io::Write::write_all(&mut file, content.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}
