//! The gate of `terraform-examples/gate`, as the real terraform judges it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::real_terraform;
use crate::real_terraform::tfhelper;

/// A copy of the example, initialized.
struct Gate {
    terraform: PathBuf,
    folder: tempfile::TempDir,
}

impl Gate {
    fn new() -> Option<Self> {
        let terraform = real_terraform::find()?;
        let folder = tempfile::tempdir().unwrap();
        let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("terraform-examples/gate");
        for name in ["tfhelper.tf", "variables.tf", "terraform.tfvars"] {
            fs::copy(example.join(name), folder.path().join(name)).unwrap();
        }
        let gate = Self { terraform, folder };
        gate.check_terraform(&["init"], 0, "");
        Some(gate)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    #[track_caller]
    fn check_terraform(&self, arguments: &[&str], status: i32, expected: &str) {
        let arguments = [arguments, &["-input=false", "-no-color"]].concat();
        let output = real_terraform::run(&self.terraform, self.folder.path(), &arguments);
        // Messages are wrapped at some width.
        let said = real_terraform::shown(&output);
        let unwrapped = said.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
        assert_eq!(output.status.code(), Some(status), "{said}");
        assert!(unwrapped.contains(expected), "{said}");
    }

    #[track_caller]
    fn check_gate(&self, now: &str, arguments: &[&str], status: i32) {
        let output = tfhelper(self.folder.path(), &[("TFHELPER_NOW", now)])
            .args(["check", "--gate", "--skip", "granted-scopes"])
            .args(arguments)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(status), "{}", real_terraform::shown(&output));
    }

    /// The verdict of this very moment.
    #[track_caller]
    fn check_gate_now(&self, arguments: &[&str], status: i32) {
        self.check_gate("", arguments, status);
    }
}

#[test]
fn gate_that_is_missing_stops_the_plan() {
    let Some(gate) = Gate::new() else { return };
    gate.check_terraform(&["plan"], 1, "Nobody has checked this root module. Run: tfhelper check --gate");
    gate.check_terraform(&["apply", "-auto-approve"], 1, "Nobody has checked this root module.");
}

#[test]
fn gate_that_passed_lets_plan_and_apply_through() {
    let Some(gate) = Gate::new() else { return };
    gate.check_gate_now(&[], 0);
    gate.check_terraform(&["plan"], 0, "1 to add");
    gate.check_terraform(&["apply", "-auto-approve"], 0, "Apply complete!");
    let verdict = fs::read_to_string(gate.path(".tfhelper/preflight.json")).unwrap();
    assert!(!verdict.contains("1324a887"), "{verdict}");
}

#[test]
fn gate_that_failed_stops_the_plan() {
    let Some(gate) = Gate::new() else { return };
    fs::write(gate.path("terraform.tfvars"), "enabled_connectors = [\"jira-cloud\"]\n").unwrap();
    gate.check_gate_now(&[], 1);
    gate.check_terraform(&["plan"], 1, "The last check found errors.");
}

#[test]
fn threshold_of_the_check_is_that_of_the_gate() {
    let Some(gate) = Gate::new() else { return };
    fs::write(gate.path("more.auto.tfvars"), "no_such_variable = 1\n").unwrap();
    gate.check_gate_now(&["--fail-on", "warning"], 1);
    gate.check_terraform(&["plan"], 1, "The last check found errors.");
    gate.check_gate_now(&[], 0);
    gate.check_terraform(&["plan"], 0, "1 to add");
}

#[test]
fn change_after_the_check_stops_the_plan() {
    let Some(gate) = Gate::new() else { return };
    gate.check_gate_now(&[], 0);
    gate.check_terraform(&["plan", "-var", "jira_cloud_id=other"], 1, "Files or variables have changed since the last check.");
    fs::write(gate.path("new.tf"), "").unwrap();
    gate.check_terraform(&["plan"], 1, "Files or variables have changed since the last check.");
}

#[test]
fn same_variables_on_both_command_lines_agree() {
    let Some(gate) = Gate::new() else { return };
    let variable = ["-var", "connector_settings={jira_cloud_id=\"1324a887-45db-4bf4-8e99-ef0ff456d421\"}"];
    gate.check_gate_now(&variable, 0);
    gate.check_terraform(&[&["plan"], &variable[..]].concat(), 0, "1 to add");
}

#[test]
fn verdict_of_long_ago_stops_the_plan() {
    let Some(gate) = Gate::new() else { return };
    gate.check_gate("2020-01-01T00:00:00Z", &[], 0);
    gate.check_terraform(&["plan"], 1, "The last check is older than 24 hours.");
}

#[test]
fn broken_file_shows_its_findings_and_leaves_the_gate_shut() {
    let Some(gate) = Gate::new() else { return };
    gate.check_gate_now(&[], 0);
    fs::write(gate.path("broken.tf"), "variable \"x\" {\n").unwrap();
    gate.check_gate_now(&[], 1);
    fs::write(gate.path("broken.tf"), "").unwrap();
    gate.check_terraform(&["plan"], 1, "");
}

#[test]
fn root_module_without_a_gate_is_told_where_to_get_one() {
    let Some(gate) = Gate::new() else { return };
    fs::remove_file(gate.path("tfhelper.tf")).unwrap();
    gate.check_gate_now(&[], 2);
    assert!(!gate.path(".tfhelper/preflight.json").exists());
}
