//! The grant has every scope that the connector needs.

use super::assignment::{connectors, enabled_subject};
use super::{Check, Facts, GrantedScopes, ScopeSource};
use crate::connector::{Connector, ConsoleSection, NEWEST_RELEASE, Scope};
use crate::diagnostic::{Diagnostic, Group, Severity};

/// The check.
pub const CHECK: Check = Check {
    id: "granted-scopes",
    group: Group::Scope,
    about: "The grant has every scope that the connector needs",
    page: "Compares the scopes of the last consent with those that the connector needs in the psoxy release of the root module:
six from v0.5.10 on, seven before (`read:account` as well).

A scope that is missing in the developer console, or was added there after the consent, is missing in every token: the
calls that need it answer 401, and the answer does not name it.

The scopes are taken from the ledger that `tfhelper init-jira` keeps, or with `--online` from Atlassian. Atlassian's list of
accessible resources has Jira's scopes alone, so `offline_access` and `read:account` cannot be judged that way.

Add the scope at https://developer.atlassian.com/console/myapps/ under Permissions, where the finding says, then consent
again: `tfhelper init-jira --renew`.",
    run,
};

fn run(facts: &Facts, diagnostics: &mut Vec<Diagnostic>) {
    let release = facts.psoxy_release.clone().unwrap_or(NEWEST_RELEASE);
    for connector in connectors(facts) {
        let required = connector.scopes(&release);
        if required.is_empty() {
            continue;
        }
        let Some(granted) = &facts.granted_scopes else {
            diagnostics.push(not_known(connector));
            continue;
        };
        let (seen, unseen): (Vec<&Scope>, Vec<&Scope>) = required.iter().partition(|scope| is_seen(granted, scope));
        let missing: Vec<&Scope> = seen.into_iter().filter(|scope| !granted.scopes.contains(scope.name)).collect();
        if !missing.is_empty() {
            diagnostics.push(lacking(facts, connector, &missing));
        }
        if !unseen.is_empty() {
            diagnostics.push(not_seen(&unseen));
        }
    }
}

/// Does the source of the scopes tell whether this one was granted?
///
/// Source for accessible resources: psoxy's captured answer of 2023-07-03, which has Jira's scopes and no other.
fn is_seen(granted: &GrantedScopes, scope: &Scope) -> bool {
    match (granted.source, scope.console) {
        (ScopeSource::Ledger, _) => true,
        (ScopeSource::AccessibleResources, ConsoleSection::JiraClassic | ConsoleSection::JiraGranular) => true,
        (ScopeSource::AccessibleResources, ConsoleSection::UserIdentity | ConsoleSection::RequestAlone) => {
            granted.scopes.contains(scope.name)
        }
    }
}

fn lacking(facts: &Facts, connector: &Connector, missing: &[&Scope]) -> Diagnostic {
    let mut detail = format!("The grant for `{}` lacks {}.", connector.id, listed(missing));
    for scope in missing {
        detail.push_str(&format!("\n  {}: for {}; {}", scope.name, scope.purpose, instruction(scope.console)));
    }
    detail.push_str(
        "\nAfter that, consent again with `tfhelper init-jira --renew`: a scope that is added later is in no token from before.",
    );
    Diagnostic::new(CHECK.id, CHECK.group, Severity::Error, "Scopes missing in the grant", detail)
        .at(enabled_subject(facts, connector))
}

/// What to do in the developer console.
fn instruction(section: ConsoleSection) -> String {
    match section.place() {
        Some(place) => format!("tick it under {place}"),
        None => "it is not in the console; tfhelper asks for it".to_owned(),
    }
}

fn not_known(connector: &Connector) -> Diagnostic {
    let detail = format!(
        "Which scopes were granted for `{}` is not known: no consent is recorded in this root module. Run `{}`, or set \
         JIRA_ACCESS_TOKEN and run `tfhelper check --online`.",
        connector.id, connector.setup_command
    );
    Diagnostic::new(CHECK.id, CHECK.group, Severity::NotEvaluated, "Granted scopes are not known", detail)
}

fn not_seen(unseen: &[&Scope]) -> Diagnostic {
    let detail = format!(
        "Atlassian's list of accessible resources does not tell whether {} was granted. `tfhelper init-jira` sees it during \
         the consent and records it.",
        listed(unseen)
    );
    Diagnostic::new(CHECK.id, CHECK.group, Severity::NotEvaluated, "Scopes that Atlassian does not list", detail)
}

fn listed(scopes: &[&Scope]) -> String {
    scopes.iter().map(|scope| format!("`{}`", scope.name)).collect::<Vec<_>>().join(", ")
}
