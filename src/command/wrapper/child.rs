//! Runs terraform in tfhelper's place: its terminal, its signals, its exit status.

use std::ffi::OsString;
use std::fs::File;
use std::process::{ExitStatus as ProcessStatus, Stdio};

use anyhow::Context as _;
use tokio::process::{Child, Command};

/// What becomes of terraform's stdout.
pub(super) enum Output {
    /// It goes where tfhelper's own goes.
    Shown,
    /// It is written to a file.
    File(File),
}

/// Runs terraform with these arguments to its end and returns its exit status as a shell would show it.
pub(super) fn run(arguments: &[OsString], output: Output) -> anyhow::Result<u8> {
    let stdout = match output {
        Output::Shown => Stdio::inherit(),
        Output::File(file) => Stdio::from(file),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("cannot start the runtime")?;
    runtime.block_on(async {
        let mut terraform = Command::new("terraform")
            .args(arguments)
            .stdout(stdout)
            .spawn()
            .context("cannot run `terraform`; it has to be on PATH")?;
        Ok(code(wait(&mut terraform).await?))
    })
}

/// Waits for terraform; signals that reach tfhelper meanwhile do not end it before terraform has ended.
///
/// A Ctrl-C in a terminal reaches both at once, and a second interrupt makes terraform abort without saving its state. So
/// an interrupt is passed on only where terraform cannot have had it from the terminal.
#[cfg(unix)]
async fn wait(child: &mut Child) -> anyhow::Result<ProcessStatus> {
    use std::io::IsTerminal;

    use rustix::process::{Pid, Signal, kill_process};
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    let pass_on = |pid: Option<u32>, signal| {
        if let Some(pid) = pid.and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw) {
            // It may have ended in between.
            let _ = kill_process(pid, signal);
        }
    };
    let has_terminal = std::io::stdin().is_terminal();
    loop {
        let pid = child.id();
        tokio::select! {
            status = child.wait() => return Ok(status?),
            _ = interrupt.recv() => if !has_terminal { pass_on(pid, Signal::INT) },
            _ = terminate.recv() => pass_on(pid, Signal::TERM),
            _ = hang_up.recv() => pass_on(pid, Signal::HUP),
        }
    }
}

/// Waits for terraform; the console's Ctrl-C reaches it by itself.
#[cfg(not(unix))]
async fn wait(child: &mut Child) -> anyhow::Result<ProcessStatus> {
    loop {
        tokio::select! {
            status = child.wait() => return Ok(status?),
            _ = tokio::signal::ctrl_c() => {}
        }
    }
}

/// A signal counts from 128 on.
fn code(status: ProcessStatus) -> u8 {
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status);
    #[cfg(not(unix))]
    let signal: Option<i32> = None;
    status.code().or(signal.map(|number| 128 + number)).and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}
