//! What the summaries of the setup commands have in common, for people and as JSON.

use std::fmt::Write as _;

use serde::Serialize;

use crate::report::{Counts, plural, printable};
use crate::secret::name::SecretName;
use crate::secret::store::Store;

/// The version of the JSON documents.
pub(crate) const FORMAT_VERSION: &str = "1.0";

#[derive(Debug, Clone, Serialize)]
pub(crate) struct EditSummary {
    pub(crate) file: String,
    pub(crate) address: String,
    /// None where nothing was assigned.
    pub(crate) before: Option<String>,
    /// None where it is not known yet, before the consent.
    pub(crate) after: Option<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct SecretSummary {
    pub(crate) name: String,
    pub(crate) store: String,
    pub(crate) status: &'static str,
}

impl SecretSummary {
    pub(crate) fn new(name: &SecretName, store: &Store, status: &'static str) -> Self {
        Self { name: name.as_str().to_owned(), store: store.word().to_owned(), status }
    }
}

/// A summary for people, line by line.
pub(crate) struct SummaryText(String);

impl SummaryText {
    /// Begins with a heading.
    pub(crate) fn new(heading: &str) -> Self {
        Self(format!("{heading}\n"))
    }

    /// One line; without a label it goes on with the one before.
    pub(crate) fn line(&mut self, label: &str, value: &str) {
        let _ = writeln!(self.0, "  {label:<14}{}", printable(value));
    }

    /// What was written.
    pub(crate) fn work(&mut self, secrets: &[SecretSummary], edits: &[EditSummary], scripts: &[String]) {
        for secret in secrets {
            self.line("Secret", &format!("{} {} in {}", secret.name, secret.status, secret.store));
        }
        for edit in edits {
            let what = match (&edit.before, &edit.after) {
                (before, after) if before == after => "unchanged",
                (Some(_), _) => "changed",
                (None, _) => "added",
            };
            self.line("Variable", &format!("{} {what} in {}", edit.address, edit.file));
        }
        for script in scripts {
            self.line("Script", script);
        }
    }

    /// What the check found, where it was made.
    pub(crate) fn check(&mut self, counts: Option<Counts>) {
        let Some(counts) = counts else { return };
        let verdict = if counts.errors == 0 { "passed" } else { "failed" };
        self.line("Check", &format!("{verdict}, {} and {}", plural(counts.errors, "error"), plural(counts.warnings, "warning")));
    }

    /// Ends with what comes next.
    pub(crate) fn finish(mut self, next: &[String]) -> String {
        if !next.is_empty() {
            self.0.push_str("\nNext\n");
            for (at, step) in next.iter().enumerate() {
                let _ = writeln!(self.0, "  {}. {}", at + 1, printable(step));
            }
        }
        self.0.truncate(self.0.trim_end().len());
        self.0
    }
}

/// A day as it is shown.
pub(crate) fn day(timestamp: jiff::Timestamp) -> String {
    timestamp.strftime("%Y-%m-%d").to_string()
}
