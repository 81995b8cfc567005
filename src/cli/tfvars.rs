//! `tfhelper tfvars`: its commands and their options.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::PlainFormat;

const LIST: &str = examples!("tfhelper tfvars list --format json");
const GET: &str = examples!("tfhelper tfvars get 'connector_settings.jira_cloud_id' --raw");
const SET: &str = examples!(
    "tfhelper tfvars set jira_example_issue_id ACME-1",
    "tfhelper tfvars set enabled_connectors '[\"jira-cloud\"]' --hcl --dry-run",
);
const UNSET: &str = examples!("tfhelper tfvars unset 'connector_settings[\"jira_cloud_id\"]'");

/// `tfhelper tfvars`.
#[derive(Debug, Subcommand)]
pub enum TfvarsCommand {
    /// List the top-level values
    #[command(after_help = LIST)]
    List {
        #[command(flatten)]
        /// The file.
        file: TfvarsFile,
        /// Output format
        #[arg(long, value_name = "FORMAT", default_value = "human")]
        format: PlainFormat,
    },
    /// Print one value
    #[command(after_help = GET)]
    Get {
        /// A Terraform traversal: `a`, `a.b`, `a["b c"].d`, `a[0]`
        address: String,
        #[command(flatten)]
        /// The file.
        file: TfvarsFile,
        /// Print a string without quotes
        #[arg(long, conflicts_with = "format")]
        raw: bool,
        /// Output format
        #[arg(long, value_name = "FORMAT", default_value = "human")]
        format: PlainFormat,
    },
    /// Set one value; every other byte of the file stays
    #[command(after_help = SET)]
    Set {
        /// A Terraform traversal: `a`, `a.b`, `a["b c"].d`, `a[0]`
        address: String,
        /// The value, a string
        #[arg(allow_hyphen_values = true)]
        value: String,
        /// Take the value as an HCL expression
        #[arg(long)]
        hcl: bool,
        #[command(flatten)]
        /// The file.
        file: TfvarsFile,
        /// Print the diff and write nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Remove one value; every other byte of the file stays
    #[command(after_help = UNSET)]
    Unset {
        /// A Terraform traversal: `a`, `a.b`, `a["b c"].d`, `a[0]`
        address: String,
        #[command(flatten)]
        /// The file.
        file: TfvarsFile,
        /// Print the diff and write nothing
        #[arg(long)]
        dry_run: bool,
    },
}

/// The variable definitions file to work on.
#[derive(Debug, Clone, Args)]
pub struct TfvarsFile {
    /// The variable definitions file, relative to the root module
    #[arg(long, value_name = "FILE", default_value = "terraform.tfvars")]
    pub file: PathBuf,
}
