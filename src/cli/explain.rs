//! `tfhelper explain`: the option.

use clap::Args;

const EXAMPLES: &str = examples!("tfhelper explain connector-setting");

/// `tfhelper explain`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ExplainArgs {
    /// The check's identifier, as it stands below each finding; without it, every check is listed
    pub check: Option<String>,
}
