//! The authorization request and the response to it (Atlassian's OAuth 2.0 3LO); no I/O.
//!
//! Atlassian compares the redirection URI byte for byte with the one of the developer console, so it is kept as it was written:
//! `http://localhost` and `http://localhost/` are two redirection URIs.

pub mod token;

use std::collections::BTreeSet;
use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use crate::secret::Secret;

/// What stays as it is in the query: RFC 3986's unreserved characters, and `:` and `/`, which a query may hold.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b':').remove(b'/');

/// The audience of every Atlassian cloud API.
///
/// Source: <https://developer.atlassian.com/cloud/jira/software/oauth-2-3lo-apps/>.
const AUDIENCE: &str = "api.atlassian.com";

/// A set of scopes, in alphabetical order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scopes(BTreeSet<String>);

impl Scopes {
    /// Reads scopes separated by white space, in any order.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        text.split_whitespace().collect()
    }

    /// The scopes in alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether the scope is in the set.
    #[must_use]
    pub fn contains(&self, scope: &str) -> bool {
        self.0.contains(scope)
    }

    /// Whether there is no scope.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The scopes of this set that `granted` lacks.
    #[must_use]
    pub fn missing_from(&self, granted: &Self) -> Self {
        Self(self.0.difference(&granted.0).cloned().collect())
    }

    /// Adds the scopes of another set.
    pub fn extend(&mut self, other: &Self) {
        self.0.extend(other.0.iter().cloned());
    }
}

impl<'a> FromIterator<&'a str> for Scopes {
    fn from_iter<I: IntoIterator<Item = &'a str>>(scopes: I) -> Self {
        Self(scopes.into_iter().map(String::from).collect())
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, scope) in self.iter().enumerate() {
            if at > 0 {
                f.write_str(" ")?;
            }
            f.write_str(scope)?;
        }
        Ok(())
    }
}

/// A redirection URI, kept byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedirectionUri {
    text: String,
    url: Url,
}

impl RedirectionUri {
    /// Reads an absolute `http` or `https` URL; plain `http` is for loopback alone, as in Atlassian's developer console.
    ///
    /// # Errors
    ///
    /// When it is none; the message is a clause that says why.
    pub fn parse(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|error| error.to_string())?;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err(String::from("it must begin with http:// or https://"));
        }
        if url.fragment().is_some() {
            return Err(String::from("a redirection URI has no fragment (RFC 6749, 3.1.2)"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(String::from("it must not carry a user name or password"));
        }
        if url.port() == Some(0) {
            return Err(String::from("no browser can be sent to port 0"));
        }
        if url.scheme() == "http" && !is_loopback(&url) {
            return Err(String::from("Atlassian takes plain http for localhost alone"));
        }
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(String::from("it contains white space"));
        }
        Ok(Self { text: text.to_owned(), url })
    }

    /// The URI as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The URI's parts, normalised.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }
}

/// Whether the URL's host is this machine's loopback interface: `localhost`, `127.0.0.0/8` or `[::1]`.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// The value that binds the response to this very request.
#[derive(Clone)]
pub struct State(String);

impl State {
    /// 256 fresh random bits.
    ///
    /// # Errors
    ///
    /// When the operating system has no random numbers to give.
    pub fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(hex::encode(bytes)))
    }

    /// Compares in a time that does not tell how much of it was right.
    #[must_use]
    pub fn matches(&self, answer: &str) -> bool {
        let (own, answer) = (self.0.as_bytes(), answer.as_bytes());
        own.len() == answer.len() && own.iter().zip(answer).fold(0, |differing, (a, b)| differing | (a ^ b)) == 0
    }
}

/// An authorization request: who asks, for what, and where the answer goes.
#[derive(Clone)]
pub struct AuthorizationRequest {
    /// The authorization endpoint's origin, `https://auth.atlassian.com`.
    pub auth_url: Url,
    /// The client ID of the app.
    pub client_id: String,
    /// The scopes asked for; the user grants all or nothing.
    pub scopes: Scopes,
    /// Where the answer goes.
    pub redirection_uri: RedirectionUri,
    /// What the answer must carry.
    pub state: State,
}

impl AuthorizationRequest {
    /// The URL to open in a browser.
    ///
    /// `prompt=consent` makes a returning user's grant come with a refresh token too. There are no PKCE parameters: Atlassian
    /// does not document any.
    #[must_use]
    pub fn url(&self) -> String {
        let scope = self.scopes.to_string();
        let parameters = [
            ("audience", AUDIENCE),
            ("client_id", &self.client_id),
            ("scope", &scope),
            ("redirect_uri", self.redirection_uri.as_str()),
            ("state", &self.state.0),
            ("response_type", "code"),
            ("prompt", "consent"),
        ];
        let query: Vec<String> =
            parameters.iter().map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, QUERY))).collect();
        format!("{}/authorize?{}", self.auth_url.as_str().trim_end_matches('/'), query.join("&"))
    }

    /// Reads the response from a request's target or from a URL that somebody pasted; the state is compared before anything else.
    ///
    /// # Errors
    ///
    /// When it is not the response to this request, or not a grant.
    pub fn read_response(&self, text: &str) -> Result<Secret, AuthorizationError> {
        let response = ResponseParameters::parse(text);
        match &response.state {
            Some(state) if self.state.matches(state) => {}
            Some(_) => return Err(AuthorizationError::StateMismatch),
            None => return Err(AuthorizationError::NoState),
        }
        if let Some(error) = response.error {
            return Err(AuthorizationError::Refused { error, description: response.description.unwrap_or_default() });
        }
        match response.code {
            Some(code) if !code.is_empty() => Ok(Secret::new(code)),
            Some(_) | None => Err(AuthorizationError::NoCode),
        }
    }
}

/// Why a response brings no authorization code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuthorizationError {
    /// The `state` is another's: the response belongs to another request, or was forged.
    StateMismatch,
    /// There is no `state`, or more than one.
    NoState,
    /// The authorization server refused, or the user did.
    Refused {
        /// `error` as it came.
        error: String,
        /// `error_description` as it came, or nothing.
        description: String,
    },
    /// There is neither a code nor an error.
    NoCode,
}

impl fmt::Display for AuthorizationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::StateMismatch => f.write_str("it answers another request: its `state` is not the one that was sent"),
            Self::NoState => f.write_str("it carries no `state`; the whole address of the page is needed, from http to its end"),
            Self::Refused { error, description } if description.is_empty() => write!(f, "`{error}`"),
            Self::Refused { error, description } => write!(f, "`{error}`: {description}"),
            Self::NoCode => f.write_str("it carries neither `code` nor `error`"),
        }
    }
}

impl std::error::Error for AuthorizationError {}

/// The parameters that matter; one that is given twice is taken as not given, because nobody can say which one counts.
#[derive(Default)]
struct ResponseParameters {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
    description: Option<String>,
}

impl ResponseParameters {
    fn parse(text: &str) -> Self {
        let text = text.trim().trim_matches(['"', '\'', '<', '>']);
        let text = text.split('#').next().unwrap_or_default();
        let query = text.split_once('?').map_or(text, |(_, query)| query);
        let mut found = Self::default();
        let mut seen = BTreeSet::new();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let place = match name.as_ref() {
                "state" => &mut found.state,
                "code" => &mut found.code,
                "error" => &mut found.error,
                "error_description" => &mut found.description,
                _ => continue,
            };
            *place = seen.insert(name.clone().into_owned()).then(|| value.into_owned());
        }
        found
    }
}

/// The error of a page that Atlassian showed instead of coming back, where somebody pasted that page's address.
///
/// Source: `https://id.atlassian.com/error?error=unauthorized_client&error_description=...`.
#[must_use]
pub fn read_error_page(text: &str) -> Option<AuthorizationError> {
    let url = Url::parse(text.trim().trim_matches(['"', '\'', '<', '>'])).ok()?;
    let is_atlassian = url.host_str().is_some_and(|host| host == "atlassian.com" || host.ends_with(".atlassian.com"));
    let response = ResponseParameters::parse(text);
    match response.error {
        Some(error) if is_atlassian => {
            Some(AuthorizationError::Refused { error, description: response.description.unwrap_or_default() })
        }
        Some(_) | None => None,
    }
}

#[cfg(test)]
mod tests;
