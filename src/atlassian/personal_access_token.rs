//! When a personal access token of Jira Data Center ends, and the ledger that remembers it. No I/O.
//!
//! Jira lists a user's tokens with their dates but never says which of them is the one that asks, so a date may be no more
//! than the soonest possible. The ledger holds no secret.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::token_family::LedgerError;

/// Where the ledger of Jira Data Center lies in a root module.
pub const LEDGER_PATH: &str = ".tfhelper/jira-server.json";

/// When the token ends, as far as that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expiry {
    /// At this time: the user said so, or it is the user's only token and Jira says so.
    At(Timestamp),
    /// Not before this time: it is that of the first of the user's tokens to end.
    NotBefore(Timestamp),
    /// None of the user's tokens ever ends.
    Never,
    /// Nobody said.
    Unknown,
}

impl Expiry {
    /// Returns the time that one has to reckon with.
    #[must_use]
    pub fn soonest(self) -> Option<Timestamp> {
        match self {
            Self::At(at) | Self::NotBefore(at) => Some(at),
            Self::Never | Self::Unknown => None,
        }
    }

    /// Returns the word for how much is known: `exact`, `soonest`, `never` or `unknown`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::At(_) => "exact",
            Self::NotBefore(_) => "soonest",
            Self::Never => "never",
            Self::Unknown => "unknown",
        }
    }

    /// Judges the list of the user's tokens, each the time of its end or none; those that have ended do not count.
    #[must_use]
    pub fn of_list(ends: &[Option<Timestamp>], now: Timestamp) -> Self {
        let alive: Vec<Option<Timestamp>> = ends.iter().copied().filter(|end| end.is_none_or(|end| end > now)).collect();
        match (alive.as_slice(), alive.iter().copied().flatten().min()) {
            ([], _) => Self::Unknown,
            (_, None) => Self::Never,
            ([_], Some(end)) => Self::At(end),
            (_, Some(end)) => Self::NotBefore(end),
        }
    }
}

/// What is remembered of a personal access token, without the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ledger {
    /// The host of Jira, as `jira_server_url` has it.
    pub host: String,
    /// Name of the user that the token belongs to.
    pub user: String,
    /// When the token was tried out.
    pub verified_at: Timestamp,
    /// When it ends.
    pub expiry: Expiry,
}

/// Version of the ledger's format; another minor version only adds fields.
const FORMAT_VERSION: &str = "1.0";

/// The ledger as it is in the file.
#[derive(Serialize, Deserialize)]
struct LedgerFile {
    format_version: String,
    #[serde(default)]
    host: String,
    #[serde(default)]
    user: String,
    token: LedgerToken,
}

#[derive(Serialize, Deserialize)]
struct LedgerToken {
    verified_at: Timestamp,
    expiry: String,
    #[serde(default)]
    expires_at: Option<Timestamp>,
}

impl Ledger {
    /// Parses the text of a ledger; fields of later minor versions are left alone.
    ///
    /// # Errors
    ///
    /// When the text is no JSON, of another format version, or says nothing that can be used of the token.
    pub fn parse(text: &str) -> Result<Self, LedgerError> {
        let unusable = |message: String| LedgerError { message };
        let file: LedgerFile =
            serde_json::from_str(text).map_err(|error| unusable(format!("cannot parse the ledger: {error}")))?;
        if file.format_version.split('.').next() != Some("1") {
            return Err(unusable(format!("the ledger's format_version is `{}`; this tfhelper knows 1", file.format_version)));
        }
        let expiry = match (file.token.expiry.as_str(), file.token.expires_at) {
            ("exact", Some(at)) => Expiry::At(at),
            ("soonest", Some(at)) => Expiry::NotBefore(at),
            ("never", None) => Expiry::Never,
            ("unknown", None) => Expiry::Unknown,
            (word, _) => return Err(unusable(format!("the ledger's expiry `{word}` does not go with its expires_at"))),
        };
        Ok(Self { host: file.host, user: file.user, verified_at: file.token.verified_at, expiry })
    }

    /// Renders the ledger as the text of its file, JSON with a final newline.
    #[must_use]
    pub fn render(&self) -> String {
        let file = LedgerFile {
            format_version: String::from(FORMAT_VERSION),
            host: self.host.clone(),
            user: self.user.clone(),
            token: LedgerToken {
                verified_at: self.verified_at,
                expiry: String::from(self.expiry.word()),
                expires_at: self.expiry.soonest(),
            },
        };
        // Strings and timestamps always serialize.
        let mut text = serde_json::to_string_pretty(&file).unwrap_or_default();
        text.push('\n');
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(number: i64) -> Timestamp {
        Timestamp::from_second(number * 86_400).unwrap()
    }

    #[track_caller]
    fn check_list(ends: &[Option<i64>], expected: Expiry) {
        let ends: Vec<Option<Timestamp>> = ends.iter().map(|end| end.map(day)).collect();
        assert_eq!(Expiry::of_list(&ends, day(10)), expected);
    }

    #[test]
    fn only_token_is_the_one() {
        check_list(&[Some(20)], Expiry::At(day(20)));
    }

    #[test]
    fn only_token_without_an_end_never_ends() {
        check_list(&[None], Expiry::Never);
    }

    #[test]
    fn first_of_several_to_end_counts() {
        check_list(&[Some(30), None, Some(20)], Expiry::NotBefore(day(20)));
    }

    #[test]
    fn tokens_that_have_ended_do_not_count() {
        check_list(&[Some(9), Some(20)], Expiry::At(day(20)));
    }

    #[test]
    fn empty_list_says_nothing() {
        check_list(&[], Expiry::Unknown);
    }

    #[track_caller]
    fn check_round_trip(expiry: Expiry) {
        let ledger = Ledger { host: String::from("jira.acme.test"), user: String::from("svc"), verified_at: day(1), expiry };
        assert_eq!(Ledger::parse(&ledger.render()), Ok(ledger));
    }

    #[test]
    fn ledger_reads_what_it_renders() {
        check_round_trip(Expiry::At(day(20)));
        check_round_trip(Expiry::NotBefore(day(20)));
        check_round_trip(Expiry::Never);
        check_round_trip(Expiry::Unknown);
    }

    #[track_caller]
    fn check_broken(text: &str, expected: &str) {
        let message = Ledger::parse(text).unwrap_err().message;
        assert!(message.contains(expected), "{message}");
    }

    #[test]
    fn ledger_of_another_format_is_refused() {
        let token = r#""token":{"verified_at":"2026-01-01T00:00:00Z","expiry":"never"}"#;
        check_broken(&format!(r#"{{"format_version":"2.0",{token}}}"#), "knows 1");
    }

    #[test]
    fn ledger_with_an_end_and_no_date_is_refused() {
        let token = r#""token":{"verified_at":"2026-01-01T00:00:00Z","expiry":"exact"}"#;
        check_broken(&format!(r#"{{"format_version":"1.0",{token}}}"#), "`exact` does not go with");
    }
}
