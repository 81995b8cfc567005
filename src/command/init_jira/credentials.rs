//! The app's client ID and client secret: from options, environment, files, standard input, or the person at the terminal.

use std::fs;
use std::io::BufRead as _;

use anyhow::Context as _;
use inquire::validator::{ErrorMessage, Validation};
use inquire::{InquireError, Password, PasswordDisplayMode, Text};

use super::waiting::interrupted;
use crate::cli::InitJiraArgs;
use crate::command::{Context, ExitStatus, Failure};
use crate::secret::Secret;

/// The variable that holds the client secret.
const CLIENT_SECRET: &str = "TFHELPER_JIRA_CLIENT_SECRET";

/// Where both are found; said when nobody can be asked.
const WHERE: &str = "both stand in Atlassian's developer console, https://developer.atlassian.com/console/myapps/, under Settings \
                     of the app";

/// What the app is known by.
pub(super) struct Credentials {
    pub(super) client_id: String,
    pub(super) client_secret: Secret,
}

impl Credentials {
    /// Gathers both.
    pub(super) fn gather(ctx: &mut Context, args: &InitJiraArgs) -> anyhow::Result<Self> {
        let given = args.client_id.as_deref().map(str::trim).filter(|id| !id.is_empty());
        let client_id = match given {
            Some(client_id) => client_id.to_owned(),
            None => ask_client_id(ctx)?,
        };
        check_spelling("client ID", &client_id)?;
        let client_secret = read_client_secret(ctx, args)?;
        check_spelling("client secret", client_secret.expose())?;
        Ok(Self { client_id, client_secret })
    }
}

fn ask_client_id(ctx: &Context) -> anyhow::Result<String> {
    if !ctx.can_ask {
        let message = "no client ID: pass --client-id, or set TFHELPER_JIRA_CLIENT_ID";
        return Err(Failure::new(ExitStatus::Usage, message).hint(WHERE).into());
    }
    let prompt = Text::new("Client ID of the app:")
        .with_help_message("developer.atlassian.com/console/myapps > app > Settings")
        .with_validator(|text: &str| Ok(validation(text)));
    Ok(prompt.prompt().map_err(no_answer)?.trim().to_owned())
}

fn read_client_secret(ctx: &Context, args: &InitJiraArgs) -> anyhow::Result<Secret> {
    if let Some(file) = &args.client_secret_file {
        let path = ctx.directory.join(file);
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read client secret file `{}`", path.display()))?;
        return Ok(Secret::new(text.trim_end_matches(['\r', '\n'])));
    }
    if args.client_secret_stdin {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line).context("cannot read the client secret from standard input")?;
        return Ok(Secret::new(line.trim_end_matches(['\r', '\n'])));
    }
    if let Some(secret) = ctx.variable(CLIENT_SECRET) {
        return Ok(Secret::new(secret));
    }
    if !ctx.can_ask {
        let message = format!("no client secret: pass --client-secret-file or --client-secret-stdin, or set {CLIENT_SECRET}");
        return Err(Failure::new(ExitStatus::Usage, message).hint(WHERE).into());
    }
    let prompt = Password::new("Client secret:")
        .with_display_mode(PasswordDisplayMode::Hidden)
        .without_confirmation()
        .with_help_message("not shown while you type or paste it")
        .with_validator(|text: &str| Ok(validation(text)));
    Ok(Secret::new(prompt.prompt().map_err(no_answer)?.trim()))
}

/// What is wrong with the spelling, if anything. Atlassian would only say "Unauthorized", and after the consent.
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
fn validation(text: &str) -> Validation {
    fault(text.trim())
        .map_or(Validation::Valid, |why| Validation::Invalid(ErrorMessage::Custom(format!("This cannot be right: {why}."))))
}

fn check_spelling(what: &str, value: &str) -> anyhow::Result<()> {
    let Some(why) = fault(value) else { return Ok(()) };
    let message = format!("the {what} cannot be right: {why}");
    Err(Failure::new(ExitStatus::Usage, message).hint(format!("copy it again; {WHERE}")).into())
}

/// Ctrl-C and Escape end the program; anything else is the terminal's fault.
pub(super) fn no_answer(error: InquireError) -> anyhow::Error {
    match error {
        InquireError::OperationCanceled | InquireError::OperationInterrupted => interrupted().into(),
        other => anyhow::Error::new(other).context("cannot ask at this terminal"),
    }
}
