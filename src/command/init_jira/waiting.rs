//! Waiting without losing anything: interruption at the points where it is harmless, lines of standard input.

use std::future::Future;
use std::io::BufRead as _;

use tokio::sync::{mpsc, watch};

use crate::command::failure::Failure;
use crate::command::setup::terminal::interrupted;

/// Remembers that the user pressed Ctrl-C; what must not be cut off is simply not wrapped in [`Interrupt::or`].
#[derive(Clone)]
pub(super) struct Interrupt(watch::Receiver<bool>);

impl Interrupt {
    /// From now on Ctrl-C does not kill the process.
    pub(super) fn listen() -> Self {
        let (sender, receiver) = watch::channel(false);
        // Registered here and now, not when the task first runs: a Ctrl-C in between would kill the process.
        #[cfg(unix)]
        let signals = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt());
        #[cfg(windows)]
        let signals = tokio::signal::windows::ctrl_c();
        tokio::spawn(async move {
            // An error means that no signal can be caught; Ctrl-C then kills the process as ever.
            if let Ok(mut signals) = signals
                && signals.recv().await.is_some()
            {
                let _ = sender.send(true);
            }
            // Later signals are caught too, and the flag stays as it is.
            std::future::pending::<()>().await;
        });
        Self(receiver)
    }

    /// The future's result, unless Ctrl-C comes first; the future is dropped then.
    pub(super) async fn or<T>(&self, future: impl Future<Output = T>) -> Result<T, Failure> {
        let mut flag = self.0.clone();
        tokio::select! {
            biased;
            Ok(_) = flag.wait_for(|is_interrupted| *is_interrupted) => Err(interrupted()),
            result = future => Ok(result),
        }
    }

    /// Stops here if Ctrl-C came while something ran that could not be cut off.
    pub(super) fn check(&self) -> Result<(), Failure> {
        if *self.0.borrow() { Err(interrupted()) } else { Ok(()) }
    }
}

/// The lines of standard input from one reader, so that a paste and a later answer never compete for them.
pub(super) struct Lines(mpsc::UnboundedReceiver<String>);

impl Lines {
    /// Starts to read. The thread is left to itself: a read that waits for a terminal cannot be called back.
    pub(super) fn read() -> Self {
        let (sender, receiver) = mpsc::unbounded_channel();
        std::thread::spawn(move || {
            for line in std::io::stdin().lock().lines() {
                let Ok(line) = line else { break };
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Self(receiver)
    }

    /// The next line, or none at the end.
    pub(super) async fn next(&mut self) -> Option<String> {
        self.0.recv().await
    }
}
