//! Every `-var`, `-var-file` and variable definitions file can be taken.

use super::Check;
use crate::diagnostic::Group;
use crate::terraform::finding::VARIABLE_SOURCE;

/// The check.
pub const CHECK: Check = Check {
    id: VARIABLE_SOURCE,
    group: Group::Terraform,
    about: "Every `-var`, `-var-file` and variable definitions file can be taken",
    page: "A `-var` needs the form `NAME=VALUE` without a space before the equals sign, and each file named with `-var-
file` must be there and be readable. The arguments in `TF_CLI_ARGS` and `TF_CLI_ARGS_plan` count as well.

Correct the argument, or the path, which is relative to the root module.",
    run: |facts, diagnostics| diagnostics.extend(facts.found_by(VARIABLE_SOURCE)),
};
