//! Where the secrets are, as the root module itself says it: literals of the module call and of the provider block.

use std::fs;

use super::aws;
use super::program::{Cloud, Program};

/// The AWS example with one piece of its `main.tf` replaced.
fn with_main(from: &str, to: &str) -> (super::stand_in::StandIn, Program) {
    let stand_in = aws::applied();
    let program = Program::new(Cloud::Aws, &stand_in.url());
    let path = program.path("main.tf");
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{from}");
    fs::write(&path, text.replacen(from, to, 1)).unwrap();
    (stand_in, program)
}

#[track_caller]
fn check_list(from: &str, to: &str, words: &[&str]) {
    let (_stand_in, program) = with_main(from, to);
    program.expect(0, &["secrets", "list"]).says(words);
}

#[test]
fn literal_environment_of_the_module_call_names_the_secrets() {
    check_list("= var.environment_name", "= \"prod\"", &["PROD_JIRA_CLOUD_REFRESH_TOKEN"]);
}

#[test]
fn local_value_in_the_module_call_names_the_secrets() {
    check_list(
        "module \"psoxy\" {",
        "locals {\n  folder = \"/${var.environment_name}/\"\n}\n\nmodule \"psoxy\" {",
        &["PSOXY_JIRA_CLOUD_REFRESH_TOKEN"],
    );
    let (_stand_in, program) = with_main("= var.aws_ssm_param_root_path", "= \"/${lower(var.environment_name)}/\"");
    program.expect(0, &["secrets", "list"]).says(&["/psoxy/PSOXY_JIRA_CLOUD_REFRESH_TOKEN"]);
}

#[test]
fn literal_region_of_the_provider_counts() {
    check_list("= var.aws_region", "= \"us-west-2\"", &["AWS SSM Parameter Store in us-west-2"]);
}

#[test]
fn region_of_another_provider_block_does_not_count() {
    let other = "provider \"aws\" {\n  alias  = \"west\"\n  region = \"us-west-2\"\n}\n\nprovider \"aws\" {";
    check_list("provider \"aws\" {", other, &["AWS SSM Parameter Store in eu-central-1"]);
}

#[test]
fn profile_of_the_provider_has_the_credentials() {
    let (stand_in, mut program) = with_main("provider \"aws\" {", "provider \"aws\" {\n  profile = \"ops\"");
    program.set("AWS_ACCESS_KEY_ID", "");
    program.set("AWS_SECRET_ACCESS_KEY", "");
    program.expect(3, &["secrets", "list"]).says(&["there are no AWS credentials"]);
    assert!(stand_in.state().calls.is_empty());
    fs::create_dir(program.path("home/.aws")).unwrap();
    fs::write(program.path("home/.aws/credentials"), "[ops]\naws_access_key_id = A\naws_secret_access_key = B\n").unwrap();
    program.expect(0, &["secrets", "list"]);
}
