//! The plan was made with the settings that the files give.

use super::{Check, Facts};
use crate::connector::setting::{Home, Setting};
use crate::connector::{self, NEWEST_RELEASE};
use crate::diagnostic::{Diagnostic, Group, Severity};
use crate::terraform::plan::Plan;

const ID: &str = "plan-setting";

/// The check.
pub const CHECK: Check = Check {
    id: ID,
    group: Group::Connector,
    about: "The plan has a real value for each setting that an enabled connector needs",
    page: "What counts is the value that terraform took, from whatever source: a file, the environment, a workspace of HCP Terraform.
A setting that is missing there becomes a placeholder in the proxy's example calls, without a word. This check reads the
plan that `--plan` names; values of sensitive variables are never shown.

Set the variable where the plan is made, for example with `tfhelper init-jira`, and make the plan again.",
    run,
};

fn run(facts: &Facts, diagnostics: &mut Vec<Diagnostic>) {
    let Some(plan) = facts.plan else { return };
    let release = facts.psoxy_release.clone().unwrap_or(NEWEST_RELEASE);
    for connector in facts.connectors.iter().filter_map(|id| connector::find(id)) {
        for setting in connector.settings.iter().filter(|setting| setting.is_required()) {
            let homes = setting.homes(&release);
            let value = homes.iter().find_map(|home| planned(plan, *home));
            if value.is_some_and(|value| !setting.is_placeholder(value)) {
                continue;
            }
            diagnostics.push(finding(connector, setting, &homes));
        }
    }
}

/// The value that the plan has at a home; psoxy passes over null and "".
fn planned(plan: &Plan, home: Home) -> Option<&str> {
    let variable = plan.variables.get(home.variable())?;
    let value = match home.key() {
        Some(key) => variable.get(key)?,
        None => variable,
    };
    value.as_str().filter(|text| !text.is_empty())
}

fn finding(connector: &connector::Connector, setting: &Setting, homes: &[Home]) -> Diagnostic {
    let homes: Vec<String> = homes.iter().map(|home| format!("`{home}`")).collect();
    let detail = format!(
        "The connector `{}` is enabled, but the plan was made without {}: {}. The proxy would be deployed with `{}` in its example calls. \
         Run `{}`, and make the plan again.",
        connector.id,
        homes.join(" or "),
        setting.about,
        setting.placeholder,
        connector.setup_command
    );
    Diagnostic::new(ID, Group::Connector, Severity::Error, "Plan without a connector's setting", detail).about(setting.name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::Value;

    use super::*;

    #[track_caller]
    fn check_planned(variable: &str, value: Value, home: Home, expected: Option<&str>) {
        let plan = Plan { variables: BTreeMap::from([(variable.to_owned(), value)]), ..Plan::default() };
        assert_eq!(planned(&plan, home), expected);
    }

    #[test]
    fn variable_of_its_own_is_read() {
        check_planned("jira_cloud_id", Value::from("x"), Home::Variable("jira_cloud_id"), Some("x"));
    }

    #[test]
    fn key_of_the_map_is_read() {
        check_planned(
            "connector_settings",
            serde_json::json!({"jira_cloud_id": "x"}),
            Home::ConnectorSettings("jira_cloud_id"),
            Some("x"),
        );
    }

    #[test]
    fn empty_and_null_are_passed_over() {
        check_planned("jira_cloud_id", Value::from(""), Home::Variable("jira_cloud_id"), None);
        check_planned("jira_cloud_id", Value::Null, Home::Variable("jira_cloud_id"), None);
        check_planned("connector_settings", Value::Null, Home::ConnectorSettings("jira_cloud_id"), None);
    }
}
