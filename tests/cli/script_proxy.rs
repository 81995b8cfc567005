//! The scripts that call through the proxy: endpoint, identity, health check, and what they say of each answer.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use sha2::{Digest, Sha256};
use tfhelper::test_script::{ProxyHost, Target};

use crate::script_stage::{Reply, Request, ScriptStage, Server, TOKEN, assert_says, command_lines_with, healthy};

const KEY_ID: &str = "AKIAIOSFODNN7EXAMPLE";
const SESSION_TOKEN: &str = "session/token+with=signs";

fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut block = [0_u8; 64];
    block[..key.len()].copy_from_slice(key);
    let pad = |with: u8| block.map(|byte| byte ^ with);
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize().to_vec()
}

/// The signature that AWS expects for a GET without body, computed from the request as it arrived.
///
/// Source: AWS, "Create a signed AWS API request" (Signature Version 4).
fn expected_signature(request: &Request, secret_key: &str) -> String {
    let authorization = request.header("authorization");
    let part = |name: &str| {
        let (_, rest) = authorization.split_once(name).unwrap();
        rest.split(',').next().unwrap().trim().to_owned()
    };
    let (credential, signed) = (part("Credential="), part("SignedHeaders="));
    let scope: Vec<&str> = credential.split('/').collect();
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    let mut canonical = format!("GET\n{path}\n{query}\n");
    for name in signed.split(';') {
        canonical.push_str(&format!("{name}:{}\n", request.header(name)));
    }
    canonical.push_str(&format!("\n{signed}\n{}", hex::encode(Sha256::digest(b""))));
    let to_sign = format!(
        "AWS4-HMAC-SHA256\n{}\n{}\n{}",
        request.header("x-amz-date"),
        scope[1..].join("/"),
        hex::encode(Sha256::digest(canonical.as_bytes()))
    );
    let mut key = format!("AWS4{secret_key}").into_bytes();
    for part in &scope[1..] {
        key = hmac(&key, part.as_bytes());
    }
    hex::encode(hmac(&key, to_sign.as_bytes()))
}

/// A proxy on AWS, which lets nobody in whose signature is wrong.
fn aws_proxy(answer: impl Fn(&Request) -> Reply + Send + 'static) -> Server {
    Server::start(move |request| {
        let authorization = request.header("authorization");
        if authorization.ends_with(&format!("Signature={}", expected_signature(request, TOKEN))) {
            answer(request)
        } else {
            let refusal = r#"{"message":"The request signature we calculated does not match the signature you provided."}"#;
            Reply::json(403, refusal).header("x-amzn-ErrorType", "InvalidSignatureException")
        }
    })
}

/// A script for a proxy on AWS with keys from the environment; the secret key is the canary.
fn aws_stage(connector: &str, url: &str) -> ScriptStage {
    let mut stage = ScriptStage::new(connector, Target::Proxy, ProxyHost::Aws);
    stage.set("PSOXY_ENDPOINT_URL", url);
    stage.set("PSOXY_CALLER_ROLE_ARN", "");
    stage.set("AWS_REGION", "eu-west-1");
    stage.set("AWS_ACCESS_KEY_ID", KEY_ID);
    stage.set("AWS_SECRET_ACCESS_KEY", TOKEN);
    stage
}

/// Terraform's outputs as psoxy's examples have them.
fn outputs(stage: &ScriptStage, endpoint: &str, role: &str) {
    let instances = format!(r#"{{"jira-cloud":{{"endpoint_url":"{endpoint}","test_examples":["a \"b\""]}},"gmail":null}}"#);
    let json = format!(
        r#"{{"api_connector_instances":{{"sensitive":false,"type":["object",{{}}],"value":{instances}}},"caller_role_arn":{{"value":{role}}}}}"#
    );
    std::fs::write(stage.path("outputs.json"), json).unwrap();
    let file = stage.path("outputs.json");
    let root = stage.path("root").canonicalize().unwrap();
    stage.stand_in(
        "terraform",
        &format!(
            "case \"$1\" in -chdir=*) cd \"${{1#-chdir=}}\" && pwd -P | grep -qx '{}' || exit 9;; esac\ncat '{}'",
            root.display(),
            file.display()
        ),
    );
}

#[test]
fn aws_calls_are_signed_and_health_comes_first() {
    let server = aws_proxy(healthy);
    let outcome = aws_stage("jira-cloud", &server.url).run(&[]).expect(0, &[]);
    assert!(outcome.stdout.ends_with("8 ok, 0 with a warning, 0 skipped, 0 failed\n"), "{}", outcome.stdout);
    let requests = server.requests();
    assert_eq!((requests[0].target.as_str(), requests[0].header("x-psoxy-health-check")), ("/", "true"));
    assert!(requests[1..].iter().all(|request| request.header("x-psoxy-health-check").is_empty()));
    assert!(requests[0].header("authorization").contains("/eu-west-1/lambda/aws4_request"));
    assert!(!requests.iter().any(|request| request.target.contains("myself")));
}

#[test]
fn aws_session_token_is_sent_and_the_signature_still_holds() {
    let server = aws_proxy(healthy);
    let mut stage = aws_stage("jira-server", &server.url);
    stage.set("AWS_SESSION_TOKEN", SESSION_TOKEN);
    stage.run(&[]).expect(0, &[]);
    assert!(server.requests().iter().all(|request| request.header("x-amz-security-token") == SESSION_TOKEN));
}

#[test]
fn aws_endpoint_and_role_come_from_terraform_and_the_role_is_assumed() {
    let server = aws_proxy(healthy);
    let mut stage = aws_stage("jira-cloud", "");
    for name in ["PSOXY_ENDPOINT_URL", "PSOXY_CALLER_ROLE_ARN", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
        stage.unset(name);
    }
    outputs(&stage, &format!("{}/psoxy-jira/", server.url), r#""arn:aws:iam::123456789012:role/PsoxyCaller""#);
    let answer = format!(
        r#"{{"Credentials": {{"AccessKeyId": "{KEY_ID}", "SecretAccessKey": "{TOKEN}", "SessionToken": "{SESSION_TOKEN}"}}}}"#
    );
    std::fs::write(stage.path("credentials.json"), answer).unwrap();
    let (log, file) = (stage.path("aws.log"), stage.path("credentials.json"));
    stage.stand_in("aws", &format!("echo \"$@\" >>'{}'\ncat '{}'", log.display(), file.display()));
    stage.run(&["health", "users"]).expect(0, &[]);
    let requests = server.requests();
    assert_eq!(requests[0].target, "/psoxy-jira/");
    assert!(requests[1].target.starts_with("/psoxy-jira/ex/jira/"), "{requests:?}");
    let asked = std::fs::read_to_string(log).unwrap();
    assert!(asked.starts_with("sts assume-role --role-arn arn:aws:iam::123456789012:role/PsoxyCaller "), "{asked}");
}

#[test]
fn aws_credentials_without_a_role_come_from_the_cli() {
    let server = aws_proxy(healthy);
    let mut stage = aws_stage("jira-cloud", &server.url);
    stage.unset("AWS_ACCESS_KEY_ID");
    stage.unset("AWS_SECRET_ACCESS_KEY");
    stage.stand_in("aws", "echo 'Unable to locate credentials' >&2; exit 255");
    stage.run(&[]).expect(2, &["no AWS credentials: Unable to locate credentials"]);
    let answer = format!(r#"{{"Version": 1, "AccessKeyId": "{KEY_ID}", "SecretAccessKey": "{TOKEN}"}}"#);
    stage.stand_in("aws", &format!("[ \"$1 $2\" = 'configure export-credentials' ] && echo '{answer}'"));
    stage.run(&["health"]).expect(0, &[]);
}

#[test]
fn aws_role_that_cannot_be_assumed_is_told() {
    let mut stage = aws_stage("jira-cloud", "http://127.0.0.1:9");
    stage.set("PSOXY_CALLER_ROLE_ARN", "arn:aws:iam::123456789012:role/PsoxyCaller");
    stage.stand_in("aws", "printf '\\nAn error occurred (AccessDenied): not authorized\\n' >&2; exit 254");
    stage
        .run(&[])
        .expect(2, &["cannot assume the role arn:aws:iam::123456789012:role/PsoxyCaller: An error occurred (AccessDenied)"]);
    stage.set("PSOXY_CALLER_ROLE_ARN", "--profile'$(id)");
    stage.run(&[]).expect(2, &["the role to assume is no ARN"]);
}

#[test]
fn aws_region_and_service_are_read_from_the_host() {
    let asked = |url: &str| {
        let mut stage = aws_stage("jira-cloud", url);
        stage.unset("AWS_REGION");
        let log = stage.path("curl.log");
        stage.stand_in(
            "curl",
            &format!("[ \"$1\" = --version ] && echo 'curl 8.5.0 (x)' && exit\ncat >>'{}'\nprintf 000\nexit 6", log.display()),
        );
        stage.run(&["health"]).expect(1, &[]);
        std::fs::read_to_string(log).unwrap().lines().next().unwrap().to_owned()
    };
    assert_eq!(asked("https://abc123.lambda-url.us-east-2.on.aws"), r#"aws-sigv4 = "aws:amz:us-east-2:lambda""#);
    let gateway = asked("https://abc123.execute-api.eu-central-1.amazonaws.com/live/psoxy-jira-cloud/");
    assert_eq!(gateway, r#"aws-sigv4 = "aws:amz:eu-central-1:execute-api""#);
}

#[test]
fn aws_endpoint_without_region_needs_one() {
    let mut stage = aws_stage("jira-cloud", "https://proxy.acme.test");
    stage.unset("AWS_REGION");
    stage.run(&[]).expect(2, &["set AWS_REGION"]);
}

#[test]
fn aws_refusals_are_told_apart() {
    let check = |reply: Reply, words: &[&str]| {
        let server = aws_proxy(move |_| reply.clone());
        let outcome = aws_stage("jira-cloud", &server.url).run(&["users"]).expect(1, &[]);
        assert_says(&outcome.stdout, words);
    };
    let expired = Reply::json(403, r#"{"message":"The security token included in the request is expired"}"#);
    check(expired.header("x-amzn-ErrorType", "ExpiredTokenException"), &["credentials are expired"]);
    check(Reply::json(403, r#"{"Message":"Forbidden"}"#), &["does not let you call the proxy: Forbidden", "caller_aws_arns"]);
    let server = aws_proxy(healthy);
    let mut stage = aws_stage("jira-cloud", &server.url);
    stage.set("AWS_SECRET_ACCESS_KEY", "another");
    let outcome = stage.run(&["health"]).expect(1, &[]);
    assert_says(&outcome.stdout, &["AWS refuses the signature", "region (eu-west-1)", "clock"]);
}

#[test]
fn failing_health_check_names_what_is_missing() {
    let body =
        r#"{"configuredSource":"jira-cloud","missingConfigProperties":["REFRESH_TOKEN","CLIENT_ID"],"nonDefaultSalt":true}"#;
    let server = aws_proxy(move |_| Reply::json(412, body));
    let outcome = aws_stage("jira-cloud", &server.url).run(&["health"]).expect(1, &[]);
    assert_says(&outcome.stdout, &["health 412 FAILED", "not ready", "Without a value: REFRESH_TOKEN, CLIENT_ID"]);
}

#[test]
fn errors_of_the_proxy_are_explained() {
    let check = |status: u16, error: &'static str, words: &[&str]| {
        let server = aws_proxy(move |_| Reply::json(status, "{}").header("X-Psoxy-Error", error));
        let outcome = aws_stage("jira-cloud", &server.url).run(&["users"]).expect(1, &[]);
        assert_says(&outcome.stdout, words);
    };
    check(500, "CONNECTION_SETUP", &["cannot authenticate at the source", "tfhelper secrets list"]);
    check(403, "BLOCKED_BY_RULES", &["rules do not let this call through"]);
    check(403, "API_ERROR", &["The source answered, not the proxy", "`Browse users and groups`"]);
    check(500, "CONFIGURATION_FAILURE", &["configuration is broken"]);
    check(502, "NETWORK_EGRESS_BLOCKED", &["cannot reach the source"]);
    check(500, "SOMETHING_NEW\u{1b}[31m", &["The proxy says SOMETHING_NEW[31m"]);
    check(502, "", &["The function failed"]);
    check(404, "", &["Nothing is deployed at this endpoint"]);
}

#[test]
fn missing_endpoint_is_told_before_anything_is_called() {
    let mut stage = aws_stage("jira-cloud", "");
    stage.stand_in("terraform", "echo 'Error: Backend initialization required' >&2; exit 1");
    stage.run(&[]).expect(2, &["set PSOXY_ENDPOINT_URL", "Backend initialization required"]);
    stage.stand_in("terraform", "echo '{}'");
    stage.run(&[]).expect(2, &["no endpoint of jira-cloud", "run terraform apply"]);
    stage.only_programs(&["bash", "awk", "sed", "tr", "cat", "curl", "grep", "head", "mktemp", "rm", "dirname"]);
    std::fs::remove_file(stage.path("bin/terraform")).unwrap();
    stage.run(&[]).expect(2, &["terraform is not on PATH"]);
}

#[test]
fn tampered_outputs_are_refused() {
    let stage = |endpoint: &str| {
        let stage = aws_stage("jira-cloud", "");
        outputs(&stage, endpoint, "null");
        stage
    };
    stage("http://evil.test/").run(&[]).expect(2, &["the endpoint of the proxy is not https"]);
    stage("https://x.test/$(touch pwned)").run(&[]).expect(2, &["is not a plain URL"]);
    stage("https://abc.lambda-url.x.on.aws@evil.test/").run(&[]).expect(2, &["is not a plain URL"]);
    stage("-K/etc/passwd").run(&[]).expect(2, &["is not an https URL"]);
}

#[test]
fn keys_and_tokens_are_in_no_command_line() {
    let seen = Arc::new(Mutex::new(BTreeSet::new()));
    let found = Arc::clone(&seen);
    let server = aws_proxy(move |request| {
        found.lock().unwrap().extend(command_lines_with(TOKEN));
        healthy(request)
    });
    let stage = aws_stage("jira-cloud", &server.url);
    stage.run(&["health", "users"]).expect(0, &[]);
    stage.run_bash(&["-x"], &["health"]).expect(0, &[]);
    assert_eq!(*seen.lock().unwrap(), BTreeSet::new());
}

/// A script for a proxy on GCP, and a gcloud that gives the canary as identity token.
fn gcp_stage(url: &str) -> ScriptStage {
    let mut stage = ScriptStage::new("jira-cloud", Target::Proxy, ProxyHost::Gcp);
    stage.set("PSOXY_ENDPOINT_URL", url);
    stage.stand_in("gcloud", &format!("[ \"$*\" = 'auth print-identity-token' ] && echo '{TOKEN}'"));
    stage
}

#[test]
fn gcp_calls_carry_the_identity_token_of_gcloud() {
    let server = Server::start(|request| {
        let is_known = request.header("authorization") == format!("Bearer {TOKEN}");
        if is_known { healthy(request) } else { Reply::html(401, "<h1>Unauthorized</h1>") }
    });
    let outcome = gcp_stage(&format!("{}/", server.url)).run(&[]).expect(0, &[]);
    assert!(outcome.stdout.ends_with("8 ok, 0 with a warning, 0 skipped, 0 failed\n"), "{}", outcome.stdout);
    assert_eq!(server.requests()[0].target, "/");
}

#[test]
fn gcp_refusal_names_the_role() {
    let server = Server::start(|_| Reply::html(403, "<h1>Your client does not have permission</h1>"));
    let outcome = gcp_stage(&server.url).run(&["health"]).expect(1, &[]);
    assert_says(&outcome.stdout, &["403 FAILED", "gcp_principals_authorized_to_test", "| Your client does not have permission"]);
}

#[test]
fn gcp_without_login_is_told() {
    let stage = gcp_stage("http://127.0.0.1:9");
    stage.stand_in(
        "gcloud",
        "echo 'ERROR: (gcloud.auth.print-identity-token) You do not currently have an active account' >&2; exit 1",
    );
    stage.run(&[]).expect(2, &["gcloud gives no identity token", "gcloud auth login"]);
}

#[test]
fn gcp_load_balancer_is_noted() {
    let stage = gcp_stage("https://proxy.acme.invalid/psoxy-jira-cloud/");
    stage.stand_in("curl", "[ \"$1\" = --version ] && echo 'curl 8.5.0 (x)' && exit\ncat >/dev/null\nprintf 000\nexit 6");
    stage.run(&["health"]).expect(1, &["proxy.acme.invalid is no host of Google"]);
}
