//! `tfhelper check`: verdicts, statuses, formats.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::process::{Command, Output};

/// A root module of these files, and nothing else in the environment.
struct RootModule {
    directory: tempfile::TempDir,
}

impl RootModule {
    fn of(files: &[(&str, &str)]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(directory.path().join(name), text).unwrap();
        }
        Self { directory }
    }

    fn check(&self, arguments: &[&str]) -> Output {
        self.check_with::<&str>(&[], arguments)
    }

    fn check_with<V: AsRef<OsStr>>(&self, environment: &[(&str, V)], arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_tfhelper"))
            .current_dir(self.directory.path())
            .env_clear()
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .args(["check", "--group", "terraform"])
            .args(arguments)
            .output()
            .unwrap()
    }
}

const MAIN: &str = "variable \"name\" {\n  type = string\n}\nvariable \"token\" {\n  type      = string\n  sensitive = true\n  default   = null\n  validation {\n    condition     = var.token == null || can(regex(\"^[a-z]+$\", var.token))\n    error_message = \"Bad token.\"\n  }\n}\n";

#[track_caller]
fn check_status(files: &[(&str, &str)], arguments: &[&str], expected: i32) -> Output {
    let output = RootModule::of(files).check(arguments);
    assert_eq!(output.status.code(), Some(expected), "{}", shown(&output));
    output
}

fn shown(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn root_module_whose_variables_are_set_passes() {
    check_status(&[("main.tf", MAIN), ("terraform.tfvars", "name = \"a\"\n")], &[], 0);
}

#[test]
fn value_from_the_environment_need_not_be_utf_8() {
    let output = RootModule::of(&[("main.tf", MAIN)]).check_with(&[("TF_VAR_name", OsStr::from_bytes(b"a\xff"))], &[]);
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
}

#[test]
fn missing_variable_is_a_finding() {
    let output = check_status(&[("main.tf", MAIN)], &[], 1);
    assert!(shown(&output).contains("No value for required variable"));
    assert!(shown(&output).contains("on main.tf line 1"));
}

#[test]
fn json_is_one_document_with_the_same_status() {
    let output = check_status(&[("main.tf", MAIN)], &["--format", "json"], 1);
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["error_count"], 1);
    assert_eq!(document["diagnostics"][0]["check"], "required-variable");
    assert_eq!(document["diagnostics"][0]["range"]["start"]["line"], 1);
}

#[test]
fn terraforms_spellings_are_taken() {
    check_status(&[("main.tf", MAIN)], &["-var", "name=a", "-json", "-no-color", "-input=false"], 0);
}

#[test]
fn values_come_from_the_environment_too() {
    let output = RootModule::of(&[("main.tf", MAIN)]).check_with(&[("TF_VAR_name", "a")], &[]);
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
}

#[test]
fn value_of_a_sensitive_variable_is_never_shown() {
    let files = [("main.tf", MAIN), ("terraform.tfvars", "name  = \"a\"\ntoken = \"hunter2canary\"\n")];
    for format in ["human", "json", "sarif", "junit", "github", "gitlab", "markdown"] {
        let output = check_status(&files, &["--format", format], 1);
        assert!(!shown(&output).contains("hunter2canary"), "{format}: {}", shown(&output));
    }
}

#[test]
fn warnings_fail_only_where_that_is_asked_for() {
    let files = [("main.tf", MAIN), ("terraform.tfvars", "name = \"a\"\nzzz = 1\n")];
    check_status(&files, &[], 0);
    check_status(&files, &["--fail-on", "warning"], 1);
}

#[test]
fn skipped_check_finds_nothing() {
    check_status(&[("main.tf", MAIN)], &["--skip", "required-variable"], 0);
    check_status(&[("main.tf", MAIN)], &["--check", "syntax"], 0);
}

#[test]
fn unknown_check_is_a_usage_error() {
    let output = check_status(&[("main.tf", MAIN)], &["--skip", "nope"], 2);
    assert!(shown(&output).contains("cannot find check `nope`"));
}

#[test]
fn report_goes_to_the_file_that_is_named() {
    let root_module = RootModule::of(&[("main.tf", MAIN)]);
    let output = root_module.check(&["--format", "json", "--output", "report.json"]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0), "{}", shown(&output));
    let report = fs::read_to_string(root_module.directory.path().join("report.json")).unwrap();
    assert!(report.contains("required-variable"));
}

#[test]
fn directory_without_configuration_is_a_finding() {
    let output = check_status(&[("readme.md", "")], &[], 1);
    assert!(shown(&output).contains("No configuration files"));
}

#[test]
fn directory_that_is_not_there_is_a_usage_error() {
    let output = RootModule::of(&[]).check(&["-chdir=nope"]);
    assert_eq!(output.status.code(), Some(2), "{}", shown(&output));
}

#[test]
fn every_broken_file_is_reported_in_one_run() {
    let files = [("a.tf", "variable \"a\" {\n"), ("b.tf", "x = \n"), ("terraform.tfvars", "y = [\n")];
    let output = check_status(&files, &["--format", "json"], 1);
    for name in ["a.tf", "b.tf", "terraform.tfvars"] {
        assert!(shown(&output).contains(&format!("\"filename\": \"{name}\"")), "{name}: {}", shown(&output));
    }
}
