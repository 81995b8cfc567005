//! No setting of a connector still holds a placeholder.

use super::assignment::{connectors, home_states, is_sensitive, is_too_new, subject};
use super::{Check, Facts};
use crate::connector::setting::Declaration;
use crate::diagnostic::{Diagnostic, Group, Severity};

/// The check.
pub const CHECK: Check = Check {
    id: "connector-placeholder",
    group: Group::Connector,
    about: "No setting of a connector still holds a placeholder",
    page: "Looks for settings whose value is a placeholder such as `YOUR_JIRA_CLOUD_ID` or `fill me`.

A placeholder is a value to Terraform and to psoxy: it goes into the proxy's configuration and its test calls, which then
fail. A deprecated variable that holds one even wins over a real value in `connector_settings`.

Replace it, or remove the line. `tfhelper init-jira` replaces the placeholder of a cloud ID.

    jira_cloud_id = \"YOUR_JIRA_CLOUD_ID\"                     # found
    jira_cloud_id = \"1324a887-45db-1bf4-1e99-ef0ff456d421\"   # fixed",
    run,
};

fn run(facts: &Facts, diagnostics: &mut Vec<Diagnostic>) {
    for connector in connectors(facts) {
        for setting in connector.settings {
            for state in home_states(facts, setting) {
                let Some(value) = state.assigned else { continue };
                let is_ignored = state.declaration == Declaration::Undeclared || is_too_new(facts, state.home);
                if is_ignored || value.is_empty() || !setting.is_placeholder(value) {
                    continue;
                }
                let severity = if setting.is_required() { Severity::Error } else { Severity::Warning };
                let detail = format!(
                    "`{}` still holds a placeholder, so psoxy does not know {}. Run `{}`, or write the real value.",
                    state.home, setting.about, connector.setup_command
                );
                let finding = Diagnostic::new(CHECK.id, CHECK.group, severity, "Placeholder left in place", detail)
                    .at(subject(facts, state.home))
                    .about(setting.name)
                    .hiding_value(is_sensitive(facts, state.home));
                // Two connectors share the example issue.
                if !diagnostics.iter().any(|other| other.check == CHECK.id && other.subject == finding.subject) {
                    diagnostics.push(finding);
                }
            }
        }
    }
}
