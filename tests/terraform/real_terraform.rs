//! Runs the `terraform` on `PATH` in an environment of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The `terraform` on `PATH`, or nothing where there is none and nobody insists.
pub(crate) fn find() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|directory| directory.join("terraform")).find(|file| file.is_file());
    if found.is_none() {
        assert!(std::env::var_os("CI").is_none(), "terraform is not on PATH");
        say("skipped: terraform is not on PATH");
    }
    found
}

#[expect(clippy::print_stderr, reason = "a skipped test has to say so")]
fn say(line: &str) {
    eprintln!("{line}");
}

/// Runs it in a directory with `PATH` and `HOME` alone, so that no `TF_*` of this machine counts.
pub(crate) fn run(terraform: &Path, directory: &Path, arguments: &[&str]) -> Output {
    run_with(terraform, directory, &[], arguments)
}

/// As [`run`], with these environment variables more.
pub(crate) fn run_with(terraform: &Path, directory: &Path, environment: &[(String, String)], arguments: &[&str]) -> Output {
    Command::new(terraform)
        .args(arguments)
        .current_dir(directory)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", directory)
        .env("CHECKPOINT_DISABLE", "1")
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .output()
        .unwrap()
}

/// The built tfhelper in a directory, with `PATH`, `HOME` and these variables alone; empty ones are left out.
pub(crate) fn tfhelper(directory: &Path, environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tfhelper"));
    command
        .current_dir(directory)
        .env_clear()
        .envs(environment.iter().filter(|(_, value)| !value.is_empty()).copied())
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", directory)
        .env("CHECKPOINT_DISABLE", "1");
    command
}

/// What a program said on both streams.
pub(crate) fn shown(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
