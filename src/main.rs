//! Parses the arguments, runs the command, prints the error chain and chooses the exit status.

use std::hint::black_box;
use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
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
    let work = move || {
        widen_heap();
        let mut ctx = Context::from_process(&cli.global);
        match command::run(&mut ctx, cli.command) {
            Ok(status) => status,
            Err(error) => command::failure::report_failure(&mut ctx, &error),
        }
    };
    // The main thread's stack is too small for what Terraform lets people nest.
    let status = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(work).map(std::thread::JoinHandle::join);
    match status {
        Ok(Ok(status)) => status.into(),
        // The panic has been reported on stderr.
        Ok(Err(_)) => ExitCode::from(101),
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "error: cannot start the thread that does the work: {error}");
            ExitCode::from(2)
        }
    }
}

/// Takes memory for this thread's heap in one piece: glibc would take it page by page, with a system call for each, which is
/// a tenth of the time of a check.
///
/// What is freed stays with the heap where it is below a limit, and the first piece that is freed raises the limit.
///
/// Source: glibc 2.36, `malloc/malloc.c`, `__libc_free` and `malloc/arena.c`, `heap_trim`.
fn widen_heap() {
    const BYTES: usize = 1 << 20;
    for _ in 0..2 {
        drop(black_box(Vec::<u8>::with_capacity(BYTES)));
    }
}
