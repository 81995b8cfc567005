//! What the stand-in remembers: requests, codes, tokens and the grant.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::knobs::{Fault, FaultKind, Knobs};
use super::record::RecordedRequest;

/// Lifetime of an access token.
pub(super) const ACCESS_TOKEN_LIFETIME: SignedDuration = SignedDuration::from_hours(1);

/// What changes while the stand-in runs.
#[derive(Default)]
pub(super) struct State {
    pub(super) requests: Vec<RecordedRequest>,
    /// Consent pages that wait for a click, by the value in their form.
    pub(super) waiting: BTreeMap<String, Asked>,
    pub(super) codes: BTreeMap<String, Code>,
    pub(super) families: Vec<Family>,
    pub(super) refresh_tokens: BTreeMap<String, RefreshToken>,
    pub(super) access_tokens: BTreeMap<String, AccessToken>,
    /// Indices of the sites that the one grant of this person to this app reaches.
    pub(super) granted_sites: BTreeSet<usize>,
    faults: Vec<Fault>,
}

/// An authorization request that passed the checks.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) redirect_uri: String,
    pub(super) state: Option<String>,
    pub(super) scopes: BTreeSet<String>,
    /// `code_challenge`, where the request had one.
    pub(super) code_challenge: Option<String>,
}

pub(super) struct Code {
    pub(super) asked: Asked,
    pub(super) sites: BTreeSet<usize>,
    pub(super) expires_at: Timestamp,
    pub(super) is_used: bool,
    pub(super) gives_refresh_token: bool,
}

/// The refresh tokens that descend from one consent.
pub(super) struct Family {
    pub(super) consented_at: Timestamp,
    pub(super) last_used_at: Timestamp,
    pub(super) is_revoked: bool,
    pub(super) scopes: BTreeSet<String>,
    pub(super) sites: BTreeSet<usize>,
}

pub(super) struct RefreshToken {
    /// Index into the families.
    pub(super) family: usize,
    /// When it was first exchanged for its successor.
    pub(super) used_at: Option<Timestamp>,
}

pub(super) struct AccessToken {
    pub(super) scopes: BTreeSet<String>,
    pub(super) sites: BTreeSet<usize>,
    pub(super) expires_at: Timestamp,
}

impl State {
    pub(super) fn new(knobs: &Knobs) -> Self {
        Self { faults: knobs.faults.clone(), ..Self::default() }
    }

    /// The fault that this request meets, counted down.
    pub(super) fn next_fault(&mut self, path: &str) -> Option<FaultKind> {
        let fault = self.faults.iter_mut().find(|fault| path.starts_with(&fault.path) && fault.times != Some(0))?;
        fault.times = fault.times.map(|times| times - 1);
        Some(fault.kind.clone())
    }

    pub(super) fn issue_access_token(&mut self, knobs: &Knobs, scopes: &BTreeSet<String>, sites: &BTreeSet<usize>) -> String {
        let now = knobs.clock.now();
        let expires_at = now + ACCESS_TOKEN_LIFETIME;
        let scope = scopes.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
        let value = opaque_token(&json!({
            "iss": "https://auth.atlassian.com", "aud": knobs.app.client_id, "sub": knobs.user.account_id,
            "client_id": knobs.app.client_id, "scope": scope, "iat": now.as_second(), "exp": expires_at.as_second(),
        }));
        self.access_tokens.insert(value.clone(), AccessToken { scopes: scopes.clone(), sites: sites.clone(), expires_at });
        value
    }

    pub(super) fn issue_refresh_token(&mut self, knobs: &Knobs, family: usize) -> String {
        let value = opaque_token(&json!({"typ": "refresh", "sub": knobs.user.account_id, "iat": knobs.clock.now().as_second()}));
        self.refresh_tokens.insert(value.clone(), RefreshToken { family, used_at: None });
        value
    }

    /// The token, where it is known and still valid.
    pub(super) fn valid_access_token(&self, value: &str, now: Timestamp) -> Option<&AccessToken> {
        self.access_tokens.get(value).filter(|token| now < token.expires_at)
    }

    pub(super) fn issued_secrets(&self) -> impl Iterator<Item = &str> {
        self.codes.keys().chain(self.access_tokens.keys()).chain(self.refresh_tokens.keys()).map(String::as_str)
    }
}

/// The scopes of a space-separated list.
pub(super) fn scopes(list: &str) -> BTreeSet<String> {
    list.split_whitespace().map(String::from).collect()
}

/// A value that looks like Atlassian's tokens and codes: three parts of base64url, the last of which nobody can guess.
pub(super) fn opaque_token(claims: &serde_json::Value) -> String {
    let header = json!({"alg": "RS256", "kid": "auth.atlassian.com-rehearsal", "typ": "JWT"});
    format!("{}.{}.{}", encode(header.to_string()), encode(claims.to_string()), unguessable())
}

/// A value that nobody can guess.
pub(super) fn unguessable() -> String {
    let mut bytes = [0; 48];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    encode(bytes)
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
