//! Jira Data Center's part of the status: when the personal access token ends, and whether the store has it.

use jiff::Timestamp;
use serde::Serialize;

use super::evidence::StoreEvidence;
use crate::atlassian::personal_access_token::{Expiry, Ledger};
use crate::atlassian::token_family::days_until;
use crate::report::printable;
use crate::secret::name::SecretName;
use crate::secret::state::Condition;

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

/// What is known of the token.
pub(super) struct TokenEvidence {
    /// What `init-jira-server` left behind on this machine.
    pub(super) ledger: Option<Ledger>,
    /// The token waits for `tfhelper secrets push`, under this name.
    pub(super) kept: Option<SecretName>,
    /// What the store says.
    pub(super) store: StoreEvidence,
    /// The time.
    pub(super) now: Timestamp,
}

impl TokenEvidence {
    /// What is known, as lines for people.
    pub(super) fn lines(&self) -> [String; 2] {
        [format!("Jira Data Center  {}", printable(&self.end())), format!("                  {}", printable(&self.place()))]
    }

    /// When the token ends.
    fn end(&self) -> String {
        let Some(ledger) = &self.ledger else { return String::from("no token is known of on this machine") };
        let end = match ledger.expiry {
            Expiry::At(end) if end <= self.now => format!("ended on {}", day(end)),
            Expiry::At(end) => format!("ends on {}, {} days left", day(end), days_until(end, self.now)),
            Expiry::NotBefore(end) => {
                format!("is one of several, the first of which ends on {}; {} days left", day(end), days_until(end, self.now))
            }
            Expiry::Never => String::from("never ends"),
            Expiry::Unknown => String::from("ends on a day that is not known; tfhelper init-jira-server --expires DATE tells"),
        };
        format!("the token of `{}` at `{}` {end}", ledger.user, ledger.host)
    }

    /// Where the token is.
    fn place(&self) -> String {
        if let Some(name) = &self.kept {
            return format!("`{name}` kept in a file, not in the store yet");
        }
        match &self.store {
            StoreEvidence::NotAsked => String::from("`tfhelper status --online` asks whether the store has it"),
            StoreEvidence::Unreachable(why) => format!("the store could not be asked: {why}"),
            StoreEvidence::Known { place, states } => {
                let judged = states.iter().map(|(name, state)| {
                    let condition = match state.condition {
                        Condition::Set => "set",
                        Condition::Unreadable => "there, and may not be read",
                        Condition::Absent => "missing",
                        Condition::Placeholder | Condition::Whitespace => "without a real value",
                    };
                    format!("`{name}` {condition} in {place}")
                });
                judged.collect::<Vec<_>>().join(", ")
            }
        }
    }

    /// The token is about to end, or has ended.
    pub(super) fn runs_out(&self, warn_days: i64) -> bool {
        let end = self.ledger.as_ref().and_then(|ledger| ledger.expiry.soonest());
        end.is_some_and(|end| days_until(end, self.now) < warn_days)
    }

    /// Returns the command that comes next, and why; none when nothing is to do.
    pub(super) fn next(&self, warn_days: i64) -> Option<(String, String)> {
        let has = |conditions: &[Condition]| match &self.store {
            StoreEvidence::Known { states, .. } => states.iter().any(|(_, state)| conditions.contains(&state.condition)),
            StoreEvidence::NotAsked | StoreEvidence::Unreachable(_) => false,
        };
        let is_stored = has(&[Condition::Set, Condition::Unreadable]);
        let (command, why) = match () {
            () if self.runs_out(warn_days) => {
                ("tfhelper init-jira-server", String::from("the personal access token is about to end, or has ended"))
            }
            () if self.kept.is_some() => ("tfhelper secrets push", self.place()),
            () if has(&[Condition::Absent]) => ("terraform apply", self.place()),
            () if has(&[Condition::Placeholder, Condition::Whitespace]) => ("tfhelper init-jira-server", self.place()),
            () if self.ledger.is_none() && !is_stored => ("tfhelper init-jira-server", self.end()),
            () => return None,
        };
        Some((command.to_owned(), why))
    }
}

fn day(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::name::Naming;
    use crate::secret::state::SecretState;

    const NOW: &str = "2026-11-23T12:00:00Z";

    /// A token with this end, stored or not.
    fn evidence(expiry: Expiry, condition: Option<Condition>) -> TokenEvidence {
        let now: Timestamp = NOW.parse().unwrap();
        let ledger = Ledger { host: String::from("jira.acme.test"), user: String::from("svc"), verified_at: now, expiry };
        let naming = Naming::Aws { environment_name: String::from("psoxy"), root_path: String::new() };
        let store = match condition {
            None => StoreEvidence::NotAsked,
            Some(condition) => StoreEvidence::Known {
                place: String::from("the store"),
                states: vec![(naming.name("jira-server", "ACCESS_TOKEN"), SecretState::without_value(condition))],
            },
        };
        TokenEvidence { ledger: Some(ledger), kept: None, store, now }
    }

    #[track_caller]
    fn check_end(expiry: Expiry, expected: &str, expected_to_run_out: bool) {
        let evidence = evidence(expiry, None);
        assert!(evidence.end().contains(expected), "{}", evidence.end());
        assert_eq!(evidence.runs_out(30), expected_to_run_out);
    }

    #[track_caller]
    fn check_next(evidence: &TokenEvidence, expected: Option<&str>) {
        assert_eq!(evidence.next(30).as_ref().map(|(command, _)| command.as_str()), expected);
    }

    fn on(day: &str) -> Timestamp {
        format!("{day}T12:00:00Z").parse().unwrap()
    }

    #[test]
    fn days_that_are_left_are_told() {
        check_end(Expiry::At(on("2027-11-23")), "ends on 2027-11-23, 365 days left", false);
        check_end(Expiry::At(on("2026-12-03")), "ends on 2026-12-03, 10 days left", true);
        check_end(Expiry::At(on("2026-11-01")), "ended on 2026-11-01", true);
    }

    #[test]
    fn token_that_never_ends_does_not_run_out() {
        check_end(Expiry::Never, "never ends", false);
    }

    #[test]
    fn one_of_several_may_run_out() {
        check_end(Expiry::NotBefore(on("2026-12-03")), "the first of which ends on 2026-12-03", true);
    }

    #[test]
    fn token_in_the_store_leaves_nothing_to_do() {
        check_next(&evidence(Expiry::Never, Some(Condition::Set)), None);
        check_next(&TokenEvidence { ledger: None, ..evidence(Expiry::Never, Some(Condition::Set)) }, None);
    }

    #[test]
    fn token_that_is_missing_is_the_next_thing_to_do() {
        check_next(&evidence(Expiry::Never, Some(Condition::Absent)), Some("terraform apply"));
        check_next(&evidence(Expiry::Never, Some(Condition::Placeholder)), Some("tfhelper init-jira-server"));
        check_next(&TokenEvidence { ledger: None, ..evidence(Expiry::Never, None) }, Some("tfhelper init-jira-server"));
    }

    #[test]
    fn token_that_ends_soon_comes_first() {
        check_next(&evidence(Expiry::At(on("2026-12-03")), Some(Condition::Absent)), Some("tfhelper init-jira-server"));
    }
}
