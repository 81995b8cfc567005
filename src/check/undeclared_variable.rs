//! Every value is for a variable that the root module declares.

use super::Check;
use crate::diagnostic::Group;
use crate::terraform::finding::UNDECLARED_VARIABLE;

/// The check.
pub const CHECK: Check = Check {
    id: UNDECLARED_VARIABLE,
    group: Group::Terraform,
    about: "Every value is for a variable that the root module declares",
    page: "Terraform ignores a value without a `variable` block, with a warning that is easily overlooked: the setting
has no effect. With `-var` it is an error.

Correct the spelling, or declare the variable. Where psoxy's examples have renamed or removed it, remove the
value.",
    run: |facts, diagnostics| diagnostics.extend(facts.found_by(UNDECLARED_VARIABLE)),
};
