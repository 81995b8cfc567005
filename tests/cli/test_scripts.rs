//! `tfhelper test-scripts`: which scripts it writes, and templates of one's own.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use tfhelper::test_script::template::BUILT_IN;

use crate::stage::{Outcome, files};

/// A copy of an example root module.
struct Root(TempDir);

impl Root {
    fn of(example: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for entry in fs::read_dir(Path::new("terraform-examples").join(example)).unwrap() {
            let path = entry.unwrap().path();
            fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
        }
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn run(&self, arguments: &[&str]) -> Outcome {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tfhelper"));
        command.env_clear().current_dir(self.0.path()).arg("test-scripts").args(arguments);
        let output = command.output().unwrap();
        Outcome {
            status: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// A folder of templates in which one is this.
    fn with_template(&self, name: &str, content: &str) {
        fs::create_dir_all(self.path("templates/parts")).unwrap();
        fs::write(self.path("templates").join(name), content).unwrap();
    }
}

#[track_caller]
fn check_written(arguments: &[&str], expected: &[&str]) {
    let root = Root::of("aws");
    assert_eq!(root.run(arguments).expect(0, &[]).stdout.lines().collect::<Vec<_>>(), expected);
    for name in expected {
        assert_eq!(fs::metadata(root.path(name)).unwrap().permissions().mode() & 0o777, 0o755, "{name}");
    }
}

#[test]
fn both_targets_are_written_by_default() {
    check_written(&[], &["test-calls/jira-cloud-direct.sh", "test-calls/jira-cloud-proxy.sh"]);
}

#[test]
fn target_picks_one() {
    check_written(&["--target", "direct"], &["test-calls/jira-cloud-direct.sh"]);
    check_written(&["--target", "proxy"], &["test-calls/jira-cloud-proxy.sh"]);
}

#[test]
fn folder_can_be_named() {
    check_written(&["--out", "a/b c"], &["a/b c/jira-cloud-direct.sh", "a/b c/jira-cloud-proxy.sh"]);
}

#[test]
fn list_prints_names_and_writes_nothing() {
    let root = Root::of("aws");
    let before = files(root.0.path()).len();
    assert_eq!(root.run(&["--list"]).expect(0, &[]).stdout, "jira-cloud-direct.sh\njira-cloud-proxy.sh\n");
    assert_eq!(files(root.0.path()).len(), before);
}

#[test]
fn proxy_script_is_that_of_the_cloud_in_the_root_module() {
    for (example, word, other) in [("aws", "aws-sigv4", "print-identity-token"), ("gcp", "print-identity-token", "aws-sigv4")] {
        let root = Root::of(example);
        root.run(&["--target", "proxy"]).expect(0, &[]);
        let script = fs::read_to_string(root.path("test-calls/jira-cloud-proxy.sh")).unwrap();
        assert!(script.contains(word) && !script.contains(other), "{example}");
    }
}

#[test]
fn setting_without_a_value_is_noted() {
    Root::of("aws").run(&[]).expect(0, &["note: `jira_cloud_id` is not set; its calls cannot be made yet"]);
}

#[test]
fn second_run_is_quiet_and_a_changed_script_is_written_anew_with_a_note() {
    let root = Root::of("aws");
    root.run(&[]).expect(0, &[]);
    assert!(!root.run(&[]).expect(0, &[]).stderr.contains("written anew"));
    let script = root.path("test-calls/jira-cloud-direct.sh");
    let before = fs::read_to_string(&script).unwrap();
    fs::write(&script, "echo mine\n").unwrap();
    root.run(&[]).expect(0, &["note: `test-calls/jira-cloud-direct.sh` differed and is written anew", "in a template"]);
    assert_eq!(fs::read_to_string(&script).unwrap(), before);
}

#[test]
fn link_in_place_of_a_script_is_replaced_not_followed() {
    let root = Root::of("aws");
    fs::create_dir(root.path("test-calls")).unwrap();
    fs::write(root.path("precious"), "precious").unwrap();
    std::os::unix::fs::symlink(root.path("precious"), root.path("test-calls/jira-cloud-direct.sh")).unwrap();
    root.run(&[]).expect(0, &[]);
    assert_eq!(fs::read_to_string(root.path("precious")).unwrap(), "precious");
}

#[test]
fn dumped_template_is_edited_and_used() {
    let root = Root::of("aws");
    let dumped = root.run(&["--dump-templates", "templates"]).expect(0, &[]).stdout;
    assert_eq!(dumped.lines().count(), BUILT_IN.len());
    let template = root.path("templates/jira-cloud-direct.sh.tera");
    let text = fs::read_to_string(&template).unwrap();
    fs::write(&template, text.replace("Read-only test calls", "OUR calls for {{ connector.name }} {{ release }}:")).unwrap();
    root.run(&["--template-dir", "templates"]).expect(0, &[]);
    let script = fs::read_to_string(root.path("test-calls/jira-cloud-direct.sh")).unwrap();
    assert!(script.contains("\n# OUR calls for 'Jira Cloud' 'v0.6.6': to Jira Cloud"), "{script}");
    let checked = Command::new("bash").arg("-n").arg(root.path("test-calls/jira-cloud-direct.sh")).output().unwrap();
    assert!(checked.status.success(), "{checked:?}");
    let listed = Command::new("bash").arg(root.path("test-calls/jira-cloud-direct.sh")).arg("--list").output().unwrap();
    assert!(String::from_utf8_lossy(&listed.stdout).starts_with("myself "), "{listed:?}");
}

#[test]
fn changed_template_is_not_dumped_over() {
    let root = Root::of("aws");
    root.run(&["--dump-templates", "templates"]).expect(0, &[]);
    root.run(&["--dump-templates", "templates"]).expect(0, &[]);
    fs::write(root.path("templates/parts/json.sh.tera"), "mine").unwrap();
    root.run(&["--dump-templates", "templates"]).expect(2, &["parts/json.sh.tera`: it was changed", "another folder"]);
    assert_eq!(fs::read_to_string(root.path("templates/parts/json.sh.tera")).unwrap(), "mine");
}

#[test]
fn broken_template_is_told_with_file_line_and_what_is_known() {
    let root = Root::of("aws");
    let known = "known variables: calls, connector, host, proxy, release, root_module";
    root.with_template("jira-cloud-direct.sh.tera", "#!/usr/bin/env bash\n\necho {{ hots }}\n");
    root.run(&["--template-dir", "templates"]).expect(2, &["jira-cloud-direct.sh.tera:3:", "hots", known]);
    root.with_template("jira-cloud-direct.sh.tera", "#!/usr/bin/env bash\n{% if proxy %}\n");
    root.run(&["--template-dir", "templates"]).expect(2, &["jira-cloud-direct.sh.tera:", known]);
    assert!(!root.path("test-calls").exists());
}

#[test]
fn folder_without_templates_is_told() {
    let root = Root::of("aws");
    fs::create_dir(root.path("templates")).unwrap();
    root.run(&["--template-dir", "templates"]).expect(2, &["there is no template in", "--dump-templates DIR"]);
    root.run(&["--template-dir", "nowhere"]).expect(2, &["cannot read templates from"]);
}

#[test]
fn no_connector_with_scripts_is_a_usage_error() {
    let root = Root::of("aws");
    root.run(&["--var", "enabled_connectors=[\"gcal\"]"])
        .expect(2, &["no connector that has test calls is enabled", "jira-cloud"]);
}
