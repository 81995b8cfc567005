//! Parses the arguments, runs the command, prints the error chain and chooses the exit status.

use std::convert::Infallible;
use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use corosensei::stack::DefaultStack;
use corosensei::{Coroutine, CoroutineResult};
use tfhelper::cli::Cli;
use tfhelper::cli::spelling::accept_terraform_spellings;
use tfhelper::command;
use tfhelper::command::context::Context;
use tfhelper::terraform::function::yaml::guard::silence_caught_panics;
use tfhelper::terraform::syntax::STACK_BYTES;

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
    let stack = match DefaultStack::new(STACK_BYTES) {
        Ok(stack) => stack,
        Err(error) => {
            let size = STACK_BYTES >> 20;
            let _ = writeln!(
                std::io::stderr(),
                "error: cannot reserve {size} MB of address space for the stack: {error}\n\nhint: see `ulimit -v`"
            );
            return ExitCode::from(2);
        }
    };
    // The main thread's stack is too small for what Terraform lets people nest, and another thread takes longer to start. So
    // this is a coroutine that never yields.
    let mut work = Coroutine::<(), Infallible, _, _>::with_stack(stack, move |_, ()| {
        let mut ctx = Context::from_process(&cli.global);
        match command::run(&mut ctx, cli.command) {
            Ok(status) => status,
            Err(error) => command::failure::report_failure(&mut ctx, &error),
        }
    });
    match work.resume(()) {
        CoroutineResult::Return(status) => status.into(),
        CoroutineResult::Yield(never) => match never {},
    }
}
