//! Values from every source, judged in a root module.

use super::*;
use crate::diagnostic::Severity;
use crate::terraform::judged::Judged;

const STRING: &str = "variable \"x\" {\n  type = string\n  default = \"default\"\n}\n";
const LIST: &str = "variable \"x\" {\n  type = list(string)\n}\n";

fn environment(text: &str) -> Given {
    Given::Environment { name: "x".to_owned(), text: text.to_owned() }
}

fn var(text: &str) -> Given {
    Given::Var(text.to_owned())
}

/// The value of `x` where `main` declares it.
#[track_caller]
fn check_value(main: &str, files: &[(&str, &str)], given: Vec<Given>, expected: &str, source: InputSource) {
    let mut all = vec![("main.tf", main)];
    all.extend(files);
    let judged = Judged::of(&all, given);
    let input = judged.inputs.value("x").unwrap();
    assert_eq!((input.value.as_str(), input.source), (Some(expected), source), "{:?}", judged.summaries());
}

#[track_caller]
fn check_findings(main: &str, files: &[(&str, &str)], given: Vec<Given>, expected: &[&str]) {
    let mut all = vec![("main.tf", main)];
    all.extend(files);
    assert_eq!(Judged::of(&all, given).summaries(), expected);
}

#[test]
fn default_gives_way_to_the_environment() {
    check_value(STRING, &[], vec![], "default", InputSource::Default);
    check_value(STRING, &[], vec![environment("e")], "e", InputSource::Environment);
}

#[test]
fn environment_gives_way_to_files() {
    check_value(STRING, &[("terraform.tfvars", "x = \"f\"\n")], vec![environment("e")], "f", InputSource::File);
}

#[test]
fn auto_loaded_files_follow_byte_order_with_json_among_them() {
    let files =
        [("terraform.tfvars.json", "{\"x\":\"j\"}"), ("Z.auto.tfvars", "x = \"Z\"\n"), ("a.auto.tfvars.json", "{\"x\":\"a\"}")];
    check_value(STRING, &files, vec![], "a", InputSource::File);
}

#[test]
fn files_give_way_to_the_command_line() {
    check_value(STRING, &[("a.auto.tfvars", "x = \"f\"\n")], vec![var("x=c")], "c", InputSource::CommandLine);
}

#[test]
fn text_for_a_string_is_the_string() {
    check_value(STRING, &[], vec![environment("${1+1}")], "${1+1}", InputSource::Environment);
}

#[test]
fn text_for_a_list_is_an_expression() {
    check_findings(LIST, &[], vec![environment("[\"a\"]")], &[]);
    check_findings(
        LIST,
        &[],
        vec![environment("a")],
        &["<value for var.x>:1,1-2 Variables not allowed", "main.tf:1,1-13 No value for required variable"],
    );
}

#[test]
fn null_counts_as_a_value() {
    check_findings(LIST, &[("terraform.tfvars", "x = null\n")], vec![], &[]);
}

#[test]
fn unset_variable_without_default_is_missing() {
    check_findings(LIST, &[], vec![], &["main.tf:1,1-13 No value for required variable"]);
}

#[test]
fn value_that_does_not_suit_the_type_is_reported_where_it_stands() {
    check_findings(
        LIST,
        &[("terraform.tfvars", "x = 5\n")],
        vec![],
        &["terraform.tfvars:1,5-6 Invalid value for input variable"],
    );
    check_findings(LIST, &[], vec![var("x=5")], &["main.tf:1,1-13 Invalid value for input variable"]);
}

#[test]
fn value_that_is_overridden_is_not_looked_at() {
    check_findings(STRING, &[("terraform.tfvars", "x = file(\"nope\")\n")], vec![var("x=c")], &[]);
}

#[test]
fn syntax_error_counts_even_where_the_value_is_overridden() {
    check_findings(STRING, &[("terraform.tfvars", "x = \n")], vec![var("x=c")], &["terraform.tfvars:1,5-2,1 Invalid expression"]);
}

#[test]
fn undeclared_value_is_a_warning_in_a_file_and_an_error_on_the_command_line() {
    let severity = |files: &[(&str, &str)], given| Judged::of(files, given).found.iter().map(|d| d.severity).next();
    assert_eq!(severity(&[("main.tf", ""), ("terraform.tfvars", "zzz = 1\n")], vec![]), Some(Severity::Warning));
    assert_eq!(severity(&[("main.tf", "")], vec![var("zzz=1")]), Some(Severity::Error));
    let environment = Given::Environment { name: "zzz".to_owned(), text: "1".to_owned() };
    assert_eq!(severity(&[("main.tf", "")], vec![environment]), None);
}

#[test]
fn undeclared_value_that_cannot_be_evaluated_is_passed_over() {
    check_findings(STRING, &[("terraform.tfvars", "zzz = file(\"nope\")\n")], vec![], &[]);
}

#[test]
fn similar_name_is_told() {
    let main = "variable \"jira_cloud_id\" {\n  default = \"\"\n}\n";
    check_findings(
        main,
        &[("terraform.tfvars", "jira_clod_id = \"a\"\n")],
        vec![],
        &["terraform.tfvars:1,1-19 Similar variable is declared", "terraform.tfvars:1,1-19 Value for undeclared variable"],
    );
}

#[test]
fn value_of_a_sensitive_variable_is_marked_and_its_finding_hides_it() {
    let main = "variable \"x\" {\n  type = number\n  sensitive = true\n}\n";
    let judged = Judged::of(&[("main.tf", main), ("terraform.tfvars", "x = \"hunter2\"\n")], vec![]);
    assert!(judged.inputs.value("x").unwrap().value.is_sensitive);
    assert!(judged.found.iter().all(|finding| finding.is_sensitive && !finding.detail.contains("hunter2")));
}

#[test]
fn var_needs_an_equals_sign_without_a_space_before_it() {
    check_findings(STRING, &[], vec![var("x")], &["Invalid -var option"]);
    check_findings(STRING, &[], vec![var("x = 1")], &["Invalid -var option"]);
    check_value(STRING, &[], vec![var("x= 1")], " 1", InputSource::CommandLine);
}

#[test]
fn null_for_a_variable_that_is_not_nullable_is_its_default() {
    let main = "variable \"x\" {\n  default = \"d\"\n  nullable = false\n}\n";
    check_value(main, &[("terraform.tfvars", "x = null\n")], vec![], "d", InputSource::File);
    let main = "variable \"x\" {\n  nullable = false\n}\n";
    check_findings(main, &[("terraform.tfvars", "x = null\n")], vec![], &["terraform.tfvars:1,5-9 Required variable not set"]);
}

#[test]
fn syntax_error_in_the_value_of_a_sensitive_variable_hides_the_line() {
    let main = "variable \"token\" {\n  sensitive = true\n}\nvariable \"x\" {}\n";
    let hides = |tfvars: &str| Judged::of(&[("main.tf", main), ("terraform.tfvars", tfvars)], vec![]).found[0].is_sensitive;
    assert!(hides("x = 1\ntoken = \"hunter2\n"));
    assert!(!hides("token = \"hunter2\"\nx = \"1\n"));
}

#[test]
fn undeclared_values_are_counted_where_they_are_too_many_to_be_named() {
    let values: String = (0..1_002).map(|n| format!("undeclared_{n} = {n}\n")).collect();
    let judged = Judged::of(&[("main.tf", ""), ("terraform.tfvars", &values)], vec![]);
    let last = judged.found.last().map(|found| (judged.found.len(), found.summary.as_str(), found.detail.as_str()));
    let detail = "In addition to the other similar warnings shown, 2 other variable(s) defined without being declared.";
    assert_eq!(last, Some((1_001, "Values for undeclared variables", detail)));
}

#[test]
fn nothing_is_missing_where_a_file_that_may_set_it_cannot_be_read() {
    let main = "variable \"x\" {}\nvariable \"y\" {}\n";
    check_findings(main, &[("terraform.tfvars", "x = [\n")], vec![], &["terraform.tfvars:2,1-1 Missing expression"]);
    check_findings(main, &[("terraform.tfvars", "x = 1\n")], vec![], &["main.tf:2,1-13 No value for required variable"]);
    let missing = Given::File(file::VariableFile { name: "no.tfvars".to_owned(), content: Err(file::FileError::Missing) });
    check_findings(main, &[], vec![missing], &["Failed to read variables file"]);
}

#[test]
fn value_that_cannot_be_evaluated_counts_all_the_same() {
    let weaker = ("terraform.tfvars", "x = [\"a\"]\n");
    let missing = "main.tf:1,1-13 No value for required variable";
    check_findings(LIST, &[weaker], vec![var("x=asana")], &["<value for var.x>:1,1-6 Variables not allowed", missing]);
    check_findings(LIST, &[weaker], vec![var("x=[]")], &[]);
}
