//! When the consent was given and when it ends, and the ledger that remembers it. No I/O.
//!
//! Atlassian offers no query for either date: both ends are computed from the day of the consent, and every text that
//! shows them says so. The ledger holds no secret.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Days after which a refresh token that nobody has used is dead; each use starts them anew.
///
/// Source: Atlassian's announcement of rotating refresh tokens (community.developer.atlassian.com, topic 54172).
pub const IDLE_DAYS: i64 = 90;

/// Lifetime of a token family, in days; after it every refresh fails and consent is needed again.
///
/// Source: psoxy `docs/sources/atlassian/jira/README.md`, last note ("By default ... 1 year"), and topic 54172.
pub const TOKEN_FAMILY_DAYS: i64 = 365;

/// Where the ledger of Jira Cloud lies in a root module.
pub const LEDGER_PATH: &str = ".tfhelper/jira-cloud.json";

const SECONDS_PER_DAY: i64 = 86_400;

/// The first tokens of a consent and all that follow from them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenFamily {
    /// When the consent was given.
    pub consented_at: Timestamp,
}

impl TokenFamily {
    /// Returns when the family ends unless it is used before; `last_used_at` is the last refresh that is known of.
    #[must_use]
    pub fn idle_expires_at(&self, last_used_at: Option<Timestamp>) -> Timestamp {
        let start = last_used_at.map_or(self.consented_at, |used| used.max(self.consented_at));
        days_after(start, IDLE_DAYS)
    }

    /// Returns when the family ends, however often it is used.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        days_after(self.consented_at, TOKEN_FAMILY_DAYS)
    }
}

/// Returns the whole days from `now` to `end`, rounded down; negative once it is past.
#[must_use]
pub fn days_until(end: Timestamp, now: Timestamp) -> i64 {
    end.duration_since(now).as_secs().div_euclid(SECONDS_PER_DAY)
}

/// A day of the calendar is no part of this: Atlassian counts from the moment of the consent.
fn days_after(start: Timestamp, days: i64) -> Timestamp {
    start.saturating_add(SignedDuration::from_secs(days * SECONDS_PER_DAY)).unwrap_or(Timestamp::MAX)
}

/// What is remembered of a consent, without any secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ledger {
    /// The app's client ID.
    pub client_id: String,
    /// URL of the site.
    pub site_url: String,
    /// Name of the site.
    pub site_name: String,
    /// Cloud ID of the site.
    pub cloud_id: String,
    /// The scopes that were granted.
    pub scopes: Vec<String>,
    /// The psoxy release that the scopes were compared with, for example `v0.6.6`.
    pub psoxy_release: Option<String>,
    /// The consent and its ends.
    pub token_family: TokenFamily,
}

/// Why a ledger cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerError {
    /// What is wrong with it, and where.
    pub message: String,
}

impl fmt::Display for LedgerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for LedgerError {}

/// Version of the ledger's format; another minor version only adds fields.
const FORMAT_VERSION: &str = "1.0";

/// The ledger as it is in the file; what this version does not know is left out, and what is not needed may be absent.
#[derive(Serialize, Deserialize)]
struct LedgerFile {
    format_version: String,
    #[serde(default)]
    client_id: String,
    #[serde(default)]
    site: LedgerSite,
    #[serde(default)]
    cloud_id: String,
    #[serde(default)]
    scopes: Vec<String>,
    #[serde(default)]
    psoxy_release: Option<String>,
    token_family: LedgerTokenFamily,
}

#[derive(Serialize, Deserialize, Default)]
struct LedgerSite {
    #[serde(default)]
    url: String,
    #[serde(default)]
    name: String,
}

/// The ends are written for people and other programs; they are computed anew when the ledger is read.
#[derive(Serialize, Deserialize)]
struct LedgerTokenFamily {
    consented_at: Timestamp,
    #[serde(default)]
    idle_expires_at: Option<Timestamp>,
    #[serde(default)]
    expires_at: Option<Timestamp>,
}

impl Ledger {
    /// Parses the text of a ledger; fields of later minor versions are left alone.
    ///
    /// # Errors
    ///
    /// When the text is no JSON, of another format version, or without the day of the consent; the message says where.
    pub fn parse(text: &str) -> Result<Self, LedgerError> {
        let file: LedgerFile =
            serde_json::from_str(text).map_err(|error| LedgerError { message: format!("cannot parse the ledger: {error}") })?;
        if file.format_version.split('.').next() != Some("1") {
            let message = format!("the ledger's format_version is `{}`; this tfhelper knows 1", file.format_version);
            return Err(LedgerError { message });
        }
        Ok(Self {
            client_id: file.client_id,
            site_url: file.site.url,
            site_name: file.site.name,
            cloud_id: file.cloud_id,
            scopes: file.scopes,
            psoxy_release: file.psoxy_release,
            token_family: TokenFamily { consented_at: file.token_family.consented_at },
        })
    }

    /// Renders the ledger as the text of its file, JSON with a final newline.
    #[must_use]
    pub fn render(&self) -> String {
        let file = LedgerFile {
            format_version: String::from(FORMAT_VERSION),
            client_id: self.client_id.clone(),
            site: LedgerSite { url: self.site_url.clone(), name: self.site_name.clone() },
            cloud_id: self.cloud_id.clone(),
            scopes: self.scopes.clone(),
            psoxy_release: self.psoxy_release.clone(),
            token_family: LedgerTokenFamily {
                consented_at: self.token_family.consented_at,
                idle_expires_at: Some(self.token_family.idle_expires_at(None)),
                expires_at: Some(self.token_family.expires_at()),
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

    fn timestamp(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn family() -> TokenFamily {
        TokenFamily { consented_at: timestamp("2026-01-01T10:00:00Z") }
    }

    fn ledger() -> Ledger {
        Ledger {
            client_id: String::from("id"),
            site_url: String::from("https://acme.atlassian.net"),
            site_name: String::from("acme"),
            cloud_id: String::from("1324a887-45db-1bf4-1e99-ef0ff456d421"),
            scopes: vec![String::from("read:jira-work")],
            psoxy_release: Some(String::from("v0.6.6")),
            token_family: family(),
        }
    }

    #[test]
    fn the_family_ends_after_365_days() {
        assert_eq!(family().expires_at(), timestamp("2027-01-01T10:00:00Z"));
    }

    #[test]
    fn an_unused_family_ends_after_90_days() {
        assert_eq!(family().idle_expires_at(None), timestamp("2026-04-01T10:00:00Z"));
    }

    #[test]
    fn a_use_starts_the_idle_days_anew() {
        assert_eq!(family().idle_expires_at(Some(timestamp("2026-01-03T00:00:00Z"))), timestamp("2026-04-03T00:00:00Z"));
    }

    #[test]
    fn a_use_before_the_consent_does_not_count() {
        assert_eq!(family().idle_expires_at(Some(timestamp("2025-01-03T00:00:00Z"))), timestamp("2026-04-01T10:00:00Z"));
    }

    #[test]
    fn a_family_at_the_end_of_time_does_not_overflow() {
        assert_eq!(TokenFamily { consented_at: Timestamp::MAX }.expires_at(), Timestamp::MAX);
    }

    #[test]
    fn days_are_rounded_down() {
        assert_eq!(days_until(timestamp("2026-01-03T09:00:00Z"), timestamp("2026-01-01T10:00:00Z")), 1);
    }

    #[test]
    fn the_day_after_the_end_is_minus_one() {
        assert_eq!(days_until(timestamp("2026-01-01T10:00:00Z"), timestamp("2026-01-01T10:00:01Z")), -1);
    }

    #[test]
    fn a_ledger_reads_what_it_renders() {
        assert_eq!(Ledger::parse(&ledger().render()), Ok(ledger()));
    }

    #[test]
    fn a_ledger_names_both_ends() {
        let rendered = ledger().render();
        assert!(rendered.contains("\"idle_expires_at\": \"2026-04-01T10:00:00Z\""), "{rendered}");
        assert!(rendered.contains("\"expires_at\": \"2027-01-01T10:00:00Z\""), "{rendered}");
    }

    #[test]
    fn a_ledger_of_a_later_minor_version_is_read() {
        let text = r#"{"format_version":"1.7","new":[1],"token_family":{"consented_at":"2026-01-01T10:00:00Z"}}"#;
        assert_eq!(Ledger::parse(text).unwrap().token_family, family());
    }

    #[track_caller]
    fn check_broken(text: &str, expected: &str) {
        let message = Ledger::parse(text).unwrap_err().message;
        assert!(message.contains(expected), "{message}");
    }

    #[test]
    fn a_ledger_of_another_format_is_refused() {
        check_broken(r#"{"format_version":"2.0","token_family":{"consented_at":"2026-01-01T10:00:00Z"}}"#, "knows 1");
    }

    #[test]
    fn a_ledger_cut_short_says_where() {
        check_broken("{\"format_version\":\n", "line 2");
    }

    #[test]
    fn a_ledger_without_the_day_of_the_consent_says_so() {
        check_broken(r#"{"format_version":"1.0","token_family":{}}"#, "consented_at");
    }
}
