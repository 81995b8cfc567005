//! The version that the proxy reads is the newest one.

use super::{Check, Facts};
use crate::diagnostic::{Diagnostic, Group, Severity};

const ID: &str = "secret-version";

/// The check.
pub const CHECK: Check = Check {
    id: ID,
    group: Group::Secret,
    about: "The version of a secret that the proxy reads is the newest one",
    page:
        "On GCP the proxy reads the version that the secret's label `latest-version` names, where there is such a label. Whoever
adds a version by hand and leaves the label where it is leaves the proxy on the old value, mostly a dead refresh token.

Point the label to the newest version with `gcloud secrets update NAME --update-labels=latest-version=N`, or run `tfhelper
init-jira --renew`, which adds a version and moves the label.",
    run,
};

fn run(facts: &Facts, diagnostics: &mut Vec<Diagnostic>) {
    let Some(states) = facts.secret_states(ID, diagnostics) else { return };
    for (name, state) in states {
        let (Some(read), Some(newest)) = (&state.version, &state.newest_version) else { continue };
        let detail = format!(
            "The proxy reads version {read} of `{name}`, as its label `latest-version` says, and the newest is {newest}. Run \
             `gcloud secrets update {name} --update-labels=latest-version={newest}`."
        );
        diagnostics.push(Diagnostic::new(ID, Group::Secret, Severity::Error, "Label names an old version", detail));
    }
}
