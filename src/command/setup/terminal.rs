//! A person at the terminal: what an unanswered prompt means, and a sign that something is going on.

use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use inquire::InquireError;

use crate::command::failure::{ExitStatus, Failure};
use crate::request_log;

/// The end after Ctrl-C.
pub(crate) fn interrupted() -> Failure {
    Failure::new(ExitStatus::Interrupted, "interrupted")
}

/// Ctrl-C and Escape end the program; anything else is the terminal's fault.
pub(crate) fn no_answer(error: InquireError) -> anyhow::Error {
    match error {
        InquireError::OperationCanceled | InquireError::OperationInterrupted => interrupted().hint("nothing was changed").into(),
        other => anyhow::Error::new(other).context("cannot ask at this terminal"),
    }
}

/// Shows on a terminal that something is going on, until it is dropped.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    pub(crate) fn show(message: impl Into<String>) -> Self {
        // The lines of `-v` say as much, and would not go together with a line that is drawn anew all the time.
        if !std::io::stderr().is_terminal() || request_log::is_on() {
            return Self(ProgressBar::hidden());
        }
        let bar = ProgressBar::new_spinner().with_message(message.into());
        bar.set_style(ProgressStyle::default_spinner().tick_chars("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ "));
        bar.enable_steady_tick(Duration::from_millis(100));
        Self(bar)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
