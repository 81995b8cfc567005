//! `tfhelper check` on many root modules: --recursive, --changed, file arguments.

use std::fs;

use crate::repository::{Repository, root_modules, shown};

const ROOT: &str = "provider \"aws\" {}\nvariable \"need\" {}\n";
const SET: &str = "need = 1\n";

/// Three root modules, one that two of them call, and copies where nobody looks.
fn repository() -> Repository {
    let call = format!("{ROOT}module \"m\" {{\n  source = \"../../modules/m\"\n}}\n");
    Repository::of(&[
        (".gitignore", ".terraform/\n"),
        ("live/a/main.tf", &call),
        ("live/a/terraform.tfvars", SET),
        ("live/b/main.tf", &call),
        ("live/b/terraform.tfvars", SET),
        ("live/c/main.tf", ROOT),
        ("live/c/terraform.tfvars", SET),
        ("live/a/.terraform/modules/x/main.tf", ROOT),
        ("live/b/.terragrunt-cache/x/main.tf", ROOT),
        ("modules/m/main.tf", "variable \"x\" {\n  default = 1\n}\n"),
        ("README.md", "text"),
    ])
}

#[test]
fn recursive_check_finds_root_modules_and_nothing_else() {
    let report = repository().check_json(&["--recursive"], 0);
    assert_eq!(root_modules(&report), ["live/a", "live/b", "live/c"]);
}

#[test]
fn recursive_check_of_a_path_stays_below_it() {
    let report = repository().check_json(&["--recursive", "live/b"], 0);
    assert_eq!(root_modules(&report), ["live/b"]);
}

#[test]
fn same_tree_gives_the_same_report_byte_by_byte() {
    let repository = repository();
    for number in 0..40 {
        repository.write(&format!("live/r{number}/main.tf"), ROOT);
    }
    let run = || repository.run(&["check", "--recursive", "--format", "json", "--terraform-version", "1.11.4"]).stdout;
    let first = run();
    assert_eq!(String::from_utf8(run()).unwrap(), String::from_utf8(first).unwrap());
}

#[test]
fn broken_root_module_does_not_stop_the_others() {
    let repository = repository();
    repository.write("live/b/broken.tf", "variable \"x\" {\n");
    repository.write("live/c/terraform.tfvars", "");
    // Terraform passes over a directory of that name, and stops at a file that cannot be read.
    fs::create_dir(repository.top().join("live/a/directory.tf")).unwrap();
    std::os::unix::fs::symlink("nowhere", repository.top().join("live/b/gone.tf")).unwrap();
    let report = repository.check_json(&["--recursive"], 1);
    assert_eq!(root_modules(&report), ["live/a", "live/b", "live/c"]);
    let checks = |at: usize| report["root_modules"][at]["diagnostics"].clone();
    assert_eq!(checks(1)[0]["check"], "syntax", "{report:#}");
    assert_eq!(checks(2)[0]["check"], "required-variable", "{report:#}");
}

#[test]
fn tree_without_root_modules_passes_and_says_so() {
    let repository = Repository::of(&[("modules/m/main.tf", "variable \"x\" {}\n")]);
    let output = repository.run(&["check", "--recursive"]);
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    assert!(shown(&output).contains("no root module below `.`; 1 other modules"), "{}", shown(&output));
}

/// Changes made on a branch, and the root modules that they concern.
#[track_caller]
fn check_changed(change: impl Fn(&Repository), expected: &[&str]) {
    let repository = repository();
    repository.git(&["checkout", "--quiet", "-b", "work"]);
    change(&repository);
    assert_eq!(root_modules(&repository.check_json(&["--changed", "--base", "main"], 0)), expected);
}

#[test]
fn nothing_changed_concerns_nothing() {
    check_changed(|_| {}, &[]);
    check_changed(|repository| repository.write("README.md", "other text"), &[]);
}

#[test]
fn committed_uncommitted_and_untracked_changes_count() {
    check_changed(
        |repository| {
            repository.write("live/a/main.tf", ROOT);
            repository.commit();
            repository.write("live/b/terraform.tfvars", "need = 2\n");
            repository.write("live/c/new.tf", "");
        },
        &["live/a", "live/b", "live/c"],
    );
}

#[test]
fn changed_module_concerns_the_root_modules_that_call_it() {
    check_changed(|repository| repository.write("modules/m/templates/x.json", "{}"), &["live/a", "live/b"]);
}

#[test]
fn deleted_module_concerns_the_root_modules_that_call_it() {
    check_changed(|repository| fs::remove_dir_all(repository.top().join("modules/m")).unwrap(), &["live/a", "live/b"]);
}

#[test]
fn changes_of_the_base_alone_do_not_count() {
    let repository = repository();
    repository.git(&["checkout", "--quiet", "-b", "work"]);
    repository.git(&["checkout", "--quiet", "main"]);
    repository.write("live/a/main.tf", ROOT);
    repository.commit();
    repository.git(&["checkout", "--quiet", "work"]);
    repository.write("live/c/main.tf", &format!("{ROOT}# edited\n"));
    assert_eq!(root_modules(&repository.check_json(&["--changed", "--base", "main"], 0)), ["live/c"]);
}

#[test]
fn changed_below_the_working_directory_counts_alone() {
    let repository = repository();
    repository.write("live/a/main.tf", ROOT);
    repository.write("live/c/main.tf", &format!("{ROOT}# edited\n"));
    let report = repository.check_json(&["-C", "live/c", "--changed", "--base", "main"], 0);
    assert_eq!(root_modules(&report), ["live/c"]);
}

#[test]
fn unknown_base_is_a_usage_error_with_gits_own_words() {
    let output = repository().run(&["check", "--changed", "--base", "nope"]);
    assert_eq!(output.status.code(), Some(2), "{}", shown(&output));
    assert!(shown(&output).contains("cannot tell what has changed since `nope`"), "{}", shown(&output));
}

#[track_caller]
fn check_files(files: &[&str], expected: &[&str]) {
    assert_eq!(root_modules(&repository().check_json(files, 0)), expected);
}

#[test]
fn files_stand_for_their_root_modules_each_once() {
    check_files(&["live/c/terraform.tfvars", "live/a/main.tf", "live/a/terraform.tfvars"], &["live/a", "live/c"]);
}

#[test]
fn file_of_a_module_stands_for_its_callers() {
    check_files(&["modules/m/main.tf"], &["live/a", "live/b"]);
}

#[test]
fn file_of_no_root_module_stands_for_nothing() {
    check_files(&["README.md"], &[]);
}

#[test]
fn absolute_path_of_a_file_is_a_file_all_the_same() {
    let repository = repository();
    let file = repository.top().join("live/b/main.tf");
    assert_eq!(root_modules(&repository.check_json(&[file.to_str().unwrap()], 0)), ["live/b"]);
}

#[test]
fn file_beside_the_working_directory_is_found() {
    let repository = repository();
    let report = repository.check_json(&["-C", "live/a", "../c/main.tf"], 0);
    assert_eq!(root_modules(&report).len(), 1, "{report:#}");
}

#[test]
fn file_in_a_root_module_that_is_the_working_directory_stands_for_it() {
    let repository = Repository::of(&[("main.tf", ROOT), ("terraform.tfvars", SET), ("docs/a.md", "text")]);
    assert_eq!(root_modules(&repository.check_json(&["main.tf"], 0)), ["."]);
    assert_eq!(root_modules(&repository.check_json(&["terraform.tfvars", "docs/a.md"], 0)), ["."]);
    repository.git(&["branch", "-f", "base"]);
    repository.write("main.tf", &format!("{ROOT}# edited\n"));
    assert_eq!(root_modules(&repository.check_json(&["--changed", "--base", "base"], 0)), ["."]);
}

#[test]
fn missing_path_is_a_usage_error() {
    let output = repository().run(&["check", "--recursive", "nope"]);
    assert_eq!(output.status.code(), Some(2), "{}", shown(&output));
    let output = repository().run(&["check", "--recursive", "README.md"]);
    assert_eq!(output.status.code(), Some(2), "{}", shown(&output));
}

#[test]
fn paths_in_reports_are_relative_to_the_repository_wherever_the_check_runs() {
    let repository = repository();
    repository.write("live/c/terraform.tfvars", "");
    for (format, expected) in [
        ("sarif", "\"uri\": \"live/c/main.tf\""),
        ("gitlab", "\"path\": \"live/c/main.tf\""),
        ("github", "::error file=live/c/main.tf,line=2,"),
    ] {
        for arguments in [&["check", "-C", "live/c", "--format", format][..], &["check", "--recursive", "--format", format]] {
            let output = repository.run(arguments);
            assert!(shown(&output).contains(expected), "{arguments:?}: {}", shown(&output));
        }
    }
}

#[test]
fn name_of_a_folder_is_no_workflow_command_in_the_notes() {
    let repository = Repository::of(&[("x\n::add-mask::y/README.md", "")]);
    let output = repository.run(&["check", "--recursive", "x\n::add-mask::y"]);
    assert!(!shown(&output).lines().any(|line| line.starts_with("::")), "{}", shown(&output));
}
