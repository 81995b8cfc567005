//! AWS SSM Parameter Store and AWS Secrets Manager, against the stand-in.

use std::collections::BTreeMap;

use super::program::{CANARIES, Cloud, Program};
use super::stand_in::{Failing, Fault, Kept, StandIn};

const KEY: &str = "arn:aws:kms:eu-central-1:123456789012:key/1";

/// A parameter as Terraform makes it.
pub(crate) fn placeholder() -> Kept {
    Kept {
        value: Some(String::from("fill me")),
        version: 1,
        kind: String::from("SecureString"),
        key_id: Some(KEY.to_owned()),
        tags: BTreeMap::new(),
    }
}

/// A stand-in with the connector's parameters and secrets as Terraform makes them.
pub(crate) fn applied() -> StandIn {
    let stand_in = StandIn::start();
    for variable in ["ACCESS_TOKEN", "REFRESH_TOKEN", "OAUTH_REFRESH_TOKEN", "CLIENT_ID", "CLIENT_SECRET"] {
        stand_in.state().parameters.insert(Cloud::Aws.name(variable), placeholder());
        stand_in.state().secrets.insert(Cloud::Aws.name(variable), Kept { value: None, version: 0, ..placeholder() });
    }
    stand_in
}

/// A root module with kept secrets, and a stand-in where Terraform has been.
fn ready() -> (StandIn, Program) {
    let stand_in = applied();
    let program = Program::new(Cloud::Aws, &stand_in.url());
    program.keep(Cloud::Aws.prefix());
    (stand_in, program)
}

/// Pushes while the service gives this answer to one operation, and checks status and words; nothing may be lost.
#[track_caller]
fn check_refusal(operation: &'static str, status: u16, code: &'static str, message: &'static str, expected: i32, words: &[&str]) {
    let (stand_in, program) = ready();
    let fault = Fault::Answer { operation, status, code, message };
    stand_in.state().failing = Some(Failing { from: 0, to: usize::MAX, fault });
    program.expect(expected, &["secrets", "push"]).says(words);
    assert_eq!(program.kept().len(), 3);
}

#[test]
fn push_fills_parameters_in_and_removes_the_file() {
    let (stand_in, program) = ready();
    program
        .expect(0, &["secrets", "push"])
        .says(&["AWS SSM Parameter Store in eu-central-1", "stored PSOXY_JIRA_CLOUD_REFRESH_TOKEN"]);
    for (variable, value) in CANARIES {
        let kept = stand_in.state().parameters[&Cloud::Aws.name(variable)].clone();
        assert_eq!(kept.value.as_deref(), Some(value));
        assert_eq!((kept.kind.as_str(), kept.key_id.as_deref()), ("SecureString", Some(KEY)), "{variable}");
    }
    assert!(!program.path(".tfhelper/secrets.json").exists());
}

#[test]
fn push_leaves_the_access_token_and_the_lock_alone() {
    let (stand_in, program) = ready();
    program.expect(0, &["secrets", "push"]);
    for variable in ["ACCESS_TOKEN", "OAUTH_REFRESH_TOKEN"] {
        assert_eq!(stand_in.state().parameters[&Cloud::Aws.name(variable)].version, 1);
    }
}

#[test]
fn push_writes_the_refresh_token_last() {
    let (stand_in, program) = ready();
    program.expect(0, &["secrets", "push"]);
    let calls = stand_in.state().calls.clone();
    let is_real_write = |body: &str| body.contains("\"Overwrite\":true");
    let written: Vec<String> =
        calls.into_iter().filter(|c| c.operation == "PutParameter" && is_real_write(&c.body)).map(|c| c.name).collect();
    assert_eq!(written, ["CLIENT_ID", "CLIENT_SECRET", "REFRESH_TOKEN"].map(|variable| Cloud::Aws.name(variable)));
}

#[test]
fn push_without_a_key_in_the_parameter_uses_that_of_the_root_module() {
    let (stand_in, program) = ready();
    program.add_variables("project_aws_kms_key_arn = \"arn:aws:kms:eu-central-1:123456789012:key/2\"");
    for kept in stand_in.state().parameters.values_mut() {
        kept.key_id = None;
    }
    program.expect(0, &["secrets", "push"]);
    let key_id = stand_in.state().parameters[&Cloud::Aws.name("CLIENT_ID")].key_id.clone();
    assert_eq!(key_id.as_deref(), Some("arn:aws:kms:eu-central-1:123456789012:key/2"));
}

#[test]
fn push_writes_the_consent_beside_the_refresh_token() {
    let (stand_in, program) = ready();
    program.write_ledger("2026-01-01T10:00:00Z");
    program.expect(0, &["secrets", "push"]);
    let tags = stand_in.state().parameters[&Cloud::Aws.name("REFRESH_TOKEN")].tags.clone();
    assert_eq!(tags["tfhelper-consented-at"], "2026-01-01T10:00:00Z");
    assert_eq!(tags["tfhelper-expires-at"], "2027-01-01T10:00:00Z");
    assert!(stand_in.state().parameters[&Cloud::Aws.name("CLIENT_ID")].tags.is_empty());
}

#[test]
fn push_to_secrets_manager_follows_the_root_module() {
    let (stand_in, program) = ready();
    program.add_variables("secrets_store_implementation = \"aws_secrets_manager\"");
    program.expect(0, &["secrets", "push"]).says(&["AWS Secrets Manager in eu-central-1"]);
    for (variable, value) in CANARIES {
        assert_eq!(stand_in.state().secrets[&Cloud::Aws.name(variable)].value.as_deref(), Some(value));
        assert_eq!(stand_in.state().parameters[&Cloud::Aws.name(variable)].version, 1);
    }
}

#[test]
fn push_before_apply_is_refused_and_creates_nothing() {
    let (stand_in, program) = ready();
    stand_in.state().parameters.clear();
    program.expect(3, &["secrets", "push"]).says(&["terraform apply", "PSOXY_JIRA_CLOUD_CLIENT_ID", "--secret-store file"]);
    assert!(stand_in.state().parameters.is_empty());
    assert_eq!(program.kept().len(), 3);
}

#[test]
fn push_over_a_live_refresh_token_needs_yes() {
    let (stand_in, program) = ready();
    let name = Cloud::Aws.name("REFRESH_TOKEN");
    stand_in.state().parameters.get_mut(&name).unwrap().value = Some(String::from("rotated"));
    program.expect(2, &["secrets", "push"]).says(&["--yes"]);
    assert_eq!(stand_in.state().parameters[&name].value.as_deref(), Some("rotated"));
    program.expect(0, &["secrets", "push", "--yes"]);
    assert_eq!(stand_in.state().parameters[&name].value.as_deref(), Some(CANARIES[2].1));
}

#[test]
fn push_into_another_account_is_refused() {
    let (stand_in, program) = ready();
    program.add_variables("");
    let arguments = ["secrets", "push", "--var", "aws_account_id=999999999999"];
    program.expect(3, &arguments).says(&["999999999999", "123456789012"]);
    assert!(stand_in.state().calls.iter().all(|call| call.operation == "GetCallerIdentity"));
}

#[test]
fn push_of_a_parameter_that_is_no_secure_string_is_refused() {
    let (stand_in, program) = ready();
    stand_in.state().parameters.get_mut(&Cloud::Aws.name("CLIENT_ID")).unwrap().kind = String::from("String");
    program.expect(2, &["secrets", "push"]).says(&["SecureString"]);
    assert_eq!(program.kept().len(), 3);
}

#[test]
fn push_of_what_belongs_to_another_deployment_leaves_it() {
    let (stand_in, program) = ready();
    program.keep("DEV_JIRA_CLOUD_");
    program.expect(0, &["secrets", "push"]).says(&["DEV_JIRA_CLOUD_CLIENT_ID", "stays in the file"]);
    assert_eq!(program.kept().len(), 3);
    assert_eq!(stand_in.state().parameters[&Cloud::Aws.name("CLIENT_ID")].version, 1);
}

#[test]
fn push_of_nothing_is_done() {
    let stand_in = applied();
    Program::new(Cloud::Aws, &stand_in.url()).expect(0, &["secrets", "push"]).says(&["Nothing is kept"]);
    assert!(stand_in.state().calls.is_empty());
}

#[test]
fn credentials_of_nobody_are_said_to_be_missing() {
    let (_stand_in, mut program) = ready();
    program.set("AWS_ACCESS_KEY_ID", "");
    program.expect(3, &["secrets", "push"]).says(&["there are no AWS credentials", "aws sso login"]);
}

#[test]
fn an_expired_token_is_said_to_have_expired() {
    let message = "The security token included in the request is expired";
    check_refusal("GetCallerIdentity", 403, "ExpiredToken", message, 3, &["have expired", "aws sso login"]);
}

#[test]
fn a_wrong_clock_is_said_to_be_wrong() {
    let message = "Signature not yet current: 20261123T190000Z is still later than 20261123T181500Z (20261123T181000Z + 5 min.)";
    check_refusal("GetCallerIdentity", 403, "SignatureDoesNotMatch", message, 3, &["clock is wrong"]);
}

#[test]
fn a_policy_that_forbids_writing_is_found_before_anything_is_written() {
    let message = "User: arn:aws:iam::123456789012:user/admin is not authorized to perform: ssm:PutParameter";
    check_refusal("PutParameter", 400, "AccessDeniedException", message, 3, &["ssm:PutParameter", "terraform apply"]);
}

#[test]
fn a_key_that_is_disabled_is_named() {
    let message = "The key is disabled";
    check_refusal("GetParameter", 400, "InvalidKeyId", message, 2, &["KMS key", "The key is disabled"]);
}

#[test]
fn a_service_that_is_down_is_status_4() {
    check_refusal("GetParameter", 503, "ServiceUnavailable", "", 4, &["run the command again"]);
}

#[test]
fn an_endpoint_without_tls_is_refused() {
    let (_stand_in, mut program) = ready();
    program.set("AWS_ENDPOINT_URL_SSM", "http://ssm.example.com");
    program.expect(2, &["secrets", "push"]).says(&["AWS_ENDPOINT_URL_SSM", "https"]);
}

#[test]
fn a_value_that_the_store_cannot_hold_is_refused_by_its_length() {
    let (stand_in, program) = ready();
    let path = program.path(".tfhelper/secrets.json");
    let text = std::fs::read_to_string(&path).unwrap().replace(CANARIES[0].1, &"x".repeat(4097));
    std::fs::write(&path, text).unwrap();
    program.expect(5, &["secrets", "push"]).says(&["4097 bytes", "4096"]);
    assert_eq!(stand_in.state().parameters[&Cloud::Aws.name("CLIENT_ID")].version, 1);
}

#[test]
fn a_value_that_aws_quotes_back_is_hidden() {
    let (stand_in, program) = ready();
    program.expect(0, &["secrets", "push"]);
    let is_real_write = |call: &super::stand_in::Call| call.body.contains(CANARIES[0].1);
    let first_write = stand_in.state().calls.iter().position(is_real_write).unwrap();

    let (stand_in, program) = ready();
    let fault = Fault::Answer {
        operation: "PutParameter",
        status: 400,
        code: "ValidationException",
        message: "1 validation error detected: Value 'canary-id-5Kp' at 'value' failed to satisfy constraint",
    };
    stand_in.state().failing = Some(Failing { from: first_write, to: usize::MAX, fault });
    program.expect(5, &["secrets", "push", "-vv"]).says(&["Value '***'"]);
}

#[test]
fn list_names_states_and_no_value() {
    let (stand_in, program) = ready();
    let name = Cloud::Aws.name("CLIENT_SECRET");
    stand_in.state().parameters.get_mut(&name).unwrap().value = Some(format!("{}\n", CANARIES[1].1));
    stand_in.state().parameters.remove(&Cloud::Aws.name("CLIENT_ID"));
    let listed = program.expect(0, &["secrets", "list", "--format", "json"]).json();
    assert_eq!(listed["store"], "aws-ssm");
    let state_of = |variable: &str| {
        let secrets = listed["secrets"].as_array().unwrap();
        secrets.iter().find(|secret| secret["variable"] == variable).unwrap()["state"].clone()
    };
    assert_eq!(state_of("CLIENT_ID"), "absent");
    assert_eq!(state_of("CLIENT_SECRET"), "whitespace");
    assert_eq!(state_of("REFRESH_TOKEN"), "placeholder");
    assert_eq!(listed["kept"].as_array().unwrap().len(), 3);
    program.expect(0, &["secrets", "list"]).says(&["NAME", "whitespace"]);
}

#[test]
fn list_does_not_speak_of_the_lock() {
    let (_stand_in, program) = ready();
    assert!(!program.expect(0, &["secrets", "list"]).stdout.contains("OAUTH_REFRESH_TOKEN"));
}
