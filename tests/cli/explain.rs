//! `tfhelper explain`: a page for every check, and a way on from a name that is none.

use std::process::Command;

use tfhelper::check;

use crate::stage::Outcome;

fn explain(arguments: &[&str]) -> Outcome {
    let output = Command::new(env!("CARGO_BIN_EXE_tfhelper")).env_clear().arg("explain").args(arguments).output().unwrap();
    Outcome {
        status: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn every_check_has_a_page() {
    for check in check::ALL {
        let outcome = explain(&[check.id]).expect(0, &[]);
        assert!(outcome.stdout.starts_with(&format!("{} (group ", check.id)), "{}", outcome.stdout);
        assert!(outcome.stdout.contains(check.about) && outcome.stdout.contains(check.page), "{}", outcome.stdout);
        assert_eq!(outcome.stderr, "");
    }
}

#[test]
fn list_names_every_check() {
    let outcome = explain(&[]).expect(0, &[]);
    let listed: Vec<&str> = outcome.stdout.lines().filter(|line| line.starts_with("  ")).collect();
    assert_eq!(listed.len(), check::ALL.len(), "{}", outcome.stdout);
    for (line, check) in listed.iter().zip(check::ALL) {
        assert!(line.trim_start().starts_with(check.id) && line.ends_with(check.about), "{line}");
    }
}

#[test]
fn file_name_of_a_check_will_do() {
    assert_eq!(explain(&["granted_scopes"]).expect(0, &[]).stdout, explain(&["granted-scopes"]).stdout);
}

#[test]
fn unknown_check_is_a_usage_error_that_names_a_similar_one() {
    let outcome = explain(&["granted-scope"]).expect(2, &["there is no check `granted-scope`", "`granted-scopes`"]);
    assert_eq!(outcome.stdout, "");
    explain(&["weather"]).expect(2, &["`tfhelper explain` lists the checks"]);
}
