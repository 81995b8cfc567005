//! The test calls know an issue to ask for.

use super::assignment::{Effective, connectors, effective, enabled_subject, home_to_write};
use super::{Check, Facts};
use crate::connector::setting::SettingKind;
use crate::diagnostic::{Diagnostic, Group, Severity};

/// The check.
pub const CHECK: Check = Check {
    id: "example-issue",
    group: Group::Connector,
    about: "The test calls know an issue to ask for",
    page: "Looks for an enabled Jira connector without `jira_example_issue_id`.

The connector works without it. But the test calls for comments, worklogs and the changelog of an issue have
`YOUR_JIRA_EXAMPLE_ISSUE_ID` in their place, so they cannot show whether the proxy may read them.

Set it to the key of any issue that the connected account can see: `tfhelper init-jira --issue KEY` does.

    connector_settings = {
      jira_cloud_id         = \"1324a887-45db-1bf4-1e99-ef0ff456d421\"
      jira_example_issue_id = \"ETV-12\"
    }",
    run,
};

fn run(facts: &Facts, diagnostics: &mut Vec<Diagnostic>) {
    // Both connectors read the same setting; one finding is enough.
    let setting = connectors(facts)
        .flat_map(|connector| connector.settings.iter().map(move |setting| (connector, setting)))
        .find(|(_, setting)| setting.kind == SettingKind::ExampleIssue);
    let Some((connector, setting)) = setting else { return };
    if effective(facts, setting) != Effective::Unset {
        return;
    }
    let detail = format!(
        "Nothing sets `{}`, so the test calls for comments, worklogs and the changelog of an issue ask for `{}`. Run \
         `tfhelper tfvars set {} KEY`, then `tfhelper test-scripts`.",
        setting.name,
        setting.placeholder,
        home_to_write(facts, setting)
    );
    diagnostics.push(
        Diagnostic::new(CHECK.id, CHECK.group, Severity::Warning, "No issue for the test calls", detail)
            .at(enabled_subject(facts, connector))
            .about(setting.name),
    );
}
