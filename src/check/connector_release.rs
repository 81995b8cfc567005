//! The psoxy release has the connector, and its test calls are still answered.

use super::assignment::{connectors, enabled_subject};
use super::{Check, Facts};
use crate::connector::Connector;
use crate::diagnostic::{Diagnostic, Group, Severity};
use crate::terraform::version::Version;

/// The check.
pub const CHECK: Check = Check {
    id: "connector-release",
    group: Group::Connector,
    about: "The psoxy release has the connector, and Atlassian still answers its calls",
    page: "Looks for a psoxy release that is too old for an enabled connector.

Jira's connectors came with psoxy v0.4.25. Up to v0.5.2 the connector `jira-cloud` searches issues with an operation that
Atlassian shut down in 2025: the proxy's rules know no other, so searching answers 410 whatever the configuration is.

Upgrade psoxy to v0.5.3 or later: set the `?ref=` of every module, then run `terraform init -upgrade`.

    source = \"git::https://github.com/worklytics/psoxy//infra/modules/worklytics-connectors?ref=v0.4.58\"   # found",
    run,
};

fn run(facts: &Facts, diagnostics: &mut Vec<Diagnostic>) {
    let Some(release) = &facts.psoxy_release else { return };
    for connector in connectors(facts) {
        let finding = if release < connector.first_release() {
            too_old(connector, release)
        } else if let Some(living) = connector.first_release_with_living_calls().filter(|living| release < living) {
            removed_calls(connector, release, living)
        } else {
            continue;
        };
        let call = facts.root_module.psoxy_calls().find(|(_, module)| module.release.as_ref() == Some(release));
        let source = call.map(|(call, _)| call.source_range.unwrap_or(call.header));
        diagnostics.push(finding.at(source.or_else(|| enabled_subject(facts, connector))));
    }
}

fn too_old(connector: &Connector, release: &Version) -> Diagnostic {
    let detail = format!(
        "psoxy v{release} has no connector `{}`; it came with v{}. Upgrade psoxy.",
        connector.id,
        connector.first_release()
    );
    Diagnostic::new(CHECK.id, CHECK.group, Severity::Error, "psoxy has no such connector yet", detail)
}

fn removed_calls(connector: &Connector, release: &Version, living: &Version) -> Diagnostic {
    let detail = format!(
        "The connector `{}` of psoxy v{release} searches issues with an operation that Atlassian has removed: it answers \
         `410 Gone`. Upgrade psoxy to v{living} or later.",
        connector.id
    );
    Diagnostic::new(CHECK.id, CHECK.group, Severity::Warning, "Calls that Atlassian no longer answers", detail)
}
