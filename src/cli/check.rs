//! `tfhelper check`: the options.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::variable::VariableArgs;
use crate::report::Format;

const EXAMPLES: &str = examples!(
    "tfhelper check -var-file prod.tfvars",
    "tfhelper check --recursive --format sarif --output tfhelper.sarif",
    "tfhelper check --changed --base origin/main --format github",
    "terraform show -json plan | tfhelper check --plan -",
    "tfhelper check --gate                      # opens the gate in tfhelper.tf",
);

/// `tfhelper check`.
#[derive(Debug, Clone, Default, Args)]
#[command(after_help = EXAMPLES)]
pub struct CheckArgs {
    #[command(flatten)]
    /// Variable values.
    pub variables: VariableArgs,
    /// Run the checks of this group; repeatable; default: all that can run
    #[arg(long = "group", value_name = "GROUP")]
    pub groups: Vec<CheckGroup>,
    /// Run this check; repeatable
    #[arg(long = "check", value_name = "ID")]
    pub checks: Vec<String>,
    /// Leave this check out; repeatable
    #[arg(long = "skip", value_name = "ID")]
    pub skipped: Vec<String>,
    /// Check this connector; repeatable; default: those in `enabled_connectors`
    #[arg(long = "connector", value_name = "ID")]
    pub connectors: Vec<String>,
    /// When the check is made: after apply the secrets must hold real values
    #[arg(long, value_name = "STAGE", default_value = "pre-apply")]
    pub stage: CheckStage,
    /// Ask Atlassian and the secret store
    #[arg(long)]
    pub online: bool,
    /// The file that holds an access token for `--online`; else `JIRA_ACCESS_TOKEN`
    #[arg(long, value_name = "FILE")]
    pub access_token_file: Option<PathBuf>,
    /// Whose semantics; default: `required_version`, or the terraform on PATH, or the newest known
    #[arg(long, value_name = "X.Y.Z")]
    pub terraform_version: Option<String>,
    /// The least severity that ends with status 1
    #[arg(long, value_name = "SEVERITY", default_value = "error")]
    pub fail_on: FailOn,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: Format,
    /// Terraform's spelling of `--format json`
    #[arg(long, hide = true)]
    pub json: bool,
    /// Write the report to this file
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Judge the output of `terraform show -json` as well; `-` is standard input
    #[arg(long, value_name = "FILE|-", conflicts_with_all = ["recursive", "changed"])]
    pub plan: Option<PathBuf>,
    /// Check every root module below the paths
    #[arg(long)]
    pub recursive: bool,
    /// Check the root modules that a change since --base concerns
    #[arg(long)]
    pub changed: bool,
    /// What --changed compares with
    #[arg(long, value_name = "REF", default_value = "origin/main")]
    pub base: String,
    /// Write the verdict to .tfhelper/preflight.json, where the root module's `tfhelper.tf` looks for it
    #[arg(long, conflicts_with_all = ["groups", "checks"])]
    pub gate: bool,
    /// Root modules, or files of them; default: the working directory
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
}

/// The groups of checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CheckGroup {
    /// Terraform's own judgement of the input variables
    Terraform,
    /// What the connectors need
    Connector,
    /// What the OAuth grant allows
    Scope,
    /// What the secret store holds
    Secret,
}

/// When a check is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum CheckStage {
    /// Before `terraform apply`
    #[default]
    PreApply,
    /// After it
    PostApply,
}

/// From which severity on findings are a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum FailOn {
    /// Errors alone
    #[default]
    Error,
    /// Warnings too
    Warning,
}
