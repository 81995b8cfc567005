//! The examples' variables and values, as the real terraform takes them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::real_terraform;

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("terraform-examples").join(name)
}

/// A copy without providers and modules, which `terraform plan` takes without `init`, and an output that tells the cloud ID.
fn variables_only(name: &str) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for file in ["variables.tf", "deployment-variables.tf", "connector-variables.tf", "terraform.tfvars"] {
        fs::copy(example(name).join(file), copy.path().join(file)).unwrap();
    }
    let output = "output \"jira_cloud_id\" {\n  value = try(coalesce(var.jira_cloud_id, try(var.connector_settings[\"jira_cloud_id\"], null)), \"none\")\n}\n";
    fs::write(copy.path().join("output.tf"), output).unwrap();
    copy
}

/// Plans the copy with these arguments more; the plan holds the text, and the status is this.
#[track_caller]
fn check_plan(name: &str, arguments: &[&str], status: i32, expected: &str) {
    let Some(terraform) = real_terraform::find() else { return };
    let copy = variables_only(name);
    let arguments: Vec<&str> = ["plan", "-input=false", "-no-color"].iter().chain(arguments).copied().collect();
    let output = real_terraform::run(&terraform, copy.path(), &arguments);
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(status), "{said}");
    assert!(said.contains(expected), "{said}");
    assert!(!said.contains("Warning:"), "{said}");
}

#[test]
fn terraform_accepts_the_values_of_the_aws_example() {
    check_plan("aws", &[], 0, "jira_cloud_id = \"none\"");
}

#[test]
fn terraform_accepts_the_values_of_the_gcp_example() {
    check_plan("gcp", &[], 0, "jira_cloud_id = \"none\"");
}

#[test]
fn connector_settings_are_a_home_of_the_cloud_id() {
    check_plan("aws", &["-var", "connector_settings={jira_cloud_id=\"from-the-map\"}"], 0, "jira_cloud_id = \"from-the-map\"");
}

#[test]
fn deprecated_variable_wins_over_connector_settings() {
    let both = ["-var", "connector_settings={jira_cloud_id=\"from-the-map\"}", "-var", "jira_cloud_id=from-the-variable"];
    check_plan("gcp", &both, 0, "jira_cloud_id = \"from-the-variable\"");
}

#[test]
fn terraform_refuses_an_account_id_that_is_too_short() {
    check_plan("aws", &["-var", "aws_account_id=123"], 1, "The aws_account_id must be 12 digits.");
}

#[test]
fn terraform_refuses_a_path_without_its_first_slash() {
    check_plan("aws", &["-var", "aws_ssm_param_root_path=corp/psoxy/"], 1, "must begin with one.");
}

#[test]
fn terraform_refuses_an_environment_name_that_is_too_long() {
    check_plan("gcp", &["-var", "environment_name=a-name-of-twenty-one-c"], 1, "must be up to 20 letters");
}

#[test]
fn every_file_of_the_examples_is_laid_out_as_terraform_does() {
    let Some(terraform) = real_terraform::find() else { return };
    for name in ["aws", "gcp"] {
        for file in ["main.tf", "variables.tf", "deployment-variables.tf", "connector-variables.tf"] {
            let output = real_terraform::run(&terraform, &example(name), &["fmt", "-check", file]);
            assert!(output.status.success(), "{name}/{file}");
        }
    }
}

/// Plans a root module of the example `ci`, which calls a module beside it.
#[track_caller]
fn check_ci(name: &str, status: i32, expected: &[&str]) {
    let Some(terraform) = real_terraform::find() else { return };
    let copy = tempfile::tempdir().unwrap();
    for file in [
        "live/dev/main.tf",
        "live/dev/terraform.tfvars",
        "live/prod/main.tf",
        "live/prod/terraform.tfvars",
        "modules/labels/main.tf",
    ] {
        let target = copy.path().join(file);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(example("ci").join(file), target).unwrap();
    }
    let directory = copy.path().join("live").join(name);
    assert!(real_terraform::run(&terraform, &directory, &["init", "-no-color"]).status.success());
    let output = real_terraform::run(&terraform, &directory, &["plan", "-input=false", "-no-color"]);
    let said = real_terraform::shown(&output);
    assert_eq!(output.status.code(), Some(status), "{said}");
    for part in expected {
        assert!(said.contains(part), "{said}");
    }
}

#[test]
fn terraform_says_of_the_ci_example_what_its_readme_tells() {
    check_ci("dev", 0, &["1 to add"]);
    check_ci("prod", 1, &["The root module input variable \"region\" is not set"]);
}

#[test]
fn gate_and_ci_are_laid_out_as_terraform_does() {
    let Some(terraform) = real_terraform::find() else { return };
    for name in ["gate", "ci"] {
        let output = real_terraform::run(&terraform, &example(name), &["fmt", "-check", "-recursive"]);
        assert!(output.status.success(), "{name}: {}", real_terraform::shown(&output));
    }
}
