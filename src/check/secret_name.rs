//! The names of the secrets are those that somebody would expect.

use super::{Check, Facts};
use crate::diagnostic::{Diagnostic, Group, Severity};
use crate::secret::name::Naming;

const ID: &str = "secret-name";

/// The check.
pub const CHECK: Check = Check {
    id: ID,
    group: Group::Secret,
    about: "The prefix of the secrets' names ends as a prefix should",
    page: "psoxy glues `aws_ssm_param_root_path` (on AWS) or `config_parameter_prefix` (on GCP) to the rest of a secret's name
as it stands. Without a separator at its end the name runs together: `/corp/psoxy` gives
`/corp/psoxyPSOXY_JIRA_CLOUD_CLIENT_ID`, which is no folder `/corp/psoxy/` and no policy for that folder covers it.

End the value with `/` where a folder is meant, with `_` where a prefix is. Where the secrets exist already, Terraform
creates them anew under the new names, and they have to be filled in again.",
    run,
};

fn run(facts: &Facts, diagnostics: &mut Vec<Diagnostic>) {
    let (variable, prefix, separator) = match &facts.naming {
        Some(Naming::Aws { root_path, .. }) if root_path.contains('/') => ("aws_ssm_param_root_path", root_path, '/'),
        Some(Naming::Gcp { config_parameter_prefix, .. }) => ("config_parameter_prefix", config_parameter_prefix, '_'),
        Some(Naming::Aws { .. }) | None => return,
    };
    if prefix.is_empty() || prefix.ends_with(['/', '_', '-']) {
        return;
    }
    let Some(name) = facts.secret_names().into_iter().next() else { return };
    let detail = format!(
        "`{variable}` is glued to the rest of each name as it stands, so the proxy reads `{name}`. End the value with \
         `{separator}` unless that is meant."
    );
    let subject = facts.inputs.value(variable).and_then(|input| input.attribute);
    diagnostics.push(
        Diagnostic::new(ID, Group::Secret, Severity::Warning, "Prefix of secrets without a separator", detail)
            .about(variable)
            .at(subject),
    );
}
