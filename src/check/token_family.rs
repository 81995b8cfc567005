//! The consent has not run out, and will not soon.

use super::{Check, Facts};
use crate::atlassian::token_family::{TOKEN_FAMILY_DAYS, days_until};
use crate::diagnostic::{Diagnostic, Group, Severity};

const ID: &str = "token-family";

/// Days before the end from which on it is a finding.
const WARN_DAYS: i64 = 30;

/// The check.
pub const CHECK: Check = Check {
    id: ID,
    group: Group::Secret,
    about: "The consent at Atlassian has not run out and will not within 30 days",
    page: "Atlassian ends a token family 365 days after the consent, however often it is used; from then on the proxy cannot
refresh and every call fails. Atlassian offers no way to ask for the date: it is computed from the day of the consent,
which tfhelper keeps in `.tfhelper/jira-cloud.json` and beside the refresh token in the store.

Run `tfhelper init-jira --renew` to consent again; `tfhelper status` shows the days that are left.",
    run,
};

fn run(facts: &Facts, diagnostics: &mut Vec<Diagnostic>) {
    if !facts.connectors.iter().any(|connector| connector == "jira-cloud") {
        return;
    }
    let (Some(family), Some(now)) = (facts.token_family, facts.now) else {
        let detail = "Nothing says when the consent was given. Run `tfhelper status --online` to ask the secret store, or \
                      `tfhelper init-jira --renew` to consent again.";
        diagnostics.push(Diagnostic::new(ID, Group::Secret, Severity::NotEvaluated, "End of the consent not known", detail));
        return;
    };
    let left = days_until(family.expires_at(), now);
    let day = |at: jiff::Timestamp| at.strftime("%Y-%m-%d").to_string();
    let (severity, summary, when) = match left {
        ..0 => (Severity::Error, "Consent has run out", format!("ended on {}", day(family.expires_at()))),
        0..WARN_DAYS => {
            (Severity::Warning, "Consent runs out soon", format!("ends on {}, in {left} days", day(family.expires_at())))
        }
        WARN_DAYS.. => return,
    };
    let detail = format!(
        "The consent of {} {when}: Atlassian ends a token family after {TOKEN_FAMILY_DAYS} days. Run `tfhelper init-jira --renew`.",
        day(family.consented_at)
    );
    diagnostics.push(Diagnostic::new(ID, Group::Secret, severity, summary, detail));
}
