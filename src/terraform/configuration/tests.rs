//! What the files of a root module declare together.

use super::*;
use crate::terraform::judged::Judged;

#[track_caller]
fn check_files(files: &[(&str, &str)], expected: &[&str]) {
    assert_eq!(Judged::of(files, vec![]).summaries(), expected);
}

#[track_caller]
fn check_file(text: &str, expected: &[&str]) {
    check_files(&[("main.tf", text)], expected);
}

#[track_caller]
fn check_by(version: &str, text: &str, expected: &[&str]) {
    let version = Version::parse(version).unwrap();
    assert_eq!(Judged::by(&version, &[("main.tf", text)], vec![]).summaries(), expected);
}

fn root_module(files: &[(&str, &str)]) -> RootModule {
    let mut sources = Sources::default();
    let file =
        |(name, text): &(&str, &str)| ConfigurationFile { name: (*name).to_owned(), bytes: Some(text.as_bytes().to_vec()) };
    let configuration = Configuration::parse(files.iter().map(file).collect(), &mut sources);
    let (root_module, found) = configuration.decode(&crate::terraform::version::NEWEST_KNOWN_TERRAFORM, &sources);
    assert_eq!(found, []);
    root_module
}

#[test]
fn directory_without_configuration_is_an_error() {
    check_files(&[("main.tf", "")], &[]);
    check_files(&[("README.md", "")], &["No configuration files"]);
}

#[test]
fn names_are_identifiers() {
    check_file("locals {\n  a-b = 1\n}\nmodule \"_\" {\n  source = \"./m\"\n}\n", &[]);
    check_files(&[("main.tf.json", r#"{"locals": {"a b": 1}}"#)], &["main.tf.json:1,13-18 Invalid local value name"]);
    check_file("module \"1\" {\n  source = \"./m\"\n}\n", &["main.tf:1,8-11 Invalid module instance name"]);
}

#[test]
fn names_are_unique_across_files() {
    let local = "locals {\n  a = 1\n}\n";
    check_files(&[("a.tf", local), ("b.tf", "locals {\n  b = 1\n}\n")], &[]);
    check_files(&[("a.tf", local), ("b.tf", local)], &["b.tf:2,3-8 Duplicate local value definition"]);
    let variable = "variable \"a\" {\n  default = 1\n}\n";
    check_files(&[("a.tf", variable), ("b.tf", variable)], &["b.tf:1,1-13 Duplicate variable declaration"]);
    let module = "module \"a\" {\n  source = \"./m\"\n}\n";
    check_files(&[("a.tf", module), ("b.tf", module)], &["b.tf:1,1-11 Duplicate module call"]);
}

#[test]
fn blocks_of_one_array_in_json_are_duplicates_though_they_share_a_place() {
    let text = r#"{"variable": {"a": [{"default": 1}, {"default": 2}]}}"#;
    check_files(&[("main.tf.json", text)], &["main.tf.json:1,20-21 Duplicate variable declaration"]);
}

#[test]
fn override_file_changes_what_is_declared() {
    let main = "locals {\n  a = 1\n}\nmodule \"m\" {\n  source = \"./m\"\n  a = 1\n  b = 1\n}\n";
    let changes = "locals {\n  a = 2\n}\nmodule \"m\" {\n  source = \"./n\"\n  b = 2\n}\n";
    let root_module = root_module(&[("override.tf", changes), ("main.tf", main)]);
    let [call] = root_module.module_calls.as_slice() else { panic!("{:?}", root_module.module_calls) };
    assert_eq!(call.source.as_deref(), Some("./n"));
    assert_eq!(call.arguments.keys().collect::<Vec<_>>(), ["a", "b", "source"]);
}

#[test]
fn override_file_changes_nothing_that_is_not_declared() {
    let changes = "locals {\n  a = 2\n}\nmodule \"m\" {}\nvariable \"v\" {}\n";
    let expected = [
        "a_override.tf:2,3-8 Missing base local value definition to override",
        "a_override.tf:4,1-11 Missing module call to override",
        "a_override.tf:5,1-13 Missing base variable declaration to override",
    ];
    check_files(&[("main.tf", ""), ("a_override.tf", changes)], &expected);
}

#[test]
fn required_version_is_judged() {
    check_by("1.11.4", "terraform {\n  required_version = \"~> 1.3\"\n}\n", &[]);
    let unsupported = "main.tf:2,3-29 Unsupported Terraform Core version";
    check_by("1.11.4", "terraform {\n  required_version = \"< 1.3\"\n}\n", &[unsupported]);
    let invalid = "main.tf:2,22-25 Invalid version constraint";
    check_by("1.11.4", "terraform {\n  required_version = \"x\"\n}\n", &[invalid]);
}

#[test]
fn block_is_known_from_the_version_on_that_brought_it() {
    let text = "ephemeral \"a\" \"b\" {}\n";
    check_by("1.10.0", text, &[]);
    check_by("1.9.8", text, &["main.tf:1,1-10 Unsupported block type"]);
}

#[test]
fn required_providers_stand_in_a_terraform_block() {
    let names =
        root_module(&[("main.tf", "terraform {\n  required_providers {\n    aws = {}\n  }\n}\nprovider \"google\" {}\n")]);
    assert_eq!(names.providers.into_iter().collect::<Vec<_>>(), ["aws", "google"]);
    check_file("required_providers {}\n", &["main.tf:1,1-19 Invalid required_providers block"]);
}

#[test]
fn module_call_needs_a_source() {
    check_file("module \"a\" {\n  source = \"./m\"\n}\n", &[]);
    check_file("module \"a\" {}\n", &["main.tf:1,12-12 Missing required argument"]);
}

#[test]
fn resources_are_known_by_mode_type_and_name() {
    let text = "resource \"a\" \"b\" {}\ndata \"c\" \"d\" {}\nmodule \"e\" {\n  source = \"./m\"\n}\n";
    let names = root_module(&[("main.tf", text)]).declared_names();
    assert_eq!(names.into_iter().collect::<Vec<_>>(), ["a.b", "data.c.d", "module.e"]);
}

#[test]
fn required_version_is_converted_to_a_string() {
    let version = |value: &str| format!("terraform {{\n  required_version = {value}\n}}\n");
    check_file(&version("\">= 1.0.0.0\""), &[]);
    check_file(&version("1.11"), &["main.tf:2,3-26 Unsupported Terraform Core version"]);
    check_file(&version("true"), &["main.tf:2,22-26 Invalid version constraint"]);
    check_file(&version("[]"), &["main.tf:2,22-24 Invalid version constraint"]);
    check_file(&version("null"), &[]);
    check_file(&version("\">= 11e50\""), &["main.tf:2,3-32 Invalid required_version constraint"]);
    let json = r#"{"terraform": {"required_version": 1.11}}"#;
    check_files(&[("main.tf.json", json)], &["main.tf.json:1,16-40 Unsupported Terraform Core version"]);
}

#[test]
fn wrong_constants_are_blamed_at_their_start() {
    let variable = |argument: &str| format!("variable \"x\" {{\n  default = 1\n  {argument}\n}}\n");
    check_file(&variable("sensitive = 1 + 1"), &["main.tf:3,15-16 Unsuitable value type"]);
    check_file(&variable("sensitive = \"x${1}y\""), &["main.tf:3,16-17 Unsuitable value type"]);
    check_file(&variable("sensitive = \"\""), &["main.tf:3,17-17 Unsuitable value type"]);
    let call = ["main.tf:3,17-23 Unsuitable value type", "main.tf:3,17-27 Function calls not allowed"];
    check_file(&variable("description = upper(\"a\")"), &call);
    let json = r#"{"variable": {"x": {"default": 1, "nullable": "${1 == 2}"}}}"#;
    check_files(&[("main.tf.json", json)], &["main.tf.json:1,47-58 Unsuitable value type"]);
}

#[test]
fn reference_to_what_is_not_declared_ends_with_its_index() {
    let local = |value: &str| format!("locals {{\n  a = {value}\n}}\n");
    let resource = "Reference to undeclared resource";
    check_file(&local("vr.m2x[\"k\"].b"), &[&format!("main.tf:2,7-18 {resource}")]);
    check_file(&local("vr.m2x.0.a"), &[&format!("main.tf:2,7-15 {resource}")]);
    check_file(&local("data.x.y[\"a\"]"), &[&format!("main.tf:2,7-20 {resource}")]);
    let module = "Reference to undeclared module";
    check_file(&local("module.x[\"a\"].z"), &[&format!("main.tf:2,7-22 {module}")]);
    check_file(&local("module.x.0.z"), &[&format!("main.tf:2,7-19 {module}")]);
    check_file(&local("vr.m2x[1.5]"), &["main.tf:2,13-18 Invalid index key"]);
    check_file(&local("module.x[true].z"), &["main.tf:2,15-21 Invalid index key"]);
}

#[test]
fn arguments_of_functions_are_blamed_at_their_start() {
    let rule = |call: &str| {
        format!(
            "variable \"x\" {{\n  default = \"a\"\n  validation {{\n    condition = var.x == {call}\n    error_message = \"No.\"\n  }}\n\
             }}\n"
        )
    };
    let wrong = "Invalid function argument";
    check_file(&rule("parseint(\"\", 10)"), &[&format!("main.tf:4,37-37 {wrong}")]);
    check_file(&rule("parseint((\"\"), 10)"), &[&format!("main.tf:4,38-38 {wrong}")]);
    check_file(&rule("parseint(<<-E\n  E\n, 10)"), &[&format!("main.tf:5,4-4 {wrong}")]);
    check_file(&rule("timecmp(\"%{for v in [1]}<${v}>%{endfor}\", \"x\")"), &[&format!("main.tf:4,35-50 {wrong}")]);
}
