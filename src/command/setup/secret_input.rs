//! A secret that a person or a pipe hands over: from a file, from standard input, or typed without echo.

use std::fs;
use std::io::BufRead as _;
use std::path::Path;

use anyhow::Context as _;
use inquire::validator::{ErrorMessage, Validation};
use inquire::{Password, PasswordDisplayMode};

use super::terminal::no_answer;
use crate::command::context::Context;
use crate::command::failure::{ExitStatus, Failure};
use crate::secret::Secret;

/// Reads it from a file, relative to the root module; the line end goes.
pub(crate) fn read_file(ctx: &Context, what: &str, file: &Path) -> anyhow::Result<Secret> {
    let path = ctx.directory.join(file);
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {what} file `{}`", path.display()))?;
    Ok(Secret::new(text.trim_end_matches(['\r', '\n'])))
}

/// Reads it from the first line of standard input.
pub(crate) fn read_stdin(what: &str) -> anyhow::Result<Secret> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).with_context(|| format!("cannot read the {what} from standard input"))?;
    Ok(Secret::new(line.trim_end_matches(['\r', '\n'])))
}

/// Asks for it at the terminal without echo, again where it cannot be right.
pub(crate) fn ask(question: &str) -> anyhow::Result<Secret> {
    let prompt = Password::new(question)
        .with_display_mode(PasswordDisplayMode::Hidden)
        .without_confirmation()
        .with_help_message("not shown while you type or paste it")
        .with_validator(|text: &str| Ok(validation(text)));
    Ok(Secret::new(prompt.prompt().map_err(no_answer)?.trim()))
}

/// What is wrong with the spelling, if anything. A server would only say "Unauthorized".
fn fault(value: &str) -> Option<&'static str> {
    match () {
        () if value.is_empty() => Some("it is empty"),
        () if value.chars().any(|c| c.is_whitespace() || c.is_control()) => {
            Some("it contains white space or a control character")
        }
        () if value.contains("://") => Some("it is an address"),
        () => None,
    }
}

/// The same at a prompt, which asks again.
pub(crate) fn validation(text: &str) -> Validation {
    fault(text.trim())
        .map_or(Validation::Valid, |why| Validation::Invalid(ErrorMessage::Custom(format!("This cannot be right: {why}."))))
}

/// Finds what is wrong with the spelling.
///
/// # Errors
///
/// When the value cannot be right; the message does not show it.
pub(crate) fn check_spelling(what: &str, value: &str, source: &str) -> anyhow::Result<()> {
    let Some(why) = fault(value) else { return Ok(()) };
    let message = format!("the {what} cannot be right: {why}");
    Err(Failure::new(ExitStatus::Usage, message).hint(format!("copy it again; {source}")).into())
}
