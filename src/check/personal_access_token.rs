//! The personal access token of Jira Data Center has not run out, and will not soon.

use super::{Check, Facts};
use crate::atlassian::personal_access_token::Expiry;
use crate::atlassian::token_family::days_until;
use crate::connector::jira_server::CONNECTOR;
use crate::diagnostic::{Diagnostic, Group, Severity};

const ID: &str = "personal-access-token";

/// Days before the end from which on it is a finding.
const WARN_DAYS: i64 = 30;

/// The check.
pub const CHECK: Check = Check {
    id: ID,
    group: Group::Secret,
    about: "The personal access token of Jira Data Center has not run out and will not within 30 days",
    page:
        "Jira ends a personal access token on the day that was chosen when it was created, and one that has ended cannot be made
valid again. From then on Jira takes the proxy for nobody: a search answers 200 with no issues, everything else 401.

The day is the one that `tfhelper init-jira-server` was told, or that Jira listed; it is kept in
`.tfhelper/jira-server.json`. Create another token in Jira and run `tfhelper init-jira-server` again; `tfhelper status`
shows the days that are left.",
    run,
};

fn run(facts: &Facts, diagnostics: &mut Vec<Diagnostic>) {
    if !facts.connectors.iter().any(|connector| connector == CONNECTOR.id) {
        return;
    }
    let expiry = facts.token_ledger.as_ref().map_or(Expiry::Unknown, |ledger| ledger.expiry);
    let (soonest, now) = match (expiry, facts.now) {
        (Expiry::Never, _) => return,
        (Expiry::At(end) | Expiry::NotBefore(end), Some(now)) => (end, now),
        (Expiry::Unknown, _) | (_, None) => {
            let detail = "Nothing says when the personal access token ends. Run `tfhelper init-jira-server --expires DATE` with the day \
                          that Jira shows beside it.";
            diagnostics.push(Diagnostic::new(ID, Group::Secret, Severity::NotEvaluated, "End of the token not known", detail));
            return;
        }
    };
    let is_exact = matches!(expiry, Expiry::At(_));
    let day = soonest.strftime("%Y-%m-%d");
    let left = days_until(soonest, now);
    let (severity, summary, when) = match (left, is_exact) {
        (..0, true) => (Severity::Error, "Personal access token has run out", format!("ended on {day}")),
        (..0, false) => (Severity::Warning, "Personal access token may have run out", format!("may have ended on {day}")),
        (0..WARN_DAYS, true) => {
            (Severity::Warning, "Personal access token runs out soon", format!("ends on {day}, in {left} days"))
        }
        (0..WARN_DAYS, false) => {
            (Severity::Warning, "Personal access token may run out soon", format!("may end on {day}, in {left} days"))
        }
        (WARN_DAYS.., _) => return,
    };
    let detail =
        format!("The token of Jira Data Center {when}. Create another one in Jira and run `tfhelper init-jira-server` again.");
    diagnostics.push(Diagnostic::new(ID, Group::Secret, severity, summary, detail));
}
