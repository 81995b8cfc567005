//! The plan keeps the secrets that the connectors read, under the names under which the proxy reads them.

use super::{Check, Facts, Stage};
use crate::connector;
use crate::diagnostic::{Diagnostic, Group, Severity};
use crate::secret::name::SecretName;
use crate::terraform::plan::Plan;

const ID: &str = "plan-secret";

/// The check.
pub const CHECK: Check = Check {
    id: ID,
    group: Group::Secret,
    about: "The plan keeps the secrets that the connectors read, under the names that the proxy asks for",
    page:
        "Terraform owns the secrets, the operator their values. A plan that replaces or deletes a secret takes the value with it,
and a refresh token is shown once: only a new consent brings another. A plan in which a secret of an enabled connector
is missing, or has another name than the proxy asks for, ends in a proxy that answers every call with an error. This
check reads the plan that `--plan` names; it compares values with placeholders and shows none.

Where a secret would be replaced, find out why: `terraform plan` marks the attribute with `# forces replacement`; mostly
`environment_name` or a prefix was changed. Where that is meant, run `tfhelper init-jira --renew` after the apply.",
    run,
};

fn run(facts: &Facts, diagnostics: &mut Vec<Diagnostic>) {
    let Some(plan) = facts.plan else { return };
    let mut found = |severity, summary: &str, detail: String| {
        diagnostics.push(Diagnostic::new(ID, Group::Secret, severity, summary, detail));
    };
    for name in facts.secret_names() {
        let Some(change) = plan.secret_changes.iter().find(|change| change.name == name.as_str()) else {
            found(Severity::Error, "Secret missing from the plan", missing(&name, plan));
            continue;
        };
        if change.destroys() && !change.holds_placeholder {
            let detail = format!(
                "The plan deletes `{name}` (`{}`), and with it the value that the proxy uses. Look for `# forces replacement` in \
                 `terraform plan`; where it is meant, run `{}` after the apply.",
                change.address,
                renewal(&name)
            );
            found(Severity::Error, "Plan destroys a stored secret", detail);
        } else if change.holds_placeholder {
            let severity = match facts.stage {
                Stage::PreApply => Severity::Warning,
                Stage::PostApply => Severity::Error,
            };
            let detail = format!("`{name}` still holds the placeholder that Terraform wrote. Run `{}`.", setup(&name));
            found(severity, "Secret without a real value", detail);
        }
    }
}

/// Says what the plan has in its place, since a wrong prefix is the usual reason.
fn missing(name: &SecretName, plan: &Plan) -> String {
    let ending = format!("{}_{}", name.connector().to_uppercase().replace('-', "_"), name.variable());
    let other = plan.secret_changes.iter().find(|change| change.name.ends_with(&ending));
    let instead = other.map_or_else(
        || format!("no secret of the connector `{}` that ends in `{}` is in it", name.connector(), name.variable()),
        |change| format!("it has `{}` instead", change.name),
    );
    format!(
        "The proxy asks for `{name}`, but the plan has no such secret: {instead}. Make the plan from this root module with these \
         variables; where secrets are kept outside Terraform, leave this check out with `--skip {ID}`."
    )
}

fn setup(name: &SecretName) -> &'static str {
    connector::find(name.connector()).map_or("tfhelper init-jira", |connector| connector.setup_command)
}

fn renewal(name: &SecretName) -> String {
    let setup = setup(name);
    if setup == "tfhelper init-jira" { format!("{setup} --renew") } else { setup.to_owned() }
}
