//! What a refusal of Atlassian means, and what to do about it.
//!
//! Several refusals never reach the redirection URI: Atlassian shows them on a page of its own, and all that tfhelper sees is
//! silence. So the same explanations serve a redirection, a pasted address, and the time running out.

use std::time::Duration;

use super::consent::human_duration;
use crate::atlassian::authorization::RedirectionUri;
use crate::atlassian::authorization::token::TokenRefusal;
use crate::atlassian::client::error::ExchangeError;
use crate::command::failure::{ExitStatus, Failure};

/// A refusal that can be told by its words.
struct Known {
    /// Any of these, in lower case, in the description.
    words: &'static [&'static str],
    /// What it means.
    cause: &'static str,
    /// What to do; `{uri}` stands for the redirection URI.
    fix: &'static str,
}

/// Source: Atlassian's support pages and its staff's answers in the developer community, collected per message.
const KNOWN: [Known; 4] = [
    Known {
        words: &["redirect_uri is not registered", "callback url mismatch"],
        cause: "the app's callback URL is another one",
        fix: "in the developer console, under Authorization of the app, set the callback URL to exactly `{uri}`: port, path and final \
              slash count",
    },
    Known {
        words: &["site admin must authorize", "admin must authorize"],
        cause: "the site's administrator blocks apps that users install",
        fix: "consent as an administrator of the site, or have one set Connected apps > Settings > User installed apps to Allowed",
    },
    Known {
        words: &["failed to retrieve client"],
        cause: "the app is not shared, so nobody but its creator can consent",
        fix: "consent as the account that created the app, or enable sharing under Distribution of the app in the developer console",
    },
    Known {
        words: &["requires access to a jira"],
        cause: "the account has no access to Jira on any site",
        fix: "give the account access to Jira on the site, or consent with another account",
    },
];

impl Known {
    fn fix(&self, uri: &RedirectionUri) -> String {
        self.fix.replace("{uri}", uri.as_str())
    }
}

/// A refusal that came back.
pub(super) fn explain(error: &str, description: &str, uri: &RedirectionUri) -> Failure {
    let words = description.to_lowercase();
    let said = if description.is_empty() { format!("`{error}`") } else { format!("`{error}`: {description}") };
    if let Some(known) = KNOWN.iter().find(|known| known.words.iter().any(|part| words.contains(part))) {
        return Failure::new(ExitStatus::Authorization, format!("Atlassian refused the consent: {}", known.cause))
            .because(anyhow::anyhow!("Atlassian says {said}"))
            .hint(known.fix(uri));
    }
    if error == "access_denied" {
        return Failure::new(ExitStatus::Authorization, "the consent was denied on Atlassian's page")
            .because(anyhow::anyhow!("Atlassian says {said}"))
            .hint("nothing was changed; run the same command again and press Accept, or let somebody consent who may");
    }
    Failure::new(ExitStatus::Authorization, "Atlassian refused the consent")
        .because(anyhow::anyhow!("Atlassian says {said}"))
        .hint("nothing was changed; correct what Atlassian names and run the same command again")
}

/// Silence: every refusal that never comes back is a possible reason.
pub(super) fn timeout(after: Duration, uri: &RedirectionUri) -> Failure {
    let mut hint =
        String::from("nothing was changed; run the same command again. If the browser stopped at a page of Atlassian that says");
    for known in &KNOWN {
        hint.push_str(&format!("\n  \"{}\": {}. Fix: {}", known.words[0], known.cause, known.fix(uri)));
    }
    Failure::new(ExitStatus::Authorization, format!("no consent came within {}", human_duration(after))).hint(hint)
}

/// An exchange that gave no tokens.
pub(super) fn of_exchange(error: ExchangeError, uri: &RedirectionUri) -> Failure {
    let (status, message, hint) = match &error {
        ExchangeError::Refused { refusal: TokenRefusal::Code, .. } => (
            ExitStatus::Authorization,
            String::from("Atlassian does not take the authorization code"),
            format!(
                "a code is good for one use and a short time, and only with the redirection URI that it was given for (`{uri}`): run the \
                 same command again, and paste the whole address if you paste it",
                uri = uri.as_str()
            ),
        ),
        ExchangeError::Refused { refusal: TokenRefusal::Client, .. } => (
            ExitStatus::Authorization,
            String::from("Atlassian does not know this client ID with this client secret"),
            String::from(
                "copy both again from Settings of the app in the developer console; a new secret there makes the old one useless. Nothing \
                 was changed",
            ),
        ),
        ExchangeError::Refused { refusal: TokenRefusal::RefreshToken | TokenRefusal::Other, .. } => (
            ExitStatus::Authorization,
            String::from("Atlassian gave no tokens for the authorization code"),
            String::from("nothing was changed; correct what Atlassian names and run the same command again"),
        ),
        ExchangeError::Request(_) => (
            ExitStatus::Remote,
            String::from("no tokens came for the authorization code"),
            String::from("nothing was changed, but the code may be spent: run the same command again for a new consent"),
        ),
    };
    Failure::new(status, message).because(error).hint(hint)
}
