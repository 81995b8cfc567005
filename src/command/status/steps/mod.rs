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

/// Returns the command that the first open step asks for, and why; none when nothing is open.
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
mod tests;
