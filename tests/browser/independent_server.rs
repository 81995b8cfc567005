//! The same flow with an authorization server that is not ours: npm's oidc-provider.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::json;

use super::person::{Peers, Person, find_peers};
use super::tfhelper::{Run, free_redirect_uri, init_jira, ledger, root_module, said, tfvars};

const CLIENT_ID: &str = "client-of-oidc-provider";
/// The site that stands behind it.
const CLOUD_ID: &str = "3324a887-45db-4bf4-8e99-ef0ff456d421";
const CLIENT_SECRET: &str = "canary-secret-of-oidc-provider";

/// The server; killed when dropped.
struct Server {
    process: Child,
    origin: String,
}

impl Server {
    fn start(peers: &Peers, redirect_uri: &str) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/oidc-provider.mjs");
        let mut process = Command::new(&peers.node)
            .args([script.as_os_str(), peers.directory.as_os_str()])
            .args([CLIENT_ID, CLIENT_SECRET, redirect_uri])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut origin = String::new();
        BufReader::new(process.stdout.as_mut().unwrap()).read_line(&mut origin).unwrap();
        Self { process, origin: origin.trim_end().to_owned() }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn certified_server_accepts_the_request_and_the_exchange() {
    let Some(peers) = find_peers() else { return };
    let redirect_uri = free_redirect_uri();
    let server = Server::start(&peers, &redirect_uri);
    let steps = json!([
        {"fill": ["Enter any login", "alex"]}, {"fill": ["and password", "any"]}, {"picture": "login"}, {"click": "Sign-in"},
        {"picture": "consent"}, {"click": "Continue"},
    ]);
    let person = Person::new(&peers, "oidc-provider", "light", &steps, &redirect_uri);
    let directory = root_module();
    let run = Run {
        origin: &server.origin,
        client_id: CLIENT_ID,
        client_secret: CLIENT_SECRET,
        redirect_uri: &redirect_uri,
        arguments: &[],
    };
    let output = init_jira(&peers, &person, directory.path(), &run);
    person.report();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(ledger(directory.path()).contains(CLOUD_ID));
    assert!(tfvars(directory.path()).contains(CLOUD_ID));
    assert!(!said(&output).contains(CLIENT_SECRET));
}
