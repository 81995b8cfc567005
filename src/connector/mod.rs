//! What psoxy's connectors need, as data, per psoxy release.
//!
//! psoxy never says at plan time that a setting is missing: it puts a placeholder into its example calls and goes on. These
//! tables are what lets tfhelper say it first. A table row holds from its release on, until the next row.

pub mod jira_cloud;
pub mod jira_server;
pub mod setting;

use crate::terraform::version::Version;

use self::setting::Setting;

/// Every connector that tfhelper knows.
pub const ALL: [&Connector; 2] = [&jira_cloud::CONNECTOR, &jira_server::CONNECTOR];

/// The newest psoxy release that these tables were compared with; it stands in where the release is not known.
///
/// Source: psoxy, tag v0.6.9 of 2026-08-20.
pub const NEWEST_RELEASE: Version = Version::new(0, 6, 9);

/// Placeholders that psoxy or people leave where a value belongs; each counts as no value.
///
/// Source: psoxy infra/modules/aws-ssm-secrets/main.tf (`fill me`), gcp-secrets/main.tf, and its setup instructions.
pub const PLACEHOLDERS: [&str; 4] = ["fill me", "TODO: fill me", "placeholder value - fill me", "YOUR_VALUE_HERE"];

/// The connector with this identifier.
#[must_use]
pub fn find(id: &str) -> Option<&'static Connector> {
    ALL.into_iter().find(|connector| connector.id == id)
}

/// One of psoxy's connectors.
#[derive(Debug)]
pub struct Connector {
    /// The identifier that `enabled_connectors` takes; the connector's part of each secret name comes from it too.
    pub id: &'static str,
    /// The name that people use.
    pub name: &'static str,
    /// The command that sets it up.
    pub setup_command: &'static str,
    /// The input variables that it reads.
    pub settings: &'static [Setting],
    /// The secrets that it reads.
    pub secured_variables: &'static [SecuredVariable],
    /// OAuth scopes; empty rows where the source has none.
    scopes: &'static [Since<&'static [Scope]>],
    example_calls: &'static [Since<&'static [ExampleCall]>],
}

impl Connector {
    /// The OAuth scopes that this psoxy release needs, in the order of psoxy's own authorization URL.
    #[must_use]
    pub fn scopes(&self, release: &Version) -> &'static [Scope] {
        row(self.scopes, release).copied().unwrap_or_default()
    }

    /// psoxy's example calls in this release, and those that only a call past the proxy can make.
    #[must_use]
    pub fn example_calls(&self, release: &Version) -> &'static [ExampleCall] {
        row(self.example_calls, release).copied().unwrap_or_default()
    }

    /// The psoxy release that brought the connector.
    #[must_use]
    pub fn first_release(&self) -> &'static Version {
        &self.example_calls[0].release
    }

    /// The first release whose example calls Atlassian still answers, where that is not every release.
    #[must_use]
    pub fn first_release_with_living_calls(&self) -> Option<&'static Version> {
        let living = |calls: &[ExampleCall]| !calls.iter().any(|call| call.is_removed);
        self.example_calls
            .iter()
            .skip_while(|since| living(since.value))
            .find(|since| living(since.value))
            .map(|since| &since.release)
    }

    /// The setting with this name.
    #[must_use]
    pub fn setting(&self, name: &str) -> Option<&'static Setting> {
        self.settings.iter().find(|setting| setting.name == name)
    }
}

/// A row of a release table: what holds from a release on.
#[derive(Debug)]
pub(crate) struct Since<T> {
    pub(crate) release: Version,
    pub(crate) value: T,
}

/// The row that holds for a release; a release older than the table gets the oldest row.
fn row<'t, T>(table: &'t [Since<T>], release: &Version) -> Option<&'t T> {
    table.iter().rev().find(|since| since.release <= *release).or(table.first()).map(|since| &since.value)
}

/// An OAuth scope and where its owner finds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope {
    /// As it stands in the authorization request.
    pub name: &'static str,
    /// What psoxy needs it for.
    pub purpose: &'static str,
    /// Where it is ticked.
    pub console: ConsoleSection,
}

/// Where in the Atlassian developer console, under Permissions, a scope is ticked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsoleSection {
    /// Jira API, Classic scopes.
    JiraClassic,
    /// Jira API, Granular scopes.
    JiraGranular,
    /// User identity API.
    UserIdentity,
    /// Nowhere: it is asked for in the authorization request alone.
    RequestAlone,
}

impl ConsoleSection {
    /// The way there, as the console names its pages; none for a scope that is in no list of the console.
    #[must_use]
    pub fn place(self) -> Option<&'static str> {
        match self {
            Self::JiraClassic => Some("Permissions, Jira API, Classic scopes"),
            Self::JiraGranular => Some("Permissions, Jira API, Granular scopes"),
            Self::UserIdentity => Some("Permissions, User identity API"),
            Self::RequestAlone => None,
        }
    }
}

/// A secret that a connector reads.
///
/// psoxy changed the flags in v0.4.47 only, together with the one store for which `is_sensitive` counts, so they hold for
/// every release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecuredVariable {
    /// The last part of the secret's name.
    pub name: &'static str,
    /// The proxy writes it as well.
    pub is_writable_by_proxy: bool,
    /// Where not, it stays in SSM Parameter Store even with AWS Secrets Manager.
    pub is_sensitive: bool,
    /// Who gives it its value.
    pub filled_by: FilledBy,
}

/// Who gives a secret its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilledBy {
    /// The operator, and so tfhelper.
    Operator,
    /// The operator first; the proxy replaces it from then on.
    OperatorThenProxy,
    /// The proxy, in a format of its own; a raw value is ignored with a warning.
    Proxy,
    /// Nobody: it is a lock, and stays as Terraform made it.
    Nobody,
}

impl SecuredVariable {
    /// tfhelper writes it.
    #[must_use]
    pub fn is_filled_by_operator(&self) -> bool {
        matches!(self.filled_by, FilledBy::Operator | FilledBy::OperatorThenProxy)
    }
}

/// A read-only call that shows whether the connector works.
///
/// Source of scopes and permissions: Jira Cloud's published API description of September 2025.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExampleCall {
    /// Kebab-case name; the argument of a test-call script.
    pub name: &'static str,
    /// Path and query; `{setting}` stands for a setting's value. Query parameters are sorted and percent-encoded, because
    /// curl signs them as they stand.
    pub path: &'static str,
    /// What a good answer looks like.
    pub answer: Answer,
    /// The classic scope without which it answers 401, which never names it; empty where there is none.
    pub scope: &'static str,
    /// The permission that the account needs in Jira, in Jira's words; empty where access to Jira is enough.
    pub permission: &'static str,
    /// The proxy's rules let it through.
    pub passes_proxy: bool,
    /// Atlassian has removed the operation; it answers 410.
    pub is_removed: bool,
}

/// What a good answer looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// An object with this member.
    Object {
        /// The member.
        member: &'static str,
    },
    /// A list, of which the account should see something.
    List {
        /// The object's member that holds the list; without it the answer is the list.
        member: Option<&'static str>,
    },
    /// A list that is often empty.
    PossiblyEmptyList {
        /// The object's member that holds the list; without it the answer is the list.
        member: Option<&'static str>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_scope_count(release: (u64, u64, u64), expected: usize) {
        let release = Version::new(release.0, release.1, release.2);
        assert_eq!(jira_cloud::CONNECTOR.scopes(&release).len(), expected);
    }

    #[track_caller]
    fn check_calls(connector: &Connector, release: &str, expected: &[&str]) {
        let calls = connector.example_calls(&Version::parse(release).unwrap());
        assert_eq!(calls.iter().map(|call| call.name).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn releases_up_to_0_5_9_need_read_account() {
        check_scope_count((0, 5, 9), 7);
    }

    #[test]
    fn releases_from_0_5_10_on_do_without_read_account() {
        check_scope_count((0, 5, 10), 6);
    }

    #[test]
    fn a_release_older_than_the_table_gets_its_first_row() {
        check_scope_count((0, 4, 0), 7);
    }

    #[test]
    fn calls_of_the_newest_release_are_the_seven_of_psoxy_and_myself() {
        check_calls(
            &jira_cloud::CONNECTOR,
            "v0.6.9",
            &["myself", "accessible-resources", "users", "groups", "changelog", "comments", "worklogs", "projects"],
        );
    }

    #[test]
    fn calls_of_0_5_3_search_with_jql() {
        check_calls(
            &jira_cloud::CONNECTOR,
            "v0.5.3",
            &["myself", "accessible-resources", "users", "groups", "search", "changelog", "comments", "worklogs", "projects"],
        );
    }

    #[test]
    fn jira_server_calls_are_the_same_in_every_release() {
        let names = ["myself", "search", "comments", "worklogs", "search-latest", "comments-latest", "worklogs-latest"];
        check_calls(&jira_server::CONNECTOR, "v0.4.25", &names);
        check_calls(&jira_server::CONNECTOR, "v0.6.9", &names);
    }

    #[test]
    fn removed_calls_end_with_0_5_3() {
        assert_eq!(jira_cloud::CONNECTOR.first_release_with_living_calls(), Some(&Version::new(0, 5, 3)));
        assert_eq!(jira_server::CONNECTOR.first_release_with_living_calls(), None);
    }

    #[test]
    fn tables_are_in_order_and_call_names_are_unique() {
        for connector in ALL {
            assert!(connector.example_calls.is_sorted_by(|a, b| a.release < b.release), "{}", connector.id);
            assert!(connector.scopes.is_sorted_by(|a, b| a.release < b.release), "{}", connector.id);
            for since in connector.example_calls {
                let mut names: Vec<_> = since.value.iter().map(|call| call.name).collect();
                names.sort_unstable();
                names.dedup();
                assert_eq!(names.len(), since.value.len(), "{} {}", connector.id, since.release);
            }
        }
    }

    #[test]
    fn queries_are_sorted_for_curls_signature() {
        for call in ALL.iter().flat_map(|connector| connector.example_calls).flat_map(|since| since.value) {
            let query: Vec<&str> = call.path.split_once('?').map_or(Vec::new(), |(_, query)| query.split('&').collect());
            assert!(query.is_sorted(), "{}", call.path);
        }
    }

    #[test]
    fn find_knows_both_connectors_and_no_other() {
        assert!(find("jira-cloud").is_some() && find("jira-server").is_some() && find("jira").is_none());
    }
}
