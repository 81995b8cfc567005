//! The access token is written as the proxy reads it.

use super::{Check, Facts};
use crate::connector::{self, FilledBy};
use crate::diagnostic::{Diagnostic, Group, Severity};
use crate::secret::state::{Condition, Form};

const ID: &str = "access-token-form";

/// The check.
pub const CHECK: Check = Check {
    id: ID,
    group: Group::Secret,
    about: "An access token is written in the form in which the proxy reads it",
    page: "For Jira Cloud the proxy keeps the access token as JSON with its expiry, `{\"token\":\"...\",\"expirationDate\":...}`, and
writes it itself. Old instructions ask for the raw token; the proxy ignores that with a warning in its log and fetches
another. For Jira Data Center it is the other way round: the personal access token stands there as it is.

Leave the access token of Jira Cloud alone; the proxy overwrites it at its next refresh. `tfhelper init-jira
--seed-access-token` writes the right form. For Jira Data Center run `tfhelper init-jira-server`.",
    run,
};

fn run(facts: &Facts, diagnostics: &mut Vec<Diagnostic>) {
    let Some(states) = facts.secret_states(ID, diagnostics) else { return };
    for (name, state) in states.iter().filter(|(name, _)| name.variable() == "ACCESS_TOKEN") {
        let is_kept_by_proxy = connector::find(name.connector())
            .and_then(|connector| connector.secured_variables.iter().find(|variable| variable.name == name.variable()))
            .is_some_and(|variable| variable.filled_by == FilledBy::Proxy);
        let has_value = matches!(state.condition, Condition::Set | Condition::Whitespace);
        let (severity, detail) = match state.form {
            Some(Form::Raw | Form::OtherJson) if is_kept_by_proxy && has_value => (
                Severity::Warning,
                format!(
                    "`{name}` is not the JSON that the proxy keeps there, so the proxy ignores it and fetches another token. \
                     Nothing needs to be done: the proxy replaces it at its next refresh."
                ),
            ),
            Some(Form::AccessTokenJson | Form::OtherJson) if !is_kept_by_proxy && has_value => (
                Severity::Error,
                format!(
                    "`{name}` is JSON, and the proxy would send it as it stands. Put the personal access token there alone, with \
                     `tfhelper init-jira-server`."
                ),
            ),
            Some(Form::Raw | Form::AccessTokenJson | Form::OtherJson) | None => continue,
        };
        diagnostics.push(Diagnostic::new(ID, Group::Secret, severity, "Access token in the wrong form", detail));
    }
}
