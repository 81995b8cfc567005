//! `tfhelper init-jira` between the library's stand-in for Atlassian and a secret store.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStderr, Output, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};

use tfhelper::atlassian::rehearsal::Rehearsal;
use tfhelper::atlassian::rehearsal::knobs::{App, Knobs};
use tfhelper::secret::Secret;

use super::program::{AWS_SECRET_KEY, CANARIES, Cloud, GOOGLE_TOKEN, Program, Ran};

/// A root module, a store at an address, and an Atlassian.
pub(crate) struct Stage {
    pub(crate) program: Program,
    pub(crate) rehearsal: Rehearsal,
    redirect_uri: String,
}

impl Stage {
    /// The example of a cloud, whose services are at `url`.
    pub(crate) fn new(cloud: Cloud, url: &str) -> Self {
        let redirect_uri = format!("http://localhost:{}/psoxy-setup-callback", free_port());
        let [(_, client_id), (_, client_secret), _] = CANARIES;
        let app = App {
            client_id: client_id.to_owned(),
            client_secret: Secret::new(client_secret),
            redirect_uri: redirect_uri.clone(),
            ..App::default()
        };
        let rehearsal = Rehearsal::start(Knobs { app, ..Knobs::default() }).unwrap();
        let mut program = Program::new(cloud, url);
        program.set("TFHELPER_ATLASSIAN_AUTH_URL", rehearsal.auth_url());
        program.set("TFHELPER_ATLASSIAN_API_URL", rehearsal.api_url());
        program.set("TFHELPER_ATLASSIAN_SITE_URL", &rehearsal.site_url());
        program.set("TFHELPER_JIRA_CLIENT_ID", client_id);
        program.set("TFHELPER_JIRA_CLIENT_SECRET", client_secret);
        Self { program, rehearsal, redirect_uri }
    }

    /// `tfhelper init-jira` with these arguments and the most talkative log, started.
    pub(crate) fn start(&self, arguments: &[&str]) -> Running {
        let mut command = self.program.command(&["init-jira", "-vv", "--no-browser", "--redirect-uri", &self.redirect_uri]);
        command.args(arguments).env("RUST_LOG", "trace");
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        Running { child, stderr, heard: Vec::new() }
    }

    /// The whole of it, with a person who consents; no secret shows anywhere.
    #[track_caller]
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        let mut running = self.start(arguments);
        if let Some(url) = running.authorization_url() {
            self.check_arguments(&running);
            browse(&url);
        }
        self.checked(running.finish())
    }

    /// Another command afterwards.
    #[track_caller]
    pub(crate) fn then(&self, arguments: &[&str]) -> Ran {
        self.checked(Ran::of(self.program.command(arguments).stdin(Stdio::null()).output().unwrap()))
    }

    /// Every secret that there is on this stage.
    pub(crate) fn secrets(&self) -> BTreeSet<String> {
        let of_atlassian = self.rehearsal.secrets().into_iter().map(|secret| secret.expose().to_owned());
        let of_clouds = [AWS_SECRET_KEY, GOOGLE_TOKEN].map(str::to_owned);
        of_atlassian.chain(of_clouds).filter(|secret| !secret.is_empty()).collect()
    }

    /// No argument of the running process is a secret.
    #[track_caller]
    pub(crate) fn check_arguments(&self, running: &Running) {
        let arguments = std::fs::read(format!("/proc/{}/cmdline", running.child.id())).unwrap_or_default();
        let arguments = String::from_utf8_lossy(&arguments).into_owned();
        assert!(self.secrets().iter().all(|secret| !arguments.contains(secret)), "a secret in {arguments}");
    }

    /// No secret in what was said, nor in any file but the one for them.
    #[track_caller]
    pub(crate) fn checked(&self, ran: Ran) -> Ran {
        let secrets = self.secrets();
        ran.hides(secrets.iter().map(String::as_str));
        for file in self.program.files() {
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            // A process that is killed while it writes the file of secrets leaves the new one beside it.
            if name == "secrets.json" || name.starts_with(".tmp") {
                continue;
            }
            let text = String::from_utf8_lossy(&std::fs::read(&file).unwrap()).into_owned();
            assert!(secrets.iter().all(|secret| !text.contains(secret)), "a secret in {}", file.display());
        }
        ran
    }

    /// Whether anybody was sent to Atlassian.
    pub(crate) fn is_asked(&self) -> bool {
        !self.rehearsal.requests().is_empty()
    }
}

impl Drop for Stage {
    /// Whatever a test was about: nothing refreshed a token.
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let refreshes = |body: &str| body.contains("refresh_token");
        assert!(self.rehearsal.requests().iter().all(|request| !refreshes(&request.body)), "a token was refreshed");
    }
}

/// A tfhelper that runs.
pub(crate) struct Running {
    pub(crate) child: Child,
    stderr: BufReader<ChildStderr>,
    heard: Vec<u8>,
}

impl Running {
    /// Reads until the address to open is there; none where tfhelper ends before.
    pub(crate) fn authorization_url(&mut self) -> Option<String> {
        loop {
            let mut line = String::new();
            if self.stderr.read_line(&mut line).unwrap() == 0 {
                return None;
            }
            self.heard.extend(line.as_bytes());
            if line.starts_with("http") {
                return Some(line.trim().to_owned());
            }
        }
    }

    /// Waits for the end.
    pub(crate) fn finish(mut self) -> Ran {
        drop(self.child.stdin.take());
        self.stderr.read_to_end(&mut self.heard).unwrap();
        let mut stdout = Vec::new();
        self.child.stdout.take().unwrap().read_to_end(&mut stdout).unwrap();
        Ran::of(Output { status: self.child.wait().unwrap(), stdout, stderr: self.heard })
    }
}

/// Opens an address as a browser does, redirections included.
pub(crate) fn browse(url: &str) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        client.get(url).send().await.unwrap();
    });
}

/// Ports below those that the system gives to outgoing connections, so that no other test's connection takes one.
fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = 10_000 + u16::try_from(std::process::id() % 9_000).unwrap();
    loop {
        let port = first + NEXT.fetch_add(1, Ordering::Relaxed);
        if ["127.0.0.1", "::1"].iter().all(|host| std::net::TcpListener::bind((*host, port)).is_ok()) {
            return port;
        }
    }
}
