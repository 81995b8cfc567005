//! Every Terraform and variable definitions file can be parsed.

use super::Check;
use crate::diagnostic::Group;
use crate::terraform::finding::SYNTAX;

/// The check.
pub const CHECK: Check = Check {
    id: SYNTAX,
    group: Group::Terraform,
    about: "Every Terraform and variable definitions file can be parsed",
    page: "Terraform refuses to do anything while one of its files cannot be parsed, even where the value in question is
set elsewhere too.

The message and the position are Terraform's own. Correct the file at that place; when the message names the
end of the file, look for a bracket or quotation mark that is opened and never closed.",
    run: |facts, diagnostics| diagnostics.extend(facts.found_by(SYNTAX)),
};
