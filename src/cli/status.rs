//! `tfhelper status`: the options.

use clap::Args;

use super::PlainFormat;
use super::variable::VariableArgs;
use crate::secret::store::StoreChoice;

const EXAMPLES: &str = examples!("tfhelper status --online --warn-days 60");

/// `tfhelper status`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
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
