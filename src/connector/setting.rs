//! A connector's input variables, and where in a root module each may be set.
//!
//! psoxy v0.6.0 moved the settings into the map `connector_settings` and marked the variables of their own deprecated, but
//! where both are set the deprecated variable wins: `coalesce` of psoxy's connector specifications takes it first.

use std::fmt;

use crate::terraform::version::Version;

/// An input variable of a connector.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Its name, in either home.
    pub name: &'static str,
    /// What it is, as the end of "is not set, so psoxy does not know ...".
    pub about: &'static str,
    /// What psoxy puts in its place when nothing sets it.
    pub placeholder: &'static str,
    /// What a value looks like.
    pub kind: SettingKind,
    /// Where it can be set, the one that wins first.
    pub homes: &'static [HomeSince],
}

/// What the value of a setting looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingKind {
    /// A cloud ID, which is a UUID; the connector needs it.
    CloudId,
    /// A host without scheme, slash and path; the connector needs it.
    Host,
    /// The key of an issue for the example calls; a wish, not a need.
    ExampleIssue,
}

/// A home and the release that brought it.
#[derive(Debug, Clone)]
pub struct HomeSince {
    /// The home.
    pub home: Home,
    /// The release.
    pub release: Version,
}

/// Where a root module takes a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Home {
    /// An input variable of its own.
    Variable(&'static str),
    /// A key of the map `connector_settings`.
    ConnectorSettings(&'static str),
}

/// The map that holds the settings from psoxy v0.6.0 on.
pub const CONNECTOR_SETTINGS: &str = "connector_settings";

/// The psoxy release that brought `connector_settings`.
///
/// Source: psoxy CHANGELOG and infra/modules/worklytics-connector-specs/variables.tf at v0.6.0.
pub const CONNECTOR_SETTINGS_RELEASE: Version = Version::new(0, 6, 0);

impl Home {
    /// The input variable that a root module declares for it.
    #[must_use]
    pub fn variable(self) -> &'static str {
        match self {
            Self::Variable(name) => name,
            Self::ConnectorSettings(_) => CONNECTOR_SETTINGS,
        }
    }

    /// The key inside that variable, where it is a map.
    #[must_use]
    pub fn key(self) -> Option<&'static str> {
        match self {
            Self::Variable(_) => None,
            Self::ConnectorSettings(key) => Some(key),
        }
    }
}

/// The address, as `tfhelper tfvars` takes it.
impl fmt::Display for Home {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => f.write_str(name),
            Self::ConnectorSettings(key) => write!(f, "{CONNECTOR_SETTINGS}.{key}"),
        }
    }
}

impl Setting {
    /// A text that stands for no value: empty, or a placeholder.
    #[must_use]
    pub fn is_placeholder(&self, value: &str) -> bool {
        let value = value.trim();
        value.is_empty() || value == self.placeholder || super::PLACEHOLDERS.contains(&value)
    }

    /// Where this psoxy release takes it, the one that wins first.
    #[must_use]
    pub fn homes(&self, release: &Version) -> Vec<Home> {
        self.homes.iter().filter(|since| since.release <= *release).map(|since| since.home).collect()
    }

    /// The connector cannot work without it.
    #[must_use]
    pub fn is_required(&self) -> bool {
        match self.kind {
            SettingKind::CloudId | SettingKind::Host => true,
            SettingKind::ExampleIssue => false,
        }
    }

    /// The homes to write a new value to.
    ///
    /// Every assignment that stands is updated in place. Where none stands it is `connector_settings` if that is declared
    /// and no undeprecated variable is; else the variable.
    ///
    /// # Errors
    ///
    /// When two assignments disagree, or the root module declares no home at all; the message names them.
    pub fn homes_to_write(&self, states: &[HomeState<'_>]) -> Result<Vec<Home>, HomeError> {
        let declared: Vec<&HomeState<'_>> = states.iter().filter(|state| state.declaration != Declaration::Undeclared).collect();
        if let Some(conflict) = self.disagreement(states) {
            return Err(conflict);
        }
        let standing: Vec<Home> = declared.iter().filter(|state| state.assigned.is_some()).map(|state| state.home).collect();
        if !standing.is_empty() {
            return Ok(standing);
        }
        let first = |wanted: &dyn Fn(&HomeState<'_>) -> bool| declared.iter().find(|state| wanted(state)).map(|state| state.home);
        first(&|state| matches!(state.home, Home::Variable(_)) && state.declaration == Declaration::Declared)
            .or_else(|| first(&|state| matches!(state.home, Home::ConnectorSettings(_))))
            .or_else(|| first(&|_| true))
            .map(|home| vec![home])
            .ok_or(HomeError::NoHome { setting: self.name })
    }

    /// The first two assignments that hold different values, if any; placeholders and undeclared variables do not count.
    #[must_use]
    pub fn disagreement(&self, states: &[HomeState<'_>]) -> Option<HomeError> {
        let mut real = states.iter().filter(|state| state.declaration != Declaration::Undeclared).filter_map(|state| {
            let value = state.assigned.filter(|value| !self.is_placeholder(value))?;
            Some((state.home, value))
        });
        let (winner, value) = real.next()?;
        let (loser, _) = real.find(|(_, other)| *other != value)?;
        Some(HomeError::Disagreement { winner, loser })
    }
}

/// What a root module and its variable definitions files say about one home.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HomeState<'v> {
    /// The home.
    pub home: Home,
    /// How the root module declares the variable.
    pub declaration: Declaration,
    /// The value that is assigned to it, `""` included; none for null, absent, or not a string.
    pub assigned: Option<&'v str>,
}

/// How a root module declares a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Declaration {
    /// Not at all.
    Undeclared,
    /// With a description that calls it deprecated.
    Deprecated,
    /// As any other.
    Declared,
}

impl Declaration {
    /// Reads it from a variable's description: psoxy marks a deprecated variable by that word alone.
    #[must_use]
    pub fn from_description(description: Option<&str>) -> Self {
        let is_deprecated = description.is_some_and(|text| text.to_ascii_lowercase().contains("deprecated"));
        if is_deprecated { Self::Deprecated } else { Self::Declared }
    }
}

/// Why no home can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HomeError {
    /// Two assignments hold different values.
    Disagreement {
        /// The one that psoxy takes.
        winner: Home,
        /// The one that psoxy ignores.
        loser: Home,
    },
    /// The root module declares no variable for it.
    NoHome {
        /// The setting.
        setting: &'static str,
    },
}

impl fmt::Display for HomeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Disagreement { winner, loser } => {
                write!(f, "`{winner}` and `{loser}` hold different values; psoxy takes `{winner}`")
            }
            Self::NoHome { setting } => {
                write!(f, "the root module declares neither `{setting}` nor `{CONNECTOR_SETTINGS}`")
            }
        }
    }
}

impl std::error::Error for HomeError {}

#[cfg(test)]
mod tests {
    use super::super::jira_cloud;
    use super::*;

    const TOP: Home = Home::Variable("jira_cloud_id");
    const MAP: Home = Home::ConnectorSettings("jira_cloud_id");

    fn state(home: Home, declaration: Declaration, assigned: Option<&str>) -> HomeState<'_> {
        HomeState { home, declaration, assigned }
    }

    #[track_caller]
    fn check_home(top: (Declaration, Option<&str>), map: (Declaration, Option<&str>), expected: Result<&[Home], &str>) {
        let states = [state(TOP, top.0, top.1), state(MAP, map.0, map.1)];
        let found = jira_cloud::CLOUD_ID.homes_to_write(&states).map_err(|error| error.to_string());
        assert_eq!(found.as_deref().map_err(String::as_str), expected);
    }

    use Declaration::{Declared, Deprecated, Undeclared};

    #[test]
    fn old_root_modules_take_the_variable() {
        check_home((Declared, None), (Undeclared, None), Ok(&[TOP]));
    }

    #[test]
    fn new_root_modules_take_connector_settings() {
        check_home((Deprecated, None), (Declared, None), Ok(&[MAP]));
    }

    #[test]
    fn a_standing_assignment_is_updated_in_place() {
        check_home((Deprecated, Some("a")), (Declared, None), Ok(&[TOP]));
    }

    #[test]
    fn an_empty_assignment_that_stands_is_filled() {
        check_home((Deprecated, Some("")), (Declared, None), Ok(&[TOP]));
    }

    #[test]
    fn equal_assignments_are_both_updated() {
        check_home((Deprecated, Some("a")), (Declared, Some("a")), Ok(&[TOP, MAP]));
    }

    #[test]
    fn a_placeholder_beside_a_value_is_no_disagreement() {
        check_home((Deprecated, Some("YOUR_JIRA_CLOUD_ID")), (Declared, Some("a")), Ok(&[TOP, MAP]));
    }

    #[test]
    fn different_assignments_are_an_error() {
        check_home(
            (Deprecated, Some("a")),
            (Declared, Some("b")),
            Err("`jira_cloud_id` and `connector_settings.jira_cloud_id` hold different values; psoxy takes `jira_cloud_id`"),
        );
    }

    #[test]
    fn an_assignment_to_an_undeclared_map_does_not_count() {
        check_home((Declared, Some("a")), (Undeclared, Some("b")), Ok(&[TOP]));
    }

    #[test]
    fn both_declared_and_neither_deprecated_takes_the_variable() {
        check_home((Declared, None), (Declared, None), Ok(&[TOP]));
    }

    #[test]
    fn no_declaration_is_an_error() {
        check_home(
            (Undeclared, None),
            (Undeclared, None),
            Err("the root module declares neither `jira_cloud_id` nor `connector_settings`"),
        );
    }

    #[track_caller]
    fn check_homes(release: &str, expected: &[&str]) {
        let homes = jira_cloud::EXAMPLE_ISSUE.homes(&Version::parse(release).unwrap());
        assert_eq!(homes.iter().map(ToString::to_string).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn the_first_release_has_the_old_name_of_the_issue_alone() {
        check_homes("v0.4.25", &["example_jira_issue_id"]);
    }

    #[test]
    fn later_releases_prefer_the_new_name() {
        check_homes("v0.5.9", &["jira_example_issue_id", "example_jira_issue_id"]);
    }

    #[test]
    fn releases_with_connector_settings_take_it_last() {
        check_homes("v0.6.0", &["jira_example_issue_id", "example_jira_issue_id", "connector_settings.jira_example_issue_id"]);
    }
}
