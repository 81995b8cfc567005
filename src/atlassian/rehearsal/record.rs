//! What the stand-in was asked, for tests to assert on.

use std::collections::BTreeMap;
use std::fmt;

/// One request, as it arrived.
#[derive(Clone, PartialEq, Eq)]
pub struct RecordedRequest {
    /// `GET`, `POST`.
    pub method: String,
    /// The path, undecoded, without the query.
    pub path: String,
    /// The query's parameters, decoded, in their order.
    pub query: Vec<(String, String)>,
    /// The headers, names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub body: String,
}

impl RecordedRequest {
    /// The value of the query's parameter of this name.
    #[must_use]
    pub fn query_parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The parameters of the body, a form or a JSON object of strings; nothing where it is neither.
    #[must_use]
    pub fn parameters(&self) -> BTreeMap<String, String> {
        match self.headers.get("content-type").map(|value| value.split(';').next().unwrap_or_default().trim()) {
            Some("application/json") => serde_json::from_str(&self.body).unwrap_or_default(),
            Some("application/x-www-form-urlencoded") => url::form_urlencoded::parse(self.body.as_bytes()).into_owned().collect(),
            Some(_) | None => BTreeMap::new(),
        }
    }

    /// The token of the `Authorization: Bearer` header.
    #[must_use]
    pub fn bearer_token(&self) -> Option<&str> {
        let (scheme, token) = self.headers.get("authorization")?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    }
}

/// Method and path alone: headers and body carry secrets.
impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}
