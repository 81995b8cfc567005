//! The log behind `-v`: a line on stderr for each HTTP request, whoever sends it.
//!
//! A line has the method, the address without its query, the status and the time it took. Queries, headers and bodies stay
//! out of it: that is where secrets travel.

use std::io::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use crate::report::printable;

/// Whether requests are logged; the SDKs' clients have nobody to hand it down to them.
static IS_ON: AtomicBool = AtomicBool::new(false);

/// Logs every request from now on.
pub fn turn_on() {
    IS_ON.store(true, Ordering::Relaxed);
}

/// Tells whether requests are logged.
#[must_use]
pub fn is_on() -> bool {
    IS_ON.load(Ordering::Relaxed)
}

/// A request on its way.
#[derive(Debug)]
pub struct SentRequest {
    line: String,
    sent_at: Instant,
}

impl SentRequest {
    /// Begins to measure.
    #[must_use]
    pub fn new(method: &str, url: &str) -> Self {
        Self { line: format!("{method} {}", without_query(url)), sent_at: Instant::now() }
    }

    /// Logs the status of the answer, or that there was none.
    pub fn log(self, status: Option<u16>) {
        if !is_on() {
            return;
        }
        let status = status.map_or_else(|| String::from("no answer"), |status| status.to_string());
        let line = format!("request: {} {status} in {} ms", self.line, self.sent_at.elapsed().as_millis());
        // A closed stderr is no reason to stop.
        let _ = writeln!(std::io::stderr(), "{}", printable(&line));
    }
}

/// Scheme, host and path: no credentials, no query, no fragment.
fn without_query(url: &str) -> String {
    let end = url.find(['?', '#']).unwrap_or(url.len());
    let url = &url[..end];
    match url.split_once("://") {
        Some((scheme, rest)) => {
            let authority_end = rest.find('/').unwrap_or(rest.len());
            let host = rest[..authority_end].rsplit('@').next().unwrap_or_default();
            format!("{scheme}://{host}{}", &rest[authority_end..])
        }
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_shown(url: &str, expected: &str) {
        assert_eq!(without_query(url), expected);
    }

    #[test]
    fn host_and_path_are_shown() {
        check_shown("https://api.atlassian.com/oauth/token", "https://api.atlassian.com/oauth/token");
    }

    #[test]
    fn queries_and_fragments_are_not() {
        check_shown("https://jira.acme.test/rest?token=canary#canary", "https://jira.acme.test/rest");
    }

    #[test]
    fn credentials_are_not() {
        check_shown("http://user:canary@127.0.0.1:9/a@b", "http://127.0.0.1:9/a@b");
    }
}
