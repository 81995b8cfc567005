//! What the token endpoint answers: tokens, or an error whose words Atlassian has changed once.

use std::time::Duration;

use serde_json::Value;

use super::Scopes;
use crate::secret::Secret;

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

    #[track_caller]
    fn check_refusal(status: u16, error: &str, description: &str, expected: TokenRefusal) {
        assert_eq!(classify_refusal(status, error, description), expected);
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
