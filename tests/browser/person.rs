//! The person at the browser: a script that drives Chromium, and its report.

use std::io::Read;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

/// How long a report may take after tfhelper has ended.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the browser tests need besides tfhelper.
pub(crate) struct Peers {
    /// Where `.ci/install-peers` put them.
    pub(crate) directory: PathBuf,
    chromium: PathBuf,
    /// The script that drives Chromium needs it.
    pub(crate) node: PathBuf,
}

/// The peers, or nothing where one is missing and nobody insists.
pub(crate) fn find_peers() -> Option<Peers> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let directory = std::env::var_os("TFHELPER_PEERS").map_or_else(|| root.join("target/peers"), PathBuf::from);
    let found = on_path("chromium").zip(on_path("node")).filter(|_| directory.join("installed").is_file());
    if found.is_none() {
        assert!(std::env::var_os("CI").is_none(), "the peers are missing: run .ci/install-peers");
        say("skipped: the peers are missing; .ci/install-peers installs them");
    }
    found.map(|(chromium, node)| Peers { directory, chromium, node })
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).map(|directory| directory.join(program)).find(|file| file.is_file())
}

#[expect(clippy::print_stderr, reason = "a skipped test has to say so")]
fn say(line: &str) {
    eprintln!("{line}");
}

/// A person with a plan, waiting for tfhelper to open the browser.
pub(crate) struct Person {
    reports: Receiver<String>,
    /// `TFHELPER_BROWSER_PLAN` of the script.
    pub(crate) plan: String,
}

impl Person {
    /// A person who takes these steps and expects to land at an address that begins so.
    ///
    /// Pictures of what is seen stay in cargo's folder for tests, under `browser` and the name.
    pub(crate) fn new(peers: &Peers, name: &str, scheme: &str, steps: &Value, landing: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let pictures = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser").join(name);
        std::fs::create_dir_all(&pictures).unwrap();
        let plan = json!({
            "peers": peers.directory, "chromium": peers.chromium, "pictures": pictures, "scheme": scheme,
            "report": ["127.0.0.1", port], "steps": steps, "landing": landing,
        });
        let (sender, reports) = channel();
        std::thread::spawn(move || {
            let mut text = String::new();
            listener.accept().unwrap().0.read_to_string(&mut text).unwrap();
            // Nobody reads it where the test has failed already.
            let _ = sender.send(text);
        });
        Self { reports, plan: plan.to_string() }
    }

    /// The script that `BROWSER` names.
    pub(crate) fn script() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/person.mjs")
    }

    /// What the person saw in the end.
    pub(crate) fn report(self) -> Report {
        let text = self.reports.recv_timeout(PATIENCE).expect("the browser was opened and has reported");
        let report: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(report["error"], Value::Null, "{}", report["error"]);
        Report(report)
    }
}

/// What the person saw in the end.
pub(crate) struct Report(Value);

impl Report {
    /// The landing page's text.
    pub(crate) fn text(&self) -> &str {
        self.0["text"].as_str().unwrap()
    }

    /// The landing page has no scripts, and no page asked for anything beyond this machine.
    #[track_caller]
    pub(crate) fn assert_is_self_contained(&self) {
        assert_eq!(self.0["scripts"], 0);
        for request in self.0["requests"].as_array().unwrap() {
            let url = url::Url::parse(request.as_str().unwrap()).unwrap();
            assert!(url.scheme() == "data" || matches!(url.host_str(), Some("127.0.0.1" | "localhost")), "{url}");
        }
    }
}
