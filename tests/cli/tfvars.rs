//! `tfhelper tfvars` on files of every layout.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output};

use tempfile::TempDir;

/// How a run ended.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) status: Option<i32>,
    pub(super) stdout: String,
    pub(super) stderr: String,
}

pub(super) fn folder(name: &str, text: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), text).unwrap();
    folder
}

pub(super) fn run(folder: &TempDir, arguments: &[&str]) -> Outcome {
    let output = Command::new(env!("CARGO_BIN_EXE_tfhelper"))
        .env_clear()
        .current_dir(folder.path())
        .arg("tfvars")
        .args(arguments)
        .output()
        .unwrap();
    outcome(output)
}

pub(super) fn outcome(output: Output) -> Outcome {
    Outcome {
        status: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

#[track_caller]
fn check_edit_of(name: &str, before: &str, arguments: &[&str], after: &str) {
    let folder = folder(name, before);
    let outcome = run(&folder, &[arguments, &["--file", name]].concat());
    assert_eq!(outcome.status, Some(0), "{outcome:#?}");
    assert_eq!(fs::read_to_string(folder.path().join(name)).unwrap(), after);
}

#[track_caller]
pub(super) fn check_edit(before: &str, arguments: &[&str], after: &str) {
    check_edit_of("terraform.tfvars", before, arguments, after);
}

#[track_caller]
fn check_json_edit(before: &str, arguments: &[&str], after: &str) {
    check_edit_of("a.tfvars.json", before, arguments, after);
}

#[track_caller]
pub(super) fn check_refused(before: &str, arguments: &[&str], status: i32, words: &str) {
    let folder = folder("terraform.tfvars", before);
    let outcome = run(&folder, arguments);
    assert_eq!(outcome.status, Some(status), "{outcome:#?}");
    assert!(outcome.stderr.contains(words), "{outcome:#?}");
    assert_eq!(fs::read_to_string(folder.path().join("terraform.tfvars")).unwrap(), before);
}

#[test]
fn set_replaces_the_value_alone() {
    check_edit("# c\na   =  \"x\" # why\r\nb = 2", &["set", "a", "y\"${z}"], "# c\na   =  \"y\\\"$${z}\" # why\r\nb = 2");
}

#[test]
fn set_adds_an_attribute_in_the_column_of_its_group() {
    check_edit("alpha = 1\nbeta  = 2\n", &["set", "c", "x"], "alpha = 1\nbeta  = 2\nc     = \"x\"\n");
}

#[test]
fn set_sets_a_longer_name_apart() {
    check_edit("a = 1\n", &["set", "alpha", "x"], "a = 1\n\nalpha = \"x\"\n");
}

#[test]
fn set_keeps_a_missing_final_line_end_and_a_byte_order_mark() {
    check_edit("\u{feff}alpha = 1", &["set", "b", "x"], "\u{feff}alpha = 1\nb     = \"x\"");
}

#[test]
fn set_keeps_the_line_ends_of_windows() {
    check_edit("alpha = 1\r\n", &["set", "b", "x"], "alpha = 1\r\nb     = \"x\"\r\n");
}

#[test]
fn set_adds_a_key_to_an_object_on_one_line() {
    check_edit("a = { b = 1 }\n", &["set", "a.c", "x"], "a = { b = 1, c = \"x\" }\n");
    check_edit("a = { b = 1, }\n", &["set", "a.c", "x"], "a = { b = 1, c = \"x\", }\n");
    check_edit("a = {b=1}\n", &["set", "a.c", "x"], "a = {b=1, c=\"x\"}\n");
    check_edit("a = {}\n", &["set", "a.c", "x"], "a = { c = \"x\" }\n");
}

#[test]
fn set_adds_a_key_to_an_object_of_several_lines() {
    check_edit("a = {\n  bcd = 1\n}\n", &["set", "a.e", "x"], "a = {\n  bcd = 1\n  e   = \"x\"\n}\n");
    check_edit("a = {\n\tb : 1, # , one\n}\n", &["set", "a.c", "x"], "a = {\n\tb : 1, # , one\n\tc : \"x\",\n}\n");
    check_edit("a = {\n  \"b\" = 1 }\n", &["set", "a.c", "x"], "a = {\n  \"b\" = 1\n  \"c\" = \"x\" }\n");
    check_edit("a = {\n  # none\n}\n", &["set", "a.c", "x"], "a = {\n  # none\n  c = \"x\"\n}\n");
    check_edit("a = {\n  b = 1,\n  c = 2\n}\n", &["set", "a.d", "x"], "a = {\n  b = 1,\n  c = 2,\n  d = \"x\"\n}\n");
}

#[test]
fn set_adds_the_objects_on_the_way() {
    check_edit("", &["set", "a[\"b c\"].d", "x"], "a = {\n  \"b c\" = {\n    d = \"x\"\n  }\n}\n");
    check_edit("b = 1\r\n", &["set", "a.b", "x"], "b = 1\r\n\r\na = {\r\n  b = \"x\"\r\n}\r\n");
    check_edit("a = null\n", &["set", "a.b", "x"], "a = { b = \"x\" }\n");
}

#[test]
fn set_takes_an_expression() {
    check_edit("a = 1\n", &["set", "a", "--hcl", "[1, 2]"], "a = [1, 2]\n");
}

#[test]
fn set_changes_an_element_of_a_list() {
    check_edit("a = [1, 2]\n", &["set", "a[1]", "--hcl", "3"], "a = [1, 3]\n");
}

#[test]
fn set_leaves_what_was_commented_out() {
    check_edit("# b = 1\n", &["set", "b", "x"], "# b = 1\n\nb = \"x\"\n");
}

#[test]
fn set_creates_the_file() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run(&folder, &["set", "a", "x"]).status, Some(0));
    assert_eq!(fs::read_to_string(folder.path().join("terraform.tfvars")).unwrap(), "a = \"x\"\n");
}

#[test]
fn set_to_the_same_value_writes_nothing() {
    let folder = folder("terraform.tfvars", "a = \"${1 + 1}\"\n");
    let path = folder.path().join("terraform.tfvars");
    let before = fs::metadata(&path).unwrap().modified().unwrap();
    assert_eq!(run(&folder, &["set", "a", "--hcl", "2"]).status, Some(0));
    assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), before);
}

#[test]
fn set_shows_the_diff_of_a_dry_run() {
    let folder = folder("terraform.tfvars", "a = 1\n");
    let outcome = run(&folder, &["set", "a", "x", "--dry-run"]);
    assert_eq!(outcome.stdout, "--- terraform.tfvars\n+++ terraform.tfvars\n@@ -1 +1 @@\n-a = 1\n+a = \"x\"\n");
    assert_eq!(fs::read_to_string(folder.path().join("terraform.tfvars")).unwrap(), "a = 1\n");
}

#[test]
fn unset_takes_attached_comments_and_leaves_detached_ones() {
    check_edit("# licence\n\n# about a\na = 1 # why\nb = 2\n", &["unset", "a"], "# licence\n\nb = 2\n");
    check_edit("# b = 1\na = 1\n", &["unset", "a"], "# b = 1\n");
}

#[test]
fn unset_leaves_no_two_blank_lines() {
    check_edit("a = 1\n\nb = 2\n\nc = 3\n", &["unset", "b"], "a = 1\n\nc = 3\n");
    check_edit("a = 1\n\nb = 2\n", &["unset", "b"], "a = 1\n");
    check_edit("a = 1\n\nb = 2", &["unset", "b"], "a = 1");
}

#[test]
fn unset_removes_a_key() {
    check_edit("a = { b = 1, c = 2 }\n", &["unset", "a.b"], "a = { c = 2 }\n");
    check_edit("a = { b = 1, c = 2 }\n", &["unset", "a.c"], "a = { b = 1 }\n");
    check_edit("a = { b = 1 }\n", &["unset", "a.b"], "a = {}\n");
    check_edit("a = {\n  b = 1\n  c = 2\n}\n", &["unset", "a.b"], "a = {\n  c = 2\n}\n");
    check_edit("a = [\n  1,\n  2,\n]\n", &["unset", "a[0]"], "a = [\n  2,\n]\n");
}

#[test]
fn unset_of_the_last_leaves_a_comma_only_where_there_was_one() {
    check_edit("a = [\n  1,\n  2\n]\n", &["unset", "a[1]"], "a = [\n  1\n]\n");
    check_edit("a = [\n  1,\n  2,\n]\n", &["unset", "a[1]"], "a = [\n  1,\n]\n");
    check_edit("a = [1, 2,]\n", &["unset", "a[1]"], "a = [1,]\n");
    check_edit("a = {\n  b = 1,\n  c = 2\n}\n", &["unset", "a.c"], "a = {\n  b = 1\n}\n");
}

#[test]
fn unset_keeps_the_comment_of_the_item_before() {
    check_edit("a = [1, # one\n  2]\n", &["unset", "a[1]"], "a = [1 # one\n]\n");
}

#[test]
fn unset_keeps_the_line_end_of_a_heredoc() {
    check_edit("a = [<<E\nx\nE\n, 2]\n", &["unset", "a[1]"], "a = [<<E\nx\nE\n]\n");
    check_edit("a = [\n  <<E\nx\nE\n  ,\n  2\n]\n", &["unset", "a[0]"], "a = [\n  2\n]\n");
}

#[test]
fn set_adds_a_key_behind_a_heredoc() {
    check_edit("a = { b = <<E\nx\nE\n}\n", &["set", "a.c", "y"], "a = { b = <<E\nx\nE\nc = \"y\"\n}\n");
}

#[test]
fn an_element_beyond_the_list_has_status_1_and_the_way_out() {
    check_refused("a = [1, 2]\n", &["set", "a[2]", "x"], 1, "the list has 2 elements, [0] to [1]");
    check_refused("a = [1, 2]\n", &["set", "a[2]", "x"], 1, "--hcl '[...]'");
    check_refused("a = 1\n", &["set", "b[0]", "x"], 1, "there is no list with elements");
}

#[test]
fn key_is_found_in_either_unicode_form() {
    // U+00E9, and the same as a letter and an accent; U+0F4D comes apart wherever it is normalised.
    for (written, other) in [("\u{e9}", "e\u{301}"), ("e\u{301}", "\u{e9}"), ("\u{f4d}", "\u{f4c}\u{fb7}")] {
        let (before, after) = (format!("{{\"a\":{{\"{written}\":1}}}}\n"), format!("{{\"a\":{{\"{written}\":\"x\"}}}}\n"));
        check_json_edit(&before, &["set", &format!("a.{other}"), "x"], &after);
        check_json_edit(&before, &["unset", &format!("a.{other}")], "{\"a\":{}}\n");
        check_edit(
            &format!("a = {{ {written} = 1 }}\n"),
            &["set", &format!("a.{other}"), "x"],
            &format!("a = {{ {written} = \"x\" }}\n"),
        );
    }
}

#[test]
fn json_keeps_its_layout() {
    check_json_edit("{\n    \"a\": 1\n}", &["set", "b", "x"], "{\n    \"a\": 1,\n    \"b\": \"x\"\n}");
    check_json_edit("{\"a\":1}\n", &["set", "b", "x"], "{\"a\":1,\"b\":\"x\"}\n");
    check_json_edit("{\"a\": {\"b\": 1}}\n", &["set", "a.c", "${x}"], "{\"a\": {\"b\": 1, \"c\": \"${x}\"}}\n");
    check_json_edit("{\n  \"a\": 1,\n  \"b\": 2\n}\n", &["unset", "a"], "{\n  \"b\": 2\n}\n");
    check_json_edit("{\n  \"a\": 1,\n  \"b\": 2\n}\n", &["unset", "b"], "{\n  \"a\": 1\n}\n");
}

#[test]
fn list_and_get_give_exact_numbers() {
    let folder = folder("terraform.tfvars", "a = 123456789012345678901234567890\nb = \"x\\ny\"\n");
    let listed = run(&folder, &["list", "--format", "json"]);
    assert_eq!(listed.stdout, "{\"a\":123456789012345678901234567890,\"b\":\"x\\ny\"}\n");
    assert_eq!(run(&folder, &["get", "b", "--raw"]).stdout, "x\ny\n");
    assert_eq!(run(&folder, &["get", "b"]).stdout, "\"x\\ny\"\n");
}

#[test]
fn an_address_that_is_not_there_has_status_1() {
    check_refused("a = 1\n", &["get", "b"], 1, "has no value `b`");
    check_refused("a = 1\n", &["unset", "a.b"], 1, "has no value `a.b`");
}

#[test]
fn an_address_through_a_string_has_status_2() {
    check_refused("a = \"x\"\n", &["set", "a.b", "y"], 2, "no object or list");
}

#[test]
fn a_broken_file_has_status_2_and_stays() {
    check_refused("a = \n", &["set", "b", "x"], 2, "terraform.tfvars:1:5: Invalid expression");
    check_refused("a = var.b\n", &["list"], 2, "Variables may not be used here");
}

#[test]
fn a_value_that_is_no_expression_has_status_2() {
    check_refused("a = 1\n", &["set", "a", "--hcl", "x y"], 2, "as an HCL expression");
}

#[test]
fn a_read_only_file_stays() {
    let folder = folder("terraform.tfvars", "a = 1\n");
    let path = folder.path().join("terraform.tfvars");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    let outcome = run(&folder, &["set", "a", "x"]);
    assert_eq!(outcome.status, Some(2));
    assert!(outcome.stderr.contains("terraform.tfvars") && outcome.stderr.contains("read-only"), "{outcome:#?}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "a = 1\n");
}

#[test]
fn fifteen_thousand_levels_are_read() {
    let folder = folder("terraform.tfvars", &format!("a = {}{}\n", "[".repeat(15_000), "]".repeat(15_000)));
    assert_eq!(run(&folder, &["get", "a"]).status, Some(0));
}

#[test]
fn too_many_levels_are_refused() {
    let text = "[".repeat(100_000);
    check_refused(&format!("a = {text}\n"), &["list"], 2, "Nesting too deep");
}
