//! The personal access token: where it comes from, and when its owner says that it ends.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

use crate::cli::init_jira_server::InitJiraServerArgs;
use crate::command::context::Context;
use crate::command::failure::{ExitStatus, Failure};
use crate::command::setup::secret_input::{self, check_spelling};
use crate::secret::Secret;

/// Where it is found; said when nobody can be asked.
const WHERE: &str = "a token is created in Jira under your profile picture > Profile > Personal Access Tokens, logged in as the \
                     account that the proxy is to use";

/// Whether an option gives the token.
pub(super) fn is_given(args: &InitJiraServerArgs) -> bool {
    args.token_stdin || args.token_file.is_some()
}

/// Takes the token from a file, from standard input, or from the person at the terminal.
pub(super) fn gather(ctx: &mut Context, args: &InitJiraServerArgs) -> anyhow::Result<Secret> {
    let token = if let Some(file) = &args.token_file {
        secret_input::read_file(ctx, "token", file)?
    } else if args.token_stdin {
        secret_input::read_stdin("token")?
    } else if ctx.can_ask {
        ctx.note(format_args!("   No token yet? {WHERE}."));
        secret_input::ask("Personal access token:")?
    } else {
        return Err(Failure::new(ExitStatus::Usage, "no token: pass --token-file or --token-stdin").hint(WHERE).into());
    };
    check_spelling("token", token.expose(), WHERE)?;
    Ok(token)
}

/// Reads `--expires`: a day, which counts from its first moment in UTC, or an RFC 3339 timestamp.
pub(super) fn parse_expiry(text: &str, now: Timestamp) -> anyhow::Result<Timestamp> {
    let of_day = |day: Date| TimeZone::UTC.to_timestamp(day.to_datetime(Time::midnight())).ok();
    let expires_at = text.parse::<Timestamp>().ok().or_else(|| of_day(text.parse().ok()?));
    let unusable = |why: &str| {
        let hint =
            "write the day that Jira shows beside the token, such as --expires 2027-03-31; leave it out if it never expires";
        Failure::new(ExitStatus::Usage, format!("cannot use `{text}` as the day on which the token expires: {why}")).hint(hint)
    };
    let expires_at = expires_at.ok_or_else(|| unusable("it is no date"))?;
    if expires_at <= now {
        return Err(unusable("it is past").into());
    }
    Ok(expires_at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_expiry(text: &str, expected: Option<&str>) {
        let expected: Option<Timestamp> = expected.map(|text| text.parse().unwrap());
        let now = "2026-11-23T12:00:00Z".parse().unwrap();
        assert_eq!(parse_expiry(text, now).ok(), expected);
    }

    #[test]
    fn day_counts_from_its_first_moment() {
        check_expiry("2027-03-31", Some("2027-03-31T00:00:00Z"));
    }

    #[test]
    fn timestamp_is_taken_as_it_is() {
        check_expiry("2027-03-31T10:00:00+01:00", Some("2027-03-31T09:00:00Z"));
    }

    #[test]
    fn day_that_is_past_is_refused() {
        check_expiry("2026-11-23", None);
        check_expiry("2026-11-24", Some("2026-11-24T00:00:00Z"));
    }

    #[test]
    fn what_is_no_date_is_refused() {
        check_expiry("31.3.2027", None);
        check_expiry("2027-02-30", None);
    }
}
