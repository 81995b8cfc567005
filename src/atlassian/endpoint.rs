//! Where Atlassian is: three origins, each of which a variable can replace; no I/O.

use url::Url;

use super::authorization::is_loopback;

/// The variable that replaces the origin of the authorization and token endpoints.
pub const AUTH_URL: &str = "TFHELPER_ATLASSIAN_AUTH_URL";
/// The variable that replaces the origin of the APIs.
pub const API_URL: &str = "TFHELPER_ATLASSIAN_API_URL";
/// The variable that replaces the address of a site; `{site}` in it stands for the site's name.
pub const SITE_URL: &str = "TFHELPER_ATLASSIAN_SITE_URL";

/// The origins that tfhelper talks to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// Authorization and token endpoint.
    pub auth: Url,
    /// Accessible resources, and Jira's REST API behind `/ex/jira/`.
    pub api: Url,
    /// A site's address with `{site}` for its name.
    site: String,
}

impl Endpoints {
    /// Atlassian's own origins, or those that the variables name.
    ///
    /// # Errors
    ///
    /// When a variable holds no URL, or plain `http` that does not stay on this machine; the message names the variable.
    pub fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        let value = |name: &str, default: &str| variable(name).unwrap_or_else(|| default.to_owned());
        let site = value(SITE_URL, "https://{site}.atlassian.net");
        parse_origin(SITE_URL, &site.replace("{site}", "site"))?;
        Ok(Self {
            auth: parse_origin(AUTH_URL, &value(AUTH_URL, "https://auth.atlassian.com"))?,
            api: parse_origin(API_URL, &value(API_URL, "https://api.atlassian.com"))?,
            site,
        })
    }

    /// The address of the site of this name.
    ///
    /// # Errors
    ///
    /// When the name makes no host; it is expected to be a single label, see [`super::site::atlassian_name`].
    pub fn site(&self, name: &str) -> Result<Url, String> {
        parse_origin(SITE_URL, &self.site.replace("{site}", name))
    }
}

fn parse_origin(variable: &str, text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("`{variable}` is no URL: {error}"))?;
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        _ => Err(format!("`{variable}` must be an https:// URL; plain http is accepted for loopback addresses alone")),
    }
}

/// The URL of a path below an origin that may have a path of its own.
#[must_use]
pub fn below(origin: &Url, path: &str) -> String {
    format!("{}/{path}", origin.as_str().trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_auth(value: &str, is_accepted: bool) {
        let endpoints = Endpoints::from_variables(|name| (name == AUTH_URL).then(|| value.to_owned()));
        assert_eq!(endpoints.is_ok(), is_accepted);
    }

    #[test]
    fn default_origins_are_atlassian_s() {
        let endpoints = Endpoints::from_variables(|_| None).unwrap();
        assert_eq!(below(&endpoints.auth, "oauth/token"), "https://auth.atlassian.com/oauth/token");
        assert_eq!(endpoints.site("acme").unwrap().as_str(), "https://acme.atlassian.net/");
    }

    #[test]
    fn plain_http_is_accepted_on_loopback() {
        check_auth("http://127.0.0.1:8080/auth", true);
    }

    #[test]
    fn plain_http_is_accepted_on_the_other_loopback() {
        check_auth("http://[::1]:8080", true);
    }

    #[test]
    fn plain_http_is_refused_elsewhere() {
        check_auth("http://127.0.0.1.example.org", false);
    }

    #[test]
    fn other_schemes_are_refused() {
        check_auth("file:///etc/passwd", false);
    }
}
