//! The authorization request, the response to it, and what the token endpoint answers (Atlassian's OAuth 2.0 3LO); no I/O.
//!
//! Atlassian compares the redirection URI byte for byte with the one of the developer console, so it is kept as it was written:
//! `http://localhost` and `http://localhost/` are two redirection URIs.

use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
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

/// What the token endpoint gave.
#[derive(Debug)]
pub struct TokenResponse {
    /// The access token, good for an hour.
    pub access_token: Secret,
    /// The refresh token; absent unless `offline_access` was granted.
    pub refresh_token: Option<Secret>,
    /// Lifetime of the access token, where the server says.
    pub expires_in: Option<Duration>,
    /// The scopes granted, where the server says.
    pub scopes: Option<Scopes>,
}

impl TokenResponse {
    /// Reads the body of a 200 answer; unknown members are passed over.
    ///
    /// # Errors
    ///
    /// When it is no JSON object or holds no bearer token; the message quotes nothing of the body.
    pub fn parse(body: &[u8]) -> Result<Self, String> {
        let value: Value = serde_json::from_slice(body).map_err(|_| String::from("the answer is not JSON"))?;
        let text = |name: &str| value.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        if text("token_type").is_some_and(|kind| !kind.eq_ignore_ascii_case("bearer")) {
            return Err(String::from("the token is not a bearer token"));
        }
        let access_token = text("access_token").ok_or_else(|| String::from("the answer holds no `access_token`"))?;
        let seconds = value
            .get("expires_in")
            .and_then(|seconds| seconds.as_u64().or_else(|| seconds.as_str().and_then(|text| text.parse().ok())));
        Ok(Self {
            access_token: Secret::new(access_token),
            refresh_token: text("refresh_token").map(Secret::new),
            expires_in: seconds.map(Duration::from_secs),
            scopes: text("scope").map(Scopes::parse),
        })
    }
}

/// Why the token endpoint gave nothing, as far as its answer tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenRefusal {
    /// The code was used, has expired, was cut off, or was given for another redirection URI.
    Code,
    /// The refresh token was rotated elsewhere, has expired or was revoked.
    RefreshToken,
    /// The client ID or the client secret is wrong.
    Client,
    /// Something else; its words must do.
    Other,
}

/// What the error of a token endpoint means: its words count first, its status second, since Atlassian has changed both.
///
/// Atlassian's older back-end says `invalid_grant`, "Invalid authorization code" and "Unknown or invalid refresh token."; its
/// present one `invalid_request`, "`authorization_code` is invalid", and `unauthorized_client`, "`refresh_token` is invalid".
#[must_use]
pub fn classify_refusal(status: u16, error: &str, description: &str) -> TokenRefusal {
    let description = description.to_ascii_lowercase().replace(['_', '-'], " ");
    match error {
        "invalid_grant" | "unauthorized_client" if description.contains("refresh token") => TokenRefusal::RefreshToken,
        _ if description.contains("authorization code") => TokenRefusal::Code,
        "invalid_client" | "unauthorized_client" => TokenRefusal::Client,
        "access_denied" if description == "unauthorized" || description.is_empty() => TokenRefusal::Client,
        "invalid_grant" => TokenRefusal::Code,
        _ if status == 401 => TokenRefusal::Client,
        _ => TokenRefusal::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(redirection_uri: &str) -> AuthorizationRequest {
        AuthorizationRequest {
            auth_url: Url::parse("https://auth.atlassian.com").unwrap(),
            client_id: String::from("CLIENT"),
            scopes: Scopes::parse("read:jira-work offline_access"),
            redirection_uri: RedirectionUri::parse(redirection_uri).unwrap(),
            state: State(String::from("s3cret")),
        }
    }

    #[track_caller]
    fn check_response(text: &str, expected: Result<&str, AuthorizationError>) {
        let code = request("http://localhost").read_response(text);
        assert_eq!(code.as_ref().map(Secret::expose), expected.as_ref().map(|code| *code));
    }

    #[track_caller]
    fn check_refusal(status: u16, error: &str, description: &str, expected: TokenRefusal) {
        assert_eq!(classify_refusal(status, error, description), expected);
    }

    #[test]
    fn url_is_the_documented_one() {
        assert_eq!(
            request("http://localhost").url(),
            "https://auth.atlassian.com/authorize?audience=api.atlassian.com&client_id=CLIENT&scope=offline_access%20read:jira-work\
             &redirect_uri=http://localhost&state=s3cret&response_type=code&prompt=consent"
        );
    }

    #[test]
    fn url_escapes_a_redirection_uri_with_a_query_of_its_own() {
        assert!(request("http://localhost:9000/a?b=c&d").url().contains("&redirect_uri=http://localhost:9000/a%3Fb%3Dc%26d&"));
    }

    #[test]
    fn two_states_differ() {
        assert!(!State::random().unwrap().matches(&State::random().unwrap().0));
    }

    #[test]
    fn response_of_the_listener_gives_the_code() {
        check_response("/?state=s3cret&code=eyJ", Ok("eyJ"));
    }

    #[test]
    fn response_pasted_with_quotes_and_spaces_gives_the_code() {
        check_response("  'http://localhost/?b=c&state=s3cret&code=ey%4A'\r\n", Ok("eyJ"));
    }

    #[test]
    fn response_pasted_without_the_address_gives_the_code() {
        check_response("code=eyJ&state=s3cret", Ok("eyJ"));
    }

    #[test]
    fn response_with_another_state_is_refused_though_it_denies() {
        check_response("/?state=other&error=access_denied", Err(AuthorizationError::StateMismatch));
    }

    #[test]
    fn response_with_two_states_is_refused() {
        check_response("/?state=s3cret&state=other&code=eyJ", Err(AuthorizationError::NoState));
    }

    #[test]
    fn response_with_two_codes_is_refused() {
        check_response("/?state=s3cret&code=a&code=b", Err(AuthorizationError::NoCode));
    }

    #[test]
    fn bare_code_is_refused() {
        check_response("eyJhbGciOi", Err(AuthorizationError::NoState));
    }

    #[test]
    fn denial_carries_its_words() {
        let description = String::from("User did not authorize the request");
        check_response(
            "/?error=access_denied&error_description=User%20did%20not%20authorize%20the%20request&state=s3cret",
            Err(AuthorizationError::Refused { error: String::from("access_denied"), description }),
        );
    }

    #[test]
    fn error_page_of_atlassian_is_read() {
        let page =
            "https://id.atlassian.com/error?error=unauthorized_client&error_description=redirect_uri%20is%20not%20registered";
        assert!(
            matches!(read_error_page(page), Some(AuthorizationError::Refused { error, .. }) if error == "unauthorized_client")
        );
    }

    #[test]
    fn error_page_of_another_host_is_not_read() {
        assert_eq!(read_error_page("https://id.atlassian.com.example.org/error?error=a"), None);
    }

    #[test]
    fn redirection_uri_keeps_its_bytes() {
        assert_eq!(RedirectionUri::parse("http://LocalHost").unwrap().as_str(), "http://LocalHost");
    }

    #[test]
    fn redirection_uri_takes_https_elsewhere() {
        assert!(RedirectionUri::parse("https://example.org/callback").is_ok());
    }

    #[test]
    fn redirection_uri_refuses_plain_http_elsewhere() {
        assert!(RedirectionUri::parse("http://example.org/callback").is_err());
    }

    #[test]
    fn token_response_is_read_leniently() {
        let response =
            TokenResponse::parse(br#"{"access_token":"a","expires_in":"3600","token_type":"bearer","new":1}"#).unwrap();
        assert_eq!(response.expires_in, Some(Duration::from_secs(3600)));
        assert!(response.refresh_token.is_none());
    }

    #[test]
    fn token_response_without_a_token_is_refused_without_quoting_it() {
        assert_eq!(TokenResponse::parse(br#"{"refresh_token":"r"}"#).unwrap_err(), "the answer holds no `access_token`");
    }

    #[test]
    fn used_code_is_known_in_the_older_words() {
        check_refusal(403, "invalid_grant", "Invalid authorization code", TokenRefusal::Code);
    }

    #[test]
    fn used_code_is_known_in_the_present_words() {
        check_refusal(400, "invalid_request", "authorization_code is invalid", TokenRefusal::Code);
    }

    #[test]
    fn dead_refresh_token_is_known_in_the_older_words() {
        check_refusal(403, "invalid_grant", "Unknown or invalid refresh token.", TokenRefusal::RefreshToken);
    }

    #[test]
    fn dead_refresh_token_is_known_in_the_present_words() {
        check_refusal(403, "unauthorized_client", "refresh_token is invalid", TokenRefusal::RefreshToken);
    }

    #[test]
    fn wrong_client_secret_is_known() {
        check_refusal(401, "access_denied", "Unauthorized", TokenRefusal::Client);
    }

    #[test]
    fn missing_parameter_is_left_to_its_own_words() {
        check_refusal(400, "invalid_request", "missing grant_type", TokenRefusal::Other);
    }
}
