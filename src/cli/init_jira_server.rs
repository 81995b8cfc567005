//! `tfhelper init-jira-server`: the options.

use std::path::PathBuf;

use clap::Args;

use super::PlainFormat;
use crate::secret::store::StoreChoice;

const EXAMPLES: &str = examples!(
    "tfhelper init-jira-server --rehearse       # try everything, without Jira",
    "tfhelper init-jira-server --url jira.example.com --token-file token --expires 2027-06-30",
);

/// `tfhelper init-jira-server`.
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub struct InitJiraServerArgs {
    /// Host or URL of Jira, without a context path; default: the one that the root module has, or it is asked for
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// Read the personal access token from the first line of standard input; else it is asked for without echo
    #[arg(long)]
    pub token_stdin: bool,
    /// Read the personal access token from a file
    #[arg(long, value_name = "FILE", conflicts_with = "token_stdin")]
    pub token_file: Option<PathBuf>,
    /// The day on which the token expires, such as 2027-03-31, where Jira does not tell
    #[arg(long, value_name = "DATE")]
    pub expires: Option<String>,
    /// Where the secret goes: auto, aws-ssm, aws-secrets-manager, gcp-secret-manager, `file[:PATH]` or none
    #[arg(long, value_name = "STORE", default_value = "auto")]
    pub secret_store: StoreChoice,
    /// The psoxy release; default: read from the module sources' `?ref=`
    #[arg(long, value_name = "vX.Y.Z")]
    pub psoxy_release: Option<String>,
    /// Set `jira_example_issue_id` too
    #[arg(long, value_name = "KEY")]
    pub issue: Option<String>,
    /// Run everything on a copy, against a built-in stand-in for Jira Data Center
    #[arg(long, conflicts_with_all = ["url", "token_stdin", "token_file", "secret_store"])]
    pub rehearse: bool,
    /// Folder of the test-call scripts, relative to the root module
    #[arg(long, value_name = "DIR", default_value = "test-calls", conflicts_with = "no_scripts")]
    pub scripts_dir: PathBuf,
    /// Write no test-call scripts
    #[arg(long)]
    pub no_scripts: bool,
    /// Say what would happen, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Do not ask whether to go on
    #[arg(long)]
    pub yes: bool,
    /// Output format of the summary
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: PlainFormat,
}
