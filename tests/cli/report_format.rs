//! Every report format shows the same findings with the same status, and is what programs that are not ours take it for.

use std::fs;
use std::process::Command;

use crate::repository::{Repository, peer, shown};

const FORMATS: [&str; 7] = ["human", "json", "sarif", "junit", "github", "gitlab", "markdown"];

/// Whatever a file says may try to be markup, a workflow command or the end of what it stands in.
const HOSTILE: &str = r#"provider "aws" {}

variable "need" {}

variable "token" {
  sensitive = true
  default   = ""
  validation {
    condition     = length(var.token) > 100
    error_message = "100% wrong ]]> <b> & \"'\n::add-mask::x\r\n::error title=forged::y\n@everyone `` ```\n# z."
  }
}
"#;

fn repository() -> Repository {
    Repository::of(&[
        ("infra/a, b::c%/main.tf", HOSTILE),
        ("infra/a, b::c%/terraform.tfvars", "token = \"canary-value\"\nzzz = \"é👩‍👩‍👧<&>]]>\"\n"),
        ("infra/clean/main.tf", "provider \"aws\" {}\n"),
    ])
}

fn render(repository: &Repository, format: &str) -> String {
    let output = repository.run(&["check", "--recursive", "--terraform-version", "1.11.4", "--format", format]);
    assert_eq!(output.status.code(), Some(1), "{format}: {}", shown(&output));
    assert!(!shown(&output).contains("canary-value"), "{format}: {}", shown(&output));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_format_names_every_check_that_found_something() {
    let repository = repository();
    for format in FORMATS {
        let text = render(&repository, format);
        for check in ["required-variable", "validation-rule", "undeclared-variable"] {
            assert!(text.contains(check), "{check} is missing in {format}: {text}");
        }
    }
}

#[test]
fn every_format_agrees_that_nothing_is_wrong() {
    let repository = Repository::of(&[("main.tf", "provider \"aws\" {}\n")]);
    for format in FORMATS {
        let output = repository.run(&["check", "--format", format]);
        assert_eq!(output.status.code(), Some(0), "{format}: {}", shown(&output));
    }
}

#[test]
fn machine_formats_count_the_same_findings() {
    let repository = repository();
    let json: serde_json::Value = serde_json::from_str(&render(&repository, "json")).unwrap();
    let counts = ["error_count", "warning_count", "not_evaluated_count"].map(|name| json[name].as_u64().unwrap());
    let of = |values: &serde_json::Value, member: &str, words: [&str; 3]| {
        words.map(|word| values.as_array().unwrap().iter().filter(|value| value[member] == word).count() as u64)
    };
    let sarif: serde_json::Value = serde_json::from_str(&render(&repository, "sarif")).unwrap();
    assert_eq!(of(&sarif["runs"][0]["results"], "level", ["error", "warning", "note"]), counts);
    let gitlab: serde_json::Value = serde_json::from_str(&render(&repository, "gitlab")).unwrap();
    assert_eq!(of(&gitlab, "severity", ["major", "minor", "info"]), counts);
    let github = render(&repository, "github");
    let annotations = ["::error ", "::warning ", "::notice "].map(|word| github.lines().filter(|l| l.starts_with(word)).count());
    assert_eq!(annotations.map(|count| count as u64), counts);
}

#[test]
fn github_annotations_are_the_only_workflow_commands() {
    let text = render(&repository(), "github");
    for line in text.lines() {
        let is_ours =
            ["::error file=infra/", "::warning file=infra/", "::notice file=infra/"].iter().any(|own| line.starts_with(own));
        assert!(is_ours || !line.contains("::"), "{line}");
    }
    assert!(text.contains("file=infra/a%2C b%3A%3Ac%25/main.tf,line=3,"), "{text}");
    assert!(text.contains("::100%25 wrong ]]> <b> & \"'%0A::add-mask::x"), "{text}");
}

#[test]
fn markdown_mentions_nobody_and_holds_no_markup_of_the_files() {
    let text = render(&repository(), "markdown");
    assert!(!text.contains("@everyone") && !text.contains("<b>"), "{text}");
    assert!(!text.lines().any(|line| line.starts_with("# z")), "{text}");
}

/// What `tests/peers/report_formats.py` says of the report.
#[track_caller]
fn check_peer(format: &str) {
    let Some(python) = peer("venv/bin/python") else { return };
    let repository = repository();
    let report = tempfile::NamedTempFile::new().unwrap();
    fs::write(report.path(), render(&repository, format)).unwrap();
    let output = Command::new(python).args(["tests/peers/report_formats.py", format]).arg(report.path()).output().unwrap();
    assert!(output.status.success(), "{}", shown(&output));
}

#[test]
fn junit_is_read_by_junitparser_and_has_what_jenkins_knows() {
    check_peer("junit");
}

#[test]
fn gitlab_report_has_the_documented_shape() {
    check_peer("gitlab");
}

#[test]
fn sarif_passes_microsofts_schema_and_githubs_rules() {
    let Some(folder) = peer("node_modules/@microsoft/sarif-multitool-linux") else { return };
    let repository = repository();
    let stage = tempfile::tempdir().unwrap();
    fs::write(stage.path().join("report.sarif"), render(&repository, "sarif")).unwrap();
    // npm keeps no executable bit.
    let tool = stage.path().join("Sarif.Multitool");
    fs::copy(folder.join("Sarif.Multitool"), &tool).unwrap();
    fs::set_permissions(&tool, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let output = Command::new(&tool)
        .args(["validate", "report.sarif", "--rule-kind", "Sarif;Gh", "--level", "Error;Warning", "--json-schema"])
        .arg(folder.join("sarif-2.1.0.json"))
        .args(["--output", "judged.sarif"])
        .current_dir(stage.path())
        .env("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1")
        .env("DOTNET_BUNDLE_EXTRACT_BASE_DIR", stage.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", shown(&output));
    let judged = fs::read(stage.path().join("judged.sarif")).unwrap();
    let judged: serde_json::Value = serde_json::from_slice(judged.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&judged)).unwrap();
    // SARIF2005 asks for the address of a home page, of which Cargo.toml names none.
    let is_bad = |result: &&serde_json::Value| result["level"] != "note" && result["ruleId"] != "SARIF2005";
    let bad: Vec<_> = judged["runs"][0]["results"].as_array().into_iter().flatten().filter(is_bad).collect();
    assert!(bad.is_empty(), "{bad:#?}");
}
