//! `tfhelper init-jira` whole, with each store: from the consent to the check after `terraform apply`.

use std::collections::BTreeSet;
use std::thread;

use super::atlassian::{Stage, browse};
use super::faults::Target;
use super::gcp;
use super::program::{CANARIES, Cloud};
use super::stand_in::{Call, Failing, Fault, StandIn};

/// A stage with a store where Terraform has been and no proxy yet.
fn stage(target: Target) -> (StandIn, Stage) {
    let stand_in = match target.cloud() {
        Cloud::Aws => target.stand_in(),
        Cloud::Gcp => gcp::applied(),
    };
    let stage = Stage::new(target.cloud(), &stand_in.url());
    if matches!(target, Target::SecretsManager) {
        stage.program.add_variables("secrets_store_implementation = \"aws_secrets_manager\"");
    }
    (stand_in, stage)
}

/// The store must hold what Atlassian gave out.
#[track_caller]
fn check_stored(target: Target, stand_in: &StandIn, stage: &Stage) {
    for (variable, value) in &CANARIES[..2] {
        assert_eq!(target.read(stand_in, variable).as_deref(), Some(*value));
    }
    let refresh_token = target.read(stand_in, "REFRESH_TOKEN").unwrap();
    assert!(stage.secrets().contains(&refresh_token), "{refresh_token}");
    assert!(stage.program.kept().is_empty());
}

#[track_caller]
fn check_whole(target: Target) {
    let (stand_in, stage) = stage(target);
    let summary = stage.run(&["--format", "json"]).expect(0).json();
    let secrets = summary["secrets"].as_array().unwrap();
    assert_eq!(secrets.len(), 3);
    for secret in secrets {
        assert_eq!((&secret["status"], &secret["store"]), (&"stored".into(), &target.choice().into()));
    }
    check_stored(target, &stand_in, &stage);
    // Nobody but the proxy writes these.
    for variable in ["ACCESS_TOKEN", "OAUTH_REFRESH_TOKEN"] {
        let value = target.read(&stand_in, variable);
        assert!(value.is_none() || value.as_deref() == Some("fill me"), "{variable}");
    }
    let secrets = stage.secrets();
    assert!(stand_in.notes().iter().all(|note| !secrets.contains(note)), "a secret in a tag, a label or an annotation");
    stage.then(&["check", "--online", "--stage", "post-apply", "--group", "secret"]).expect(0);
    stage.then(&["status", "--online"]).expect(0);
}

#[test]
fn parameter_store_from_consent_to_post_apply_check() {
    check_whole(Target::Ssm);
}

#[test]
fn secrets_manager_from_consent_to_post_apply_check() {
    check_whole(Target::SecretsManager);
}

#[test]
fn google_from_consent_to_post_apply_check() {
    check_whole(Target::Google);
}

/// A credential that the cloud does not take is found before anybody is sent to Atlassian.
#[track_caller]
fn check_wrong_credential(target: Target, operation: &'static str, status: u16, code: &'static str, words: &str) {
    let (stand_in, stage) = stage(target);
    let fault = Fault::Answer { operation, status, code, message: "It is invalid." };
    stand_in.state().failing = Some(Failing { from: 0, to: usize::MAX, fault });
    stage.run(&[]).expect(3).says(&[words]);
    assert!(!stage.is_asked());
    assert!(!stage.program.path(".tfhelper/secrets.json").exists());
}

#[test]
fn wrong_credential_of_aws_fails_before_the_browser_opens() {
    for target in [Target::Ssm, Target::SecretsManager] {
        check_wrong_credential(target, "GetCallerIdentity", 403, "InvalidClientTokenId", "access key or its secret is wrong");
    }
}

#[test]
fn wrong_credential_of_google_fails_before_the_browser_opens() {
    check_wrong_credential(Target::Google, "GetSecret", 401, "UNAUTHENTICATED", "gcloud auth application-default login");
}

#[test]
fn nothing_is_asked_of_atlassian_before_apply() {
    let (stand_in, stage) = stage(Target::Ssm);
    stand_in.state().parameters.clear();
    stage.run(&[]).expect(3).says(&["terraform apply", "--secret-store file"]);
    assert!(!stage.is_asked());
}

/// The calls of a run that nothing disturbs.
fn calls(target: Target) -> Vec<Call> {
    let (stand_in, stage) = stage(target);
    stage.run(&["--yes"]).expect(0);
    stand_in.state().calls.clone()
}

#[track_caller]
fn check_half_way(target: Target) {
    let calls = calls(target);
    let (second_write, _) = calls.iter().enumerate().filter(|(_, call)| call.is_write()).nth(1).unwrap();
    let (stand_in, stage) = stage(target);
    stand_in.state().failing = Some(Failing { from: second_write, to: usize::MAX, fault: Fault::Before });
    let ran = stage.run(&[]).expect(5);
    ran.says(&["tfhelper secrets push", "CLIENT_SECRET", "REFRESH_TOKEN", "kept in"]);
    let kept: BTreeSet<String> = stage.program.kept().into_iter().map(|(variable, _)| variable).collect();
    assert_eq!(kept, ["CLIENT_SECRET", "REFRESH_TOKEN"].map(str::to_owned).into());
    stand_in.state().failing = None;
    stage.then(&["secrets", "push"]).expect(0);
    check_stored(target, &stand_in, &stage);
}

#[test]
fn store_that_fails_half_way_is_status_5_and_push_completes() {
    for target in [Target::Ssm, Target::SecretsManager, Target::Google] {
        check_half_way(target);
    }
}

/// A live refresh token is replaced with `--yes` alone where nobody can be asked, and nobody is sent to Atlassian before.
#[track_caller]
fn check_live(target: Target, arguments: &[&str]) {
    let (stand_in, stage) = stage(target);
    stage.run(&[]).expect(0);
    let before = (target.read(&stand_in, "REFRESH_TOKEN"), stage.rehearsal.requests().len());
    stage.run(arguments).expect(2).says(&["the proxy may be using", "--yes"]);
    assert_eq!((target.read(&stand_in, "REFRESH_TOKEN"), stage.rehearsal.requests().len()), before);
    stage.run(&[arguments, &["--yes"]].concat()).expect(0);
    assert_ne!(target.read(&stand_in, "REFRESH_TOKEN"), before.0);
    check_stored(target, &stand_in, &stage);
}

#[test]
fn live_refresh_token_is_replaced_only_when_told_to() {
    check_live(Target::Ssm, &[]);
}

#[test]
fn renewal_replaces_a_live_refresh_token_only_when_told_to() {
    check_live(Target::Google, &["--renew"]);
}

#[track_caller]
fn check_seeded(target: Target) {
    let (stand_in, stage) = stage(target);
    stage.run(&["--seed-access-token"]).expect(0);
    check_stored(target, &stand_in, &stage);
    let seeded: serde_json::Value = serde_json::from_str(&target.read(&stand_in, "ACCESS_TOKEN").unwrap()).unwrap();
    assert!(stage.secrets().contains(seeded["token"].as_str().unwrap()));
    // TFHELPER_NOW is 2026-11-23T12:00:00Z, and the token lives for an hour.
    assert_eq!(seeded["expirationDate"], 1_795_438_800_000_u64);
    stage.then(&["check", "--online", "--stage", "post-apply", "--group", "secret"]).expect(0);
}

#[test]
fn seeded_access_token_has_the_form_of_the_proxy() {
    check_seeded(Target::Ssm);
    check_seeded(Target::Google);
}

#[test]
fn access_token_is_written_before_the_refresh_token() {
    let (stand_in, stage) = stage(Target::Ssm);
    stage.run(&["--seed-access-token"]).expect(0);
    let state = stand_in.state();
    let written = state.calls.iter().filter(|call| call.operation == "PutParameter" && call.is_write()).map(|call| &call.name);
    let expected = ["CLIENT_ID", "CLIENT_SECRET", "ACCESS_TOKEN", "REFRESH_TOKEN"].map(|variable| Cloud::Aws.name(variable));
    assert!(written.eq(&expected));
}

/// Kills the process while the store holds one answer back; everything is then stored or kept, and `push` completes.
fn check_kill(target: Target, at: usize, fault: Fault) {
    let context = format!("{target:?}, call {at}, {fault:?}");
    let (stand_in, stage) = stage(target);
    stand_in.state().failing = Some(Failing { from: at, to: usize::MAX, fault });
    let mut running = stage.start(&["--yes"]);
    let url = running.authorization_url().unwrap();
    browse(&url);
    while stand_in.state().calls.len() <= at {
        thread::yield_now();
        assert!(running.child.try_wait().unwrap().is_none(), "{context}: ended before");
    }
    stage.check_arguments(&running);
    running.child.kill().unwrap();
    stage.checked(running.finish());

    let secrets = stage.secrets();
    let kept = stage.program.kept();
    for (variable, canary) in CANARIES {
        let is_right = |value: &str| if variable == "REFRESH_TOKEN" { secrets.contains(value) } else { value == canary };
        let is_stored = target.read(&stand_in, variable).is_some_and(|value| is_right(&value));
        let is_kept = kept.iter().any(|(known, value)| known == variable && is_right(value));
        assert!(is_stored || is_kept, "{context}: {variable} is lost");
    }
    stand_in.state().failing = None;
    stage.then(&["secrets", "push", "--yes"]).expect(0);
    check_stored(target, &stand_in, &stage);
}

#[test]
fn killed_at_any_write_nothing_is_lost() {
    thread::scope(|scope| {
        for target in [Target::Ssm, Target::SecretsManager, Target::Google] {
            scope.spawn(move || {
                let calls = calls(target);
                for (at, _) in calls.iter().enumerate().filter(|(_, call)| call.is_write()) {
                    check_kill(target, at, Fault::HoldBefore);
                    check_kill(target, at, Fault::HoldAfter);
                    // Between two writes: the answer has come, and what comes next is asked.
                    if at + 1 < calls.len() {
                        check_kill(target, at + 1, Fault::HoldBefore);
                    }
                }
            });
        }
    });
}
