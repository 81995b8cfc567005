//! A git repository in a temporary folder, a tfhelper that is run in it, and the peers that judge what it says.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A git repository with these files, committed.
pub(crate) struct Repository {
    folder: tempfile::TempDir,
}

impl Repository {
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let repository = Self { folder: tempfile::tempdir().unwrap() };
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        for (path, text) in files {
            repository.write(path, text);
        }
        repository.commit();
        repository
    }

    pub(crate) fn top(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.top().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn commit(&self) {
        self.git(&["add", "--all"]);
        let who = ["-c", "user.name=n", "-c", "user.email=e@example.com"];
        self.git(&[&who[..], &["commit", "--quiet", "--allow-empty", "--message=m"]].concat());
    }

    #[track_caller]
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        let output =
            Command::new("git").args(arguments).current_dir(self.top()).env("GIT_CONFIG_GLOBAL", "/dev/null").output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", shown(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    /// tfhelper at the top, in an environment that holds PATH alone: git is run by it.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tfhelper"));
        command.args(arguments).current_dir(self.top()).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// `tfhelper check --format json` with these arguments.
    #[track_caller]
    pub(crate) fn check_json(&self, arguments: &[&str], status: i32) -> serde_json::Value {
        let output = self.run(&[&["check", "--format", "json", "--terraform-version", "1.11.4"], arguments].concat());
        assert_eq!(output.status.code(), Some(status), "{}", shown(&output));
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

/// The root modules of a recursive report, in its order.
pub(crate) fn root_modules(report: &serde_json::Value) -> Vec<&str> {
    report["root_modules"].as_array().unwrap().iter().map(|module| module["root_module"].as_str().unwrap()).collect()
}

pub(crate) fn shown(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Runs a command with this on its standard input.
pub(crate) fn feed(command: &mut Command, text: &str) -> Output {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A program that does not read its input may have closed it.
    let _ = child.stdin.take().unwrap().write_all(text.as_bytes());
    child.wait_with_output().unwrap()
}

/// A file below the folder of the peers; none, after saying so, when they are not installed.
pub(crate) fn peer(path: &str) -> Option<PathBuf> {
    let installed = std::env::var_os("TFHELPER_PEERS")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/peers"), PathBuf::from);
    let found = Some(installed.join(path)).filter(|path| path.exists());
    if found.is_none() {
        assert!(std::env::var_os("CI").is_none_or(|ci| ci.is_empty()), "{path} is missing: run .ci/install-peers");
        say(&format!("{path} is missing, so this test proves nothing: run .ci/install-peers"));
    }
    found
}

#[expect(clippy::print_stderr, reason = "a test that proves nothing has to say so")]
fn say(line: &str) {
    eprintln!("{line}");
}
