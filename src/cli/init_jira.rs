//! `tfhelper init-jira`: the options.

use std::path::PathBuf;

use clap::Args;

use super::PlainFormat;
use crate::secret::store::StoreChoice;

const EXAMPLES: &str = examples!(
    "tfhelper init-jira --rehearse              # try everything, without Atlassian",
    "tfhelper init-jira --site acme --issue ACME-1",
    "tfhelper init-jira --renew                 # once a year",
);

/// `tfhelper init-jira`.
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub struct InitJiraArgs {
    /// Client ID of the app in Atlassian's developer console; asked for where it is not given
    #[arg(long, value_name = "ID", env = "TFHELPER_JIRA_CLIENT_ID", hide_env_values = true)]
    pub client_id: Option<String>,
    /// Read the app's client secret from a file; else `TFHELPER_JIRA_CLIENT_SECRET`, or it is asked for without echo
    #[arg(long, value_name = "FILE", conflicts_with = "client_secret_stdin")]
    pub client_secret_file: Option<PathBuf>,
    /// Read the app's client secret from the first line of standard input
    #[arg(long)]
    pub client_secret_stdin: bool,
    /// Name, host or URL of the Jira site; needed where several match and nobody can be asked
    #[arg(long, value_name = "SITE")]
    pub site: Option<String>,
    /// The app's callback URL, byte for byte [default: `http://localhost:9000/psoxy-setup-callback`]
    #[arg(long, value_name = "URI")]
    pub redirect_uri: Option<String>,
    /// Print the authorization URL instead of opening a browser
    #[arg(long)]
    pub no_browser: bool,
    /// How long to wait for the consent, such as 90s or 10m
    #[arg(long, value_name = "DURATION", default_value = "10m", value_parser = parse_duration)]
    pub timeout: std::time::Duration,
    /// Where the secrets go: auto, aws-ssm, aws-secrets-manager, gcp-secret-manager, `file[:PATH]` or none
    #[arg(long, value_name = "STORE", default_value = "auto")]
    pub secret_store: StoreChoice,
    /// Store the access token too, in the form in which the proxy keeps it; without it the proxy gets its own
    #[arg(long, conflicts_with = "no_oauth")]
    pub seed_access_token: bool,
    /// The psoxy release; default: read from the module sources' `?ref=`
    #[arg(long, value_name = "vX.Y.Z")]
    pub psoxy_release: Option<String>,
    /// Set `jira_example_issue_id` too
    #[arg(long, value_name = "KEY")]
    pub issue: Option<String>,
    /// Ask for no consent: set the cloud ID alone, from --cloud-id or looked up from --site
    #[arg(long, conflicts_with_all = ["renew", "client_secret_file", "client_secret_stdin"])]
    pub no_oauth: bool,
    /// The cloud ID of the site, with --no-oauth
    #[arg(long, value_name = "UUID", requires = "no_oauth")]
    pub cloud_id: Option<String>,
    /// Consent and secrets alone: the yearly renewal
    #[arg(long)]
    pub renew: bool,
    /// Run everything on a copy, against a built-in stand-in for Atlassian
    #[arg(long)]
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

/// Reads a duration such as `90s`, `10m` or `1h 30m`.
fn parse_duration(text: &str) -> Result<std::time::Duration, String> {
    let duration: jiff::SignedDuration = text.parse().map_err(|_| String::from("expected a duration such as 90s, 10m or 1h"))?;
    std::time::Duration::try_from(duration).map_err(|_| String::from("a duration is not negative"))
}
