//! A cloud ID is a UUID.

use super::assignment::{Effective, connectors, effective, is_sensitive, subject};
use super::{Check, Facts};
use crate::connector::setting::SettingKind;
use crate::diagnostic::{Diagnostic, Group, Severity};

/// The check.
pub const CHECK: Check = Check {
    id: "cloud-id",
    group: Group::Connector,
    about: "A cloud ID is a UUID",
    page: "Looks for a `jira_cloud_id` that is not a UUID: the site's name, its URL, or an ID cut short when it was copied.

Atlassian's gateway knows a site by its cloud ID alone; with anything else every call answers 404. Terraform does not
notice, because the variable is a string.

`tfhelper init-jira` looks the ID up and sets it. By hand, it is the `cloudId` that
`https://SITE.atlassian.net/_edge/tenant_info` answers.

    jira_cloud_id = \"acme.atlassian.net\"                     # found
    jira_cloud_id = \"1324a887-45db-1bf4-1e99-ef0ff456d421\"   # fixed",
    run,
};

fn run(facts: &Facts, diagnostics: &mut Vec<Diagnostic>) {
    for setting in connectors(facts).flat_map(|connector| connector.settings) {
        let Effective::Value(home, value) = effective(facts, setting) else { continue };
        if setting.kind != SettingKind::CloudId || setting.is_placeholder(value) || is_uuid(value) {
            continue;
        }
        let guess = if value.contains(".atlassian.net") { "it looks like the site's address" } else { "it is no UUID" };
        let detail = format!(
            "The value of `{home}` is not a cloud ID: {guess}. Run `tfhelper init-jira`, which looks the cloud ID up and sets it."
        );
        diagnostics.push(
            Diagnostic::new(CHECK.id, CHECK.group, Severity::Error, "Cloud ID is not a UUID", detail)
                .at(subject(facts, home))
                .about(setting.name)
                .hiding_value(is_sensitive(facts, home)),
        );
    }
}

/// Atlassian writes cloud IDs in groups of 8, 4, 4, 4 and 12 hexadecimal digits; other spellings of a UUID are not found.
fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_uuid(text: &str, expected: bool) {
        assert_eq!(is_uuid(text), expected);
    }

    #[test]
    fn cloud_id_in_either_case_is_accepted() {
        check_uuid("1324a887-45db-1bf4-1e99-ef0ff456d421", true);
        check_uuid("1324A887-45DB-1BF4-1E99-EF0FF456D421", true);
    }

    #[test]
    fn uuid_in_braces_or_with_space_is_rejected() {
        check_uuid("{1324a887-45db-1bf4-1e99-ef0ff456d421}", false);
        check_uuid("1324a887-45db-1bf4-1e99-ef0ff456d421 ", false);
    }

    #[test]
    fn uuid_cut_short_is_rejected() {
        check_uuid("1324a887-45db-1bf4-1e99-ef0ff456d42", false);
    }
}
