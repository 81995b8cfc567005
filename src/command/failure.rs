//! How a command ends: the exit status, and an error that knows its status and its fix.

use std::fmt;
use std::process::ExitCode;

use super::context::Context;

/// The exit statuses of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitStatus {
    /// Done, or clean.
    Done,
    /// Findings at or above the threshold.
    Findings,
    /// Usage, or input that cannot be read or parsed.
    Usage,
    /// Authorization needed or refused.
    Authorization,
    /// A remote service failed.
    Remote,
    /// Stopped part-way after something was written.
    PartWay,
    /// Interrupted.
    Interrupted,
    /// That of the terraform that was run.
    Of(u8),
}

impl ExitStatus {
    /// The number that the process ends with.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Findings => 1,
            Self::Usage => 2,
            Self::Authorization => 3,
            Self::Remote => 4,
            Self::PartWay => 5,
            Self::Interrupted => 130,
            Self::Of(code) => code,
        }
    }
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(status.code())
    }
}

/// An error of a command with its exit status and, where there is one, the way to fix it.
///
/// The message is lowercase without a final period; what caused it is its source. An error without a `Failure` in its
/// chain ends with [`ExitStatus::Usage`].
#[derive(Debug)]
pub struct Failure {
    /// The exit status.
    pub status: ExitStatus,
    /// What could not be done.
    pub message: String,
    /// How to fix it.
    pub hint: Option<String>,
    /// Why.
    pub cause: Option<anyhow::Error>,
}

impl Failure {
    /// An error with this status and message.
    pub fn new(status: ExitStatus, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), hint: None, cause: None }
    }

    /// Adds the way to fix it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds what caused it.
    #[must_use]
    pub fn because(mut self, cause: impl Into<anyhow::Error>) -> Self {
        self.cause = Some(cause.into());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as &(dyn std::error::Error + 'static))
    }
}

/// Prints the error, one cause a line, and returns the exit status.
///
/// A closed pipe prints nothing and is no failure.
pub fn report_failure(ctx: &mut Context, error: &anyhow::Error) -> ExitStatus {
    let is_closed_pipe = |cause: &(dyn std::error::Error + 'static)| {
        cause.downcast_ref::<std::io::Error>().is_some_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe)
    };
    if error.chain().any(is_closed_pipe) {
        return ExitStatus::Done;
    }
    let mut status = ExitStatus::Usage;
    let mut hints = Vec::new();
    for (depth, cause) in error.chain().enumerate() {
        let word = if depth == 0 { "error" } else { "  because" };
        ctx.say(format_args!("{word}: {}", crate::report::printable(&cause.to_string())));
        if let Some(failure) = cause.downcast_ref::<Failure>() {
            if hints.is_empty() && status == ExitStatus::Usage {
                status = failure.status;
            }
            hints.extend(failure.hint.as_deref());
        }
    }
    for hint in hints {
        ctx.say(format_args!("hint: {}", crate::report::printable(hint)));
    }
    status
}
