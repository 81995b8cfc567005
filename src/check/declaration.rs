//! Every block of the root module is one that Terraform accepts.

use super::Check;
use crate::diagnostic::Group;
use crate::terraform::finding::DECLARATION;

/// The check.
pub const CHECK: Check = Check {
    id: DECLARATION,
    group: Group::Terraform,
    about: "Every block of the root module is one that Terraform accepts",
    page: "Looks at the declarations of variables, local values and module calls, and at the blocks of each file: names,
labels, arguments, types, defaults, duplicates, override files. A bad default is an error even where the
variable is set.

These files usually come from the example that the root module was copied from. Compare them with it, or take
them again.",
    run: |facts, diagnostics| diagnostics.extend(facts.found_by(DECLARATION)),
};
