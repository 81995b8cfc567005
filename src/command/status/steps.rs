//! The ten steps of psoxy's manual procedure for Jira Cloud, each judged by what is known.
//!
//! Nothing at Atlassian tells whether an app was made or its callback URL is right; what a consent has proved is done.

use super::evidence::{Evidence, StoreEvidence};
use crate::secret::name::SecretName;
use crate::secret::state::Condition;

/// What can be said of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StepState {
    /// Done.
    Done,
    /// To do, or to do again.
    ToDo,
    /// Nothing that can be seen from here tells.
    Unknown,
}

impl StepState {
    /// The word in JSON.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::ToDo => "to_do",
            Self::Unknown => "unknown",
        }
    }
}

/// A step of the procedure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) number: usize,
    pub(super) title: &'static str,
    pub(super) state: StepState,
    /// What the state was told by.
    pub(super) evidence: String,
}

/// Source: psoxy `docs/sources/atlassian/jira/README.md`, steps 1 to 10.
const TITLES: [&str; 10] = [
    "Create an OAuth 2.0 integration in the developer console",
    "Give it its callback URL",
    "Give it the scopes",
    "Copy the client ID and the secret",
    "Open the authorization URL",
    "Choose the site and accept",
    "Exchange the code for tokens",
    "Put the secrets where the proxy reads them",
    "Look the cloud ID up",
    "Set `jira_cloud_id`",
];

/// Judges the ten steps.
pub(super) fn judge(evidence: &Evidence) -> Vec<Step> {
    let consented = consented(evidence);
    let of_consent = |done: &str| match &consented {
        Ok(()) => (StepState::Done, done.to_owned()),
        Err((state, why)) => (*state, why.clone()),
    };
    let proved = |done: String| match &evidence.ledger {
        Some(_) => (StepState::Done, done),
        None => (StepState::Unknown, String::from("only a consent shows it")),
    };
    let site = match &evidence.ledger {
        Some(ledger) if !ledger.site_url.is_empty() => format!("{} ({})", ledger.site_name, ledger.site_url),
        Some(_) | None => String::from("accepted; the site is not known here"),
    };
    let client_id = evidence.ledger.as_ref().map_or_else(String::new, |ledger| format!("client ID {}", ledger.client_id));
    let states = [
        proved(client_id.clone()),
        proved(String::from("a consent came back to it")),
        scopes(evidence),
        credentials(evidence, client_id),
        of_consent("a consent was given"),
        of_consent(&site),
        of_consent("the refresh token came with it"),
        secrets(evidence),
        cloud_id_lookup(evidence),
        cloud_id_setting(evidence),
    ];
    TITLES
        .into_iter()
        .zip(states)
        .enumerate()
        .map(|(at, (title, (state, evidence)))| Step { number: at + 1, title, state, evidence })
        .collect()
}

/// Returns the command that the first open step asks for; none when nothing is open.
pub(super) fn next(evidence: &Evidence, steps: &[Step], warn_days: i64) -> Option<(String, String)> {
    let runs_out = evidence.consent().is_some_and(|consent| consent.certain_days_left(evidence.now) < warn_days);
    if runs_out {
        return Some((String::from("tfhelper init-jira --renew"), String::from("the consent is about to end, or has ended")));
    }
    let open = steps.iter().find(|step| step.state == StepState::ToDo)?;
    let command = match open.number {
        3 | 5..=7 if evidence.ledger.is_some() => "tfhelper init-jira --renew",
        8 if !evidence.kept.is_empty() => "tfhelper secrets push",
        8 if evidence.unfilled().len() == absent(evidence).len() => "terraform apply",
        10 => match &evidence.ledger {
            Some(ledger) => &set_cloud_id(&ledger.cloud_id),
            None => "tfhelper init-jira",
        },
        _ => "tfhelper init-jira",
    };
    Some((command.to_owned(), format!("step {}: {}", open.number, open.evidence)))
}

fn set_cloud_id(cloud_id: &str) -> String {
    format!("tfhelper init-jira --no-oauth --cloud-id {cloud_id}")
}

/// Whether a consent was given that still holds.
fn consented(evidence: &Evidence) -> Result<(), (StepState, String)> {
    let Some(consent) = evidence.consent() else {
        return match evidence.state("REFRESH_TOKEN").map(|state| state.condition) {
            Some(Condition::Set | Condition::Unreadable) => {
                Err((StepState::Unknown, String::from("the store has a refresh token; nothing says of which consent")))
            }
            Some(Condition::Absent | Condition::Placeholder | Condition::Whitespace) | None => {
                Err((StepState::ToDo, String::from("no consent is known of")))
            }
        };
    };
    if consent.days_left(evidence.now) < 0 {
        let day = consent.family.expires_at().strftime("%Y-%m-%d");
        return Err((StepState::ToDo, format!("the consent ended on {day}")));
    }
    if consent.certain_days_left(evidence.now) < 0 {
        let day = consent.family.idle_expires_at(consent.last_used_at).strftime("%Y-%m-%d");
        return Err((StepState::ToDo, format!("nobody used the consent, so it ended on {day}")));
    }
    Ok(())
}

fn scopes(evidence: &Evidence) -> (StepState, String) {
    match evidence.missing_scopes() {
        None => (StepState::Unknown, String::from("only a consent shows them")),
        Some(missing) if missing.is_empty() => (StepState::Done, String::from("every scope that psoxy needs is granted")),
        Some(missing) => (StepState::ToDo, format!("the grant lacks {missing}")),
    }
}

fn credentials(evidence: &Evidence, client_id: String) -> (StepState, String) {
    let is_set = |variable: &str| evidence.state(variable).is_some_and(|state| state.condition == Condition::Set);
    match &evidence.ledger {
        Some(_) => (StepState::Done, client_id),
        None if is_set("CLIENT_ID") && is_set("CLIENT_SECRET") => (StepState::Done, String::from("the store has both")),
        None => (StepState::Unknown, String::from("only a consent, or the store, shows it")),
    }
}

fn secrets(evidence: &Evidence) -> (StepState, String) {
    if !evidence.kept.is_empty() {
        return (StepState::ToDo, format!("{} kept in a file, not in the store yet", names(&evidence.kept)));
    }
    match &evidence.store {
        StoreEvidence::NotAsked => (StepState::Unknown, String::from("`tfhelper status --online` asks the store")),
        StoreEvidence::Unreachable(why) => (StepState::Unknown, format!("the store could not be asked: {why}")),
        StoreEvidence::Known { place, .. } => {
            let unfilled: Vec<SecretName> = evidence.unfilled().into_iter().cloned().collect();
            if unfilled.is_empty() {
                return (StepState::Done, format!("all in {place}"));
            }
            let what = if absent(evidence).is_empty() { "without a real value" } else { "missing or without a real value" };
            (StepState::ToDo, format!("{} {what} in {place}", names(&unfilled)))
        }
    }
}

fn cloud_id_lookup(evidence: &Evidence) -> (StepState, String) {
    let of_ledger = evidence.ledger.as_ref().map(|ledger| ledger.cloud_id.as_str()).filter(|id| !id.is_empty());
    match (of_ledger, &evidence.cloud_id) {
        (Some(id), _) => (StepState::Done, id.to_owned()),
        (None, Some(id)) => (StepState::Done, format!("the root module has {id}")),
        (None, None) => (StepState::ToDo, String::from("not known")),
    }
}

fn cloud_id_setting(evidence: &Evidence) -> (StepState, String) {
    let of_ledger = evidence.ledger.as_ref().map(|ledger| ledger.cloud_id.as_str()).filter(|id| !id.is_empty());
    match (&evidence.cloud_id, of_ledger) {
        (None, _) => (StepState::ToDo, String::from("the root module has no value for it")),
        (Some(set), Some(consented)) if !set.eq_ignore_ascii_case(consented) => {
            (StepState::ToDo, format!("the root module has {set}, the consent is for {consented}"))
        }
        (Some(set), _) => (StepState::Done, set.clone()),
    }
}

fn absent(evidence: &Evidence) -> Vec<&SecretName> {
    let is_absent =
        |name: &&SecretName| evidence.state(name.variable()).is_some_and(|state| state.condition == Condition::Absent);
    evidence.unfilled().into_iter().filter(is_absent).collect()
}

fn names(names: &[SecretName]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::*;
    use crate::atlassian::token_family::{Ledger, TokenFamily};
    use crate::secret::name::Naming;
    use crate::secret::state::SecretState;

    const CLOUD_ID: &str = "1324a887-45db-1bf4-1e99-ef0ff456d421";

    fn consented_at() -> Timestamp {
        "2026-01-01T00:00:00Z".parse().unwrap()
    }

    fn name(variable: &str) -> SecretName {
        let naming = Naming::Aws { environment_name: String::from("psoxy"), root_path: String::new() };
        naming.name("jira-cloud", variable)
    }

    /// Everything done, on this day after the consent.
    fn done(day: i64) -> Evidence {
        Evidence {
            ledger: Some(Ledger {
                client_id: String::from("id"),
                site_url: String::from("https://acme.atlassian.net"),
                site_name: String::from("acme"),
                cloud_id: CLOUD_ID.to_owned(),
                scopes: vec![String::from("read:jira-work")],
                psoxy_release: None,
                token_family: TokenFamily { consented_at: consented_at() },
            }),
            required: ["read:jira-work"].into_iter().collect(),
            cloud_id: Some(CLOUD_ID.to_owned()),
            kept: Vec::new(),
            store: known(day),
            now: consented_at() + SignedDuration::from_hours(24 * day),
        }
    }

    /// A store with real values, the refresh token changed on this day.
    fn known(day: i64) -> StoreEvidence {
        let changed_at = Some(consented_at() + SignedDuration::from_hours(24 * day));
        let state = SecretState { changed_at, ..SecretState::without_value(Condition::Set) };
        let states = ["CLIENT_ID", "CLIENT_SECRET", "REFRESH_TOKEN"].map(|variable| (name(variable), state.clone()));
        StoreEvidence::Known { place: String::from("the store"), states: states.into() }
    }

    #[track_caller]
    fn check_states(evidence: &Evidence, expected: &str) {
        let letter = |step: &Step| match step.state {
            StepState::Done => 'x',
            StepState::ToDo => ' ',
            StepState::Unknown => '?',
        };
        assert_eq!(judge(evidence).iter().map(letter).collect::<String>(), expected);
    }

    #[track_caller]
    fn check_next(evidence: &Evidence, expected: Option<&str>) {
        let next = next(evidence, &judge(evidence), 30);
        assert_eq!(next.as_ref().map(|(command, _)| command.as_str()), expected);
    }

    fn without_anything() -> Evidence {
        Evidence { ledger: None, cloud_id: None, store: StoreEvidence::NotAsked, ..done(1) }
    }

    #[test]
    fn everything_done_is_done() {
        check_states(&done(1), "xxxxxxxxxx");
        check_next(&done(1), None);
    }

    #[test]
    fn nothing_known_starts_at_the_consent() {
        check_states(&without_anything(), "????   ?  ");
        check_next(&without_anything(), Some("tfhelper init-jira"));
    }

    #[test]
    fn a_store_that_was_not_asked_leaves_one_step_open() {
        let evidence = Evidence { store: StoreEvidence::NotAsked, ..done(1) };
        check_states(&evidence, "xxxxxxx?xx");
        check_next(&evidence, None);
    }

    #[test]
    fn a_refresh_token_of_an_unknown_consent_is_unknown() {
        check_states(&Evidence { ledger: None, ..done(1) }, "???x???xxx");
    }

    #[test]
    fn kept_secrets_are_to_be_pushed() {
        let evidence = Evidence { kept: vec![name("REFRESH_TOKEN")], ..done(1) };
        check_states(&evidence, "xxxxxxx xx");
        check_next(&evidence, Some("tfhelper secrets push"));
    }

    #[test]
    fn absent_secrets_ask_for_terraform_first() {
        let states = vec![(name("CLIENT_ID"), SecretState::absent())];
        let evidence = Evidence { store: StoreEvidence::Known { place: String::new(), states }, ..done(1) };
        check_next(&evidence, Some("terraform apply"));
    }

    #[test]
    fn another_cloud_id_in_the_root_module_is_to_do() {
        let evidence = Evidence { cloud_id: Some(String::from("another")), ..done(1) };
        check_states(&evidence, "xxxxxxxxx ");
        check_next(&evidence, Some("tfhelper init-jira --no-oauth --cloud-id 1324a887-45db-1bf4-1e99-ef0ff456d421"));
    }

    #[test]
    fn a_missing_scope_asks_for_a_new_consent() {
        let evidence = Evidence { required: ["read:jira-work", "read:jira-user"].into_iter().collect(), ..done(1) };
        check_states(&evidence, "xx xxxxxxx");
        check_next(&evidence, Some("tfhelper init-jira --renew"));
    }

    #[test]
    fn a_consent_that_ends_soon_is_to_be_renewed() {
        check_states(&done(340), "xxxxxxxxxx");
        check_next(&done(340), Some("tfhelper init-jira --renew"));
    }

    #[test]
    fn a_consent_that_has_ended_is_to_do_again() {
        check_states(&done(366), "xxxx   xxx");
        check_next(&done(366), Some("tfhelper init-jira --renew"));
    }

    #[test]
    fn idle_days_count_where_the_last_use_is_known() {
        let evidence = Evidence { store: known(1), ..done(80) };
        assert_eq!(evidence.consent().unwrap().certain_days_left(evidence.now), 11);
    }

    #[test]
    fn idle_days_do_not_count_where_the_proxy_may_have_refreshed() {
        let evidence = Evidence { store: StoreEvidence::NotAsked, ..done(80) };
        assert_eq!(evidence.consent().unwrap().certain_days_left(evidence.now), 285);
    }

    #[test]
    fn a_token_that_is_still_kept_has_been_used_by_nobody() {
        let evidence = Evidence { kept: vec![name("REFRESH_TOKEN")], ..done(95) };
        check_states(&evidence, "xxxx    xx");
    }

    #[test]
    fn the_store_knows_the_consent_on_another_machine() {
        let mut evidence = Evidence { ledger: None, ..done(10) };
        let state = SecretState { consented_at: Some(consented_at()), ..SecretState::without_value(Condition::Set) };
        evidence.store = StoreEvidence::Known { place: String::new(), states: vec![(name("REFRESH_TOKEN"), state)] };
        assert_eq!(evidence.consent().unwrap().days_left(evidence.now), 355);
    }
}
