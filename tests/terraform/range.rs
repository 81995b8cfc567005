//! The ranges of syntax errors, beside those of `terraform validate -json`.

use std::fs;

use serde_json::{Value, json};

use crate::{real_terraform, tfhelper};

/// Every finding that terraform has in a text, tfhelper has at the same range.
#[track_caller]
fn check_ranges(text: &str) {
    let Some(terraform) = real_terraform::find() else { return };
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("main.tf"), text).unwrap();
    let output = real_terraform::run(&terraform, directory.path(), &["validate", "-json"]);
    let validated: Value = serde_json::from_slice(&output.stdout).unwrap();
    let checked = tfhelper::run(directory.path(), &[], &["check", "--group", "terraform", "--format", "json"]);
    let found = |document: &Value| -> Vec<Value> {
        let diagnostics = document["diagnostics"].as_array().unwrap();
        diagnostics.iter().map(|found| json!([found["summary"], found["range"]])).collect()
    };
    let (expected, found) = (found(&validated), found(&checked[0]));
    assert!(!expected.is_empty(), "{validated}");
    for finding in expected {
        assert!(found.contains(&finding), "{finding} is missing in {found:?}");
    }
}

#[test]
fn empty_range_at_the_end_of_a_file_is_a_column_wide() {
    check_ranges("a = ");
    check_ranges("locals {\n  a = 1\n");
}

#[test]
fn range_of_a_line_end_reaches_the_next_line() {
    check_ranges("a = \n");
}

#[test]
fn range_of_a_name_is_the_name() {
    check_ranges("locals {\n  é = 1\n  a b\n}\n");
}
