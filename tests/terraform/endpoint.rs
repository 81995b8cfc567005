//! A test-call script finds the proxy in the outputs of a state that the real terraform made.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};

use tfhelper::connector::{NEWEST_RELEASE, jira_cloud};
use tfhelper::test_script::template::Templates;
use tfhelper::test_script::{ProxyHost, Subject, Target, render};

use crate::real_terraform;

/// A root module with psoxy's two outputs and nothing else, and the script in a folder below.
fn root_module(endpoint: &str) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    let outputs = format!(
        "output \"api_connector_instances\" {{\n  value = {{\n    \"jira-cloud\" = {{ endpoint_url = \"{endpoint}\", test = \"a \\\"b\\\"\" }}\n    gmail = null\n  }}\n}}\n\noutput \"caller_role_arn\" {{\n  value = \"\"\n}}\n"
    );
    fs::write(root.path().join("outputs.tf"), outputs).unwrap();
    let settings = [("jira_cloud_id", String::from("1324a887-45db-4bf4-8e99-ef0ff456d421"))];
    let subject = Subject {
        connector: &jira_cloud::CONNECTOR,
        release: &NEWEST_RELEASE,
        settings: &settings,
        proxy: Some(ProxyHost::Aws),
        root_module: "..",
    };
    let scripts = render(&Templates::built_in().unwrap(), &subject, &[Target::Proxy]).unwrap();
    fs::create_dir(root.path().join("test-calls")).unwrap();
    fs::write(root.path().join("test-calls/script.sh"), &scripts[0].content).unwrap();
    root
}

/// Calls the health check from a directory that is not the root module.
fn run_script(root: &Path) -> Output {
    let mut command = Command::new("bash");
    command.arg(root.join("test-calls/script.sh")).arg("health").current_dir("/").env_clear();
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", root).env("CHECKPOINT_DISABLE", "1");
    command
        .env("AWS_REGION", "eu-west-1")
        .env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
        .env("AWS_SECRET_ACCESS_KEY", "secret");
    command.output().unwrap()
}

#[test]
fn endpoint_comes_from_a_state_that_terraform_applied() {
    let Some(terraform) = real_terraform::find() else { return };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let root = root_module(&format!("http://{}/psoxy-jira-cloud/", listener.local_addr().unwrap()));
    let applied = real_terraform::run(&terraform, root.path(), &["apply", "-auto-approve", "-input=false", "-no-color"]);
    assert!(applied.status.success(), "{}", String::from_utf8_lossy(&applied.stderr));
    let proxy = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let lines = BufReader::new(stream.try_clone().unwrap()).lines();
        let request: Vec<String> = lines.map(Result::unwrap).take_while(|line| !line.is_empty()).collect();
        let body = r#"{"configuredSource":"jira-cloud"}"#;
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
        stream.write_all(answer.as_bytes()).unwrap();
        request
    });
    let output = run_script(root.path());
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("1 ok, 0 with a warning, 0 skipped, 0 failed"), "{said}");
    assert_eq!(proxy.join().unwrap()[0], "GET /psoxy-jira-cloud/ HTTP/1.1");
}

#[test]
fn root_module_that_nobody_applied_is_told() {
    if real_terraform::find().is_none() {
        return;
    }
    let output = run_script(root_module("http://127.0.0.1:9/").path());
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("has no endpoint of jira-cloud") && said.contains("run terraform apply"), "{said}");
    assert!(said.contains("PSOXY_ENDPOINT_URL"), "{said}");
}

#[test]
fn backend_that_is_not_initialized_is_told_in_terraforms_words() {
    if real_terraform::find().is_none() {
        return;
    }
    let root = root_module("http://127.0.0.1:9/");
    fs::write(root.path().join("backend.tf"), "terraform {\n  backend \"s3\" {}\n}\n").unwrap();
    let output = run_script(root.path());
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("the endpoint is not known") && said.contains("Backend initialization required"), "{said}");
}
