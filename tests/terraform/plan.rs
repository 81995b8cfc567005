//! `tfhelper check --plan` on what the real terraform writes.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use crate::real_terraform::{self, shown, tfhelper};

const MAIN: &str = r#"variable "enabled_connectors" {
  type    = list(string)
  default = []
}
variable "jira_cloud_id" {
  type    = string
  default = null
}
variable "token" {
  type      = string
  sensitive = true
  validation {
    condition     = length(var.token) > 3
    error_message = "Too short."
  }
}
variable "password" {
  type      = string
  ephemeral = true
}
resource "terraform_data" "x" {
  input = var.jira_cloud_id
}
check "connected" {
  assert {
    condition     = var.jira_cloud_id != "wrong"
    error_message = "That is the wrong site."
  }
}
"#;

/// A root module, its plan in `tfplan`, and what `terraform show -json tfplan` says in `plan.json`.
struct Planned {
    folder: tempfile::TempDir,
}

impl Planned {
    fn with(main: &str, arguments: &[&str]) -> Option<Self> {
        let terraform = real_terraform::find()?;
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("main.tf"), main).unwrap();
        let run = |arguments: &[&str]| real_terraform::run(&terraform, folder.path(), arguments);
        assert!(run(&["init", "-no-color"]).status.success());
        run(&[&["plan", "-input=false", "-no-color", "-out=tfplan"], arguments].concat());
        fs::write(folder.path().join("plan.json"), run(&["show", "-json", "tfplan"]).stdout).unwrap();
        Some(Self { folder })
    }

    fn command(&self, plan: &str) -> Command {
        let mut command = tfhelper(self.folder.path(), &[]);
        command.args(["check", "--plan", plan, "--skip", "granted-scopes"]);
        command
    }

    #[track_caller]
    fn check(&self, plan: &str, status: i32, expected: &[&str]) -> Output {
        let output = self.command(plan).output().unwrap();
        assert_eq!(output.status.code(), Some(status), "{}", shown(&output));
        let said = shown(&output).split_whitespace().collect::<Vec<_>>().join(" ");
        for part in expected {
            assert!(said.contains(part), "{part:?} is missing in {}", shown(&output));
        }
        for canary in ["canary-token", "canary-password"] {
            assert!(!said.contains(canary), "{}", shown(&output));
        }
        output
    }

    fn text(&self) -> String {
        fs::read_to_string(self.folder.path().join("plan.json")).unwrap()
    }

    #[track_caller]
    fn check_text(&self, text: &str, status: i32, expected: &[&str]) {
        fs::write(self.folder.path().join("other.json"), text).unwrap();
        self.check("other.json", status, expected);
    }
}

const SECRETS: [&str; 4] = ["-var", "token=canary-token", "-var", "password=canary-password"];

fn planned(arguments: &[&str]) -> Option<Planned> {
    Planned::with(MAIN, &[&SECRETS, arguments].concat())
}

#[test]
fn values_of_the_plan_count_where_nothing_else_sets_them() {
    // The ephemeral variable is in no plan, so its value is asked of the other sources.
    let Some(planned) = planned(&[]) else { return };
    planned.check("plan.json", 1, &["The root module input variable \"password\" is not set"]);
    fs::write(planned.folder.path().join("terraform.tfvars"), "password = \"canary-password\"\n").unwrap();
    planned.check("plan.json", 0, &[]);
}

#[test]
fn values_of_the_plan_win_over_the_files_of_today() {
    let Some(planned) = planned(&["-var", "enabled_connectors=[\"jira-cloud\"]"]) else { return };
    let today = "password = \"canary-password\"\nenabled_connectors = []\ntoken = \"x\"\n";
    fs::write(planned.folder.path().join("terraform.tfvars"), today).unwrap();
    let output = planned.check("plan.json", 1, &["Plan without a connector's setting"]);
    assert!(!shown(&output).contains("Too short"), "{}", shown(&output));
}

#[test]
fn sensitive_value_that_the_checks_refuse_is_not_shown() {
    let Some(planned) = planned(&[]) else { return };
    fs::write(planned.folder.path().join("terraform.tfvars"), "password = \"canary-password\"\n").unwrap();
    let stricter = MAIN.replace("length(var.token) > 3", "length(var.token) > 300");
    fs::write(planned.folder.path().join("main.tf"), stricter).unwrap();
    planned.check("plan.json", 1, &["Too short.", "(sensitive value)"]);
}

#[test]
fn failed_check_block_is_told() {
    let Some(planned) = planned(&["-var", "jira_cloud_id=wrong"]) else { return };
    fs::write(planned.folder.path().join("terraform.tfvars"), "password = \"canary-password\"\n").unwrap();
    planned.check("plan.json", 0, &["Check failed in the plan", "`check.connected` failed: That is the wrong site."]);
}

#[test]
fn plan_that_ended_with_an_error_is_refused() {
    let failing = MAIN.replace("input = var.jira_cloud_id\n", "input = file(\"no such ${timestamp()}\")\n  lifecycle {\n    precondition {\n      condition     = var.jira_cloud_id == \"never\"\n      error_message = \"No.\"\n    }\n  }\n");
    let Some(planned) = Planned::with(&failing, &SECRETS) else { return };
    fs::write(planned.folder.path().join("terraform.tfvars"), "password = \"canary-password\"\n").unwrap();
    assert!(planned.text().contains("\"errored\":true"), "{}", planned.text());
    planned.check("plan.json", 1, &["Plan ended with an error"]);
}

#[test]
fn plan_on_standard_input_is_read() {
    let Some(planned) = planned(&["-var", "jira_cloud_id=wrong"]) else { return };
    let mut child = planned.command("-").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(planned.text().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(shown(&output).contains("Check failed in the plan"), "{}", shown(&output));
}

#[test]
fn other_things_than_a_plan_are_named() {
    let Some(planned) = planned(&[]) else { return };
    planned.check("tfplan", 2, &["it is a plan file, which only terraform itself can read"]);
    planned.check("missing.json", 2, &["cannot read the plan `missing.json`"]);
    let wrapped = format!("[command]/opt/terraform/terraform-bin show -json tfplan\n{}", planned.text());
    planned.check_text(&wrapped, 2, &["setup-terraform", "terraform_wrapper: false"]);
    let text = planned.text();
    planned.check_text(&text[..text.len() / 2], 2, &["it is not a whole JSON document"]);
    let trailing = format!("{text}\n::debug::Terraform exited with code 0.\n::debug::stdout: {{}}\n");
    planned.check_text(&trailing, 2, &["it is not a whole JSON document"]);
    let terraform = real_terraform::find().unwrap();
    let apply = [&["apply", "-auto-approve", "-no-color"], &SECRETS[..]].concat();
    assert!(real_terraform::run(&terraform, planned.folder.path(), &apply).status.success());
    let state = real_terraform::run(&terraform, planned.folder.path(), &["show", "-json"]).stdout;
    planned.check_text(&String::from_utf8(state).unwrap(), 2, &["it is a state"]);
    let log = real_terraform::run(&terraform, planned.folder.path(), &[&["plan", "-json"], &SECRETS[..]].concat()).stdout;
    planned.check_text(&String::from_utf8(log).unwrap(), 2, &["it is the log of `terraform plan -json`"]);
}
