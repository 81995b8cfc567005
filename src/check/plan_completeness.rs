//! The plan was made to its end, and nothing in it failed.

use super::{Check, Facts};
use crate::diagnostic::{Diagnostic, Group, Severity};

const ID: &str = "plan-completeness";

/// The check.
pub const CHECK: Check = Check {
    id: ID,
    group: Group::Terraform,
    about: "The plan was made to its end, and none of its own checks failed",
    page:
        "A plan can be written although terraform stopped with an error, or put something off to a later one; and a `check` block
that fails is a warning that scrolls past. This check reads the plan that `--plan` names.

Mend what the plan reports, and make it again: `terraform plan -out=FILE`.",
    run,
};

fn run(facts: &Facts, diagnostics: &mut Vec<Diagnostic>) {
    let Some(plan) = facts.plan else { return };
    let mut found = |severity, summary: &str, detail: String| {
        diagnostics.push(Diagnostic::new(ID, Group::Terraform, severity, summary, detail));
    };
    if plan.is_errored {
        let detail = "Terraform stopped with an error while it made this plan, so it cannot be applied. Mend what `terraform plan` \
                      reports, and make the plan again.";
        found(Severity::Error, "Plan ended with an error", detail.to_owned());
    } else if !plan.is_complete {
        let detail = "Applying this plan leaves something undone that the configuration asks for: it was made with `-target`, or \
                      terraform put changes off. Run `terraform plan` once more after the apply.";
        found(Severity::Warning, "Plan leaves something undone", detail.to_owned());
    }
    for check in &plan.failed_checks {
        let detail = format!("`{}` failed: {} Terraform goes on all the same.", check.address, check.messages.join(" "));
        found(Severity::Warning, "Check failed in the plan", detail);
    }
}
