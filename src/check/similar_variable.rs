//! No value is for a name that looks like a declared variable.

use super::Check;
use crate::diagnostic::Group;
use crate::terraform::finding::SIMILAR_VARIABLE;

/// The check.
pub const CHECK: Check = Check {
    id: SIMILAR_VARIABLE,
    group: Group::Terraform,
    about: "No value is for a name that looks like a declared variable",
    page: "A value for an undeclared variable is mostly a misspelt one. This check names the declared variable that the
name resembles.

Correct the spelling, or remove the value.",
    run: |facts, diagnostics| diagnostics.extend(facts.found_by(SIMILAR_VARIABLE)),
};
