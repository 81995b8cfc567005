//! Accessible resources -> sites, and the choice of one; no I/O.
//!
//! One site appears once a product: Jira and Confluence of a site share their `id` and differ in `scopes`. The order means nothing.

use std::fmt;

use serde::Deserialize;
use uuid::Uuid;

use super::authorization::Scopes;

/// What a scope of Jira contains: `read:jira-work` is classic, `read:group:jira` granular.
///
/// Source: Atlassian, "making calls to the API": the product of an accessible resource is told by its scopes.
const JIRA: &str = ":jira";

/// A Jira site that the grant reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// The cloud ID, a UUID in lower case.
    pub cloud_id: String,
    /// The site's name, as its people chose it: any text.
    pub name: String,
    /// The site's address, such as `https://acme.atlassian.net`, or a custom domain.
    pub url: String,
    /// The scopes granted for the site's products; neither `offline_access` nor `read:account` is ever among them.
    pub scopes: Scopes,
}

impl Site {
    /// The host of the site's address, in lower case.
    #[must_use]
    pub fn host(&self) -> String {
        host_of(&self.url)
    }
}

/// An accessible resource as Atlassian sends it; other members are passed over.
#[derive(Deserialize)]
struct AccessibleResource {
    id: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    url: String,
    #[serde(default)]
    scopes: Vec<String>,
}

/// Reads the Jira sites of an `accessible-resources` answer, sorted by name, one for each cloud ID.
///
/// # Errors
///
/// When the answer is not a list of resources, or a Jira site's `id` is no UUID.
pub fn parse_accessible_resources(body: &[u8]) -> Result<Vec<Site>, String> {
    let resources: Vec<AccessibleResource> =
        serde_json::from_slice(body).map_err(|_| String::from("the answer is not a list of accessible resources"))?;
    let mut sites: Vec<Site> = Vec::new();
    for resource in resources {
        if !resource.scopes.iter().any(|scope| scope.contains(JIRA)) {
            continue;
        }
        let cloud_id = parse_cloud_id(&resource.id).ok_or_else(|| format!("the `id` of site `{}` is no UUID", resource.name))?;
        let scopes: Scopes = resource.scopes.iter().map(String::as_str).collect();
        match sites.iter_mut().find(|site| site.cloud_id == cloud_id) {
            Some(site) => site.scopes.extend(&scopes),
            None => sites.push(Site { cloud_id, name: resource.name, url: resource.url, scopes }),
        }
    }
    sites.sort_by(|a, b| (&a.name, &a.cloud_id).cmp(&(&b.name, &b.cloud_id)));
    Ok(sites)
}

/// A cloud ID in lower case, where the text is a UUID in its hyphenated form.
#[must_use]
pub fn parse_cloud_id(text: &str) -> Option<String> {
    let text = text.trim();
    (text.len() == uuid::fmt::Hyphenated::LENGTH).then_some(())?;
    Some(Uuid::try_parse(text).ok()?.hyphenated().to_string())
}

/// Why no site could be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SiteError {
    /// The grant reaches no Jira site.
    None,
    /// Several sites match, and nothing says which one.
    Several(Vec<Site>),
    /// No site is the one that was asked for; these are there.
    NoMatch(Vec<Site>),
}

impl fmt::Display for SiteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("the grant reaches no Jira site"),
            Self::Several(sites) => write!(f, "{} Jira sites match", sites.len()),
            Self::NoMatch(_) => f.write_str("the grant does not reach the site that was asked for"),
        }
    }
}

impl std::error::Error for SiteError {}

/// Chooses the site: the one asked for by cloud ID, host, URL or name, in any spelling; without a wish, the only one.
///
/// # Errors
///
/// When none or more than one matches.
pub fn choose<'a>(sites: &'a [Site], wanted: Option<&str>) -> Result<&'a Site, SiteError> {
    let matching = match wanted {
        Some(wanted) => find(sites, wanted),
        None => sites.iter().collect(),
    };
    match matching.as_slice() {
        [] if sites.is_empty() => Err(SiteError::None),
        [] => Err(SiteError::NoMatch(sites.to_vec())),
        [site] => Ok(site),
        several => Err(SiteError::Several(several.iter().map(|site| (*site).clone()).collect())),
    }
}

/// The sites that a spelling can mean; an address is looked for before a name, since two sites may bear one name.
fn find<'a>(sites: &'a [Site], wanted: &str) -> Vec<&'a Site> {
    if let Some(cloud_id) = parse_cloud_id(wanted) {
        return sites.iter().filter(|site| site.cloud_id == cloud_id).collect();
    }
    let host = host_of(wanted);
    let by_host: Vec<&Site> = sites.iter().filter(|site| site.host() == host || site.host() == atlassian_host(&host)).collect();
    if !by_host.is_empty() {
        return by_host;
    }
    let name = wanted.trim().to_lowercase();
    sites.iter().filter(|site| site.name.trim().to_lowercase() == name).collect()
}

/// The name that a site's spelling gives at `atlassian.net`: `acme` for `acme`, `ACME.atlassian.net` or its URL; nothing for
/// text that is no host name, or another domain.
#[must_use]
pub fn atlassian_name(spelling: &str) -> Option<String> {
    let host = host_of(spelling);
    let name = host.strip_suffix(".atlassian.net").unwrap_or(&host);
    let is_label = |c: char| c.is_ascii_alphanumeric() || c == '-';
    (!name.is_empty() && name.len() <= 63 && name.chars().all(is_label)).then(|| name.to_owned())
}

fn atlassian_host(name: &str) -> String {
    format!("{name}.atlassian.net")
}

/// The host of any spelling of an address: lower case, without scheme, user, port, path and final dot.
fn host_of(spelling: &str) -> String {
    let text = spelling.trim();
    let text = text.split_once("://").map_or(text, |(_, rest)| rest);
    let text = text.split(['/', '?', '#']).next().unwrap_or_default();
    let text = text.rsplit('@').next().unwrap_or_default();
    let text = text.split(':').next().unwrap_or_default();
    text.trim_end_matches('.').to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACME: &str = "1324a887-45db-1bf4-1e99-ef0ff456d421";
    const ZETA: &str = "adcae078-765b-45bf-a38b-7cda232b9a94";

    fn body() -> String {
        format!(
            r#"[{{"id":"{ZETA}","name":"Zeta \"Q\"","url":"https://jira.zeta.example","scopes":["read:group:jira"]}},
                {{"id":"{ACME}","name":"acme","url":"https://acme.atlassian.net","scopes":["read:confluence-user"]}},
                {{"id":"{ACME}","name":"acme","url":"https://acme.atlassian.net","scopes":["read:jira-work"],"avatarUrl":"x"}},
                {{"id":"{ACME}","name":"acme","url":"https://acme.atlassian.net","scopes":["read:jira-user","read:group:jira"]}}]"#
        )
    }

    fn sites() -> Vec<Site> {
        parse_accessible_resources(body().as_bytes()).unwrap()
    }

    #[track_caller]
    fn check_choice(wanted: &str, expected: Option<&str>) {
        let sites = sites();
        assert_eq!(choose(&sites, Some(wanted)).ok().map(|site| site.cloud_id.as_str()), expected);
    }

    #[test]
    fn products_of_a_site_are_merged_and_confluence_is_left_out() {
        let sites = sites();
        assert_eq!(sites.len(), 2);
        assert_eq!(
            sites.iter().find(|site| site.cloud_id == ACME).unwrap().scopes.to_string(),
            "read:group:jira read:jira-user read:jira-work"
        );
    }

    #[test]
    fn chooses_by_name_in_any_case() {
        check_choice("ACME", Some(ACME));
    }

    #[test]
    fn chooses_by_host() {
        check_choice("Acme.Atlassian.net.", Some(ACME));
    }

    #[test]
    fn chooses_by_url_with_path_and_slash() {
        check_choice(" https://acme.atlassian.net/jira/software/ ", Some(ACME));
    }

    #[test]
    fn chooses_by_custom_domain() {
        check_choice("jira.zeta.example", Some(ZETA));
    }

    #[test]
    fn chooses_by_name_with_quotes() {
        check_choice("zeta \"q\"", Some(ZETA));
    }

    #[test]
    fn chooses_by_cloud_id() {
        check_choice(&ZETA.to_uppercase(), Some(ZETA));
    }

    #[test]
    fn refuses_a_site_that_is_not_there() {
        check_choice("acm", None);
    }

    #[test]
    fn asks_where_several_match() {
        assert!(matches!(choose(&sites(), None), Err(SiteError::Several(sites)) if sites.len() == 2));
    }

    #[test]
    fn takes_the_only_site() {
        assert!(choose(&sites()[..1], None).is_ok());
    }

    #[test]
    fn says_that_there_is_none() {
        assert_eq!(choose(&[], Some("acme")), Err(SiteError::None));
    }

    #[test]
    fn refuses_a_site_whose_id_is_no_uuid() {
        assert!(parse_accessible_resources(br#"[{"id":"${file(1)}","scopes":["read:jira-work"]}]"#).is_err());
    }

    #[test]
    fn name_at_atlassian_is_found_in_a_url() {
        assert_eq!(atlassian_name("https://ACME.atlassian.net/").as_deref(), Some("acme"));
    }

    #[test]
    fn name_at_atlassian_is_not_found_in_another_domain() {
        assert_eq!(atlassian_name("jira.zeta.example"), None);
    }
}
