//! The command line: clap's types and their help text, no logic beyond spelling.
//!
//! Terraform's own spellings (`-chdir=DIR`, `-var 'a=b'`) are turned into clap's before parsing; see [`accept_terraform_spellings`].

mod example;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::report::Format;
use crate::secret::store::StoreChoice;

/// Connects Jira to a Terraform-managed psoxy, and checks the variables before terraform does
#[derive(Debug, Parser)]
#[command(name = "tfhelper", version, max_term_width = 100, propagate_version = true, disable_help_subcommand = true, after_help = example::TFHELPER)]
pub struct Cli {
    #[command(flatten)]
    /// Options of every command.
    pub global: GlobalArgs,
    #[command(subcommand)]
    /// The command.
    pub command: Command,
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
pub struct GlobalArgs {
    /// Work in this directory, the root module
    #[arg(short = 'C', long, global = true, value_name = "DIR")]
    pub chdir: Option<PathBuf>,
    /// Colour the output
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: ColorChoice,
    /// Print results and errors alone
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Say more about what is done
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Never ask; implied when standard input is no terminal or `CI` is set
    #[arg(long, global = true)]
    pub no_input: bool,
    /// Terraform's spelling of `--color never`
    #[arg(long, global = true, hide = true)]
    pub no_color: bool,
    /// Terraform's spelling of `--no-input`
    #[arg(long, global = true, hide = true, value_name = "BOOL", action = clap::ArgAction::Set, default_value_t = true)]
    pub input: bool,
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// In a terminal, unless `NO_COLOR` is set and not empty
    Auto,
    /// Even in a pipe
    Always,
    /// Not even in a terminal
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Connect Jira Cloud: consent, scopes, site, secrets, `jira_cloud_id`, test-call scripts, check
    #[command(after_help = example::INIT_JIRA)]
    InitJira(Box<InitJiraArgs>),
    /// Connect Jira Data Center: personal access token, `jira_server_url`, secret, test-call scripts, check
    #[command(after_help = example::INIT_JIRA_SERVER)]
    InitJiraServer(Box<InitJiraServerArgs>),
    /// Read and edit one variable definitions file
    #[command(subcommand)]
    Tfvars(TfvarsCommand),
    /// Evaluate Terraform expressions against the root module, before `terraform init`
    #[command(after_help = example::CONSOLE)]
    Console(ConsoleArgs),
    /// Check the root module before `terraform apply`
    #[command(after_help = example::CHECK)]
    Check(CheckArgs),
    /// Show what is done, what comes next, and when the consent runs out
    #[command(after_help = example::STATUS)]
    Status(StatusArgs),
    /// List what the secret store holds, and move kept secrets into it; never the values
    #[command(subcommand)]
    Secrets(SecretsCommand),
    /// Check, make a plan with terraform, and check the plan
    #[command(after_help = example::PLAN)]
    Plan(WrapperArgs),
    /// Check, make a plan with terraform, check the plan, and apply that very plan
    #[command(after_help = example::APPLY)]
    Apply(WrapperArgs),
    /// Check as the program of terraform's `external` data source: query on stdin, answer on stdout
    #[command(after_help = example::EXTERNAL)]
    External,
    /// Write the test-call scripts of the enabled connectors
    #[command(after_help = example::TEST_SCRIPTS)]
    TestScripts(TestScriptsArgs),
    /// Say what a check looks for, why, and how to fix it
    #[command(after_help = example::EXPLAIN)]
    Explain(ExplainArgs),
    /// Print the completion script of a shell
    #[command(after_help = example::COMPLETIONS)]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    #[command(after_help = example::MAN)]
    Man,
}

/// `tfhelper init-jira`.
#[derive(Debug, Clone, Args)]
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

/// `tfhelper init-jira-server`.
#[derive(Debug, Clone, Args)]
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

/// Reads a duration such as `90s`, `10m` or `1h 30m`.
fn parse_duration(text: &str) -> Result<std::time::Duration, String> {
    let duration: jiff::SignedDuration = text.parse().map_err(|_| String::from("expected a duration such as 90s, 10m or 1h"))?;
    std::time::Duration::try_from(duration).map_err(|_| String::from("a duration is not negative"))
}

/// `tfhelper tfvars`.
#[derive(Debug, Subcommand)]
pub enum TfvarsCommand {
    /// List the top-level values
    #[command(after_help = example::TFVARS_LIST)]
    List {
        #[command(flatten)]
        /// The file.
        file: TfvarsFile,
        /// Output format
        #[arg(long, value_name = "FORMAT", default_value = "human")]
        format: PlainFormat,
    },
    /// Print one value
    #[command(after_help = example::TFVARS_GET)]
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
    #[command(after_help = example::TFVARS_SET)]
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
    #[command(after_help = example::TFVARS_UNSET)]
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

/// `tfhelper secrets`.
#[derive(Debug, Subcommand)]
pub enum SecretsCommand {
    /// List each secret's name, state, version and last change
    #[command(after_help = example::SECRETS_LIST)]
    List {
        #[command(flatten)]
        /// Variable values.
        variables: VariableArgs,
        /// The store; auto is the one that the root module uses
        #[arg(long, value_name = "STORE", default_value = "auto")]
        secret_store: StoreChoice,
        /// Output format
        #[arg(long, value_name = "FORMAT", default_value = "human")]
        format: PlainFormat,
    },
    /// Move the secrets that are kept under `.tfhelper/` into the store
    #[command(after_help = example::SECRETS_PUSH)]
    Push {
        #[command(flatten)]
        /// Variable values.
        variables: VariableArgs,
        /// The store; auto is the one that the root module uses
        #[arg(long, value_name = "STORE", default_value = "auto")]
        secret_store: StoreChoice,
        /// Replace a refresh token that the running proxy may be using
        #[arg(long)]
        yes: bool,
        /// Output format
        #[arg(long, value_name = "FORMAT", default_value = "human")]
        format: PlainFormat,
    },
}

/// `tfhelper status`.
#[derive(Debug, Args)]
pub struct StatusArgs {
    #[command(flatten)]
    /// Variable values.
    pub variables: VariableArgs,
    /// Ask the secret store too
    #[arg(long)]
    pub online: bool,
    /// The store; auto is the one that the root module uses
    #[arg(long, value_name = "STORE", default_value = "auto")]
    pub secret_store: StoreChoice,
    /// End with status 1 when fewer days than these are left
    #[arg(long, value_name = "DAYS", default_value_t = 30)]
    pub warn_days: u16,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: PlainFormat,
}

/// The variable definitions file to work on.
#[derive(Debug, Clone, Args)]
pub struct TfvarsFile {
    /// The variable definitions file, relative to the root module
    #[arg(long, value_name = "FILE", default_value = "terraform.tfvars")]
    pub file: PathBuf,
}

/// `human` or `json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PlainFormat {
    /// For people
    Human,
    /// One JSON document
    Json,
}

/// Variable values on the command line, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VariableArgs {
    /// `-var` and `-var-file`, in the order given: later wins.
    pub in_order: Vec<VariableArg>,
}

/// One `-var` or `-var-file`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VariableArg {
    /// `-var NAME=VALUE`, unparsed.
    Var(String),
    /// `-var-file FILE`.
    File(PathBuf),
}

impl clap::FromArgMatches for VariableArgs {
    fn from_arg_matches(matches: &clap::ArgMatches) -> Result<Self, clap::Error> {
        let mut found: Vec<(usize, VariableArg)> = Vec::new();
        if let (Some(at), Some(values)) = (matches.indices_of("var"), matches.get_many::<String>("var")) {
            found.extend(at.zip(values.map(|value| VariableArg::Var(value.clone()))));
        }
        if let (Some(at), Some(values)) = (matches.indices_of("var_file"), matches.get_many::<PathBuf>("var_file")) {
            found.extend(at.zip(values.map(|value| VariableArg::File(value.clone()))));
        }
        found.sort_by_key(|(at, _)| *at);
        Ok(Self { in_order: found.into_iter().map(|(_, argument)| argument).collect() })
    }

    fn update_from_arg_matches(&mut self, matches: &clap::ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for VariableArgs {
    fn augment_args(command: clap::Command) -> clap::Command {
        command
            .arg(
                clap::Arg::new("var")
                    .long("var")
                    .value_name("NAME=VALUE")
                    .help("Set a variable, as for terraform plan; repeatable")
                    .action(clap::ArgAction::Append)
                    .allow_hyphen_values(true),
            )
            .arg(
                clap::Arg::new("var_file")
                    .long("var-file")
                    .value_name("FILE")
                    .help("Read a variable definitions file, as for terraform plan; repeatable")
                    .value_parser(clap::value_parser!(PathBuf))
                    .action(clap::ArgAction::Append),
            )
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

/// `tfhelper console`.
#[derive(Debug, Args)]
pub struct ConsoleArgs {
    /// Expressions; without any, standard input is read, or a prompt opens in a terminal
    pub expressions: Vec<String>,
    /// Print one line of JSON an expression
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    /// Variable values.
    pub variables: VariableArgs,
}

/// `tfhelper test-scripts`.
#[derive(Debug, Args)]
pub struct TestScriptsArgs {
    /// Where the calls go
    #[arg(long, value_name = "TARGET", default_value = "all")]
    pub target: ScriptTarget,
    /// Write the scripts into this folder, relative to the root module; those that are there are written anew
    #[arg(long, value_name = "DIR", default_value = "test-calls")]
    pub out: PathBuf,
    /// Use the templates in this folder in place of the built-in ones of the same name
    #[arg(long, value_name = "DIR")]
    pub template_dir: Option<PathBuf>,
    /// Write the built-in templates into this folder, and nothing else
    #[arg(long, value_name = "DIR", conflicts_with_all = ["template_dir", "list"])]
    pub dump_templates: Option<PathBuf>,
    /// Print the names of the scripts and write nothing
    #[arg(long)]
    pub list: bool,
    #[command(flatten)]
    /// Variable values.
    pub variables: VariableArgs,
}

/// Where the calls of a script go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ScriptTarget {
    /// Past the proxy
    Direct,
    /// Through the proxy
    Proxy,
    /// Both
    All,
}

/// `tfhelper explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The check's identifier, as it stands below each finding; without it, every check is listed
    pub check: Option<String>,
}

/// `tfhelper check`.
#[derive(Debug, Clone, Default, Args)]
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

/// Turns Terraform's spellings of options into clap's: one dash before a long name becomes two.
///
/// Nothing behind `--` is touched, nor the value of a `-var`.
#[must_use]
pub fn accept_terraform_spellings(arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    const WITH_VALUE: [&str; 3] = ["-chdir", "-var", "-var-file"];
    const FLAGS: [&str; 2] = ["-json", "-no-color"];
    let mut accepted = Vec::new();
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        if argument == "--" {
            accepted.push(argument);
            accepted.extend(arguments);
            break;
        }
        let text = argument.to_string_lossy();
        let name = text.split('=').next().unwrap_or_default();
        if WITH_VALUE.contains(&name) || FLAGS.contains(&name) || name == "-input" {
            let mut doubled = OsString::from("-");
            doubled.push(&argument);
            accepted.push(doubled);
        } else {
            accepted.push(argument);
        }
    }
    accepted
}
