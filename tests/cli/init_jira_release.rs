//! `tfhelper init-jira` on a root module of each release's shape: the scopes, the home of `jira_cloud_id`, and nothing else.

use tfhelper::atlassian::rehearsal::knobs::Knobs;

use crate::stage::{Stage, free_port};

/// The map where the root module's values had none.
const NEW_MAP: &str = "\nconnector_settings = {\n  jira_cloud_id = \"CLOUD_ID\"\n  jira_example_issue_id = \"ACME-1\"\n}\n";
const ACME: &str = "1324a887-45db-4bf4-8e99-ef0ff456d421";

/// Runs it on the fixture of the release, which ends with these lines more then, the issue's included; a second time
/// changes nothing.
#[track_caller]
fn check_release(release: &str, scopes: usize, added: &str) {
    let uri = format!("http://localhost:{}/psoxy-setup-callback", free_port());
    let stage = Stage::on(&format!("tests/fixtures/init_jira/{release}"), Knobs::default(), uri);
    let before = stage.text("terraform.tfvars");
    let summary = stage.run(&["--issue", "ACME-1", "--format", "json"]).expect(0, &[]).json();
    assert_eq!(summary["psoxy_release"], release);
    let asked = stage.rehearsal.requests()[0].query_parameter("scope").unwrap().split(' ').count();
    assert_eq!(asked, scopes);
    let after = before + &added.replace("CLOUD_ID", ACME);
    assert_eq!(stage.text("terraform.tfvars"), after);
    stage.run(&["--issue", "ACME-1"]).expect(0, &["is set already"]);
    assert_eq!(stage.text("terraform.tfvars"), after);
}

#[test]
fn v0_4_25_takes_variables_and_has_its_own_name_for_the_issue() {
    check_release("v0.4.25", 7, "\njira_cloud_id = \"CLOUD_ID\"\n\nexample_jira_issue_id = \"ACME-1\"\n");
}

#[test]
fn v0_5_9_takes_variables() {
    check_release("v0.5.9", 7, "\njira_cloud_id = \"CLOUD_ID\"\n\njira_example_issue_id = \"ACME-1\"\n");
}

#[test]
fn v0_6_0_takes_connector_settings() {
    check_release("v0.6.0", 6, NEW_MAP);
}

#[test]
fn v0_6_6_takes_connector_settings() {
    check_release("v0.6.6", 6, NEW_MAP);
}
