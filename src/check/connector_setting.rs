//! An enabled connector has the settings that it cannot work without.

use super::assignment::{Effective, connectors, effective, enabled_subject, home_to_write, is_enabled, subject};
use super::{Check, Facts};
use crate::connector::Connector;
use crate::connector::setting::Setting;
use crate::diagnostic::{Diagnostic, Group, Severity};

/// The check.
pub const CHECK: Check = Check {
    id: "connector-setting",
    group: Group::Connector,
    about: "An enabled connector has the settings that it needs",
    page: "Looks for connectors in `enabled_connectors` whose settings are unset: `jira_cloud_id` for `jira-cloud`,
`jira_server_url` for `jira-server`. Null and the empty string count as unset.

Terraform does not object: psoxy puts a placeholder in the setting's place. The test calls of `jira-cloud` then go to
`YOUR_JIRA_CLOUD_ID` and fail, and the proxy of `jira-server` is deployed against the host `YOUR_JIRA_SERVER_URL`.

Set the value: `tfhelper init-jira` and `tfhelper init-jira-server` look it up and set it where the root module takes it.

    enabled_connectors = [\"jira-cloud\"]

    connector_settings = {
      jira_cloud_id = \"1324a887-45db-1bf4-1e99-ef0ff456d421\"
    }

Before psoxy v0.6.0, `jira_cloud_id` is a variable of its own.",
    run,
};

fn run(facts: &Facts, diagnostics: &mut Vec<Diagnostic>) {
    for connector in connectors(facts) {
        for setting in connector.settings.iter().filter(|setting| setting.is_required()) {
            match effective(facts, setting) {
                Effective::Value(_, _) => {}
                Effective::Unset => diagnostics.push(unset(facts, connector, setting)),
                Effective::Unknown(home) => diagnostics.push(
                    Diagnostic::new(
                        CHECK.id,
                        CHECK.group,
                        Severity::NotEvaluated,
                        "Connector setting is not known",
                        format!("`{home}` depends on something that is known only while terraform runs."),
                    )
                    .at(subject(facts, home))
                    .about(setting.name),
                ),
            }
        }
    }
}

fn unset(facts: &Facts, connector: &Connector, setting: &Setting) -> Diagnostic {
    let Connector { id, setup_command, .. } = connector;
    let is_checked_because = if is_enabled(facts, connector) == Some(true) { "is enabled" } else { "is to be checked" };
    let Setting { name, about, placeholder, .. } = setting;
    Diagnostic::new(
        CHECK.id,
        CHECK.group,
        Severity::Error,
        "No value for connector setting",
        format!(
            "The connector `{id}` {is_checked_because}, but nothing sets `{name}`, so psoxy does not know {about} and uses \
             `{placeholder}`. Run `{setup_command}`, which sets `{}`.",
            home_to_write(facts, setting)
        ),
    )
    .at(enabled_subject(facts, connector))
    .about(*name)
}
