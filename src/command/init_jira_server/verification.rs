//! What Jira says of itself and of the token, before anything is written.

use jiff::Timestamp;

use super::refusal;
use crate::atlassian::client::data_center::DataCenterClient;
use crate::atlassian::data_center::{Address, ServerInfo, User};
use crate::atlassian::personal_access_token::Expiry;
use crate::command::context::Context;
use crate::command::setup::steps::done;
use crate::command::setup::summary::day;
use crate::command::setup::terminal::Progress;
use crate::report::printable;
use crate::secret::Secret;

/// What was learned of Jira and the token.
pub(super) struct Verification {
    /// None where Jira does not tell.
    pub(super) version: Option<String>,
    pub(super) user: User,
    pub(super) expiry: Expiry,
    pub(super) verified_at: Timestamp,
}

/// Asks what stands at the address, without the token: it is no business of anything that is not Jira Data Center.
///
/// # Errors
///
/// When there is no Jira, or one without personal access tokens.
pub(super) async fn identify(
    ctx: &mut Context,
    client: &DataCenterClient,
    address: &Address,
) -> anyhow::Result<Option<ServerInfo>> {
    let progress = Progress::show("Asking Jira for its version");
    let answer = client.fetch_server_info(None).await;
    drop(progress);
    let info = answer.map_err(|error| refusal::of_address(error, address))?;
    match &info {
        Some(info) => {
            refusal::of_version(info)?;
            done(ctx, &format!("Jira {} at `{}`", info.version, address.host()));
        }
        None => done(ctx, &format!("Jira at `{}`, which tells its version to nobody who is not logged in", address.host())),
    }
    Ok(info)
}

impl Verification {
    /// Tries the token out.
    ///
    /// # Errors
    ///
    /// When Jira does not know the token, or its user may not browse projects.
    pub(super) async fn make(
        ctx: &mut Context,
        client: &DataCenterClient,
        token: &Secret,
        info: Option<ServerInfo>,
        given_end: Option<Timestamp>,
    ) -> anyhow::Result<Self> {
        let verified_at = ctx.now()?;
        let progress = Progress::show("Trying the token out");
        let user = client.fetch_user(token).await.map_err(|error| refusal::of_token(error, info.as_ref()))?;
        let info = match info {
            Some(info) => Some(info),
            None => client.fetch_server_info(Some(token)).await.map_err(refusal::of_request)?,
        };
        let can_browse = client.fetch_can_browse_projects(token).await.map_err(refusal::of_request)?;
        let ends = client.fetch_token_ends(token).await.map_err(refusal::of_request)?;
        drop(progress);

        if let Some(info) = &info {
            refusal::of_version(info)?;
        }
        let described = describe(&user);
        done(ctx, &format!("the token is that of {described}"));
        if !user.looks_like_service_account() {
            ctx.say(format_args!(
                "   warning: {} looks like a person's account. The proxy sees what that person may see, and stops when the person \
                 leaves: use an account of its own.",
                printable(&described)
            ));
        }
        match can_browse {
            Some(true) => done(ctx, "the user may browse projects"),
            Some(false) => return Err(refusal::no_permission(&described).into()),
            None => ctx.note("   Jira does not say whether the user may browse projects; the test calls will show it."),
        }
        let expiry = expiry(ctx, given_end, ends.as_deref(), verified_at);
        Ok(Self { version: info.map(|info| info.version), user, expiry, verified_at })
    }
}

/// A user on one line.
pub(super) fn describe(user: &User) -> String {
    if user.display_name.is_empty() { format!("`{}`", user.name) } else { format!("`{}` ({})", user.name, user.display_name) }
}

/// When the token ends, by its owner's word and by Jira's list.
fn expiry(ctx: &mut Context, given: Option<Timestamp>, listed: Option<&[Option<Timestamp>]>, now: Timestamp) -> Expiry {
    let of_list = listed.map_or(Expiry::Unknown, |ends| Expiry::of_list(ends, now));
    let expiry = match (given, of_list) {
        (Some(given), Expiry::At(listed)) => {
            if day(given) != day(listed) {
                ctx.say(format_args!(
                    "   warning: Jira says that the token ends on {}, not on {}; Jira's date counts.",
                    day(listed),
                    day(given)
                ));
            }
            Expiry::At(listed)
        }
        (Some(given), Expiry::NotBefore(_) | Expiry::Never | Expiry::Unknown) => Expiry::At(given),
        (None, of_list) => of_list,
    };
    match expiry {
        Expiry::At(end) => done(ctx, &format!("the token ends on {}", day(end))),
        Expiry::NotBefore(end) => ctx.note(format_args!(
            "   The user has several tokens, the first of which ends on {}. Pass --expires DATE if this one ends later.",
            day(end)
        )),
        Expiry::Never => done(ctx, "the token never ends"),
        Expiry::Unknown => {
            ctx.note("   When the token ends is not known. Pass --expires DATE, and `tfhelper status` and `tfhelper check` warn in time.");
        }
    }
    expiry
}
