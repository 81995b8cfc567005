//! `connector_settings` is set only where psoxy reads it.

use super::{Check, Facts};
use crate::connector::setting::{CONNECTOR_SETTINGS, CONNECTOR_SETTINGS_RELEASE};
use crate::diagnostic::{Diagnostic, Group, Severity};

/// The check.
pub const CHECK: Check = Check {
    id: "connector-settings-release",
    group: Group::Connector,
    about: "connector_settings is set only where psoxy reads it",
    page: "Looks for a value of `connector_settings` in a root module whose psoxy is older than v0.6.0, which brought that map.

psoxy does not read it there: `jira_cloud_id` stays unset and its placeholder goes into the test calls. Terraform warns of
an undeclared variable at most, and goes on.

Set the variable of its own in its place, or upgrade psoxy to v0.6.0 or later.

    connector_settings = {                                     # found, with psoxy v0.5.9
      jira_cloud_id = \"1324a887-45db-1bf4-1e99-ef0ff456d421\"
    }

    jira_cloud_id = \"1324a887-45db-1bf4-1e99-ef0ff456d421\"     # fixed",
    run,
};

fn run(facts: &Facts, diagnostics: &mut Vec<Diagnostic>) {
    let Some(release) = facts.psoxy_release.as_ref().filter(|release| **release < CONNECTOR_SETTINGS_RELEASE) else { return };
    let Some(input) = facts.inputs.given(CONNECTOR_SETTINGS).last() else { return };
    if input.value.is_null() || input.value.is_empty() {
        return;
    }
    let detail = format!(
        "psoxy reads `{CONNECTOR_SETTINGS}` from v{CONNECTOR_SETTINGS_RELEASE} on, and this root module uses v{release}, so \
         what stands there has no effect. Set each as a variable of its own, such as `jira_cloud_id`, or upgrade psoxy."
    );
    diagnostics.push(
        Diagnostic::new(CHECK.id, CHECK.group, Severity::Error, "Settings that this psoxy does not read", detail)
            .at(input.attribute.or(input.range))
            .about(CONNECTOR_SETTINGS),
    );
}
