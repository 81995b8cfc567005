//! The command line: clap's types and their help text, no logic beyond spelling.
//!
//! A command is a variant of [`Command`], and a file below with its options and its examples. Terraform's own spellings
//! (`-chdir=DIR`, `-var 'a=b'`) are turned into clap's before parsing; see [`spelling`].

// First, because the files below use its macro.
#[macro_use]
mod example;

pub mod check;
pub mod console;
pub mod explain;
pub mod init_jira;
pub mod init_jira_server;
pub mod secrets;
pub mod spelling;
pub mod status;
pub mod test_scripts;
pub mod tfvars;
pub mod variable;
pub mod wrapper;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use self::check::CheckArgs;
use self::console::ConsoleArgs;
use self::explain::ExplainArgs;
use self::init_jira::InitJiraArgs;
use self::init_jira_server::InitJiraServerArgs;
use self::secrets::SecretsCommand;
use self::status::StatusArgs;
use self::test_scripts::TestScriptsArgs;
use self::tfvars::TfvarsCommand;
use self::wrapper::WrapperArgs;

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
    InitJira(Box<InitJiraArgs>),
    /// Connect Jira Data Center: personal access token, `jira_server_url`, secret, test-call scripts, check
    InitJiraServer(Box<InitJiraServerArgs>),
    /// Read and edit one variable definitions file
    #[command(subcommand)]
    Tfvars(TfvarsCommand),
    /// Evaluate Terraform expressions against the root module, before `terraform init`
    Console(ConsoleArgs),
    /// Check the root module before `terraform apply`
    Check(CheckArgs),
    /// Show what is done, what comes next, and when the consent runs out
    Status(StatusArgs),
    /// List what the secret store holds, and move kept secrets into it; never the values
    #[command(subcommand)]
    Secrets(SecretsCommand),
    /// Check, make a plan with terraform, and check the plan
    #[command(after_help = wrapper::PLAN)]
    Plan(WrapperArgs),
    /// Check, make a plan with terraform, check the plan, and apply that very plan
    #[command(after_help = wrapper::APPLY)]
    Apply(WrapperArgs),
    /// Check as the program of terraform's `external` data source: query on stdin, answer on stdout
    #[command(after_help = example::EXTERNAL)]
    External,
    /// Write the test-call scripts of the enabled connectors
    TestScripts(TestScriptsArgs),
    /// Say what a check looks for, why, and how to fix it
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

/// `human` or `json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PlainFormat {
    /// For people
    Human,
    /// One JSON document
    Json,
}
