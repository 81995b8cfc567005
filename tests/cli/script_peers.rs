//! A second opinion on the signature of the calls to a proxy on AWS: botocore's, which is not ours.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::json;
use tfhelper::test_script::{ProxyHost, Target};

use crate::script_stage::{Request, ScriptStage, Server, TOKEN, healthy};

const KEY_ID: &str = "AKIAIOSFODNN7EXAMPLE";

/// The Python that has botocore; none, after saying so, where the peers are not installed.
#[expect(clippy::print_stderr, reason = "a test that proves nothing says so")]
fn python() -> Option<PathBuf> {
    let peers = std::env::var_os("TFHELPER_PEERS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target/peers"), PathBuf::from);
    let python = peers.join("venv/bin/python");
    if python.exists() {
        return Some(python);
    }
    assert!(std::env::var_os("CI").is_none_or(|ci| ci.is_empty()), "botocore is missing: run .ci/install-peers");
    eprintln!("botocore is missing, so this test proves nothing: run .ci/install-peers");
    None
}

/// What botocore says of each request's signature.
fn verdicts(python: &Path, requests: &[Request], secret_key: &str) -> Vec<String> {
    let requests: Vec<_> = requests
        .iter()
        .map(|request| {
            let url = format!("http://{}{}", request.header("host"), request.target);
            json!({"method": request.method, "url": url, "headers": request.headers, "access_key": KEY_ID, "secret_key": secret_key})
        })
        .collect();
    let mut command = Command::new(python);
    command.arg("tests/peers/sigv4.py").env_clear().stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(serde_json::to_string(&requests).unwrap().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

/// The requests of every call of a connector, each answered as if its signature held.
fn requests(connector: &str, session_token: Option<&str>) -> Vec<Request> {
    let server = Server::start(healthy);
    let mut stage = ScriptStage::new(connector, Target::Proxy, ProxyHost::Aws);
    stage.set("PSOXY_ENDPOINT_URL", &format!("{}/psoxy-{connector}/", server.url));
    stage.set("PSOXY_CALLER_ROLE_ARN", "");
    stage.set("AWS_REGION", "eu-west-1");
    stage.set("AWS_ACCESS_KEY_ID", KEY_ID);
    stage.set("AWS_SECRET_ACCESS_KEY", TOKEN);
    if let Some(token) = session_token {
        stage.set("AWS_SESSION_TOKEN", token);
    }
    stage.run(&[]).expect(0, &[]);
    server.requests()
}

#[test]
fn botocore_signs_alike() {
    let Some(python) = python() else { return };
    for (connector, session_token) in
        [("jira-cloud", None), ("jira-server", None), ("jira-cloud", Some("session/token+with=signs"))]
    {
        let requests = requests(connector, session_token);
        assert_eq!(verdicts(&python, &requests, TOKEN), vec!["equal"; requests.len()], "{connector}");
        assert!(verdicts(&python, &requests, "another").iter().all(|verdict| verdict != "equal"));
    }
}
