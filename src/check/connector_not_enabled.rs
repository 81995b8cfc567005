//! A connector whose settings are set is enabled.

use super::assignment::{ENABLED_CONNECTORS, Effective, effective, is_enabled, is_sensitive, subject};
use super::{Check, Facts};
use crate::connector;
use crate::diagnostic::{Diagnostic, Group, Severity};

/// The check.
pub const CHECK: Check = Check {
    id: "connector-not-enabled",
    group: Group::Connector,
    about: "A connector whose settings are set is enabled",
    page: "Looks for a `jira_cloud_id` or `jira_server_url` while `enabled_connectors` does not name the connector.

The setting then has no effect: no proxy is deployed for Jira. Most often the connector's line in `enabled_connectors` is
still commented out.

Enable the connector, or remove the setting.

    enabled_connectors = [
      # \"jira-cloud\",
    ]
    jira_cloud_id = \"1324a887-45db-1bf4-1e99-ef0ff456d421\"",
    run,
};

fn run(facts: &Facts, diagnostics: &mut Vec<Diagnostic>) {
    for connector in connector::ALL {
        if is_enabled(facts, connector) != Some(false) {
            continue;
        }
        for setting in connector.settings.iter().filter(|setting| setting.is_required()) {
            let Effective::Value(home, value) = effective(facts, setting) else { continue };
            if setting.is_placeholder(value) {
                continue;
            }
            let detail = format!(
                "`{home}` is set, but `{ENABLED_CONNECTORS}` does not name `{}`, so psoxy deploys no proxy for it. Add \
                 `{:?}` to `{ENABLED_CONNECTORS}`, or remove `{home}`.",
                connector.id, connector.id
            );
            diagnostics.push(
                Diagnostic::new(CHECK.id, CHECK.group, Severity::Warning, "Setting of a connector not enabled", detail)
                    .at(subject(facts, home))
                    .about(setting.name)
                    .hiding_value(is_sensitive(facts, home)),
            );
        }
    }
}
