//! The app's client ID and client secret: from options, environment, files, standard input, or the person at the terminal.

use inquire::Text;

use crate::cli::init_jira::InitJiraArgs;
use crate::command::context::Context;
use crate::command::failure::{ExitStatus, Failure};
use crate::command::setup::secret_input::{self, check_spelling, validation};
use crate::command::setup::terminal::no_answer;
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
        check_spelling("client ID", &client_id, WHERE)?;
        let client_secret = read_client_secret(ctx, args)?;
        check_spelling("client secret", client_secret.expose(), WHERE)?;
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
        return secret_input::read_file(ctx, "client secret", file);
    }
    if args.client_secret_stdin {
        return secret_input::read_stdin("client secret");
    }
    if let Some(secret) = ctx.variable(CLIENT_SECRET) {
        return Ok(Secret::new(secret));
    }
    if !ctx.can_ask {
        let message = format!("no client secret: pass --client-secret-file or --client-secret-stdin, or set {CLIENT_SECRET}");
        return Err(Failure::new(ExitStatus::Usage, message).hint(WHERE).into());
    }
    secret_input::ask("Client secret:")
}
