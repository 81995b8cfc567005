//! `tfhelper console`: the options.

use clap::Args;

use super::variable::VariableArgs;

const EXAMPLES: &str = examples!(
    "tfhelper console 'upper(var.environment_name)'",
    "tfhelper console --json 'local.tags' -var environment_name=dev",
);

/// `tfhelper console`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
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
