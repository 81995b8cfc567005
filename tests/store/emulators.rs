//! Emulators and clients that are not ours: moto, drongo, the aws CLI, gcloud, Google's own Python client.
//!
//! `.ci/install-peers` installs them. Where they are missing the tests say so and pass, unless `CI` is set.

use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::atlassian::Stage;
use super::program::{CANARIES, Cloud, Program};

/// Where the peers are; none, after saying so, when they are not installed.
fn peer(name: &str) -> Option<PathBuf> {
    let installed = std::env::var_os("TFHELPER_PEERS")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/peers"), PathBuf::from);
    let path = installed.join("venv/bin").join(name);
    if path.exists() {
        return Some(path);
    }
    on_missing(name)
}

/// A program of the system; none, after saying so, when it is not installed.
fn system(name: &str) -> Option<PathBuf> {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&paths).map(|folder| folder.join(name)).find(|path| path.exists());
    found.or_else(|| on_missing(name))
}

fn on_missing(name: &str) -> Option<PathBuf> {
    assert!(std::env::var_os("CI").is_none_or(|ci| ci.is_empty()), "{name} is missing: run .ci/install-peers");
    eprintln!("{name} is missing, so this test proves nothing: run .ci/install-peers");
    None
}

/// A running emulator, ended with the test.
struct Emulator {
    child: Child,
    url: String,
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Emulator {
    /// Starts a program that takes `--host H -p PORT`, on a free port, and waits until it answers.
    fn start(program: &PathBuf, arguments: &[&str]) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new(program);
        command.args(arguments).args(["--host", "127.0.0.1", "-p", &port.to_string()]);
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let emulator = Self { child, url: format!("http://127.0.0.1:{port}") };
        let deadline = Instant::now() + Duration::from_secs(60);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < deadline, "{} does not answer", program.display());
            std::thread::yield_now();
        }
        emulator
    }
}

/// Runs a client in an environment built from empty and returns what it printed.
#[track_caller]
fn ask(program: &PathBuf, environment: &[(&str, &str)], arguments: &[&str]) -> String {
    let mut command = Command::new(program);
    command.args(arguments).env_clear().envs(environment.iter().copied()).env("PATH", "/usr/local/bin:/usr/bin:/bin");
    let Output { status, stdout, stderr } = command.stdin(Stdio::null()).output().unwrap();
    assert!(status.success(), "{arguments:?}\n{}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).unwrap()
}

/// Makes what Terraform makes, and a user with a policy, whose key it prints; then moto refuses wrong signatures and what
/// no policy allows.
const SET_MOTO_UP: &str = r#"
import json, sys, urllib.request
import botocore.session
url, actions, names = sys.argv[1], sys.argv[2].split(","), sys.argv[3:]
session = botocore.session.get_session()
def client(service):
    return session.create_client(service, region_name="eu-central-1", endpoint_url=url,
                                 aws_access_key_id="setup", aws_secret_access_key="setup")
ssm, secrets, iam = client("ssm"), client("secretsmanager"), client("iam")
for name in names:
    ssm.put_parameter(Name=name, Type="SecureString", Value="fill me")
    secrets.create_secret(Name=name)
iam.create_user(UserName="admin")
statement = [{"Effect": "Allow", "Action": actions, "Resource": "*"}]
document = json.dumps({"Version": "2012-10-17", "Statement": statement})
iam.put_user_policy(UserName="admin", PolicyName="p", PolicyDocument=document)
trust = [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}]
iam.create_role(RoleName="deployer", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": trust}))
statement[0]["Action"] = ["ssm:*", "sts:*"]
document = json.dumps({"Version": "2012-10-17", "Statement": statement})
iam.put_role_policy(RoleName="deployer", PolicyName="p", PolicyDocument=document)
key = iam.create_access_key(UserName="admin")["AccessKey"]
print(key["AccessKeyId"], key["SecretAccessKey"])
urllib.request.urlopen(urllib.request.Request(url + "/moto-api/reset-auth", b"0", {"Content-Type": "text/plain"}))
"#;

/// moto with the connector's parameters and secrets as Terraform makes them, and a user who may do this.
struct Moto {
    emulator: Emulator,
    aws: PathBuf,
    key_id: String,
    secret_key: String,
}

impl Moto {
    fn start(actions: &str) -> Option<Self> {
        let (server, aws, python) = (peer("moto_server")?, peer("aws")?, peer("python")?);
        let emulator = Emulator::start(&server, &[]);
        let names = ["ACCESS_TOKEN", "REFRESH_TOKEN", "OAUTH_REFRESH_TOKEN", "CLIENT_ID", "CLIENT_SECRET"];
        let names = names.map(|variable| Cloud::Aws.name(variable));
        let mut arguments = vec!["-c", SET_MOTO_UP, &emulator.url, actions];
        arguments.extend(names.iter().map(String::as_str));
        let key = ask(&python, &[], &arguments);
        let (key_id, secret_key) = key.trim().split_once(' ').unwrap();
        Some(Self { emulator, aws, key_id: key_id.to_owned(), secret_key: secret_key.to_owned() })
    }

    #[track_caller]
    fn ask(&self, arguments: &[&str]) -> String {
        let environment = [
            ("AWS_ACCESS_KEY_ID", self.key_id.as_str()),
            ("AWS_SECRET_ACCESS_KEY", self.secret_key.as_str()),
            ("AWS_DEFAULT_REGION", "eu-central-1"),
        ];
        let arguments = [&["--endpoint-url", self.emulator.url.as_str(), "--output", "json"], arguments].concat();
        ask(&self.aws, &environment, &arguments)
    }

    /// A root module with kept secrets, and the user's credentials.
    fn program(&self) -> Program {
        let mut program = Program::new(Cloud::Aws, &self.emulator.url);
        program.set("AWS_ACCESS_KEY_ID", &self.key_id);
        program.set("AWS_SECRET_ACCESS_KEY", &self.secret_key);
        program.keep(Cloud::Aws.prefix());
        program.write_ledger("2026-01-01T10:00:00Z");
        program
    }
}

/// moto keeps one state a process, and starting one takes a while: one test at a time.
static MOTO: Mutex<()> = Mutex::new(());

#[test]
fn aws_cli_reads_from_moto_what_push_has_written() {
    let _one = MOTO.lock();
    let Some(moto) = Moto::start("ssm:*,secretsmanager:*,sts:*") else { return };
    moto.program().expect(0, &["secrets", "push"]);
    let names = CANARIES.map(|(variable, _)| Cloud::Aws.name(variable));
    let mut arguments = vec!["ssm", "get-parameters", "--with-decryption", "--names"];
    arguments.extend(names.iter().map(String::as_str));
    let answer: serde_json::Value = serde_json::from_str(&moto.ask(&arguments)).unwrap();
    for (name, (_, value)) in names.iter().zip(CANARIES) {
        let parameters = answer["Parameters"].as_array().unwrap();
        let parameter = parameters.iter().find(|parameter| parameter["Name"] == name.as_str()).unwrap();
        assert_eq!((&parameter["Value"], &parameter["Type"]), (&value.into(), &"SecureString".into()));
    }
    let arguments = ["ssm", "list-tags-for-resource", "--resource-type", "Parameter", "--resource-id", &names[2]];
    let tags = moto.ask(&arguments);
    assert!(tags.contains("tfhelper-consented-at") && CANARIES.iter().all(|(_, value)| !tags.contains(value)), "{tags}");

    moto.program().expect(0, &["secrets", "push", "--secret-store", "aws-secrets-manager"]);
    for (name, (_, value)) in names.iter().zip(CANARIES) {
        let answer = moto.ask(&["secretsmanager", "get-secret-value", "--secret-id", name]);
        let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(answer["SecretString"], value);
    }
}

#[test]
fn wrong_key_and_missing_policy_are_refused_by_moto_before_anything_is_written() {
    let _one = MOTO.lock();
    let Some(moto) = Moto::start("ssm:GetParameter,ssm:DescribeParameters,ssm:ListTagsForResource,sts:*") else {
        return;
    };
    let program = moto.program();
    program.expect(3, &["secrets", "push"]).says(&["cannot write parameter `PSOXY_JIRA_CLOUD_CLIENT_ID`"]);
    assert_eq!(program.kept().len(), 3);

    let mut program = moto.program();
    program.set("AWS_SECRET_ACCESS_KEY", "canary-aws-key-7Hd");
    program.expect(3, &["secrets", "push"]).says(&["access key or its secret is wrong"]);
    assert_eq!(program.kept().len(), 3);
}

#[test]
fn role_of_the_provider_is_assumed_and_writes_to_moto() {
    let _one = MOTO.lock();
    let Some(moto) = Moto::start("sts:AssumeRole,sts:GetCallerIdentity") else { return };
    let program = moto.program();
    // The user itself may not.
    program.expect(3, &["secrets", "push"]);
    program.add_variables("aws_assume_role_arn = \"arn:aws:iam::123456789012:role/deployer\"");
    program.expect(0, &["secrets", "push"]).says(&["assumed-role/deployer/tfhelper"]);
    assert!(program.kept().is_empty());

    let arguments =
        ["sts", "assume-role", "--role-arn", "arn:aws:iam::123456789012:role/deployer", "--role-session-name", "test"];
    let answer: serde_json::Value = serde_json::from_str(&moto.ask(&arguments)).unwrap();
    let part = |name: &str| answer["Credentials"][name].as_str().unwrap().to_owned();
    let (key_id, secret_key, token) = (part("AccessKeyId"), part("SecretAccessKey"), part("SessionToken"));
    let environment = [
        ("AWS_ACCESS_KEY_ID", key_id.as_str()),
        ("AWS_SECRET_ACCESS_KEY", secret_key.as_str()),
        ("AWS_SESSION_TOKEN", token.as_str()),
        ("AWS_DEFAULT_REGION", "eu-central-1"),
    ];
    let name = Cloud::Aws.name("REFRESH_TOKEN");
    let endpoint = ["--endpoint-url", moto.emulator.url.as_str(), "--output", "json"];
    let arguments = [&endpoint[..], &["ssm", "get-parameter", "--with-decryption", "--name", &name]].concat();
    let answer: serde_json::Value = serde_json::from_str(&ask(&moto.aws, &environment, &arguments)).unwrap();
    assert_eq!(answer["Parameter"]["Value"], CANARIES[2].1);
}

/// What Atlassian gave out, as a client that is not ours has read it.
#[track_caller]
fn check_is_of_atlassian(stage: &Stage, refresh_token: &str) {
    assert!(refresh_token.len() > 20 && stage.secrets().contains(refresh_token), "{refresh_token}");
}

#[test]
fn aws_cli_reads_from_moto_what_init_jira_has_written() {
    let _one = MOTO.lock();
    let Some(moto) = Moto::start("ssm:*,secretsmanager:*,sts:*") else { return };
    let mut stage = Stage::new(Cloud::Aws, &moto.emulator.url);
    stage.program.set("AWS_ACCESS_KEY_ID", &moto.key_id);
    stage.program.set("AWS_SECRET_ACCESS_KEY", "wrong");
    stage.run(&[]).expect(3).says(&["access key or its secret is wrong"]);
    assert!(!stage.is_asked());
    stage.program.set("AWS_SECRET_ACCESS_KEY", &moto.secret_key);
    let name = Cloud::Aws.name("REFRESH_TOKEN");

    stage.run(&[]).expect(0);
    let arguments = ["ssm", "get-parameter", "--with-decryption", "--name", &name];
    let answer: serde_json::Value = serde_json::from_str(&moto.ask(&arguments)).unwrap();
    check_is_of_atlassian(&stage, answer["Parameter"]["Value"].as_str().unwrap());
    stage.then(&["check", "--online", "--stage", "post-apply", "--group", "secret"]).expect(0);

    stage.run(&["--secret-store", "aws-secrets-manager"]).expect(0);
    let arguments = ["secretsmanager", "get-secret-value", "--secret-id", &name];
    let answer: serde_json::Value = serde_json::from_str(&moto.ask(&arguments)).unwrap();
    check_is_of_atlassian(&stage, answer["SecretString"].as_str().unwrap());
}

/// Creates a secret without a version, as psoxy's Terraform does, then reads versions: Google's own client for Python.
const PYTHON: &str = r#"
import sys
from google.api_core.client_options import ClientOptions
from google.auth.credentials import AnonymousCredentials
from google.cloud.secretmanager_v1 import SecretManagerServiceClient
from google.cloud.secretmanager_v1.services.secret_manager_service.transports import SecretManagerServiceRestTransport
host, job, names = sys.argv[1], sys.argv[2], sys.argv[3:]
transport = SecretManagerServiceRestTransport(host=host, url_scheme="http", credentials=AnonymousCredentials())
client = SecretManagerServiceClient(transport=transport)
for name in names:
    if job == "create":
        client.create_secret(parent="projects/acme-psoxy-prod", secret_id=name, secret={"replication": {"automatic": {}}})
    else:
        answer = client.access_secret_version(name=f"projects/acme-psoxy-prod/secrets/{name}/versions/latest")
        print(answer.payload.data.decode())
"#;

#[test]
fn google_s_own_clients_read_from_drongo_what_push_has_written() {
    let (Some(drongo), Some(python), Some(gcloud)) = (peer("drongo"), peer("python"), system("gcloud")) else { return };
    let emulator = Emulator::start(&drongo, &["server"]);
    let host = emulator.url.trim_start_matches("http://").to_owned();
    let names: Vec<String> = CANARIES.iter().map(|(variable, _)| Cloud::Gcp.name(variable)).collect();
    let with_names = |job: &'static str| {
        let mut arguments = vec!["-c", PYTHON, &host, job];
        arguments.extend(names.iter().map(String::as_str));
        ask(&python, &[], &arguments)
    };
    with_names("create");
    let program = Program::new(Cloud::Gcp, &emulator.url);
    program.keep(Cloud::Gcp.prefix());
    program.expect(0, &["secrets", "push"]);
    let values: Vec<&str> = CANARIES.iter().map(|(_, value)| *value).collect();
    assert_eq!(with_names("read").lines().collect::<Vec<_>>(), values);

    assert_eq!(ask_gcloud(&gcloud, &emulator.url, &names[2]), values[2]);

    let stage = Stage::new(Cloud::Gcp, &emulator.url);
    stage.run(&["--yes"]).expect(0);
    check_is_of_atlassian(&stage, &ask_gcloud(&gcloud, &emulator.url, &names[2]));
    assert_eq!(with_names("read").lines().take(2).collect::<Vec<_>>(), values[..2]);
    stage.then(&["check", "--online", "--stage", "post-apply", "--group", "secret"]).expect(0);
}

/// The newest value of a secret as gcloud reads it.
#[track_caller]
fn ask_gcloud(gcloud: &PathBuf, url: &str, name: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let (home, token) = (folder.path().join("gcloud"), folder.path().join("token"));
    std::fs::write(&token, "token").unwrap();
    let override_url = format!("{url}/");
    let environment = [
        ("CLOUDSDK_CONFIG", home.to_str().unwrap()),
        ("HOME", home.to_str().unwrap()),
        ("CLOUDSDK_API_ENDPOINT_OVERRIDES_SECRETMANAGER", &override_url),
        ("CLOUDSDK_AUTH_ACCESS_TOKEN_FILE", token.to_str().unwrap()),
        ("CLOUDSDK_CORE_PROJECT", "acme-psoxy-prod"),
        ("CLOUDSDK_CORE_DISABLE_PROMPTS", "1"),
    ];
    let secret = format!("--secret={name}");
    ask(gcloud, &environment, &["secrets", "versions", "access", "latest", &secret])
}
