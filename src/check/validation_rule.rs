//! Every value passes the validation rules of its variable.

use super::Check;
use crate::diagnostic::Group;
use crate::terraform::finding::VALIDATION_RULE;

/// The check.
pub const CHECK: Check = Check {
    id: VALIDATION_RULE,
    group: Group::Terraform,
    about: "Every value passes the validation rules of its variable",
    page: "Evaluates each `validation` block as `terraform plan` does: after conversion, on default values too, with
Terraform's own message.

A condition that refers to resources, data sources or modules cannot be known before `terraform plan`; it is
listed as not evaluated. Change the value as the message says.",
    run: |facts, diagnostics| diagnostics.extend(facts.found_by(VALIDATION_RULE)),
};
