//! The commands, one file each, one straight path each; the only place that joins the core to the edge.

pub mod check;
pub mod completions;
pub mod console;
pub mod context;
pub mod explain;
pub mod external;
pub mod failure;
mod init_jira;
mod init_jira_server;
pub mod module_files;
pub mod root_module;
pub mod script_files;
pub mod secret_store;
pub mod secrets;
mod setup;
pub mod status;
pub mod test_scripts;
mod tfvars;
pub mod wrapper;

use context::Context;
use failure::ExitStatus;

use crate::cli::Command;

/// Runs one command.
///
/// # Errors
///
/// When the command could not do its work; the chain says what, where, why and how to fix it, and a [`failure::Failure`] in it
/// carries the exit status.
pub fn run(ctx: &mut Context, command: Command) -> anyhow::Result<ExitStatus> {
    match command {
        Command::InitJira(args) => init_jira::run(ctx, &args),
        Command::InitJiraServer(args) => init_jira_server::run(ctx, &args),
        Command::Tfvars(command) => tfvars::run(ctx, command),
        Command::Console(args) => console::run(ctx, &args),
        Command::TestScripts(arguments) => test_scripts::run(ctx, &arguments),
        Command::Explain(arguments) => explain::run(ctx, &arguments),
        Command::Check(args) => check::run(ctx, &args),
        Command::Status(args) => status::run(ctx, &args),
        Command::Secrets(command) => secrets::run(ctx, command),
        Command::External => external::run(ctx),
        Command::Plan(args) => wrapper::run_plan(ctx, &args),
        Command::Apply(args) => wrapper::run_apply(ctx, &args),
        Command::Completions { shell } => completions::run(ctx, shell),
        Command::Man => completions::run_man(ctx),
    }
}
