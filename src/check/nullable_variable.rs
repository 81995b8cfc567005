//! No variable with `nullable = false` and without a default is null.

use super::Check;
use crate::diagnostic::Group;
use crate::terraform::finding::NULLABLE_VARIABLE;

/// The check.
pub const CHECK: Check = Check {
    id: NULLABLE_VARIABLE,
    group: Group::Terraform,
    about: "No variable with `nullable = false` and without a default is null",
    page: "With `nullable = false`, null stands for the default. Where there is none, the variable counts as not set.

Give it a value, or remove the `null`.",
    run: |facts, diagnostics| diagnostics.extend(facts.found_by(NULLABLE_VARIABLE)),
};
