//! The version of Terraform is one that the root module admits.

use super::Check;
use crate::diagnostic::Group;
use crate::terraform::finding::REQUIRED_VERSION;

/// The check.
pub const CHECK: Check = Check {
    id: REQUIRED_VERSION,
    group: Group::Terraform,
    about: "The version of Terraform is one that the root module admits",
    page: "`required_version` in a `terraform` block says which versions of Terraform the root module was written for;
any other refuses to work.

Install a version that is admitted. To judge by another version than the one that is found, use `--terraform-
version`.",
    run: |facts, diagnostics| diagnostics.extend(facts.found_by(REQUIRED_VERSION)),
};
