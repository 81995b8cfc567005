//! Tests of the checks of group `secret`.

use super::*;
use crate::atlassian::personal_access_token::Expiry;
use crate::secret::state::{Condition, Form};
use crate::terraform::plan::{SecretChange, SecretResource};

fn aws(root_path: &str) -> Naming {
    Naming::Aws { environment_name: String::from("psoxy"), root_path: root_path.to_owned() }
}

fn gcp(config_parameter_prefix: &str) -> Naming {
    Naming::Gcp { environment_name: String::new(), config_parameter_prefix: config_parameter_prefix.to_owned() }
}

/// Runs one check on facts that `change` has changed, and compares severity and summary of what it finds.
#[track_caller]
fn check_findings(id: &str, change: impl FnOnce(&mut Facts), expected: &[(Severity, &str)]) {
    let (sources, root_module, inputs) = (Sources::default(), RootModule::default(), Inputs::default());
    let mut facts = Facts::new(&sources, &root_module, &inputs);
    facts.connectors = vec![String::from("jira-cloud"), String::from("jira-server")];
    facts.naming = Some(aws(""));
    change(&mut facts);
    let mut diagnostics = Vec::new();
    (find(id).unwrap().run)(&facts, &mut diagnostics);
    let found: Vec<(Severity, &str)> = diagnostics.iter().map(|d| (d.severity, d.summary.as_str())).collect();
    assert_eq!(found, expected);
}

/// The facts when the store says this of one secret.
fn known(connector: &str, variable: &str, state: SecretState) -> impl FnOnce(&mut Facts) {
    let name = aws("").name(connector, variable);
    move |facts| facts.secrets = SecretFacts::Known(vec![(name, state)])
}

fn with_form(form: Form) -> SecretState {
    SecretState { form: Some(form), ..SecretState::without_value(Condition::Set) }
}

const GLUED: (Severity, &str) = (Severity::Warning, "Prefix of secrets without a separator");
const NOT_ASKED: (Severity, &str) = (Severity::NotEvaluated, "Secret store not asked");

#[test]
fn root_path_that_is_no_folder_is_found() {
    check_findings("secret-name", |facts| facts.naming = Some(aws("/corp/psoxy")), &[GLUED]);
}

#[test]
fn root_path_that_is_a_folder_is_fine() {
    check_findings("secret-name", |facts| facts.naming = Some(aws("/corp/psoxy/")), &[]);
}

#[test]
fn prefix_without_underscore_is_found() {
    check_findings("secret-name", |facts| facts.naming = Some(gcp("acme")), &[GLUED]);
}

#[test]
fn prefix_with_underscore_is_fine() {
    check_findings("secret-name", |facts| facts.naming = Some(gcp("acme_")), &[]);
}

#[test]
fn store_that_was_not_asked_is_not_evaluated() {
    check_findings("secret-value", |_| {}, &[NOT_ASKED]);
}

#[test]
fn without_a_connector_there_is_nothing_to_evaluate() {
    check_findings("secret-value", |facts| facts.connectors.clear(), &[]);
}

#[test]
fn placeholder_before_apply_is_fine() {
    check_findings("secret-value", known("jira-cloud", "CLIENT_ID", SecretState::of("fill me")), &[]);
}

#[test]
fn placeholder_after_apply_is_found() {
    let change = |facts: &mut Facts| {
        facts.stage = Stage::PostApply;
        known("jira-cloud", "CLIENT_ID", SecretState::of("fill me"))(facts);
    };
    check_findings("secret-value", change, &[(Severity::Error, "Secret without a real value")]);
}

#[test]
fn secret_that_is_missing_after_apply_is_found() {
    let change = |facts: &mut Facts| {
        facts.stage = Stage::PostApply;
        known("jira-server", "ACCESS_TOKEN", SecretState::absent())(facts);
    };
    check_findings("secret-value", change, &[(Severity::Error, "Secret does not exist")]);
}

#[test]
fn real_value_after_apply_is_fine() {
    let change = |facts: &mut Facts| {
        facts.stage = Stage::PostApply;
        known("jira-cloud", "CLIENT_ID", SecretState::of("id"))(facts);
    };
    check_findings("secret-value", change, &[]);
}

#[test]
fn access_token_that_the_proxy_has_yet_to_write_is_fine() {
    let change = |facts: &mut Facts| {
        facts.stage = Stage::PostApply;
        known("jira-cloud", "ACCESS_TOKEN", SecretState::of("fill me"))(facts);
    };
    check_findings("secret-value", change, &[]);
}

#[test]
fn pasted_newline_is_found_at_any_time() {
    let expected = [(Severity::Warning, "Secret with whitespace around it")];
    check_findings("secret-value", known("jira-cloud", "REFRESH_TOKEN", SecretState::of("eyJ\n")), &expected);
}

#[test]
fn raw_access_token_of_jira_cloud_is_found() {
    let expected = [(Severity::Warning, "Access token in the wrong form")];
    check_findings("access-token-form", known("jira-cloud", "ACCESS_TOKEN", with_form(Form::Raw)), &expected);
}

#[test]
fn access_token_as_the_proxy_writes_it_is_fine() {
    check_findings("access-token-form", known("jira-cloud", "ACCESS_TOKEN", with_form(Form::AccessTokenJson)), &[]);
}

#[test]
fn personal_access_token_in_json_is_found() {
    let expected = [(Severity::Error, "Access token in the wrong form")];
    check_findings("access-token-form", known("jira-server", "ACCESS_TOKEN", with_form(Form::AccessTokenJson)), &expected);
}

#[test]
fn personal_access_token_alone_is_fine() {
    check_findings("access-token-form", known("jira-server", "ACCESS_TOKEN", with_form(Form::Raw)), &[]);
}

fn versions(read: &str, newest: Option<&str>) -> SecretState {
    SecretState {
        version: Some(read.to_owned()),
        newest_version: newest.map(str::to_owned),
        ..SecretState::without_value(Condition::Set)
    }
}

#[test]
fn label_on_an_old_version_is_found() {
    let expected = [(Severity::Error, "Label names an old version")];
    check_findings("secret-version", known("jira-cloud", "REFRESH_TOKEN", versions("3", Some("4"))), &expected);
}

#[test]
fn label_on_the_newest_version_is_fine() {
    check_findings("secret-version", known("jira-cloud", "REFRESH_TOKEN", versions("4", None)), &[]);
}

fn day(number: i64) -> impl FnOnce(&mut Facts) {
    let consented_at: jiff::Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    move |facts| {
        facts.token_family = Some(TokenFamily { consented_at });
        facts.now = Some(consented_at + jiff::SignedDuration::from_hours(24 * number));
    }
}

#[test]
fn consent_without_a_date_is_not_evaluated() {
    check_findings("token-family", |_| {}, &[(Severity::NotEvaluated, "End of the consent not known")]);
}

#[test]
fn consent_with_31_days_left_is_fine() {
    check_findings("token-family", day(334), &[]);
}

#[test]
fn consent_that_ends_soon_is_found() {
    check_findings("token-family", day(340), &[(Severity::Warning, "Consent runs out soon")]);
}

#[test]
fn consent_that_has_ended_is_found() {
    check_findings("token-family", day(366), &[(Severity::Error, "Consent has run out")]);
}

#[test]
fn jira_data_center_alone_needs_no_consent() {
    check_findings("token-family", |facts| facts.connectors = vec![String::from("jira-server")], &[]);
}

/// The facts so many days before the token ends.
fn token(expiry: fn(jiff::Timestamp) -> Expiry, days_left: i64) -> impl FnOnce(&mut Facts) {
    let now: jiff::Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    move |facts| {
        let end = now + jiff::SignedDuration::from_hours(24 * days_left);
        let (host, user) = (String::from("jira.acme.test"), String::from("svc"));
        facts.token_ledger = Some(Ledger { host, user, verified_at: now, expiry: expiry(end) });
        facts.now = Some(now);
    }
}

#[test]
fn token_without_a_date_is_not_evaluated() {
    let expected = [(Severity::NotEvaluated, "End of the token not known")];
    check_findings("personal-access-token", |_| {}, &expected);
    check_findings("personal-access-token", token(|_| Expiry::Unknown, 0), &expected);
}

#[test]
fn token_with_31_days_left_is_fine() {
    check_findings("personal-access-token", token(Expiry::At, 31), &[]);
    check_findings("personal-access-token", token(|_| Expiry::Never, 0), &[]);
}

#[test]
fn token_that_ends_soon_is_found() {
    check_findings("personal-access-token", token(Expiry::At, 10), &[(Severity::Warning, "Personal access token runs out soon")]);
    let expected = [(Severity::Warning, "Personal access token may run out soon")];
    check_findings("personal-access-token", token(Expiry::NotBefore, 10), &expected);
}

#[test]
fn token_that_has_ended_is_found() {
    check_findings("personal-access-token", token(Expiry::At, -1), &[(Severity::Error, "Personal access token has run out")]);
}

#[test]
fn jira_cloud_alone_needs_no_personal_access_token() {
    check_findings("personal-access-token", |facts| facts.connectors = vec![String::from("jira-cloud")], &[]);
}

/// Runs `plan-secret` on a plan with these changes: name, actions, placeholder.
#[track_caller]
fn check_plan_secret(changes: &[(&str, &[&str], bool)], connector: &str, expected: &[(Severity, &str)]) {
    let secret_changes = changes.iter().map(|(name, actions, holds_placeholder)| SecretChange {
        address: format!("aws_ssm_parameter.{name}"),
        kind: SecretResource::SsmParameter,
        name: (*name).to_owned(),
        actions: actions.iter().map(|action| (*action).to_owned()).collect(),
        holds_placeholder: *holds_placeholder,
    });
    let plan = Plan { secret_changes: secret_changes.collect(), ..Plan::default() };
    let (sources, root_module, inputs) = (Sources::default(), RootModule::default(), Inputs::default());
    let mut facts = Facts::new(&sources, &root_module, &inputs);
    facts.connectors = vec![connector.to_owned()];
    facts.naming = Some(aws(""));
    facts.plan = Some(&plan);
    let mut diagnostics = Vec::new();
    (find("plan-secret").unwrap().run)(&facts, &mut diagnostics);
    let found: Vec<(Severity, &str)> = diagnostics.iter().map(|d| (d.severity, d.summary.as_str())).collect();
    assert_eq!(found, expected);
}

const SERVER_TOKEN: &str = "PSOXY_JIRA_SERVER_ACCESS_TOKEN";

#[test]
fn plan_that_keeps_the_secret_is_fine() {
    check_plan_secret(&[(SERVER_TOKEN, &["no-op"], false)], "jira-server", &[]);
}

#[test]
fn plan_that_replaces_the_secret_is_found() {
    let expected = [(Severity::Error, "Plan destroys a stored secret")];
    check_plan_secret(&[(SERVER_TOKEN, &["delete", "create"], false)], "jira-server", &expected);
}

#[test]
fn placeholder_in_the_plan_is_found() {
    check_plan_secret(&[(SERVER_TOKEN, &["no-op"], true)], "jira-server", &[(Severity::Warning, "Secret without a real value")]);
}

#[test]
fn secret_with_another_prefix_is_missing() {
    let expected = [(Severity::Error, "Secret missing from the plan")];
    check_plan_secret(&[("PROD_JIRA_SERVER_ACCESS_TOKEN", &["create"], false)], "jira-server", &expected);
}
