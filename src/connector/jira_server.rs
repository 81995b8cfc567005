//! Jira Data Center, and Jira Server before it: a personal access token against the site's own host.
//!
//! psoxy uses the URL verbatim as a host, so a scheme or a path in it never works. Source: psoxy
//! infra/modules/worklytics-connector-specs/main.tf, unchanged from v0.4.25 to v0.6.9.

use super::jira_cloud::EXAMPLE_ISSUE;
use super::setting::{CONNECTOR_SETTINGS_RELEASE, Home, HomeSince, Setting, SettingKind};
use super::{Answer, Connector, ExampleCall, FilledBy, SecuredVariable, Since};
use crate::terraform::version::Version;

/// The connector.
pub static CONNECTOR: Connector = Connector {
    id: "jira-server",
    name: "Jira Data Center",
    setup_command: "tfhelper init-jira-server",
    settings: &[URL, EXAMPLE_ISSUE],
    secured_variables: &[SecuredVariable {
        name: "ACCESS_TOKEN",
        is_writable_by_proxy: false,
        is_sensitive: true,
        filled_by: FilledBy::Operator,
    }],
    // A personal access token has no scopes; it can do what its user can.
    scopes: &[],
    example_calls: &[Since { release: Version::new(0, 4, 25), value: &CALLS }],
};

/// The host of the site, which psoxy calls a URL.
pub const URL: Setting = Setting {
    name: "jira_server_url",
    about: "which host to call",
    placeholder: "YOUR_JIRA_SERVER_URL",
    kind: SettingKind::Host,
    homes: &[
        HomeSince { home: Home::Variable("jira_server_url"), release: Version::new(0, 4, 25) },
        HomeSince { home: Home::ConnectorSettings("jira_server_url"), release: CONNECTOR_SETTINGS_RELEASE },
    ],
};

const ISSUES: Answer = Answer::List { member: Some("issues") };
const COMMENTS: Answer = Answer::PossiblyEmptyList { member: Some("comments") };
const WORKLOGS: Answer = Answer::PossiblyEmptyList { member: Some("worklogs") };

const fn call(name: &'static str, path: &'static str, answer: Answer) -> ExampleCall {
    ExampleCall { name, path, answer, scope: "", permission: "Browse projects", passes_proxy: true, is_removed: false }
}

const CALLS: [ExampleCall; 7] = [
    // Comes first: with a token that the site does not know, a search answers 200 with nothing in it.
    ExampleCall {
        name: "myself",
        path: "/rest/api/2/myself",
        answer: Answer::Object { member: "name" },
        scope: "",
        permission: "",
        passes_proxy: false,
        is_removed: false,
    },
    call("search", "/rest/api/2/search?maxResults=25", ISSUES),
    call("comments", "/rest/api/2/issue/{jira_example_issue_id}/comment?maxResults=25", COMMENTS),
    call("worklogs", "/rest/api/2/issue/{jira_example_issue_id}/worklog?maxResults=25", WORKLOGS),
    call("search-latest", "/rest/api/latest/search?maxResults=25", ISSUES),
    call("comments-latest", "/rest/api/latest/issue/{jira_example_issue_id}/comment?maxResults=25", COMMENTS),
    call("worklogs-latest", "/rest/api/latest/issue/{jira_example_issue_id}/worklog?maxResults=25", WORKLOGS),
];
