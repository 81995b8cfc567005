//! The URL of Jira Data Center is a host and nothing more.

use super::assignment::{Effective, connectors, effective, is_sensitive, subject};
use super::{Check, Facts};
use crate::connector::setting::SettingKind;
use crate::diagnostic::{Diagnostic, Group, Severity};

/// The check.
pub const CHECK: Check = Check {
    id: "jira-server-url",
    group: Group::Connector,
    about: "The URL of Jira Data Center is a host and nothing more",
    page: "Looks for a scheme, a slash, a path or a space in `jira_server_url`, and for the address of a Jira Cloud site.

Despite its name, psoxy takes the value for a host and puts `https://` before it. With a scheme or a slash in it the proxy
calls a host that does not exist. A Jira under a context path, such as `https://acme.test/jira`, cannot be connected.

Write the host alone: `tfhelper init-jira-server --url URL` does. A site at `atlassian.net` is Jira Cloud: enable
`jira-cloud` in place of `jira-server`.

    jira_server_url = \"https://jira.acme.test/\"   # found
    jira_server_url = \"jira.acme.test\"            # fixed",
    run,
};

fn run(facts: &Facts, diagnostics: &mut Vec<Diagnostic>) {
    for setting in connectors(facts).flat_map(|connector| connector.settings) {
        let Effective::Value(home, value) = effective(facts, setting) else { continue };
        if setting.kind != SettingKind::Host || setting.is_placeholder(value) {
            continue;
        }
        let Some(problem) = problem(value) else { continue };
        diagnostics.push(
            Diagnostic::new(
                CHECK.id,
                CHECK.group,
                Severity::Error,
                "URL of Jira is not a host",
                format!("psoxy takes `{home}` for a host, but {problem}"),
            )
            .at(subject(facts, home))
            .about(setting.name)
            .hiding_value(is_sensitive(facts, home)),
        );
    }
}

/// What is wrong with a host, and how to fix it.
fn problem(value: &str) -> Option<String> {
    let (has_scheme, rest) = match value.split_once("://") {
        Some((_, rest)) => (true, rest),
        None => (false, value),
    };
    let host = rest.split('/').next().unwrap_or_default();
    if rest.trim_end_matches('/') != host {
        return Some(
            "the value has a path. psoxy cannot call a Jira under a context path: give Jira a host of its own.".to_owned(),
        );
    }
    if host == "atlassian.net" || host.ends_with(".atlassian.net") {
        return Some(
            "the value is the address of a Jira Cloud site. Enable `jira-cloud` and run `tfhelper init-jira`.".to_owned(),
        );
    }
    let is_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '[' | ']');
    if host.is_empty() || !host.chars().all(is_host) {
        return Some("the value holds characters that no host has. Write the host alone, such as `jira.acme.test`.".to_owned());
    }
    if has_scheme {
        return Some(format!("the value has a scheme. Write `{host}`."));
    }
    value.ends_with('/').then(|| format!("the value has a slash at its end. Write `{host}`."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_problem(value: &str, expected: Option<&str>) {
        let found = problem(value);
        match expected {
            None => assert_eq!(found, None),
            Some(part) => assert!(found.as_deref().is_some_and(|text| text.contains(part)), "{found:?}"),
        }
    }

    #[test]
    fn host_is_accepted() {
        check_problem("jira.acme.test", None);
        check_problem("jira.acme.test:8443", None);
    }

    #[test]
    fn scheme_is_rejected_and_the_host_named() {
        check_problem("https://jira.acme.test", Some("a scheme. Write `jira.acme.test`"));
        check_problem("https://jira.acme.test/", Some("a scheme. Write `jira.acme.test`"));
    }

    #[test]
    fn slash_at_the_end_is_rejected() {
        check_problem("jira.acme.test/", Some("a slash at its end. Write `jira.acme.test`"));
    }

    #[test]
    fn path_is_rejected_with_the_reason() {
        check_problem("https://acme.test/jira", Some("context path"));
    }

    #[test]
    fn cloud_site_is_pointed_to_its_connector() {
        check_problem("acme.atlassian.net", Some("Enable `jira-cloud`"));
    }

    #[test]
    fn space_and_userinfo_are_rejected() {
        check_problem("jira acme", Some("characters that no host has"));
        check_problem("me@jira.acme.test", Some("characters that no host has"));
    }
}
