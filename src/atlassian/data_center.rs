//! Jira Data Center as it answers: its address, version, user, permissions and tokens. No I/O.

use std::fmt;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use url::{Host, Url};

use super::authorization::is_loopback;

/// The version that brought personal access tokens.
///
/// Source: Atlassian, "Using personal access tokens".
pub const FIRST_VERSION_WITH_TOKENS: (u32, u32) = (8, 14);

/// The address of a Jira Data Center that psoxy can call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    origin: Url,
}

/// Why psoxy cannot call an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AddressError {
    /// It is no address; with the reason.
    Malformed(String),
    /// It has a path, so Jira stands under a context path.
    ContextPath(String),
    /// Plain `http` to another machine.
    PlainHttp,
    /// A site of Jira Cloud.
    Cloud,
}

impl Address {
    /// Parses what a person copies out of the browser's address bar: a host, or a URL.
    ///
    /// # Errors
    ///
    /// When psoxy, which knows nothing but a host behind `https://`, could not call it.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        let url = if text.contains("://") { Url::parse(text) } else { Url::parse(&format!("https://{text}")) };
        let url = url.map_err(|error| AddressError::Malformed(error.to_string()))?;
        let malformed = |why: &str| Err(AddressError::Malformed(String::from(why)));
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(&url) => {}
            "http" => return Err(AddressError::PlainHttp),
            _ => return malformed("its scheme is neither https nor http"),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return malformed("it holds a user name or a password");
        }
        let host = match url.host() {
            Some(Host::Domain(host)) => host,
            Some(Host::Ipv4(_) | Host::Ipv6(_)) => "",
            None => return malformed("it has no host"),
        };
        if host == "atlassian.net" || host.ends_with(".atlassian.net") {
            return Err(AddressError::Cloud);
        }
        if !host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')) {
            return malformed("its host holds characters that no host has");
        }
        if url.path() != "/" {
            return Err(AddressError::ContextPath(url.path().to_owned()));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return malformed("it has a query or a fragment");
        }
        Ok(Self { origin: url })
    }

    /// The origin that calls go to.
    #[must_use]
    pub fn origin(&self) -> &Url {
        &self.origin
    }

    /// The host, with its port where that is not the usual one: what `jira_server_url` takes.
    #[must_use]
    pub fn host(&self) -> String {
        let host = self.origin.host_str().unwrap_or_default();
        self.origin.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }
}

impl fmt::Display for AddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(why) => f.write_str(why),
            Self::ContextPath(path) => {
                write!(
                    f,
                    "it has the path `{path}`, and psoxy can call no Jira under a context path: it knows nothing but a host"
                )
            }
            Self::PlainHttp => f.write_str("psoxy calls https:// alone; plain http is accepted for loopback addresses only"),
            Self::Cloud => f.write_str("it is a site of Jira Cloud, which has no personal access tokens"),
        }
    }
}

/// `/rest/api/2/serverInfo`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServerInfo {
    /// `9.12.0`.
    pub version: String,
    /// `Server`, of Data Center too, or `Cloud`.
    #[serde(default)]
    pub deployment_type: String,
}

impl ServerInfo {
    /// Tells whether it is Jira Cloud.
    #[must_use]
    pub fn is_cloud(&self) -> bool {
        self.deployment_type.eq_ignore_ascii_case("cloud")
    }

    /// Tells whether the version has personal access tokens; one that cannot be read has.
    #[must_use]
    pub fn has_personal_access_tokens(&self) -> bool {
        let mut numbers = self.version.split(['.', '-']).map_while(|part| part.parse::<u32>().ok());
        numbers.next().is_none_or(|major| (major, numbers.next().unwrap_or(0)) >= FIRST_VERSION_WITH_TOKENS)
    }
}

/// `/rest/api/2/myself`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// The login name.
    pub name: String,
    /// The name as shown.
    #[serde(default)]
    pub display_name: String,
}

/// Words in the names of accounts that belong to nobody in particular.
const SERVICE_WORDS: [&str; 12] =
    ["api", "automation", "bot", "connector", "integration", "proxy", "psoxy", "robot", "service", "svc", "system", "worklytics"];

impl User {
    /// Guesses from the names whether the account is one for a service; a person's leaves with the person.
    #[must_use]
    pub fn looks_like_service_account(&self) -> bool {
        let names = format!("{} {}", self.name, self.display_name).to_lowercase();
        let mut words = names.split(|c: char| !c.is_alphanumeric());
        words.any(|word| SERVICE_WORDS.contains(&word.trim_end_matches(|c: char| c.is_ascii_digit())))
    }
}

/// Reads from the answer of `mypermissions` whether the user may browse projects; none where it does not say.
///
/// Jira 7 calls the permission `BROWSE`. Source: Jira Server platform REST API reference, `mypermissions`.
#[must_use]
pub fn can_browse_projects(answer: &Value) -> Option<bool> {
    let permissions = answer.get("permissions")?;
    let permission = permissions.get("BROWSE_PROJECTS").or_else(|| permissions.get("BROWSE"))?;
    permission.get("havePermission")?.as_bool()
}

/// Reads from the list of the user's tokens when each ends; none of one that never does.
///
/// A date is written `2026-10-01T09:00:00.000+0000`; one that cannot be read makes the list useless.
#[must_use]
pub fn token_ends(answer: &Value) -> Option<Vec<Option<Timestamp>>> {
    let end = |token: &Value| match token.get("expiringAt") {
        None | Some(Value::Null) => Some(None),
        Some(date) => Timestamp::strptime("%Y-%m-%dT%H:%M:%S%.f%z", date.as_str()?).ok().map(Some),
    };
    answer.as_array()?.iter().map(end).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_host(text: &str, expected: &str) {
        assert_eq!(Address::parse(text).map(|address| address.host()), Ok(expected.to_owned()));
    }

    #[track_caller]
    fn check_refused(text: &str, expected: &str) {
        let why = Address::parse(text).unwrap_err().to_string();
        assert!(why.contains(expected), "{why}");
    }

    #[test]
    fn host_is_taken_from_what_is_copied() {
        check_host("jira.acme.test", "jira.acme.test");
        check_host(" https://Jira.Acme.Test/ ", "jira.acme.test");
        check_host("https://jira.acme.test:443", "jira.acme.test");
        check_host("jira.acme.test:8443", "jira.acme.test:8443");
        check_host("https://[::1]:8443", "[::1]:8443");
    }

    #[test]
    fn context_path_is_refused() {
        check_refused("https://acme.test/jira", "context path");
        check_refused("acme.test/jira/", "context path");
    }

    #[test]
    fn plain_http_is_for_loopback_alone() {
        check_host("http://127.0.0.1:8080", "127.0.0.1:8080");
        check_refused("http://jira.acme.test", "https:// alone");
        check_refused("http://127.0.0.1.acme.test", "https:// alone");
    }

    #[test]
    fn cloud_site_is_refused() {
        check_refused("acme.atlassian.net", "Jira Cloud");
        check_refused("https://acme.atlassian.net/jira/projects", "Jira Cloud");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        check_refused("", "empty host");
        check_refused("ftp://jira.acme.test", "neither https nor http");
        check_refused("https://me:secret@jira.acme.test", "user name");
        check_refused("jira.acme.test?x=1", "query");
        check_refused("jira'acme.test", "characters");
    }

    #[track_caller]
    fn check_tokens(version: &str, expected: bool) {
        let info = ServerInfo { version: version.to_owned(), deployment_type: String::from("Server") };
        assert_eq!(info.has_personal_access_tokens(), expected);
    }

    #[test]
    fn tokens_exist_from_8_14_on() {
        check_tokens("8.13.27", false);
        check_tokens("7.6.1", false);
        check_tokens("8.14.0", true);
        check_tokens("9.12.0-SNAPSHOT", true);
        check_tokens("10.3", true);
    }

    #[track_caller]
    fn check_service_account(name: &str, display_name: &str, expected: bool) {
        let user = User { name: name.to_owned(), display_name: display_name.to_owned() };
        assert_eq!(user.looks_like_service_account(), expected);
    }

    #[test]
    fn service_account_is_known_by_its_name() {
        check_service_account("svc-jira", "Jira reader", true);
        check_service_account("u1234", "Worklytics", true);
        check_service_account("bot2", "", true);
    }

    #[test]
    fn person_is_no_service_account() {
        check_service_account("alex", "Alex Admin", false);
        check_service_account("abbott", "Bob Abbott", false);
    }

    #[track_caller]
    fn check_permission(answer: &Value, expected: Option<bool>) {
        assert_eq!(can_browse_projects(answer), expected);
    }

    #[test]
    fn newer_name_of_the_permission_counts() {
        let answer = serde_json::json!({"permissions": {"BROWSE": {"havePermission": true}, "BROWSE_PROJECTS": {"havePermission": false}}});
        check_permission(&answer, Some(false));
    }

    #[test]
    fn older_name_of_the_permission_serves() {
        check_permission(&serde_json::json!({"permissions": {"BROWSE": {"havePermission": true}}}), Some(true));
    }

    #[test]
    fn permission_that_is_not_told_is_not_known() {
        check_permission(&serde_json::json!({"permissions": {}}), None);
    }

    #[test]
    fn dates_of_tokens_are_read() {
        let answer = serde_json::json!([{"id": "1", "expiringAt": "1970-01-02T01:00:00.000+0100"}, {"id": 2}]);
        assert_eq!(token_ends(&answer), Some(vec![Some(Timestamp::from_second(86_400).unwrap()), None]));
    }

    #[test]
    fn date_that_cannot_be_read_makes_the_list_useless() {
        assert_eq!(token_ends(&serde_json::json!([{"expiringAt": "soon"}])), None);
    }
}
