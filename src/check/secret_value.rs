//! The secrets that the operator fills in hold real values.

use super::{Check, Facts, Stage};
use crate::connector;
use crate::diagnostic::{Diagnostic, Group, Severity};
use crate::secret::name::SecretName;
use crate::secret::state::Condition;

const ID: &str = "secret-value";

/// The check.
pub const CHECK: Check = Check {
    id: ID,
    group: Group::Secret,
    about: "The secrets that the operator fills in are there and hold real values",
    page: "Terraform creates a connector's secrets with a placeholder, or with no value at all; the operator fills them in. Until
then the proxy answers every call with an error. This check asks the secret store, so it needs `--online` and
credentials; it sees names and states, and shows no value.

Before apply the secrets may be missing or hold placeholders; a value with whitespace around it, mostly a pasted
newline, is reported at any time. With `--stage post-apply` every secret must hold a real value.

Run `tfhelper init-jira` to fill them in, or `tfhelper secrets push` where tokens are kept under `.tfhelper/`.",
    run,
};

fn run(facts: &Facts, diagnostics: &mut Vec<Diagnostic>) {
    let Some(states) = facts.secret_states(ID, diagnostics) else { return };
    for (name, state) in states {
        if !is_filled_by_operator(name) {
            continue;
        }
        let (severity, summary, what) = match (state.condition, facts.stage) {
            (Condition::Set | Condition::Unreadable, _) | (Condition::Absent | Condition::Placeholder, Stage::PreApply) => {
                continue;
            }
            (Condition::Absent, Stage::PostApply) => (Severity::Error, "Secret does not exist", "is not in the store"),
            (Condition::Placeholder, Stage::PostApply) => {
                (Severity::Error, "Secret without a real value", "holds a placeholder or nothing")
            }
            (Condition::Whitespace, Stage::PreApply) => (
                Severity::Warning,
                "Secret with whitespace around it",
                "begins or ends with whitespace, perhaps a pasted newline",
            ),
            (Condition::Whitespace, Stage::PostApply) => {
                (Severity::Error, "Secret with whitespace around it", "begins or ends with whitespace, perhaps a pasted newline")
            }
        };
        let fix = match state.condition {
            Condition::Absent => "Run `terraform apply`, which creates it, then fill it in with",
            Condition::Placeholder | Condition::Whitespace | Condition::Set | Condition::Unreadable => "Fill it in with",
        };
        let command = connector::find(name.connector()).map_or("tfhelper init-jira", |connector| connector.setup_command);
        let detail = format!("`{name}` {what}, so the proxy cannot use it. {fix} `{command}`.");
        diagnostics.push(Diagnostic::new(ID, Group::Secret, severity, summary, detail));
    }
}

fn is_filled_by_operator(name: &SecretName) -> bool {
    connector::find(name.connector())
        .and_then(|connector| connector.secured_variables.iter().find(|variable| variable.name == name.variable()))
        .is_some_and(connector::SecuredVariable::is_filled_by_operator)
}
