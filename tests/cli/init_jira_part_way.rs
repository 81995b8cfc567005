//! `tfhelper init-jira` when something gives way after the consent: status 5, the rest is done, and the end names what goes on.

use crate::stage::{Stage, browse};

/// Runs it, and changes something while the consent page is open.
#[track_caller]
fn check_part_way(arguments: &[&str], change: impl FnOnce(&Stage), words: &[&str]) -> (Stage, serde_json::Value) {
    let stage = Stage::good_day();
    let mut arguments = arguments.to_vec();
    arguments.extend(["--format", "json"]);
    let mut running = stage.start(&arguments);
    let url = running.authorization_url().unwrap();
    change(&stage);
    browse(&url);
    let outcome = stage.checked(running.finish()).expect(5, words);
    let summary = outcome.json();
    (stage, summary)
}

#[test]
fn store_that_fails_after_the_consent_leaves_the_tokens_in_the_file() {
    let arguments = ["--secret-store", "file:elsewhere/secrets.json"];
    let change = |stage: &Stage| {
        std::fs::remove_dir_all(stage.file("elsewhere")).unwrap();
        std::fs::write(stage.file("elsewhere"), "").unwrap();
    };
    let (stage, summary) = check_part_way(&arguments, change, &["tfhelper secrets push", "nothing is lost"]);
    assert!(stage.kept_refresh_token().is_some());
    assert_eq!(summary["secrets"][0]["status"], "kept");
    // Everything else is done all the same.
    assert_eq!(summary["scripts"].as_array().unwrap().len(), 2);
    assert!(stage.text("terraform.tfvars").contains("1324a887"));
}

#[test]
fn file_that_breaks_during_the_consent_is_left_alone() {
    let change = |stage: &Stage| std::fs::write(stage.file("terraform.tfvars"), "a = {\n").unwrap();
    let command = "tfhelper init-jira --no-oauth --cloud-id 1324a887-45db-4bf4-8e99-ef0ff456d421";
    let (stage, summary) = check_part_way(&[], change, &[command]);
    assert_eq!(stage.text("terraform.tfvars"), "a = {\n");
    assert_eq!(summary["secrets"][0]["status"], "stored");
}

#[test]
fn scripts_folder_that_goes_during_the_consent() {
    let change = |stage: &Stage| std::fs::write(stage.file("test-calls"), "").unwrap();
    let (stage, _) = check_part_way(&[], change, &["tfhelper test-scripts"]);
    assert!(stage.kept_refresh_token().is_some());
}
