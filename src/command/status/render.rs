//! The status for people and as JSON.

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use super::evidence::{Consent, Evidence};
use super::personal_access_token::{TokenDocument, TokenEvidence};
use super::steps::{Step, StepState};
use crate::atlassian::token_family::{IDLE_DAYS, TOKEN_FAMILY_DAYS};
use crate::report::printable;

/// Width of the bar, in characters.
const BAR_WIDTH: usize = 30;

const GREEN: Style = AnsiColor::Green.on_default();
const YELLOW: Style = AnsiColor::Yellow.on_default();
const RED: Style = AnsiColor::Red.on_default();

/// `tfhelper status --format json`.
#[derive(Serialize)]
struct Document<'a> {
    format_version: &'a str,
    now: String,
    steps: Vec<StepDocument<'a>>,
    token_family: Option<TokenFamilyDocument>,
    personal_access_token: Option<TokenDocument>,
    warn_days: i64,
    next: Vec<NextDocument<'a>>,
}

/// One step.
#[derive(Serialize)]
struct StepDocument<'a> {
    number: usize,
    title: &'a str,
    state: &'a str,
    evidence: &'a str,
}

/// The consent; every date but the first is computed.
#[derive(Serialize)]
struct TokenFamilyDocument {
    consented_at: String,
    expires_at: String,
    days_left: i64,
    last_used_at: Option<String>,
    idle_expires_at: String,
    idle_days_left: i64,
    is_last_use_known: bool,
}

/// The next command.
#[derive(Serialize)]
struct NextDocument<'a> {
    command: &'a str,
    reason: &'a str,
}

/// Renders the status as one JSON document.
pub(super) fn json(
    evidence: &Evidence,
    token: Option<&TokenEvidence>,
    steps: &[Step],
    next: Option<&(String, String)>,
    warn_days: i64,
) -> serde_json::Result<String> {
    let of_consent = |consent: Consent| TokenFamilyDocument {
        consented_at: consent.family.consented_at.to_string(),
        expires_at: consent.family.expires_at().to_string(),
        days_left: consent.days_left(evidence.now),
        last_used_at: consent.last_used_at.map(|at| at.to_string()),
        idle_expires_at: consent.family.idle_expires_at(consent.last_used_at).to_string(),
        idle_days_left: consent.idle_days_left(evidence.now),
        is_last_use_known: consent.is_use_known,
    };
    serde_json::to_string_pretty(&Document {
        format_version: "1.0",
        now: evidence.now.to_string(),
        steps: steps
            .iter()
            .map(|step| StepDocument {
                number: step.number,
                title: step.title,
                state: step.state.word(),
                evidence: &step.evidence,
            })
            .collect(),
        token_family: evidence.consent().map(of_consent),
        personal_access_token: token.and_then(|token| Some(TokenDocument::new(token.ledger.as_ref()?, token.now))),
        warn_days,
        next: next.map(|(command, reason)| NextDocument { command, reason }).into_iter().collect(),
    })
}

/// Renders the status as lines for people, styled; without steps, Jira Cloud is not spoken of.
pub(super) fn human(
    evidence: &Evidence,
    token: Option<&TokenEvidence>,
    steps: &[Step],
    next: Option<&(String, String)>,
    warn_days: i64,
) -> Vec<String> {
    let mut lines = Vec::new();
    if !steps.is_empty() {
        let width = steps.iter().map(|step| step.title.len()).max().unwrap_or(0);
        lines.extend(steps.iter().map(|step| line(step, width)));
        lines.push(String::new());
        match evidence.consent() {
            Some(consent) => lines.extend(consent_lines(evidence, &consent, warn_days)),
            None => lines.push(String::from("When the consent runs out is not known.")),
        }
        lines.push(String::new());
    }
    if let Some(token) = token {
        lines.extend(token.lines());
        lines.push(String::new());
    }
    lines.push(match next {
        Some((command, reason)) => format!("Next: {command}\n      {}", printable(reason)),
        None => String::from("Nothing is left to do."),
    });
    lines
}

fn line(step: &Step, width: usize) -> String {
    let (mark, style) = match step.state {
        StepState::Done => ("done ", GREEN),
        StepState::ToDo => ("to do", YELLOW),
        StepState::Unknown => ("?    ", Style::new()),
    };
    format!("{style}{mark}{style:#}  {:>2}  {:width$}  {}", step.number, step.title, printable(&step.evidence))
}

fn consent_lines(evidence: &Evidence, consent: &Consent, warn_days: i64) -> Vec<String> {
    let day = |at: jiff::Timestamp| at.strftime("%Y-%m-%d").to_string();
    let left = consent.days_left(evidence.now);
    let end = day(consent.family.expires_at());
    let text = if left < 0 {
        format!("the consent of {} ended on {end}", day(consent.family.consented_at))
    } else {
        format!("{left} of {TOKEN_FAMILY_DAYS} days left; the consent of {} ends on {end}", day(consent.family.consented_at))
    };
    let idle_left = consent.idle_days_left(evidence.now);
    let idle_end = day(consent.family.idle_expires_at(consent.last_used_at));
    let idle_text = match (consent.is_use_known, idle_left < 0) {
        (true, true) => format!("not used for {IDLE_DAYS} days; ended on {idle_end}"),
        (true, false) => format!("{idle_left} of {IDLE_DAYS} days left until it ends unused, on {idle_end}"),
        (false, true) => format!("ended on {idle_end} unless the proxy has refreshed since the consent; --online tells"),
        (false, false) => format!("ends on {idle_end} unless the proxy has refreshed since the consent; --online tells"),
    };
    let idle_bar =
        if consent.is_use_known { bar(idle_left, IDLE_DAYS, warn_days) } else { format!("[{}]", "?".repeat(BAR_WIDTH)) };
    let mut lines = vec![format!("Consent  {}  {text}", bar(left, TOKEN_FAMILY_DAYS, warn_days))];
    if left >= 0 {
        lines.push(format!("Unused   {idle_bar}  {idle_text}"));
    }
    lines.push(String::from("Atlassian tells neither date: both are computed from the day of the consent."));
    lines
}

/// The days that are left as a bar, red where none is, yellow where few are.
fn bar(left: i64, whole: i64, warn_days: i64) -> String {
    let style = match left {
        ..0 => RED,
        left if left < warn_days => YELLOW,
        _ => GREEN,
    };
    // A day that is left shows, however few there are.
    let share = |days: i64| usize::try_from(days.max(0)).unwrap_or(0);
    let filled = (share(left.min(whole)) * BAR_WIDTH).div_ceil(share(whole).max(1));
    format!("[{style}{}{style:#}{}]", "#".repeat(filled), "-".repeat(BAR_WIDTH - filled))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_bar(left: i64, whole: i64, expected_filled: usize, expected_style: Style) {
        let bar = bar(left, whole, 30);
        assert_eq!(bar.matches('#').count(), expected_filled, "{bar}");
        assert!(bar.contains(&format!("{expected_style}")), "{bar:?}");
    }

    #[test]
    fn a_whole_year_fills_the_bar() {
        check_bar(365, 365, 30, GREEN);
    }

    #[test]
    fn the_last_day_still_shows() {
        check_bar(1, 365, 1, YELLOW);
    }

    #[test]
    fn past_the_end_the_bar_is_empty() {
        check_bar(-1, 365, 0, RED);
    }
}
