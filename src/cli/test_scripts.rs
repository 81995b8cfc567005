//! `tfhelper test-scripts`: the options.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::variable::VariableArgs;

const EXAMPLES: &str = examples!("tfhelper test-scripts --target proxy --out test-calls");

/// `tfhelper test-scripts`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
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
