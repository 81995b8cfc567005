//! `tfhelper console` from the command line and from standard input.

use std::fs;
use std::io::Write;
use std::process::{Command, Output, Stdio};

const MAIN: &str = "variable \"sizes\" {\n  type    = map(number)\n  default = { a = 1 }\n}\nvariable \"unset\" {\n  type = string\n}\n\
                    variable \"token\" {\n  default   = \"hunter2\"\n  sensitive = true\n}\n";

/// Runs the console in a root module with these arguments, environment and standard input.
fn run(main: &str, environment: &[(&str, &str)], arguments: &[&str], input: &str) -> Output {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("main.tf"), main).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_tfhelper"))
        .current_dir(directory.path())
        .env_clear()
        .envs(environment.iter().copied())
        .arg("console")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A console that answers its arguments does not read its input.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

#[track_caller]
fn check_answer(environment: &[(&str, &str)], arguments: &[&str], input: &str, expected: &str) {
    let output = run(MAIN, environment, arguments, input);
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected, "{output:?}");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

#[track_caller]
fn check_failure(main: &str, arguments: &[&str], input: &str, words: &str) {
    let output = run(main, &[], arguments, input);
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(said.contains(words), "{said}");
    assert_eq!(output.status.code(), Some(2), "{said}");
}

#[test]
fn each_argument_is_an_expression() {
    check_answer(&[], &["1 + 1", "var.sizes[\"a\"]"], "", "2\n1\n");
}

#[test]
fn expression_that_begins_with_a_dash_follows_two_dashes() {
    check_answer(&[], &["--", "-1"], "", "-1\n");
}

#[test]
fn heredoc_ends_with_the_line_of_its_marker() {
    check_answer(&[], &[], "<<EOT\na ${1 + 1}\nEOT\n", "<<EOT\na 2\n\nEOT\n");
}

#[test]
fn lines_of_standard_input_are_expressions() {
    check_answer(&[], &[], "1 + 1\n\nlength([\n  1,\n  2,\n])\n", "2\n2\n");
}

#[test]
fn exit_ends_standard_input() {
    check_answer(&[], &[], "1\nexit\n2\n", "1\n");
}

#[test]
fn json_is_one_document_an_answer() {
    check_answer(
        &[],
        &["--json", "1", "\"a\""],
        "",
        "{\"type\":\"number\",\"value\":1}\n{\"type\":\"string\",\"value\":\"a\"}\n",
    );
}

#[test]
fn variable_without_value_is_unknown() {
    check_answer(&[], &["var.unset"], "", "(known after apply)\n");
}

#[test]
fn sensitive_value_is_hidden() {
    check_answer(&[], &["var.token"], "", "(sensitive value)\n");
}

#[test]
fn value_comes_from_an_argument() {
    check_answer(&[], &["-var", "sizes={b=2}", "var.sizes.b"], "", "2\n");
}

#[test]
fn value_comes_from_the_environment() {
    let environment = [("TF_VAR_unset", "set"), ("TF_CLI_ARGS_console", "-var=sizes={c=3}")];
    check_answer(&environment, &["var.unset", "var.sizes.c"], "", "\"set\"\n3\n");
}

#[test]
fn expression_that_fails_ends_with_status_2_and_does_not_stop_the_others() {
    check_failure(MAIN, &["var.sizes.none", "40 + 2"], "", "42");
    check_failure(MAIN, &[], "var.sizes.none\n", "This map does not have an element with the key \"none\".");
    check_failure(MAIN, &["--json", "1 +"], "", "\"error\":{\"summary\":");
}

#[test]
fn broken_root_module_cannot_be_asked() {
    check_failure("variable \"x\" {\n", &["1"], "", "cannot evaluate expressions against a root module with errors");
}
