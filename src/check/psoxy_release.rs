//! Every module of psoxy comes from the same release.

use super::{Check, Facts};
use crate::diagnostic::{Diagnostic, Group, Severity};

/// The check.
pub const CHECK: Check = Check {
    id: "psoxy-release",
    group: Group::Connector,
    about: "Every module of psoxy comes from the same release",
    page: "Looks for `module` blocks that call psoxy's modules with different `?ref=`.

psoxy's modules are made for one another within a release. Where one was left behind by an upgrade, the connector's
description and the proxy that is deployed do not fit together; what fails then, fails in the middle of an apply.

Set every `?ref=` to the same release, then run `terraform init -upgrade`.

    source = \"git::https://github.com/worklytics/psoxy//infra/modules/worklytics-connectors?ref=v0.6.6\"
    source = \"git::https://github.com/worklytics/psoxy//infra/modules/aws-host?ref=v0.5.9\"   # found",
    run,
};

fn run(facts: &Facts, diagnostics: &mut Vec<Diagnostic>) {
    let mut calls = facts.root_module.psoxy_calls().filter_map(|(call, module)| {
        let reference = module.git_reference.clone().or_else(|| module.release.as_ref().map(ToString::to_string))?;
        Some((call, reference))
    });
    let Some((first, expected)) = calls.next() else { return };
    for (call, reference) in calls.filter(|(_, reference)| *reference != expected) {
        let detail = format!(
            "The module `{}` uses psoxy `{reference}`, while `{}` uses `{expected}`. Set both to the same release, then run \
             `terraform init -upgrade`.",
            call.name.text, first.name.text
        );
        diagnostics.push(
            Diagnostic::new(CHECK.id, CHECK.group, Severity::Warning, "Modules from different psoxy releases", detail)
                .at(call.source_range.unwrap_or(call.header)),
        );
    }
}
