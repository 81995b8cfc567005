//! Jira Data Center's part of the status: when the personal access token ends.

use jiff::Timestamp;
use serde::Serialize;

use crate::atlassian::personal_access_token::{Expiry, Ledger};
use crate::atlassian::token_family::days_until;
use crate::report::printable;

/// The token, as JSON.
#[derive(Serialize)]
pub(super) struct TokenDocument {
    host: String,
    user: String,
    verified_at: String,
    expiry: &'static str,
    expires_at: Option<String>,
    days_left: Option<i64>,
}

impl TokenDocument {
    pub(super) fn new(ledger: &Ledger, now: Timestamp) -> Self {
        Self {
            host: ledger.host.clone(),
            user: ledger.user.clone(),
            verified_at: ledger.verified_at.to_string(),
            expiry: ledger.expiry.word(),
            expires_at: ledger.expiry.soonest().map(|end| end.to_string()),
            days_left: ledger.expiry.soonest().map(|end| days_until(end, now)),
        }
    }
}

/// The token on one line; none where no token is known of.
pub(super) fn line(ledger: Option<&Ledger>, now: Timestamp) -> String {
    let Some(ledger) = ledger else {
        return String::from("Jira Data Center  no token is known of; run tfhelper init-jira-server");
    };
    let end = match ledger.expiry {
        Expiry::At(end) if end <= now => format!("ended on {}", day(end)),
        Expiry::At(end) => format!("ends on {}, {} days left", day(end), days_until(end, now)),
        Expiry::NotBefore(end) => {
            format!("is one of several, the first of which ends on {}; {} days left", day(end), days_until(end, now))
        }
        Expiry::Never => String::from("never ends"),
        Expiry::Unknown => String::from("ends on a day that is not known; tfhelper init-jira-server --expires DATE tells"),
    };
    printable(&format!("Jira Data Center  the token of `{}` at `{}` {end}", ledger.user, ledger.host)).into_owned()
}

/// The token is about to end, or has ended.
pub(super) fn runs_out(ledger: Option<&Ledger>, now: Timestamp, warn_days: i64) -> bool {
    ledger.and_then(|ledger| ledger.expiry.soonest()).is_some_and(|end| days_until(end, now) < warn_days)
}

fn day(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_line(expiry: Expiry, expected: &str, expected_to_run_out: bool) {
        let now: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        let ledger = Ledger { host: String::from("jira.acme.test"), user: String::from("svc"), verified_at: now, expiry };
        let line = line(Some(&ledger), now);
        assert!(line.contains(expected), "{line}");
        assert_eq!(runs_out(Some(&ledger), now, 30), expected_to_run_out);
    }

    fn on(day: &str) -> Timestamp {
        format!("{day}T12:00:00Z").parse().unwrap()
    }

    #[test]
    fn days_that_are_left_are_told() {
        check_line(Expiry::At(on("2027-11-23")), "ends on 2027-11-23, 365 days left", false);
        check_line(Expiry::At(on("2026-12-03")), "ends on 2026-12-03, 10 days left", true);
        check_line(Expiry::At(on("2026-11-01")), "ended on 2026-11-01", true);
    }

    #[test]
    fn token_that_never_ends_does_not_run_out() {
        check_line(Expiry::Never, "never ends", false);
    }

    #[test]
    fn one_of_several_may_run_out() {
        check_line(Expiry::NotBefore(on("2026-12-03")), "the first of which ends on 2026-12-03", true);
    }
}
