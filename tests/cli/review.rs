//! Where teams see the check: pre-commit's hook, the GitHub action's script.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::repository::{Repository, peer, shown};

const NEEDS: &str = "provider \"aws\" {}\nvariable \"need\" {\n  type = string\n}\n";

/// `PATH` with the built tfhelper in front.
fn path_with_tfhelper() -> std::ffi::OsString {
    let built = Path::new(env!("CARGO_BIN_EXE_tfhelper")).parent().unwrap().to_path_buf();
    let others = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths([built].into_iter().chain(std::env::split_paths(&others))).unwrap()
}

/// What GitHub gives a composite action's script, and what it left.
struct Job {
    output: Output,
    outputs: String,
    summary: String,
}

fn run_action(repository: &Repository, inputs: &[(&str, &str)]) -> Job {
    let runner = tempfile::tempdir().unwrap();
    let file = |name: &str| runner.path().join(name);
    fs::write(file("summary"), "earlier step\n").unwrap();
    let output = Command::new("bash")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join(".ci/action"))
        .current_dir(repository.top())
        .env_clear()
        .env("PATH", path_with_tfhelper())
        .env("CI", "true")
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_OUTPUT", file("outputs"))
        .env("GITHUB_STEP_SUMMARY", file("summary"))
        .envs(inputs.iter().copied())
        .output()
        .unwrap();
    let text = |name: &str| fs::read_to_string(file(name)).unwrap_or_default();
    Job { output, outputs: text("outputs"), summary: text("summary") }
}

#[test]
fn action_annotates_summarizes_and_writes_sarif() {
    let repository = Repository::of(&[("live/main.tf", NEEDS)]);
    let job = run_action(&repository, &[("INPUT_PATH", "."), ("INPUT_SARIF_FILE", "out.sarif"), ("INPUT_FAIL_ON", "error")]);
    assert_eq!(job.output.status.code(), Some(1), "{}", shown(&job.output));
    assert!(shown(&job.output).contains("::error file=live/main.tf,line=2,"), "{}", shown(&job.output));
    assert_eq!(job.outputs, "sarif-file=out.sarif\nstatus=1\n");
    assert!(job.summary.starts_with("earlier step\n### ❌ tfhelper check: 1 error"), "{}", job.summary);
    let sarif: serde_json::Value = serde_json::from_slice(&fs::read(repository.top().join("out.sarif")).unwrap()).unwrap();
    assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), 1);
}

#[test]
fn action_passes_where_nothing_is_wrong() {
    let repository = Repository::of(&[("live/main.tf", NEEDS), ("live/terraform.tfvars", "need = \"x\"\n")]);
    let job = run_action(&repository, &[("INPUT_ARGS", "--skip granted-scopes --group terraform")]);
    assert_eq!(job.output.status.code(), Some(0), "{}", shown(&job.output));
    assert_eq!(job.outputs, "sarif-file=tfhelper.sarif\nstatus=0\n");
}

#[track_caller]
fn check_hostile(inputs: &[(&str, &str)]) {
    let repository = Repository::of(&[("live/main.tf", NEEDS)]);
    let job = run_action(&repository, inputs);
    assert_eq!(job.output.status.code(), Some(2), "{}", shown(&job.output));
    assert!(!repository.top().join("canary").exists());
    assert!(!job.outputs.lines().any(|line| line != "status=2"), "{}", job.outputs);
    assert!(!shown(&job.output).lines().any(|line| line.starts_with("::")), "{}", shown(&job.output));
}

#[test]
fn input_of_the_action_is_never_run_nor_taken_for_an_option_or_a_command() {
    check_hostile(&[("INPUT_PATH", "$(touch canary)")]);
    check_hostile(&[("INPUT_PATH", "; touch canary")]);
    check_hostile(&[("INPUT_PATH", "--output=canary")]);
    check_hostile(&[("INPUT_PATH", "x\n::add-mask::y")]);
    check_hostile(&[("INPUT_ARGS", "`touch canary` *")]);
    check_hostile(&[("INPUT_FAIL_ON", "error; touch canary")]);
    check_hostile(&[("INPUT_SARIF_FILE", "a\nstatus=0")]);
}

/// A repository that holds this one's hook, but for its language: building the crate is left out, the built program is used.
fn hook() -> (Repository, String) {
    let hooks = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(".pre-commit-hooks.yaml")).unwrap();
    assert!(hooks.contains("language: rust"));
    let repository = Repository::of(&[(".pre-commit-hooks.yaml", &hooks.replace("language: rust", "language: system"))]);
    let revision = repository.git(&["rev-parse", "HEAD"]).trim().to_owned();
    (repository, revision)
}

#[test]
fn pre_commit_hook_stops_the_commit_of_a_wrong_root_module_alone() {
    let Some(pre_commit) = peer("venv/bin/pre-commit") else { return };
    let (hook, revision) = hook();
    let configuration =
        format!("repos:\n- repo: {}\n  rev: {revision}\n  hooks:\n  - id: tfhelper-check\n", hook.top().display());
    let repository = Repository::of(&[
        (".pre-commit-config.yaml", &configuration),
        // Wrong, but nobody commits it.
        ("other/main.tf", NEEDS),
        ("README.md", ""),
    ]);
    let home = tempfile::tempdir().unwrap();
    let run = |program: &Path, arguments: &[&str]| {
        Command::new(program)
            .args(arguments)
            .current_dir(repository.top())
            .env_clear()
            .env("PATH", path_with_tfhelper())
            .env("HOME", home.path())
            .env("PRE_COMMIT_HOME", home.path().join("cache"))
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .output()
            .unwrap()
    };
    let commit = || {
        repository.git(&["add", "--all"]);
        run(Path::new("git"), &["-c", "user.name=n", "-c", "user.email=e@example.com", "commit", "--message=m"])
    };
    let installed = run(&pre_commit, &["install"]);
    assert!(installed.status.success(), "{}", shown(&installed));

    repository.write("live/main.tf", NEEDS);
    repository.write("live/variables of the team.tf", "variable \"x y\" {}\n");
    let refused = commit();
    assert_eq!(refused.status.code(), Some(1), "{}", shown(&refused));
    assert!(shown(&refused).contains("In root module live:"), "{}", shown(&refused));
    assert!(!shown(&refused).contains("In root module other:"), "{}", shown(&refused));

    repository.write("live/terraform.tfvars", "need = \"x\"\n");
    repository.write("live/variables of the team.tf", "variable \"x\" {\n  default = 1\n}\n");
    let passed = commit();
    assert_eq!(passed.status.code(), Some(0), "{}", shown(&passed));
    assert!(shown(&passed).contains("Passed"), "{}", shown(&passed));

    repository.write("README.md", "text");
    let skipped = commit();
    assert!(shown(&skipped).contains("(no files to check)Skipped"), "{}", shown(&skipped));
}
