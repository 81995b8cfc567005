//! `tfhelper secrets`: its commands and their options.

use clap::Subcommand;

use super::PlainFormat;
use super::variable::VariableArgs;
use crate::secret::store::StoreChoice;

const LIST: &str = examples!("tfhelper secrets list --secret-store aws-ssm");
const PUSH: &str = examples!("tfhelper secrets push --secret-store gcp-secret-manager");

/// `tfhelper secrets`.
#[derive(Debug, Subcommand)]
pub enum SecretsCommand {
    /// List each secret's name, state, version and last change
    #[command(after_help = LIST)]
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
    #[command(after_help = PUSH)]
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
