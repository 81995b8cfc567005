//! Runs terraform in tfhelper's place: its terminal, its signals, its exit status.

use std::ffi::OsString;
use std::fs::File;
use std::io::IsTerminal;
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

/// Runs terraform with these arguments to its end and returns its exit status as a shell would show it; without these
/// variables of the environment.
pub(super) fn run(arguments: &[OsString], without: &[&str], output: Output) -> anyhow::Result<u8> {
    let stdout = match output {
        Output::Shown => Stdio::inherit(),
        Output::File(file) => Stdio::from(file),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("cannot start the runtime")?;
    runtime.block_on(async {
        let mut terraform = Command::new("terraform");
        terraform.args(arguments).stdout(stdout);
        for name in without {
            terraform.env_remove(name);
        }
        // A terminal reads from, and sends its interrupts to, one group alone. Without one, a group of its own keeps a signal
        // that is sent to tfhelper's group from reaching terraform twice.
        #[cfg(unix)]
        if !has_terminal() {
            terraform.process_group(0);
        }
        let mut signals = Signals::listen()?;
        let mut terraform = terraform.spawn().context("cannot run `terraform`; it has to be on PATH")?;
        Ok(code(signals.wait(&mut terraform).await?))
    })
}

fn has_terminal() -> bool {
    std::io::stdin().is_terminal()
}

/// The signals that end a program; they do not end tfhelper before terraform has ended.
#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    hang_up: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn listen() -> anyhow::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    /// Waits for terraform and passes each signal on once.
    ///
    /// A Ctrl-C in a terminal reaches both at once, and a second interrupt makes terraform abort without saving its state:
    /// where there is a terminal, an interrupt is not passed on.
    async fn wait(&mut self, child: &mut Child) -> anyhow::Result<ProcessStatus> {
        use rustix::process::{Pid, Signal, kill_process};

        let pass_on = |pid: Option<u32>, signal| {
            if let Some(pid) = pid.and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw) {
                // It may have ended in between.
                let _ = kill_process(pid, signal);
            }
        };
        loop {
            let pid = child.id();
            tokio::select! {
                status = child.wait() => return Ok(status?),
                _ = self.interrupt.recv() => if !has_terminal() { pass_on(pid, Signal::INT) },
                _ = self.terminate.recv() => pass_on(pid, Signal::TERM),
                _ = self.hang_up.recv() => pass_on(pid, Signal::HUP),
            }
        }
    }
}

/// The console's Ctrl-C reaches terraform by itself.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn listen() -> anyhow::Result<Self> {
        Ok(Self)
    }

    async fn wait(&mut self, child: &mut Child) -> anyhow::Result<ProcessStatus> {
        loop {
            tokio::select! {
                status = child.wait() => return Ok(status?),
                _ = tokio::signal::ctrl_c() => {}
            }
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
