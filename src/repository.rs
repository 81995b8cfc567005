//! The git repository around a root module: its top, and what has changed in it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

/// The top of the repository that a directory lies in; none outside one.
#[must_use]
pub fn top_of(directory: &Path) -> Option<PathBuf> {
    let directory = directory.canonicalize().ok()?;
    // A worktree and a submodule have a file of that name.
    directory.ancestors().find(|ancestor| ancestor.join(".git").exists()).map(Path::to_path_buf)
}

/// A directory relative to the top of its repository, or to the working directory outside one, with `/`; empty for the top.
#[must_use]
pub fn path_within(directory: &Path) -> String {
    let within = match (top_of(directory), directory.canonicalize()) {
        (Some(top), Ok(full)) => full.strip_prefix(&top).map(Path::to_path_buf).unwrap_or_default(),
        (None, _) | (_, Err(_)) => directory.to_path_buf(),
    };
    within.iter().map(OsStr::to_string_lossy).filter(|part| part != ".").collect::<Vec<_>>().join("/")
}

/// The files that differ from where this branch left `base`, uncommitted and untracked ones included; each beneath `top`.
///
/// # Errors
///
/// When git is missing, `base` is unknown, or the history is too shallow to hold the common ancestor; with git's own words.
pub fn changed_files(top: &Path, base: &str) -> anyhow::Result<Vec<PathBuf>> {
    if base.starts_with('-') {
        bail!("`{base}` is no revision");
    }
    let committed = git(top, &["diff", "--name-only", "-z", "--merge-base", base, "--"])
        .with_context(|| format!("cannot tell what has changed since `{base}`"))?;
    let untracked = git(top, &["ls-files", "--others", "--exclude-standard", "-z"])?;
    Ok(committed.split('\0').chain(untracked.split('\0')).filter(|name| !name.is_empty()).map(|name| top.join(name)).collect())
}

fn git(top: &Path, arguments: &[&str]) -> anyhow::Result<String> {
    let output =
        Command::new("git").arg("-C").arg(top).args(arguments).stdin(Stdio::null()).output().context("cannot run git")?;
    if !output.status.success() {
        bail!("git {} answered: {}", arguments.first().unwrap_or(&""), String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repository() -> tempfile::TempDir {
        let top = tempfile::tempdir().unwrap();
        std::fs::create_dir(top.path().join("live")).unwrap();
        std::fs::write(top.path().join("live/main.tf"), "").unwrap();
        for arguments in [
            &["init", "--quiet", "--initial-branch=main"][..],
            &["add", "."],
            &["-c", "user.name=n", "-c", "user.email=e@example.com", "commit", "--quiet", "--message=m"],
        ] {
            git(top.path(), arguments).unwrap();
        }
        top
    }

    #[test]
    fn path_within_is_relative_to_the_top() {
        let top = repository();
        assert_eq!(path_within(&top.path().join("live")), "live");
        assert_eq!(path_within(top.path()), "");
    }

    #[test]
    fn changed_files_are_the_edited_and_the_untracked() {
        let top = repository();
        std::fs::write(top.path().join("live/main.tf"), "# edited\n").unwrap();
        std::fs::write(top.path().join("live/new \"file\".tf"), "").unwrap();
        let mut changed = changed_files(top.path(), "main").unwrap();
        changed.sort();
        assert_eq!(changed, [top.path().join("live/main.tf"), top.path().join("live/new \"file\".tf")]);
    }

    #[test]
    fn unknown_base_is_named_with_gits_own_words() {
        let error = format!("{:#}", changed_files(repository().path(), "no-such-branch").unwrap_err());
        assert!(error.contains("since `no-such-branch`: git diff answered: fatal:"), "{error}");
    }

    #[test]
    fn base_is_never_an_option() {
        assert!(changed_files(Path::new("."), "--output=x").is_err());
    }
}
