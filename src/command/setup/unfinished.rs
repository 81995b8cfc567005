//! What is left to do when a step fails after something was written, and the command that does it.

use crate::command::context::Context;
use crate::command::failure::{ExitStatus, Failure};
use crate::report::printable;

/// What is left to do, in its order.
#[derive(Default)]
pub(crate) struct Unfinished(Vec<(anyhow::Error, String)>);

impl Unfinished {
    /// Adds a failure and the command that goes on.
    pub(crate) fn push(&mut self, error: anyhow::Error, go_on: impl Into<String>) {
        self.0.push((error, go_on.into()));
    }

    /// Nothing is left.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The commands that go on, each once.
    pub(crate) fn commands(&self) -> Vec<&str> {
        let mut commands: Vec<&str> = Vec::new();
        for (_, command) in &self.0 {
            if !commands.contains(&command.as_str()) {
                commands.push(command);
            }
        }
        commands
    }

    /// Ends the job.
    ///
    /// # Errors
    ///
    /// When something is left to do; the hint has the commands that do it.
    pub(crate) fn end(self, ctx: &mut Context) -> anyhow::Result<ExitStatus> {
        let commands: Vec<String> = self.commands().iter().map(|command| format!("`{command}`")).collect();
        let hint = format!("correct the cause, then run {}", commands.join(", then "));
        let mut failures = self.0.into_iter();
        let Some((first, _)) = failures.next() else { return Ok(ExitStatus::Done) };
        for (other, _) in failures {
            ctx.say(format_args!("warning: {}", printable(&format!("{other:#}"))));
        }
        let message = "the job was stopped part-way; the summary says what was done, and nothing is lost";
        Err(Failure::new(ExitStatus::PartWay, message).because(first).hint(hint).into())
    }
}
