//! What `tfhelper init-jira` sets, read back by the real terraform.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::real_terraform;

const ACME: &str = "1324a887-45db-4bf4-8e99-ef0ff456d421";

/// Sets the cloud ID in a copy of the release's fixture; terraform's plan has this output then.
#[track_caller]
fn check_cloud_id_is_read_back(release: &str, expression: &str) {
    let Some(terraform) = real_terraform::find() else { return };
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/init_jira").join(release);
    let copy = tempfile::tempdir().unwrap();
    for file in ["main.tf", "variables.tf", "terraform.tfvars"] {
        fs::copy(fixture.join(file), copy.path().join(file)).unwrap();
    }
    let set = Command::new(env!("CARGO_BIN_EXE_tfhelper"))
        .args(["init-jira", "--no-oauth", "--cloud-id", ACME])
        .current_dir(copy.path())
        .env_clear()
        .output()
        .unwrap();
    assert!(set.status.success(), "{}", String::from_utf8_lossy(&set.stderr));

    // Without its modules, which terraform would have to download.
    fs::write(copy.path().join("main.tf"), format!("output \"jira_cloud_id\" {{\n  value = {expression}\n}}\n")).unwrap();
    let output = real_terraform::run(&terraform, copy.path(), &["plan", "-input=false", "-no-color"]);
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && !said.contains("Warning:"), "{said}");
    assert!(said.contains(&format!("jira_cloud_id = \"{ACME}\"")), "{said}");
}

/// What psoxy makes of both homes from v0.6.0 on.
const EITHER_HOME: &str = "coalesce(var.jira_cloud_id, try(var.connector_settings[\"jira_cloud_id\"], null), \"none\")";

#[test]
fn v0_4_25_reads_the_cloud_id_back() {
    check_cloud_id_is_read_back("v0.4.25", "var.jira_cloud_id");
}

#[test]
fn v0_5_9_reads_the_cloud_id_back() {
    check_cloud_id_is_read_back("v0.5.9", "var.jira_cloud_id");
}

#[test]
fn v0_6_0_reads_the_cloud_id_back() {
    check_cloud_id_is_read_back("v0.6.0", EITHER_HOME);
}

#[test]
fn v0_6_6_reads_the_cloud_id_back() {
    check_cloud_id_is_read_back("v0.6.6", EITHER_HOME);
}
