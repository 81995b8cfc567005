//! The recipes of `docs/ci.md` and the story of `terraform-examples/ci`, run as they stand.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::repository::{Repository, root_modules, shown};

fn text(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// `terraform-examples/ci` as a repository of its own.
fn example() -> Repository {
    let names = [
        ".gitlab-ci.yml",
        "live/dev/main.tf",
        "live/dev/terraform.tfvars",
        "live/prod/main.tf",
        "live/prod/terraform.tfvars",
        "modules/labels/main.tf",
    ];
    let texts = names.map(|name| (name, text(&format!("terraform-examples/ci/{name}"))));
    Repository::of(&texts.each_ref().map(|(name, text)| (*name, text.as_str())))
}

#[test]
fn story_of_the_ci_example_goes_as_its_readme_tells() {
    let repository = example();
    let report = repository.check_json(&["--recursive"], 1);
    assert_eq!(root_modules(&report), ["live/dev", "live/prod"]);
    assert_eq!(report["root_modules"][1]["error_count"], 2, "{report:#}");
    repository.check_json(&["--recursive", "live/dev"], 0);
    assert_eq!(root_modules(&repository.check_json(&["modules/labels/main.tf"], 1)), ["live/dev", "live/prod"]);
    for (name, value) in [("environment_name", "prod"), ("region", "eu-west-1")] {
        let output = repository.run(&["-C", "live/prod", "tfvars", "set", name, value]);
        assert!(output.status.success(), "{}", shown(&output));
    }
    repository.check_json(&["--recursive"], 0);
}

/// Runs lines of a recipe in a shell that stops at the first failure, as runners do.
#[track_caller]
fn check_script(repository: &Repository, script: &str, environment: &[(&str, &str)], status: i32) -> String {
    let built = Path::new(env!("CARGO_BIN_EXE_tfhelper")).parent().unwrap().display();
    let output = Command::new("bash")
        .args(["-e", "-c", script])
        .current_dir(repository.top())
        .env_clear()
        .env("PATH", format!("{built}:{}", std::env::var("PATH").unwrap_or_default()))
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(status), "{}", shown(&output));
    shown(&output)
}

#[test]
fn gitlab_job_of_the_example_leaves_both_reports_and_fails() {
    let repository = example();
    let job = text("terraform-examples/ci/.gitlab-ci.yml");
    let script: Vec<&str> = job.lines().filter_map(|line| line.strip_prefix("    - ")).collect();
    check_script(&repository, &script.join("\n"), &[], 1);
    for report in ["gl-code-quality-report.json", "tfhelper-junit.xml"] {
        assert!(repository.top().join(report).exists(), "{report}");
    }
}

#[test]
fn inputs_of_terragrunt_arrive_as_variables_of_the_environment_in_its_cache() {
    let documented = text("docs/ci.md");
    assert!(documented.contains(r#"execute  = ["tfhelper", "check"]"#));
    let module = "variable \"regions\" {\n  type = list(string)\n}\nvariable \"name\" {\n  type = string\n}\n";
    let repository = Repository::of(&[("live/.terragrunt-cache/abc/def/main.tf", module)]);
    let script = "cd live/.terragrunt-cache/abc/def && tfhelper check";
    check_script(&repository, script, &[("TF_VAR_regions", "[\"eu-west-1\"]"), ("TF_VAR_name", "x")], 0);
    check_script(&repository, script, &[("TF_VAR_regions", "eu-west-1"), ("TF_VAR_name", "x")], 1);
}

#[test]
fn hook_of_spacelift_stops_the_phase() {
    let said = check_script(&example(), "cd live/prod && tfhelper check", &[], 1);
    assert!(said.contains("The environment_name is made of small letters."), "{said}");
}

#[test]
fn comment_of_atlantis_is_plain_markdown() {
    let said = check_script(&example(), "cd live/prod && tfhelper check --format markdown", &[("PULL_NUM", "1")], 1);
    assert!(said.starts_with("### ❌ tfhelper check: 2 errors") && !said.contains('\u{1b}'), "{said}");
}
