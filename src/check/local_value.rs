//! Every local value can be evaluated.

use super::Check;
use crate::diagnostic::Group;
use crate::terraform::finding::LOCAL_VALUE;

/// The check.
pub const CHECK: Check = Check {
    id: LOCAL_VALUE,
    group: Group::Terraform,
    about: "Every local value can be evaluated",
    page: "Local values are evaluated as `terraform plan` does, as far as they depend on variables alone. psoxy uses some
as checks: they call `regex` with their message as the pattern, so that Terraform fails at that place, without
ever showing the message. It is shown here.

Change the value that the message names.",
    run: |facts, diagnostics| diagnostics.extend(facts.found_by(LOCAL_VALUE)),
};
