//! Every variable without a default has a value.

use super::Check;
use crate::diagnostic::Group;
use crate::terraform::finding::REQUIRED_VARIABLE;

/// The check.
pub const CHECK: Check = Check {
    id: REQUIRED_VARIABLE,
    group: Group::Terraform,
    about: "Every variable without a default has a value",
    page: "A variable is required when its block has no `default` at all. `default = null` makes it optional; `null` and
the empty string count as values.

Set it in `terraform.tfvars`, for example with `tfhelper tfvars set NAME VALUE`, or with `-var`, `-var-file`
or `TF_VAR_NAME`.",
    run: |facts, diagnostics| diagnostics.extend(facts.found_by(REQUIRED_VARIABLE)),
};
