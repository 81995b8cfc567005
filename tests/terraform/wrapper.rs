//! `tfhelper plan -- ...` and `tfhelper apply -- ...` around the real terraform.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::real_terraform::{self, shown, tfhelper};

const MAIN: &str = r#"variable "name" {
  type = string
}
resource "terraform_data" "x" {
  input = var.name
}
output "name" {
  value = terraform_data.x.output
}
"#;

/// An initialized root module of these files.
struct RootModule {
    folder: tempfile::TempDir,
    environment: Vec<(&'static str, &'static str)>,
}

impl RootModule {
    fn of(main: &str) -> Option<Self> {
        let terraform = real_terraform::find()?;
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("main.tf"), main).unwrap();
        assert!(real_terraform::run(&terraform, folder.path(), &["init", "-no-color"]).status.success());
        Some(Self { folder, environment: Vec::new() })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = tfhelper(self.folder.path(), &self.environment);
        command.args(arguments).stdin(Stdio::null());
        command
    }

    #[track_caller]
    fn check(&self, arguments: &[&str], status: i32, expected: &[&str]) -> Output {
        let output = self.command(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(status), "{}", shown(&output));
        for part in expected {
            assert!(shown(&output).contains(part), "{part:?} is missing in {}", shown(&output));
        }
        output
    }

    fn is_applied(&self) -> bool {
        fs::read_to_string(self.path("terraform.tfstate")).is_ok_and(|state| state.contains("terraform_data"))
    }
}

#[test]
fn wrong_variable_stops_before_terraform_runs() {
    let Some(root_module) = RootModule::of(MAIN) else { return };
    for command in ["plan", "apply"] {
        let output = root_module.check(&[command, "--", "-auto-approve"], 1, &["No value for required variable"]);
        assert!(output.stdout.is_empty(), "{}", shown(&output));
    }
    assert!(!root_module.is_applied());
}

#[test]
fn apply_applies_and_hides_nothing_of_terraforms_output() {
    let Some(root_module) = RootModule::of(MAIN) else { return };
    let output = root_module.check(&["apply", "--", "-auto-approve", "-var", "name=a b", "-no-color"], 0, &["Apply complete!"]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("name = \"a b\""), "{}", shown(&output));
    assert!(root_module.is_applied());
}

#[test]
fn nothing_is_applied_without_approval() {
    let Some(root_module) = RootModule::of(MAIN) else { return };
    for arguments in [&["apply", "--", "-var=name=a"][..], &["apply", "--", "-var=name=a", "-auto-approve=false"]] {
        root_module.check(arguments, 2, &["cannot apply without approval"]);
    }
    assert!(!root_module.is_applied());
}

#[test]
fn detailed_exit_code_is_passed_through() {
    let Some(root_module) = RootModule::of(MAIN) else { return };
    let plan = ["plan", "--", "-detailed-exitcode", "-var", "name=a"];
    root_module.check(&plan, 2, &["1 to add"]);
    root_module.check(&["apply", "--", "-auto-approve", "-var", "name=a"], 0, &[]);
    root_module.check(&plan, 0, &["No changes."]);
}

#[test]
fn failure_of_terraform_is_passed_through() {
    let Some(root_module) = RootModule::of(&MAIN.replace("var.name\n", "file(\"no such file\")\n")) else { return };
    root_module.check(&["plan", "--", "-var", "name=a"], 1, &["no such file"]);
    root_module.check(&["plan", "--", "-var", "name=a", "-no-such-option"], 1, &["no-such-option"]);
}

#[test]
fn saved_plan_is_applied_with_the_values_it_was_made_with() {
    let Some(root_module) = RootModule::of(MAIN) else { return };
    root_module.check(&["plan", "--", "-out=kept.plan", "-var", "name=a"], 0, &[]);
    root_module.check(&["apply", "--", "kept.plan"], 0, &["Apply complete!"]);
    assert!(root_module.is_applied());
}

#[test]
fn saved_plan_that_the_checks_refuse_is_not_applied() {
    let Some(root_module) = RootModule::of(PSOXY_LIKE) else { return };
    let terraform = real_terraform::find().unwrap();
    let plan = ["plan", "-out=kept.plan", "-no-color", "-var", "enabled_connectors=[\"jira-cloud\"]"];
    assert!(real_terraform::run(&terraform, root_module.folder.path(), &plan).status.success());
    root_module.check(&["apply", "--", "kept.plan"], 1, &["Plan without a connector's setting"]);
    assert!(!root_module.is_applied());
}

const PSOXY_LIKE: &str = r#"variable "enabled_connectors" {
  type    = list(string)
  default = []
}
variable "jira_cloud_id" {
  type    = string
  default = null
}
resource "terraform_data" "x" {
  input = var.jira_cloud_id
}
"#;

#[test]
fn arguments_of_the_environment_count_for_the_step_they_are_meant_for() {
    let Some(mut root_module) = RootModule::of(MAIN) else { return };
    root_module.environment = vec![("TF_CLI_ARGS", "-no-color"), ("TF_CLI_ARGS_plan", "-var 'name=from plan'")];
    root_module.check(&["plan"], 0, &["from plan"]);
    root_module.check(&["apply", "--", "-auto-approve"], 0, &["name = \"from plan\""]);
    root_module.environment =
        vec![("TF_CLI_ARGS_apply", "-auto-approve -var name=applied"), ("TF_CLI_ARGS", "-var name=general")];
    root_module.check(&["apply"], 0, &["name = \"general\""]);
    root_module.check(&["apply", "--", "-var", "name=mine"], 0, &["name = \"mine\""]);
}

#[test]
fn ephemeral_variable_reaches_the_apply() {
    let main = format!("{MAIN}variable \"token\" {{\n  type      = string\n  ephemeral = true\n}}\n");
    let Some(root_module) = RootModule::of(&main) else { return };
    let values = ["-var", "name=a", "-var", "token=canary"];
    let output = root_module.check(&[&["apply", "--", "-auto-approve"], &values[..]].concat(), 0, &["Apply complete!"]);
    assert!(!shown(&output).contains("canary"), "{}", shown(&output));
}

#[test]
fn directory_is_that_of_chdir() {
    let Some(root_module) = RootModule::of(MAIN) else { return };
    let directory = format!("-chdir={}", root_module.folder.path().display());
    let elsewhere = tempfile::tempdir().unwrap();
    let output =
        tfhelper(elsewhere.path(), &[]).args([&directory, "apply", "--", "-auto-approve", "-var", "name=a"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    assert!(root_module.is_applied());
}

/// Sends an interrupt while the provisioner of a resource runs, and returns how tfhelper ended and what was said.
fn interrupted(send: impl Fn(Pid)) -> Option<(Option<i32>, String)> {
    let main = r#"resource "terraform_data" "slow" {
  provisioner "local-exec" {
    command = "echo started; trap 'exit 0' INT TERM; i=0; while [ $i -lt 300 ]; do i=$((i+1)); sleep 0.1; done"
  }
}
resource "terraform_data" "later" {
  depends_on = [terraform_data.slow]
}
"#;
    let root_module = RootModule::of(main)?;
    // stderr in the same pipe: an abort is said there.
    let (reader, writer) = std::io::pipe().unwrap();
    let mut command = root_module.command(&["apply", "--", "-auto-approve", "-no-color"]);
    let mut child = command.stdout(writer.try_clone().unwrap()).stderr(writer).process_group(0).spawn().unwrap();
    drop(command);
    let mut said = String::new();
    let mut is_sent = false;
    for line in BufReader::new(reader).lines() {
        let line = line.unwrap();
        if line.ends_with("(local-exec): started") && !is_sent {
            send(Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap());
            is_sent = true;
        }
        said.push_str(&line);
        said.push('\n');
    }
    let status = child.wait().unwrap();
    assert_eq!(status.signal(), None, "{said}");
    Some((status.code(), said))
}

#[track_caller]
fn check_interrupted(send: impl Fn(Pid)) {
    let Some((status, said)) = interrupted(send) else { return };
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("Gracefully shutting down..."), "{said}");
    assert!(!said.contains("Two interrupts received"), "{said}");
    assert!(!said.contains("terraform_data.later: Creation complete"), "{said}");
}

#[test]
fn interrupt_of_tfhelper_ends_terraform_gracefully() {
    check_interrupted(|pid| kill_process(pid, Signal::INT).unwrap());
}

#[test]
fn interrupt_of_the_process_group_reaches_terraform_once() {
    check_interrupted(|pid| kill_process_group(pid, Signal::INT).unwrap());
}
