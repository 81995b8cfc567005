//! Runs `tfhelper init-jira` in an environment of its own, on a copy of the example on AWS.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU16, Ordering};

use super::person::{Peers, Person};

/// What tfhelper is told.
pub(crate) struct Run<'a> {
    pub(crate) origin: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) client_secret: &'a str,
    pub(crate) redirect_uri: &'a str,
    pub(crate) arguments: &'a [&'a str],
}

/// A redirection URI whose port nobody has, below the ports that outgoing connections get.
pub(crate) fn free_redirect_uri() -> String {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = 10_000 + u16::try_from(std::process::id() % 10_000).unwrap();
    let is_free = |port: &u16| TcpListener::bind(("127.0.0.1", *port)).is_ok() && TcpListener::bind(("::1", *port)).is_ok();
    let port = std::iter::repeat_with(|| first + NEXT.fetch_add(1, Ordering::Relaxed)).find(is_free).unwrap();
    format!("http://localhost:{port}/psoxy-setup-callback")
}

/// A copy of the example.
pub(crate) fn root_module() -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("terraform-examples/aws");
    for file in std::fs::read_dir(example).unwrap().map(Result::unwrap) {
        std::fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
    }
    copy
}

/// Runs it to its end, with the person at the browser.
pub(crate) fn init_jira(peers: &Peers, person: &Person, directory: &Path, run: &Run<'_>) -> Output {
    let node = peers.node.parent().unwrap();
    Command::new(env!("CARGO_BIN_EXE_tfhelper"))
        .args(["init-jira", "--client-id", run.client_id, "--redirect-uri", run.redirect_uri, "--secret-store", "file"])
        .args(["--timeout", "60s", "--yes"])
        .args(run.arguments)
        .current_dir(directory)
        .env_clear()
        .env("PATH", format!("{}:/usr/bin:/bin", node.display()))
        .env("HOME", directory)
        .env("BROWSER", Person::script())
        .env("TFHELPER_BROWSER_PLAN", &person.plan)
        .env("TFHELPER_JIRA_CLIENT_SECRET", run.client_secret)
        .env("TFHELPER_ATLASSIAN_AUTH_URL", run.origin)
        .env("TFHELPER_ATLASSIAN_API_URL", run.origin)
        .env("TFHELPER_ATLASSIAN_SITE_URL", format!("{}/site/{{site}}", run.origin))
        .output()
        .unwrap()
}

/// All that it said.
pub(crate) fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The variable definitions file.
pub(crate) fn tfvars(directory: &Path) -> String {
    std::fs::read_to_string(directory.join("terraform.tfvars")).unwrap()
}

/// What tfhelper remembers of the consent.
pub(crate) fn ledger(directory: &Path) -> String {
    std::fs::read_to_string(directory.join(".tfhelper/jira-cloud.json")).unwrap()
}
