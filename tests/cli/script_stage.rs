//! A test-call script in a temporary folder, and a server on loopback that plays the other side.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use tempfile::TempDir;
use tfhelper::connector::{self, NEWEST_RELEASE};
use tfhelper::test_script::template::Templates;
use tfhelper::test_script::{ProxyHost, Subject, Target, render};

use crate::stage::Outcome;

/// The token that may show up in the server's requests and nowhere else.
pub(crate) const TOKEN: &str = "canary.token-of_the/test+calls=";

pub(crate) const CLOUD_ID: &str = "1324a887-45db-4bf4-8e99-ef0ff456d421";

/// A request as the server got it.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// Path and query.
    pub(crate) target: String,
    /// Names in lower case.
    pub(crate) headers: BTreeMap<String, String>,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(String::as_str).unwrap_or_default()
    }
}

/// What the server answers.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn json(status: u16, body: &str) -> Self {
        Self { status, headers: vec![("Content-Type", "application/json".to_owned())], body: body.to_owned() }
    }

    pub(crate) fn html(status: u16, body: &str) -> Self {
        Self { status, headers: vec![("Content-Type", "text/html".to_owned())], body: body.to_owned() }
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}

/// What a healthy Jira, and a healthy proxy before it, answer to a path.
pub(crate) fn healthy(request: &Request) -> Reply {
    let path = request.target.split('?').next().unwrap_or_default();
    let body = match path.rsplit('/').next().unwrap_or_default() {
        "" => r#"{"configuredSource":"jira-cloud","missingConfigProperties":[],"nonDefaultSalt":true}"#,
        "myself" => r#"{"accountId":"1","name":"svc"}"#,
        "accessible-resources" => r#"[{"id":"1"}]"#,
        "users" => r#"[{"accountId":"1"},{"accountId":"2"}]"#,
        "comment" => r#"{"startAt":0,"comments":[]}"#,
        "worklog" => r#"{"startAt":0,"worklogs":[{"id":"1"}]}"#,
        "search" if !path.contains("project") => r#"{"total":1,"issues":[{"id":"1"}]}"#,
        _ => r#"{"values":[{"name":"a \"quoted\" \u003cname\u003e"}],"total":1}"#,
    };
    Reply::json(200, body)
}

/// A server on loopback for one test.
pub(crate) struct Server {
    pub(crate) url: String,
    requests: Arc<Mutex<Vec<Request>>>,
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub(crate) fn start(answer: impl Fn(&Request) -> Reply + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (requests, is_over) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let (log, over) = (Arc::clone(&requests), Arc::clone(&is_over));
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if over.load(Ordering::SeqCst) {
                    break;
                }
                serve(stream.unwrap(), &log, &answer);
            }
        });
        Self { url, requests, is_over, thread: Some(thread) }
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.url.trim_start_matches("http://"));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn serve(stream: TcpStream, log: &Mutex<Vec<Request>>, answer: &impl Fn(&Request) -> Reply) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let mut words = line.split_whitespace().map(str::to_owned);
    let (Some(method), Some(target)) = (words.next(), words.next()) else { return };
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let request = Request { method, target, headers };
    let reply = answer(&request);
    log.lock().unwrap().push(request);
    let mut text = format!("HTTP/1.1 {} Status\r\nContent-Length: {}\r\nConnection: close\r\n", reply.status, reply.body.len());
    for (name, value) in &reply.headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    let mut stream = stream;
    let _ = stream.write_all(format!("{text}\r\n{}", reply.body).as_bytes());
}

/// A script, ready to run.
pub(crate) struct ScriptStage {
    folder: TempDir,
    pub(crate) script: PathBuf,
    environment: BTreeMap<String, String>,
}

impl ScriptStage {
    pub(crate) fn new(connector: &str, target: Target, proxy: ProxyHost) -> Self {
        Self::with_settings(connector, target, proxy, &[("jira_cloud_id", CLOUD_ID), ("jira_example_issue_id", "ETV-12")])
    }

    pub(crate) fn with_settings(connector: &str, target: Target, proxy: ProxyHost, settings: &[(&'static str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings: Vec<_> = settings.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        let subject = Subject {
            connector: connector::find(connector).unwrap(),
            release: &NEWEST_RELEASE,
            settings: &settings,
            proxy: Some(proxy),
            root_module: "..",
        };
        let scripts = render(&Templates::built_in().unwrap(), &subject, &[target]).unwrap();
        let directory = folder.path().join("root/test calls");
        fs::create_dir_all(&directory).unwrap();
        fs::create_dir_all(folder.path().join("bin")).unwrap();
        fs::create_dir_all(folder.path().join("tmp")).unwrap();
        let script = directory.join(&scripts[0].name);
        fs::write(&script, &scripts[0].content).unwrap();
        let path = format!("{}:{}", folder.path().join("bin").display(), std::env::var("PATH").unwrap_or_default());
        let environment = BTreeMap::from([
            ("PATH".to_owned(), path),
            ("HOME".to_owned(), folder.path().display().to_string()),
            ("TMPDIR".to_owned(), folder.path().join("tmp").display().to_string()),
        ]);
        Self { folder, script, environment }
    }

    /// A direct script that calls this server with the canary as its token.
    pub(crate) fn direct(connector: &str, server: &Server) -> Self {
        let mut stage = Self::new(connector, Target::Direct, ProxyHost::Aws);
        stage.set("TFHELPER_ATLASSIAN_API_URL", &server.url);
        stage.set("JIRA_ACCESS_TOKEN", TOKEN);
        stage
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.environment.insert(name.to_owned(), value.to_owned());
    }

    pub(crate) fn unset(&mut self, name: &str) {
        self.environment.remove(name);
    }

    /// Puts a program of this name first on PATH.
    pub(crate) fn stand_in(&self, name: &str, script: &str) {
        let file = self.path("bin").join(name);
        fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Leaves nothing on PATH but these programs.
    pub(crate) fn only_programs(&mut self, names: &[&str]) {
        let found = |name: &str| {
            let path = std::env::var("PATH").unwrap_or_default();
            path.split(':').map(|directory| Path::new(directory).join(name)).find(|file| file.exists())
        };
        for name in names {
            let _ = std::os::unix::fs::symlink(found(name).unwrap(), self.path("bin").join(name));
        }
        let bin = self.path("bin").display().to_string();
        self.set("PATH", &bin);
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Outcome {
        self.run_bash(&[], arguments)
    }

    /// Runs the script with options of bash before it; asserts what holds for every run.
    pub(crate) fn run_bash(&self, options: &[&str], arguments: &[&str]) -> Outcome {
        let mut command = Command::new(bash());
        command.args(options).arg(&self.script).args(arguments);
        command.env_clear().envs(&self.environment).current_dir(self.folder.path());
        let output = command.stdin(Stdio::null()).output().unwrap();
        let outcome = Outcome {
            status: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        };
        for text in [&outcome.stdout, &outcome.stderr] {
            assert!(!text.contains(TOKEN), "the token is shown: {text}");
            assert!(!text.chars().any(|c| c.is_control() && c != '\n' && c != '\t'), "a control character: {text:?}");
        }
        assert_eq!(fs::read_dir(self.path("tmp")).unwrap().count(), 0, "something is left in TMPDIR");
        outcome
    }
}

/// The bash to test with; `TEST_BASH` names another, such as a 3.2.
fn bash() -> String {
    std::env::var("TEST_BASH").unwrap_or_else(|_| "bash".to_owned())
}

/// The words stand in the output, line breaks aside.
#[track_caller]
pub(crate) fn assert_says(output: &str, words: &[&str]) {
    let flat = output.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in words {
        assert!(flat.contains(part), "{part:?} is missing in {output}");
    }
}

/// Every command line on this machine that holds a text.
pub(crate) fn command_lines_with(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let mut line = Vec::new();
        if let Ok(mut file) = fs::File::open(entry.path().join("cmdline")) {
            let _ = file.read_to_end(&mut line);
        }
        let line = String::from_utf8_lossy(&line).replace('\0', " ");
        if line.contains(text) {
            found.push(line);
        }
    }
    found
}
