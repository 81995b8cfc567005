//! What a rehearsal looks like: the app, the person, the sites, and every way in which it can go wrong.
//!
//! [`Knobs::default`] is the good day: one site, a person who may see everything, consent given without a page.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::cloud_data;
use crate::secret::Secret;

/// What the stand-in pretends to be, and how it fails.
#[derive(Clone, Debug)]
pub struct Knobs {
    /// The time it is.
    pub clock: Clock,
    /// The app of the developer console.
    pub app: App,
    /// The person who consents.
    pub user: User,
    /// The sites of the organization, in the order in which they are listed.
    pub sites: Vec<Site>,
    /// How the consent page answers.
    pub answer: Answer,
    /// What an accepted consent reaches.
    pub access: Access,
    /// The token endpoint.
    pub tokens: Tokens,
    /// Keys of the issues that exist, on every site.
    pub issues: Vec<String>,
    /// Jira Data Center, served by the same origin.
    pub data_center: DataCenter,
    /// What goes wrong on the wire, first match first.
    pub faults: Vec<Fault>,
}

impl Default for Knobs {
    fn default() -> Self {
        Self {
            clock: Clock(Arc::new(Timestamp::now)),
            app: App::default(),
            user: User::default(),
            sites: vec![Site::default()],
            answer: Answer::Accept,
            access: Access::OneSite,
            tokens: Tokens::default(),
            issues: cloud_data::ISSUES.map(String::from).to_vec(),
            data_center: DataCenter::default(),
            faults: Vec::new(),
        }
    }
}

/// Tells the time, so that a test can let a year go by.
#[derive(Clone)]
pub struct Clock(pub Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    pub(super) fn now(&self) -> Timestamp {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

/// An app as the developer console knows it.
#[derive(Clone, Debug)]
pub struct App {
    /// Its name on the consent page.
    pub name: String,
    /// The client ID.
    pub client_id: String,
    /// The client secret.
    pub client_secret: Secret,
    /// The one callback URL; compared byte for byte.
    pub redirect_uri: String,
    /// Scopes that were never added in the console: a grant lacks them, whatever was requested.
    pub missing_scopes: Vec<String>,
    /// Distribution is enabled, or the person who consents is the creator.
    pub is_shared: bool,
}

impl Default for App {
    fn default() -> Self {
        Self {
            name: String::from("psoxy"),
            client_id: String::from("rehearsal-client-id"),
            client_secret: Secret::new("rehearsal-client-secret"),
            redirect_uri: String::from("http://localhost:9000/psoxy-setup-callback"),
            missing_scopes: Vec::new(),
            is_shared: true,
        }
    }
}

/// The person who consents, and what Jira lets that person see.
#[derive(Clone, Debug)]
pub struct User {
    /// The Atlassian account.
    pub account_id: String,
    /// As shown.
    pub display_name: String,
    /// Global permission "Browse users and groups" (`USER_PICKER`).
    pub can_browse_users: bool,
    /// Project permission "Browse Projects" (`BROWSE_PROJECTS`), in every project.
    pub can_browse_projects: bool,
    /// Global permission "Administer Jira" (`ADMINISTER`).
    pub is_administrator: bool,
}

impl Default for User {
    fn default() -> Self {
        Self {
            account_id: String::from("557058:0b7bb2a5-3f2e-4a7e-9d3c-5f2f0c6f1a01"),
            display_name: String::from("Alex Admin"),
            can_browse_users: true,
            can_browse_projects: true,
            is_administrator: true,
        }
    }
}

/// A site of Atlassian Cloud.
#[derive(Clone, Debug)]
pub struct Site {
    /// The cloud ID.
    pub cloud_id: String,
    /// The first label of `<host>.atlassian.net`.
    pub host: String,
    /// The name as shown; anything at all.
    pub name: String,
    /// Jira is one of its products.
    pub has_jira: bool,
    /// Confluence is one of its products; it is listed as an accessible resource of its own with the same cloud ID.
    pub has_confluence: bool,
    /// The gateway lets the app in; where not, it is listed and answers 403 all the same.
    pub admits_app: bool,
}

impl Default for Site {
    fn default() -> Self {
        Self::new("acme", "1324a887-45db-4bf4-8e99-ef0ff456d421")
    }
}

impl Site {
    /// A site with Jira.
    #[must_use]
    pub fn new(host: &str, cloud_id: &str) -> Self {
        Self {
            cloud_id: String::from(cloud_id),
            host: String::from(host),
            name: String::from(host),
            has_jira: true,
            has_confluence: false,
            admits_app: true,
        }
    }

    pub(super) fn url(&self) -> String {
        format!("https://{}.atlassian.net", self.host)
    }
}

/// How the consent page answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Shows the page and waits for a click.
    Ask,
    /// Accepts at once, for the first site that has Jira.
    Accept,
    /// Cancels at once.
    Cancel,
    /// Accepts, and sends back another `state`.
    WrongState,
    /// Accepts, and sends no `state` back.
    NoState,
    /// The site's administrator has to authorize the app first; nothing is sent back.
    BlockedByAdministrator,
    /// The login page again and again; nothing is sent back.
    NeverRedirect,
}

/// What an accepted consent reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// The site that was chosen, and those chosen before: "resource-level" in the developer console.
    OneSite,
    /// Every site of the account: "account-level".
    EverySite,
}

/// The token endpoint's behaviour.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// Whose wording its errors have.
    pub errors: TokenErrors,
    /// How long a code can be exchanged; Atlassian does not document it.
    pub code_lifetime: Duration,
    /// Leaves the refresh token out although `offline_access` was granted.
    pub omits_refresh_token: bool,
}

impl Default for Tokens {
    fn default() -> Self {
        Self { errors: TokenErrors::Current, code_lifetime: Duration::from_secs(300), omits_refresh_token: false }
    }
}

/// The two generations of the token endpoint's errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenErrors {
    /// `invalid_grant`, `Invalid authorization code`, `Unknown or invalid refresh token.`
    Auth0,
    /// `invalid_request`, `authorization_code is invalid`; `unauthorized_client`, `refresh_token is invalid`.
    Current,
}

/// A Jira Data Center.
#[derive(Clone, Debug)]
pub struct DataCenter {
    /// Its version; personal access tokens exist from 8.14 on.
    pub version: String,
    /// `Server`, as Data Center itself says, or what a test wants.
    pub deployment_type: String,
    /// The personal access tokens that it knows.
    pub tokens: Vec<PersonalAccessToken>,
    /// Project permission "Browse Projects".
    pub can_browse_projects: bool,
    /// `serverInfo` answers without a login.
    pub admits_anonymous: bool,
    /// `/rest/pat/latest/tokens` is there.
    pub lists_tokens: bool,
    /// Refusals come as the HTML login page.
    pub answers_html: bool,
}

impl Default for DataCenter {
    fn default() -> Self {
        Self {
            version: String::from("9.12.0"),
            deployment_type: String::from("Server"),
            tokens: vec![PersonalAccessToken {
                value: Secret::new("rehearsal-personal-access-token"),
                name: String::from("psoxy"),
                expires_at: None,
            }],
            can_browse_projects: true,
            admits_anonymous: true,
            lists_tokens: true,
            answers_html: false,
        }
    }
}

/// A personal access token of Jira Data Center.
#[derive(Clone, Debug)]
pub struct PersonalAccessToken {
    /// The token itself.
    pub value: Secret,
    /// Its name in the list of tokens.
    pub name: String,
    /// When it stops being valid; `None` is never.
    pub expires_at: Option<Timestamp>,
}

/// One thing that goes wrong.
#[derive(Clone, Debug)]
pub struct Fault {
    /// Requests whose path begins so; what is recorded is the path without the query.
    pub path: String,
    /// How many times; then all is well again. `None` is always.
    pub times: Option<u32>,
    /// What goes wrong.
    pub kind: FaultKind,
}

impl Fault {
    /// Goes wrong every time.
    #[must_use]
    pub fn always(path: &str, kind: FaultKind) -> Self {
        Self { path: String::from(path), times: None, kind }
    }

    /// Goes wrong so many times.
    #[must_use]
    pub fn times(path: &str, times: u32, kind: FaultKind) -> Self {
        Self { path: String::from(path), times: Some(times), kind }
    }
}

/// What goes wrong on the wire.
#[derive(Clone, Debug)]
pub enum FaultKind {
    /// This status with a short JSON body.
    Status(u16),
    /// 429 with `Retry-After` in seconds and Jira's rate limit headers.
    TooManyRequests {
        /// `Retry-After`, where it is sent.
        retry_after_seconds: Option<u32>,
    },
    /// This status with an HTML page, as a proxy on the way would answer.
    Html(u16),
    /// This status with this body as JSON.
    Body(u16, String),
    /// 400 whose description repeats the whole request, secrets and a terminal escape sequence included.
    Echo,
    /// Does all that was asked and never answers.
    Stall,
    /// Answers after this time.
    Slow(Duration),
    /// The answer's body ends in the middle, the connection is closed in order.
    Truncate,
    /// The connection is reset in the middle of the answer's body.
    Reset,
}
