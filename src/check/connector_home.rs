//! A setting has one value, wherever it is assigned.

use super::assignment::{connectors, home_states, is_sensitive, is_too_new, subject};
use super::{Check, Facts};
use crate::connector::setting::HomeError;
use crate::diagnostic::{Diagnostic, Group, Severity};

/// The check.
pub const CHECK: Check = Check {
    id: "connector-home",
    group: Group::Connector,
    about: "A setting that is assigned twice has the same value twice",
    page: "Looks for a setting that is assigned both as a variable of its own and in `connector_settings`, with different values.

From psoxy v0.6.0 on both are read, and the variable of its own wins although it is the deprecated one. The value in
`connector_settings` then has no effect, and nothing says so.

Keep one of the two, best the one in `connector_settings`.

    jira_cloud_id = \"1324a887-45db-1bf4-1e99-ef0ff456d421\"     # wins

    connector_settings = {
      jira_cloud_id = \"adcae078-765b-45bf-a38b-7cda232b9a94\"   # ignored
    }",
    run,
};

fn run(facts: &Facts, diagnostics: &mut Vec<Diagnostic>) {
    for setting in connectors(facts).flat_map(|connector| connector.settings) {
        let mut states = home_states(facts, setting);
        states.retain(|state| !is_too_new(facts, state.home));
        let Some(HomeError::Disagreement { winner, loser }) = setting.disagreement(&states) else { continue };
        let is_known_already = |other: &Diagnostic| other.check == CHECK.id && other.variable.as_deref() == Some(setting.name);
        if diagnostics.iter().any(is_known_already) {
            continue;
        }
        let detail = format!(
            "`{winner}` and `{loser}` hold different values. psoxy takes `{winner}` and ignores `{loser}`. Remove the wrong one: \
             `tfhelper tfvars unset {loser}`, or `tfhelper tfvars unset {winner}`."
        );
        diagnostics.push(
            Diagnostic::new(CHECK.id, CHECK.group, Severity::Error, "Two values for one setting", detail)
                .at(subject(facts, loser))
                .about(setting.name)
                .hiding_value(is_sensitive(facts, loser)),
        );
    }
}
