//! `tfhelper plan` and `tfhelper apply`: the options.

use std::ffi::OsString;

use clap::Args;

use super::check::FailOn;

pub(super) const PLAN: &str = examples!("tfhelper plan -- -out=reviewed.plan -var-file prod.tfvars");
pub(super) const APPLY: &str = examples!(
    "tfhelper apply                             # asks, as terraform does",
    "tfhelper apply -- reviewed.plan",
    "tfhelper -chdir=infra/prod apply -- -auto-approve -var region=eu-west-1",
);

/// `tfhelper plan` and `tfhelper apply`.
#[derive(Debug, Clone, Args)]
pub struct WrapperArgs {
    #[command(flatten)]
    /// The checks.
    pub check: WrapperCheckArgs,
    /// Terraform's own arguments, behind `--`
    #[arg(last = true, value_name = "TERRAFORM ARGUMENTS")]
    pub terraform: Vec<OsString>,
}

/// The options of the check that make sense before terraform runs.
#[derive(Debug, Clone, Args)]
pub struct WrapperCheckArgs {
    /// Leave this check out; repeatable
    #[arg(long = "skip", value_name = "ID")]
    pub skipped: Vec<String>,
    /// Ask Atlassian and the secret store
    #[arg(long)]
    pub online: bool,
    /// The least severity that stops terraform
    #[arg(long, value_name = "SEVERITY", default_value = "error")]
    pub fail_on: FailOn,
}
