//! Values judged by validation rules, in a root module.

use super::*;
use crate::terraform::judged::Judged;

/// A variable `x` of a type with one rule, and the value that `terraform.tfvars` gives it.
#[track_caller]
fn check_rule(declared_type: &str, condition: &str, message: &str, value: &str, expected: &[&str]) {
    let main = format!(
        "variable \"x\" {{\n  type = {declared_type}\n  validation {{\n    condition = {condition}\n    error_message = {message}\n  }}\n}}\n"
    );
    check_module(&main, value, expected);
}

#[track_caller]
fn check_module(main: &str, value: &str, expected: &[&str]) {
    let judged = Judged::of(&[("main.tf", main), ("terraform.tfvars", &format!("x = {value}\n"))], vec![]);
    assert_eq!(judged.summaries(), expected);
}

const BAD: &str = "\"Bad.\"";
const FAILS: &str = "terraform.tfvars:1,5-8 Invalid value for variable";

#[test]
fn rule_judges_the_converted_value() {
    check_rule("string", "var.x == \"5\"", BAD, "5", &[]);
    check_rule("string", "var.x == \"5\"", BAD, "\"6\"", &[FAILS]);
}

#[test]
fn condition_that_is_false_without_a_value_fails_at_the_declaration() {
    check_rule("string", "var.x == 5", BAD, "\"5\"", &["main.tf:1,1-13 Invalid value for variable"]);
}

#[test]
fn operators_look_at_both_sides_before_1_12() {
    let main = "variable \"x\" {\n  validation {\n    condition = var.x == null || length(var.x) > 0\n    error_message = \"Bad.\"\n  }\n}\n";
    let summaries =
        |version: &Version| Judged::by(version, &[("main.tf", main), ("terraform.tfvars", "x = null\n")], vec![]).summaries();
    assert_eq!(summaries(&Version::new(1, 11, 4)), ["main.tf:3,41-46 Invalid function argument"]);
    assert!(summaries(&Version::new(1, 12, 0)).is_empty());
}

#[test]
fn condition_on_a_resource_is_not_evaluated() {
    let main = "variable \"x\" {\n  validation {\n    condition = var.x != aws_s3_bucket.a.id\n    error_message = \"Bad.\"\n  }\n}\nresource \"aws_s3_bucket\" \"a\" {}\n";
    let judged = Judged::of(&[("main.tf", main), ("terraform.tfvars", "x = \"a\"\n")], vec![]);
    let [finding] = judged.found.as_slice() else { panic!("{:?}", judged.found) };
    assert_eq!(finding.severity, Severity::NotEvaluated);
    assert!(finding.detail.contains("`aws_s3_bucket.a`"), "{}", finding.detail);
}

#[test]
fn a_rule_sees_the_mark_of_its_own_variable_from_1_16_on() {
    let main = "variable \"x\" {\n  sensitive = true\n  validation {\n    condition = issensitive(var.x)\n    error_message = \"Bad.\"\n  }\n}\nvariable \"y\" {\n  default = 1\n  validation {\n    condition = var.y == 1 && issensitive(var.x)\n    error_message = \"Bad.\"\n  }\n}\n";
    let summaries =
        |version: &Version| Judged::by(version, &[("main.tf", main), ("terraform.tfvars", "x = \"a\"\n")], vec![]).summaries();
    assert_eq!(summaries(&Version::new(1, 15, 0)), [FAILS]);
    assert!(summaries(&Version::new(1, 16, 0)).is_empty());
}

#[test]
fn sensitive_value_stays_out_of_the_message() {
    let main = "variable \"x\" {\n  sensitive = true\n  validation {\n    condition = var.x == \"b\"\n    error_message = \"Got ${var.x}.\"\n  }\n}\n";
    let judged = Judged::of(&[("main.tf", main), ("terraform.tfvars", "x = \"hunter2\"\n")], vec![]);
    assert!(judged.found.iter().any(|finding| finding.summary == "Invalid value for variable"));
    assert!(judged.found.iter().all(|finding| finding.is_sensitive && !finding.detail.contains("hunter2")));
}

#[test]
fn message_that_cannot_be_evaluated_fails_even_where_the_condition_holds() {
    check_rule("string", "var.x == \"a\"", "tonumber(var.x)", "\"a\"", &["main.tf:5,30-35 Invalid function argument"]);
}

#[test]
fn variable_with_a_type_error_is_not_judged_by_its_rules() {
    check_rule("number", "var.x > 0", BAD, "\"a\"", &["terraform.tfvars:1,5-8 Invalid value for input variable"]);
}

#[test]
fn rule_must_refer_to_its_own_variable() {
    let expected =
        ["main.tf:4,17-24 Reference to undeclared local value", "main.tf:4,17-30 Invalid variable validation condition"];
    check_rule("string", "local.l == \"\"", BAD, "\"a\"", &expected);
}

#[test]
fn rules_that_wait_for_one_another_are_a_cycle() {
    let main = "variable \"x\" {\n  validation {\n    condition = var.x != local.l\n    error_message = \"Bad.\"\n  }\n}\nlocals {\n  l = \"${var.x}b\"\n}\n";
    check_module(main, "\"a\"", &["Cycle: local.l (expand), var.x (validation)"]);
}

#[test]
fn cycle_names_neither_what_it_waits_for_nor_what_waits_for_it() {
    let main =
        "variable \"x\" {}\nlocals {\n  a = local.b\n  b = [local.a, local.needed]\n  needed = 1\n  needing = local.a\n}\n";
    check_module(main, "\"a\"", &["Cycle: local.a (expand), local.b (expand)"]);
}

#[test]
fn each_cycle_is_told_of_its_own() {
    let main = "variable \"x\" {}\nlocals {\n  a = local.b\n  b = local.a\n  c = [local.d, local.a]\n  d = local.c\n}\n";
    let expected = ["Cycle: local.a (expand), local.b (expand)", "Cycle: local.c (expand), local.d (expand)"];
    check_module(main, "\"a\"", &expected);
}

#[track_caller]
fn check_note(message: &str, value: &str, expected: Option<&str>) {
    let main = format!(
        "variable \"x\" {{}}\nvariable \"secret\" {{\n  default = \"s\"\n  sensitive = true\n}}\nlocals {{\n  bad = var.x == \"\"\n  \
         bad_message = \"{message}\"\n  bad_check = regex(\"^${{local.bad_message}}$\", !local.bad ? local.bad_message : \"\")\n}}\n"
    );
    let judged = Judged::of(&[("main.tf", &main), ("terraform.tfvars", &format!("x = {value}\n"))], vec![]);
    let [found] = judged.found.as_slice() else { panic!("{:?}", judged.summaries()) };
    assert_eq!(found.summary, "Error in function call");
    assert_eq!(found.note.as_deref(), expected);
    let detail = "Call to function \"regex\" failed: pattern did not match any part of the given string.";
    assert_eq!(found.detail, detail);
}

#[test]
fn check_in_disguise_passes() {
    let main =
        "variable \"x\" {}\nlocals {\n  m = \"Set x.\"\n  c = regex(\"^${local.m}$\", var.x != \"\" ? local.m : \"\")\n}\n";
    check_module(main, "\"a\"", &[]);
}

#[test]
fn check_in_disguise_shows_its_message_beside_terraforms_detail() {
    let expected = "Set x.\n\nThis is the message of `local.bad_check`, a check in disguise; Terraform does not show it.";
    check_note("Set x.", "\"\"", Some(expected));
}

#[test]
fn check_in_disguise_that_cannot_pass_is_told_so() {
    let expected = "`local.bad_check` is a check that passes, but its message holds characters that mean something in a \
                    pattern, so that it fails for every value. Change the message: Set x (a name).";
    check_note("Set x (a name).", "\"a\"", Some(expected));
}

#[test]
fn check_in_disguise_keeps_a_sensitive_message() {
    check_note("Not ${var.secret}.", "\"\"", None);
}

/// The finding that a rule of JSON leads to: its severity, and the last line of its detail.
#[track_caller]
fn check_json_message(condition: &str, message: &str, expected: &[(Severity, &str)]) {
    let rule = format!("{{\"condition\": \"${{{condition}}}\", \"error_message\": \"{message}\"}}");
    let main = format!("{{\"variable\": {{\"x\": {{\"validation\": {rule}}}}}}}");
    let judged = Judged::of(&[("main.tf.json", &main), ("terraform.tfvars", "x = \"a\"\n")], vec![]);
    let line_of = |detail: &'_ str| detail.lines().find(|line| line.contains('x')).unwrap_or_default().to_owned();
    let found: Vec<_> = judged.found.iter().map(|finding| (finding.severity, line_of(&finding.detail))).collect();
    let expected: Vec<_> = expected.iter().map(|(severity, line)| (*severity, (*line).to_owned())).collect();
    let of_errors = |(severity, _): &(Severity, String)| *severity == Severity::Error;
    assert_eq!(found.iter().any(of_errors), expected.iter().any(of_errors), "{found:?}");
    assert_eq!(found.last(), expected.last());
}

#[test]
fn message_of_json_that_cannot_be_evaluated_counts_as_it_is_written() {
    let taken = "The error message provided could not be evaluated as an expression, so Terraform is interpreting it as a string literal.";
    check_json_message("var.x == \\\"a\\\"", "x ${var.x.b}", &[(Severity::Warning, taken)]);
    check_json_message("var.x == \\\"b\\\"", "x ${var.x.b}", &[(Severity::Warning, taken), (Severity::Error, "x ${var.x.b}")]);
    check_json_message("var.x == \\\"b\\\"", "x ${.b}", &[(Severity::Warning, taken), (Severity::Error, "x ${.b}")]);
    check_json_message("var.x == \\\"b\\\"", "x ${var.x}", &[(Severity::Error, "x a")]);
}

#[test]
fn what_is_ephemeral_is_null_for_ephemeralasnull() {
    let check = |locals: &str, condition: &str, expected: &[&str]| {
        let main = format!(
            "variable \"x\" {{\n  ephemeral = true\n  type = string\n  validation {{\n    condition = var.x != null && {condition}\n    \
             error_message = \"Bad.\"\n  }}\n}}\nlocals {{\n  {locals}\n}}\n"
        );
        check_module(&main, "\"e\"", expected);
    };
    check("", "ephemeralasnull(var.x) == null", &[]);
    check("", "ephemeralasnull(var.x) == \"e\"", &[FAILS]);
    check("", "ephemeralasnull(\"a${var.x}\") == null", &[]);
    check("", "ephemeralasnull(path.module) == \".\"", &[]);
    check("", "ephemeralasnull([var.x]) == 1", &[FAILS]);
}

#[test]
fn message_without_a_value_keeps_what_is_sensitive() {
    let main = "variable \"x\" {\n  type = object({})\n  validation {\n    condition = length(var.x) > 1\n    error_message = \"q${sensitive(\"a\")}\"\n  }\n}\n";
    let judged = Judged::of(&[("main.tf", main), ("terraform.tfvars", "x = {}\n")], vec![]);
    let expected = ["main.tf:1,1-13 Invalid value for variable", "main.tf:5,21-41 Error message refers to sensitive values"];
    assert_eq!(judged.summaries(), expected);
    assert!(judged.found.iter().all(|finding| !finding.detail.contains("qa")), "{:?}", judged.found);
}

#[test]
fn message_that_nobody_knows_yet_is_an_error_where_the_condition_fails() {
    check_rule("string", "var.x == \"a\"", "timestamp()", "\"b\"", &["main.tf:5,21-32 Invalid error message"]);
    check_rule("string", "var.x == \"a\"", "timestamp()", "\"a\"", &[]);
}

#[test]
fn rule_of_a_variable_without_a_value_is_judged_alone() {
    let wrong = "terraform.tfvars:1,5-8 Invalid value for input variable";
    check_rule("number", "var.x > 1 && var.no", BAD, "\"a\"", &["main.tf:4,30-36 Reference to undeclared input variable", wrong]);
    check_rule("number", "[var.x]", BAD, "\"a\"", &["main.tf:4,17-24 Invalid variable validation result", wrong]);
    check_rule("number", "var.x > 1", BAD, "\"a\"", &[wrong]);
}
