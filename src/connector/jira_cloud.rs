//! Jira Cloud: OAuth 2.0 (3LO) through `api.atlassian.com`.
//!
//! Source of every table: psoxy infra/modules/worklytics-connector-specs/main.tf, each release tag from v0.4.25 to v0.6.9.

use super::setting::{CONNECTOR_SETTINGS_RELEASE, Home, HomeSince, Setting, SettingKind};
use super::{Answer, Connector, ConsoleSection, ExampleCall, FilledBy, Scope, SecuredVariable, Since};
use crate::terraform::version::Version;

/// The connector.
pub static CONNECTOR: Connector = Connector {
    id: "jira-cloud",
    name: "Jira Cloud",
    setup_command: "tfhelper init-jira",
    settings: &[CLOUD_ID, EXAMPLE_ISSUE],
    secured_variables: &SECURED_VARIABLES,
    scopes: &[
        Since { release: Version::new(0, 4, 25), value: &SCOPES_WITH_READ_ACCOUNT },
        Since { release: Version::new(0, 5, 10), value: &SCOPES },
    ],
    example_calls: &[
        Since { release: Version::new(0, 4, 25), value: &CALLS_OF_BOTH_VERSIONS },
        Since { release: Version::new(0, 5, 3), value: &CALLS_WITH_JQL },
        Since { release: Version::new(0, 5, 7), value: &CALLS },
    ],
};

/// The cloud ID of the site.
pub const CLOUD_ID: Setting = Setting {
    name: "jira_cloud_id",
    about: "which site to call",
    placeholder: "YOUR_JIRA_CLOUD_ID",
    kind: SettingKind::CloudId,
    homes: &[
        HomeSince { home: Home::Variable("jira_cloud_id"), release: Version::new(0, 4, 25) },
        HomeSince { home: Home::ConnectorSettings("jira_cloud_id"), release: CONNECTOR_SETTINGS_RELEASE },
    ],
};

/// The issue that the example calls ask for; Jira Data Center has the same setting.
pub const EXAMPLE_ISSUE: Setting = Setting {
    name: "jira_example_issue_id",
    about: "which issue its example calls should ask for",
    placeholder: "YOUR_JIRA_EXAMPLE_ISSUE_ID",
    kind: SettingKind::ExampleIssue,
    homes: &[
        HomeSince { home: Home::Variable("jira_example_issue_id"), release: Version::new(0, 4, 31) },
        HomeSince { home: Home::Variable("example_jira_issue_id"), release: Version::new(0, 4, 25) },
        HomeSince { home: Home::ConnectorSettings("jira_example_issue_id"), release: CONNECTOR_SETTINGS_RELEASE },
    ],
};

const SECURED_VARIABLES: [SecuredVariable; 5] = [
    SecuredVariable { name: "ACCESS_TOKEN", is_writable_by_proxy: true, is_sensitive: true, filled_by: FilledBy::Proxy },
    SecuredVariable {
        name: "REFRESH_TOKEN",
        is_writable_by_proxy: true,
        is_sensitive: true,
        filled_by: FilledBy::OperatorThenProxy,
    },
    SecuredVariable { name: "OAUTH_REFRESH_TOKEN", is_writable_by_proxy: true, is_sensitive: false, filled_by: FilledBy::Nobody },
    SecuredVariable { name: "CLIENT_ID", is_writable_by_proxy: false, is_sensitive: true, filled_by: FilledBy::Operator },
    SecuredVariable { name: "CLIENT_SECRET", is_writable_by_proxy: false, is_sensitive: true, filled_by: FilledBy::Operator },
];

const OFFLINE_ACCESS: Scope =
    Scope { name: "offline_access", purpose: "getting a refresh token at all", console: ConsoleSection::RequestAlone };
const READ_GROUP: Scope =
    Scope { name: "read:group:jira", purpose: "reading the members of groups", console: ConsoleSection::JiraGranular };
const READ_AVATAR: Scope =
    Scope { name: "read:avatar:jira", purpose: "reading the members of groups", console: ConsoleSection::JiraGranular };
const READ_USER: Scope =
    Scope { name: "read:user:jira", purpose: "reading the members of groups", console: ConsoleSection::JiraGranular };
const READ_ACCOUNT: Scope =
    Scope { name: "read:account", purpose: "reading the email addresses of users", console: ConsoleSection::UserIdentity };
const READ_JIRA_USER: Scope = Scope { name: "read:jira-user", purpose: "reading users", console: ConsoleSection::JiraClassic };
const READ_JIRA_WORK: Scope = Scope {
    name: "read:jira-work",
    purpose: "reading projects, issues, comments and worklogs",
    console: ConsoleSection::JiraClassic,
};

const SCOPES_WITH_READ_ACCOUNT: [Scope; 7] =
    [OFFLINE_ACCESS, READ_GROUP, READ_AVATAR, READ_USER, READ_ACCOUNT, READ_JIRA_USER, READ_JIRA_WORK];
const SCOPES: [Scope; 6] = [OFFLINE_ACCESS, READ_GROUP, READ_AVATAR, READ_USER, READ_JIRA_USER, READ_JIRA_WORK];

const VALUES: Answer = Answer::List { member: Some("values") };
const LIST: Answer = Answer::List { member: None };

/// Who consented; the proxy's rules do not let it through, so it is for direct calls.
const MYSELF: ExampleCall = ExampleCall {
    name: "myself",
    path: "/ex/jira/{jira_cloud_id}/rest/api/3/myself",
    answer: Answer::Object { member: "accountId" },
    scope: "read:jira-user",
    permission: "",
    passes_proxy: false,
    is_removed: false,
};

const RESOURCES: ExampleCall = ExampleCall {
    name: "accessible-resources",
    path: "/oauth/token/accessible-resources",
    answer: LIST,
    scope: "",
    permission: "",
    passes_proxy: true,
    is_removed: false,
};

/// A call about people.
const fn people(name: &'static str, path: &'static str, answer: Answer) -> ExampleCall {
    let (scope, permission) = ("read:jira-user", "Browse users and groups");
    ExampleCall { name, path, answer, scope, permission, passes_proxy: true, is_removed: false }
}

/// A call about work.
const fn work(name: &'static str, path: &'static str, answer: Answer) -> ExampleCall {
    let (scope, permission) = ("read:jira-work", "Browse projects");
    ExampleCall { name, path, answer, scope, permission, passes_proxy: true, is_removed: false }
}

/// A call about one issue, which may have none of what is asked for.
const fn issue(name: &'static str, path: &'static str, member: &'static str) -> ExampleCall {
    work(name, path, Answer::PossiblyEmptyList { member: Some(member) })
}

/// An operation that Atlassian shut down in 2025 (changelog entry CHANGE-2046).
const fn removed(name: &'static str, path: &'static str) -> ExampleCall {
    ExampleCall { is_removed: true, ..work(name, path, Answer::List { member: Some("issues") }) }
}

const USERS: ExampleCall = people("users", "/ex/jira/{jira_cloud_id}/rest/api/3/users", LIST);
const GROUPS: ExampleCall = people("groups", "/ex/jira/{jira_cloud_id}/rest/api/3/group/bulk", VALUES);
const CHANGELOG: ExampleCall =
    issue("changelog", "/ex/jira/{jira_cloud_id}/rest/api/3/issue/{jira_example_issue_id}/changelog?maxResults=25", "values");
const COMMENTS: ExampleCall =
    issue("comments", "/ex/jira/{jira_cloud_id}/rest/api/3/issue/{jira_example_issue_id}/comment?maxResults=25", "comments");
const WORKLOGS: ExampleCall =
    issue("worklogs", "/ex/jira/{jira_cloud_id}/rest/api/3/issue/{jira_example_issue_id}/worklog?maxResults=25", "worklogs");
const PROJECTS: ExampleCall = work("projects", "/ex/jira/{jira_cloud_id}/rest/api/3/project/search?maxResults=25", VALUES);

/// v0.5.7 and later.
const CALLS: [ExampleCall; 8] = [MYSELF, RESOURCES, USERS, GROUPS, CHANGELOG, COMMENTS, WORKLOGS, PROJECTS];

/// v0.5.3 to v0.5.6. psoxy counts the three days from a date of its own; the list's stray Salesforce call is left out.
const CALLS_WITH_JQL: [ExampleCall; 9] = [
    MYSELF,
    RESOURCES,
    USERS,
    GROUPS,
    issue(
        "search",
        "/ex/jira/{jira_cloud_id}/rest/api/3/search/jql?fields=%2Aall%2C-comment%2C-worklog\
         &jql=updated%20%3E%3D%20-3d%20ORDER%20BY%20updated%20DESC&maxResults=25",
        "issues",
    ),
    CHANGELOG,
    COMMENTS,
    WORKLOGS,
    PROJECTS,
];

/// v0.4.25 to v0.5.2.
const CALLS_OF_BOTH_VERSIONS: [ExampleCall; 15] = [
    MYSELF,
    RESOURCES,
    people("users-v2", "/ex/jira/{jira_cloud_id}/rest/api/2/users", LIST),
    people("groups-v2", "/ex/jira/{jira_cloud_id}/rest/api/2/group/bulk", VALUES),
    removed("search-v2", "/ex/jira/{jira_cloud_id}/rest/api/2/search?maxResults=25"),
    issue("changelog-v2", "/ex/jira/{jira_cloud_id}/rest/api/2/issue/{jira_example_issue_id}/changelog?maxResults=25", "values"),
    issue("comments-v2", "/ex/jira/{jira_cloud_id}/rest/api/2/issue/{jira_example_issue_id}/comment?maxResults=25", "comments"),
    issue("worklogs-v2", "/ex/jira/{jira_cloud_id}/rest/api/2/issue/{jira_example_issue_id}/worklog?maxResults=25", "worklogs"),
    USERS,
    GROUPS,
    removed("search", "/ex/jira/{jira_cloud_id}/rest/api/3/search?maxResults=25"),
    CHANGELOG,
    COMMENTS,
    WORKLOGS,
    PROJECTS,
];
