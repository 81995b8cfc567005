//! A copy of an example root module, the stand-in for Atlassian, and a tfhelper that is started between them.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};

use tempfile::TempDir;
use tfhelper::atlassian::rehearsal::Rehearsal;
use tfhelper::atlassian::rehearsal::knobs::Knobs;

/// A secret that stands in the files of every test and may show up nowhere else.
pub(crate) const CLIENT_SECRET: &str = "canary-client-secret";

/// Ports below those that the system gives to outgoing connections, so that no other test's connection takes one.
pub(crate) fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = 20_000 + u16::try_from(std::process::id() % 10_000).unwrap();
    loop {
        let port = first + NEXT.fetch_add(1, Ordering::Relaxed);
        let is_free = |host: &str| std::net::TcpListener::bind((host, port)).is_ok();
        if is_free("127.0.0.1") && is_free("::1") {
            return port;
        }
    }
}

/// A root module in a temporary folder, and an Atlassian that behaves as told.
pub(crate) struct Stage {
    folder: TempDir,
    pub(crate) rehearsal: Rehearsal,
    redirect_uri: String,
    environment: BTreeMap<String, String>,
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Outcome {
    #[track_caller]
    pub(crate) fn expect(self, status: i32, words: &[&str]) -> Self {
        assert_eq!(self.status, Some(status), "{self:#?}");
        for part in words {
            assert!(self.stderr.contains(part), "{part:?} is missing in {}", self.stderr);
        }
        self
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap()
    }
}

impl Stage {
    /// The AWS example, and this Atlassian.
    pub(crate) fn new(knobs: Knobs) -> Self {
        Self::at(knobs, format!("http://localhost:{}/psoxy-setup-callback", free_port()))
    }

    /// The same with another callback URL.
    pub(crate) fn at(knobs: Knobs, redirect_uri: String) -> Self {
        Self::on("terraform-examples/aws", knobs, redirect_uri)
    }

    /// The same on a copy of this root module.
    pub(crate) fn on(original: &str, mut knobs: Knobs, redirect_uri: String) -> Self {
        let folder = tempfile::tempdir().unwrap();
        knobs.app.redirect_uri.clone_from(&redirect_uri);
        knobs.app.client_secret = tfhelper::secret::Secret::new(CLIENT_SECRET);
        let rehearsal = Rehearsal::start(knobs).unwrap();
        let environment = BTreeMap::from([
            (String::from("HOME"), folder.path().display().to_string()),
            (String::from("TFHELPER_ATLASSIAN_AUTH_URL"), rehearsal.auth_url().to_owned()),
            (String::from("TFHELPER_ATLASSIAN_API_URL"), rehearsal.api_url().to_owned()),
            (String::from("TFHELPER_ATLASSIAN_SITE_URL"), rehearsal.site_url()),
            (String::from("TFHELPER_JIRA_CLIENT_ID"), String::from("rehearsal-client-id")),
            (String::from("TFHELPER_JIRA_CLIENT_SECRET"), String::from(CLIENT_SECRET)),
        ]);
        let stage = Self { folder, rehearsal, redirect_uri, environment };
        copy(Path::new(original), &stage.root_module());
        stage
    }

    /// A good day.
    pub(crate) fn good_day() -> Self {
        Self::new(Knobs::default())
    }

    pub(crate) fn root_module(&self) -> PathBuf {
        self.folder.path().join("root")
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.root_module().join(name)
    }

    pub(crate) fn text(&self, name: &str) -> String {
        fs::read_to_string(self.file(name)).unwrap_or_default()
    }

    pub(crate) fn mode(&self, name: &str) -> u32 {
        fs::metadata(self.file(name)).unwrap().permissions().mode() & 0o777
    }

    pub(crate) fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.environment.insert(name.to_owned(), value.to_owned());
    }

    /// tfhelper with these arguments, in an environment built up from nothing.
    pub(crate) fn tfhelper(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tfhelper"));
        command.env_clear().envs(&self.environment).current_dir(self.root_module()).args(arguments);
        command
    }

    /// `tfhelper init-jira` with these arguments.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.tfhelper(&["init-jira", "--no-browser"]);
        command.args(arguments);
        if !arguments.contains(&"--redirect-uri") {
            command.args(["--redirect-uri", &self.redirect_uri]);
        }
        if !arguments.contains(&"--secret-store") {
            command.args(["--secret-store", "file"]);
        }
        command
    }

    /// The same, started, with its standard input open.
    pub(crate) fn start(&self, arguments: &[&str]) -> Running {
        Running::new(self.command(arguments))
    }

    /// `tfhelper init-jira-server` with these arguments, started, with its standard input open.
    pub(crate) fn start_server(&self, arguments: &[&str]) -> Running {
        let mut command = self.tfhelper(&["init-jira-server"]);
        command.args(arguments);
        if !arguments.contains(&"--secret-store") {
            command.args(["--secret-store", "file"]);
        }
        Running::new(command)
    }

    /// The same with a person who opens the address and lets the consent page answer.
    pub(crate) fn run(&self, arguments: &[&str]) -> Outcome {
        let mut running = self.start(arguments);
        if let Some(url) = running.authorization_url() {
            browse(&url);
        }
        self.checked(running.finish())
    }

    /// The same with a person who pastes this instead.
    pub(crate) fn paste(&self, pasted: &str, arguments: &[&str]) -> Outcome {
        let mut running = self.start(arguments);
        running.authorization_url();
        running.type_line(pasted);
        self.checked(running.finish())
    }

    /// No secret shows in what was printed, nor in any file but the one for them.
    #[track_caller]
    pub(crate) fn checked(&self, outcome: Outcome) -> Outcome {
        let mut secrets: Vec<String> = self.rehearsal.secrets().iter().map(|secret| secret.expose().to_owned()).collect();
        secrets.push(String::from(CLIENT_SECRET));
        for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
            assert!(!outcome.stdout.contains(secret), "a secret in stdout: {}", outcome.stdout);
            assert!(!outcome.stderr.contains(secret), "a secret in stderr: {}", outcome.stderr);
            for file in files(&self.root_module()) {
                let text = String::from_utf8_lossy(&fs::read(&file).unwrap()).into_owned();
                // A process that is killed while it writes the file of secrets leaves the new one beside it.
                let is_half_written = file.parent().unwrap().ends_with(".tfhelper")
                    && file.file_name().unwrap().to_str().unwrap().starts_with(".tmp")
                    && fs::metadata(&file).unwrap().permissions().mode() & 0o777 == 0o600;
                let is_for_secrets = file.ends_with(".tfhelper/secrets.json") || is_half_written;
                assert!(is_for_secrets || !text.contains(secret), "a secret in {}", file.display());
            }
        }
        let is_harmless = |c: char| !c.is_control() || c == '\n' || c == '\t';
        assert!(outcome.stderr.chars().all(is_harmless), "a control character in {:?}", outcome.stderr);
        outcome
    }

    /// The refresh token that the file of secrets keeps, if any.
    pub(crate) fn kept_refresh_token(&self) -> Option<String> {
        let kept: serde_json::Value = serde_json::from_str(&self.text(".tfhelper/secrets.json")).ok()?;
        let secrets = kept.get("secrets")?.as_array()?.clone();
        let refresh_token = secrets.iter().find(|secret| secret["variable"] == "REFRESH_TOKEN")?;
        Some(refresh_token["value"].as_str()?.to_owned())
    }

    /// How often the token endpoint was asked.
    pub(crate) fn exchanges(&self) -> usize {
        self.rehearsal.requests().iter().filter(|request| request.path == "/oauth/token").count()
    }
}

impl Drop for Stage {
    /// Whatever a test was about: no request of tfhelper refreshed a token.
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let is_refresh = |body: &str| body.contains("refresh_token");
        assert!(self.rehearsal.requests().iter().all(|request| !is_refresh(&request.body)), "a token was refreshed");
    }
}

/// A tfhelper that runs.
pub(crate) struct Running {
    pub(crate) child: Child,
    stderr: BufReader<std::process::ChildStderr>,
    heard: String,
}

impl Running {
    fn new(mut command: Command) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        Self { child, stderr, heard: String::new() }
    }

    /// The next line of stderr, or none at its end.
    pub(crate) fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        let read = self.stderr.read_line(&mut line).unwrap();
        self.heard.push_str(&line);
        (read > 0).then_some(line)
    }

    /// Reads until the address to open is there; none where tfhelper ends before.
    pub(crate) fn authorization_url(&mut self) -> Option<String> {
        loop {
            let line = self.line()?;
            if line.starts_with("http") {
                return Some(line.trim().to_owned());
            }
        }
    }

    pub(crate) fn type_line(&mut self, line: &str) {
        let stdin = self.child.stdin.as_mut().unwrap();
        stdin.write_all(format!("{line}\n").as_bytes()).unwrap();
        stdin.flush().unwrap();
    }

    pub(crate) fn finish(mut self) -> Outcome {
        drop(self.child.stdin.take());
        let mut stdout = String::new();
        self.stderr.read_to_string(&mut self.heard).unwrap();
        self.child.stdout.take().unwrap().read_to_string(&mut stdout).unwrap();
        let status = self.child.wait().unwrap().code();
        Outcome { status, stdout, stderr: self.heard }
    }
}

/// Opens an address as a browser does, redirections included, and returns the page where it ends.
pub(crate) fn browse(url: &str) -> String {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        match client.get(url).send().await {
            Ok(response) => response.text().await.unwrap_or_default(),
            Err(error) => error.to_string(),
        }
    })
}

/// The address that the consent page sends the browser to, without going there.
pub(crate) fn redirection(url: &str) -> String {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let response = client.get(url).send().await.unwrap();
        response.headers()["location"].to_str().unwrap().to_owned()
    })
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

/// Every file below a folder.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            found.extend(files(&entry.path()));
        } else {
            found.push(entry.path());
        }
    }
    found
}
