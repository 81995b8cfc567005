//! Parses the arguments, runs the command, prints the error chain and chooses the exit status.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use rustix::process::{Resource, getrlimit};
use tfhelper::cli::Cli;
use tfhelper::cli::spelling::accept_terraform_spellings;
use tfhelper::command;
use tfhelper::command::context::Context;
use tfhelper::terraform::function::yaml::guard::silence_caught_panics;
use tfhelper::terraform::syntax::STACK_BYTES;

/// What the stack and everything beside it take at least, in bytes; most of it is never touched.
const ADDRESS_SPACE: u64 = STACK_BYTES as u64 + (256 << 20);

fn main() -> ExitCode {
    silence_caught_panics();
    let cli = match Cli::try_parse_from(accept_terraform_spellings(std::env::args_os())) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version go to stdout with status 0, a usage error to stderr with status 2; a closed pipe is no failure.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    if let Some(limit) = getrlimit(Resource::As).current.filter(|limit| *limit < ADDRESS_SPACE) {
        let needed = ADDRESS_SPACE >> 20;
        let _ = writeln!(
            std::io::stderr(),
            "error: cannot take a stack: {needed} MB of address space are needed, and the limit (`ulimit -v`) is {} MB",
            limit >> 20
        );
        return ExitCode::from(2);
    }
    // The main thread's stack is too small for what Terraform lets people nest, and another thread takes longer to start.
    let status = stacker::grow(STACK_BYTES, move || {
        let mut ctx = Context::from_process(&cli.global);
        match command::run(&mut ctx, cli.command) {
            Ok(status) => status,
            Err(error) => command::failure::report_failure(&mut ctx, &error),
        }
    });
    status.into()
}
