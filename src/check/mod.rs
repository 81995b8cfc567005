//! The catalogue of checks, and how they are run.
//!
//! A check is data: a file here and its line in [`ALL`]. Checks do no I/O; what they may know is in [`Facts`].

pub mod access_token_form;
pub mod assignment;
pub mod cloud_id;
pub mod connector_home;
pub mod connector_not_enabled;
pub mod connector_placeholder;
pub mod connector_release;
pub mod connector_setting;
pub mod connector_settings_release;
pub mod declaration;
pub mod example_issue;
pub mod granted_scopes;
pub mod jira_server_url;
pub mod local_value;
pub mod nullable_variable;
pub mod personal_access_token;
pub mod plan_completeness;
pub mod plan_secret;
pub mod plan_setting;
pub mod psoxy_release;
pub mod required_variable;
pub mod required_version;
pub mod secret_in_variables;
pub mod secret_name;
#[cfg(test)]
mod secret_tests;
pub mod secret_value;
pub mod secret_version;
pub mod similar_variable;
pub mod syntax;
pub mod token_family;
pub mod undeclared_variable;
pub mod validation_rule;
pub mod variable_source;
pub mod variable_type;

use crate::atlassian::authorization::Scopes;
use crate::atlassian::personal_access_token::Ledger;
use crate::atlassian::token_family::TokenFamily;
use crate::connector::{self, FilledBy, SecuredVariable};
use crate::diagnostic::{Diagnostic, Group, Severity, Sources};
use crate::secret::name::{Naming, SecretName};
use crate::secret::state::SecretState;
use crate::terraform::RootModule;
use crate::terraform::input::Inputs;
use crate::terraform::module_call::Host;
use crate::terraform::plan::Plan;
use crate::terraform::version::{NEWEST_KNOWN_TERRAFORM, Version};

/// A check.
pub struct Check {
    /// Kebab-case identifier, stable across releases.
    pub id: &'static str,
    /// The part of the catalogue it belongs to.
    pub group: Group,
    /// One line for the catalogue: what holds when nothing is found.
    pub about: &'static str,
    /// The page that `explain` shows: what it looks for, why, and how to fix it; Markdown.
    pub page: &'static str,
    /// Appends what it finds. Must not do I/O.
    pub run: fn(&Facts, &mut Vec<Diagnostic>),
}

/// Every check, by group.
pub const ALL: &[Check] = &[
    syntax::CHECK,
    declaration::CHECK,
    required_version::CHECK,
    variable_source::CHECK,
    undeclared_variable::CHECK,
    similar_variable::CHECK,
    required_variable::CHECK,
    variable_type::CHECK,
    nullable_variable::CHECK,
    validation_rule::CHECK,
    local_value::CHECK,
    plan_completeness::CHECK,
    connector_setting::CHECK,
    connector_placeholder::CHECK,
    connector_home::CHECK,
    connector_settings_release::CHECK,
    connector_not_enabled::CHECK,
    connector_release::CHECK,
    psoxy_release::CHECK,
    cloud_id::CHECK,
    jira_server_url::CHECK,
    example_issue::CHECK,
    secret_in_variables::CHECK,
    plan_setting::CHECK,
    granted_scopes::CHECK,
    secret_name::CHECK,
    secret_value::CHECK,
    access_token_form::CHECK,
    secret_version::CHECK,
    token_family::CHECK,
    personal_access_token::CHECK,
    plan_secret::CHECK,
];

/// When the check is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Before `terraform apply`: secrets may still hold placeholders, or be missing.
    PreApply,
    /// After it: the secrets must hold real values.
    PostApply,
}

/// The scopes that were granted, as far as their source tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantedScopes {
    /// The scopes.
    pub scopes: Scopes,
    /// Where they are known from.
    pub source: ScopeSource,
}

/// Where granted scopes are known from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScopeSource {
    /// The ledger of the last consent: every scope.
    Ledger,
    /// Atlassian's list of accessible resources, which has the scopes of Jira alone.
    AccessibleResources,
}

/// What the secret store says.
#[derive(Debug)]
pub enum SecretFacts {
    /// Nobody asked it.
    NotAsked,
    /// It could not be asked; why, and what to do.
    Unreachable(String),
    /// The state of each secret of the connectors.
    Known(Vec<(SecretName, SecretState)>),
}

/// What the checks may know, gathered once.
pub struct Facts<'a> {
    /// The files that diagnostics point into.
    pub sources: &'a Sources,
    /// The root module.
    pub root_module: &'a RootModule,
    /// The values of its input variables.
    pub inputs: &'a Inputs,
    /// What reading the files and evaluating the variables has already found, each under the check that reports it.
    pub found: Vec<Diagnostic>,
    /// The release of psoxy, where the root module names one or the user did.
    pub psoxy_release: Option<Version>,
    /// Where the proxy runs.
    pub host: Option<Host>,
    /// Identifiers of the connectors to check, `jira-cloud`.
    pub connectors: Vec<String>,
    /// Before or after apply.
    pub stage: Stage,
    /// Whose semantics count.
    pub terraform_version: Version,
    /// The scopes that were granted, where they are known.
    pub granted_scopes: Option<GrantedScopes>,
    /// How the deployment names its secrets; none where that cannot be told.
    pub naming: Option<Naming>,
    /// What the secret store says.
    pub secrets: SecretFacts,
    /// The consent behind the refresh token, from the ledger or from the store.
    pub token_family: Option<TokenFamily>,
    /// What is remembered of the personal access token of Jira Data Center.
    pub token_ledger: Option<Ledger>,
    /// The plan that `--plan` names.
    pub plan: Option<&'a Plan>,
    /// The time that dates are compared with.
    pub now: Option<jiff::Timestamp>,
}

impl<'a> Facts<'a> {
    /// What the files alone say; everything else is not known.
    #[must_use]
    pub fn new(sources: &'a Sources, root_module: &'a RootModule, inputs: &'a Inputs) -> Self {
        Self {
            sources,
            root_module,
            inputs,
            found: Vec::new(),
            psoxy_release: root_module.psoxy_release().cloned(),
            host: root_module.host(),
            connectors: Vec::new(),
            stage: Stage::PreApply,
            terraform_version: NEWEST_KNOWN_TERRAFORM,
            granted_scopes: None,
            naming: None,
            secrets: SecretFacts::NotAsked,
            token_family: None,
            token_ledger: None,
            plan: None,
            now: None,
        }
    }

    /// The names of the secrets that the connectors read, without the proxy's lock.
    #[must_use]
    pub fn secret_names(&self) -> Vec<SecretName> {
        let Some(naming) = &self.naming else { return Vec::new() };
        let connectors = self.connectors.iter().filter_map(|id| connector::find(id));
        let variables = connectors.flat_map(|connector| connector.secured_variables.iter().map(move |v| (connector, v)));
        let named = |(connector, variable): (&connector::Connector, &SecuredVariable)| naming.name(connector.id, variable.name);
        variables.filter(|(_, variable)| variable.filled_by != FilledBy::Nobody).map(named).collect()
    }

    /// What the store says of each secret; where that is not known, says so under the check that wants it.
    fn secret_states(&self, check: &'static str, diagnostics: &mut Vec<Diagnostic>) -> Option<&[(SecretName, SecretState)]> {
        let why = match &self.secrets {
            SecretFacts::Known(states) => return Some(states),
            SecretFacts::NotAsked => "Nobody asked the secret store. Run `tfhelper check --online` with credentials for it.",
            SecretFacts::Unreachable(why) => why,
        };
        if !self.secret_names().is_empty() {
            let not_evaluated = Diagnostic::new(check, Group::Secret, Severity::NotEvaluated, "Secret store not asked", why);
            diagnostics.push(not_evaluated);
        }
        None
    }

    /// What reading the files has already found, under the identifier of the check that reports it.
    pub fn found_by(&self, check: &'static str) -> impl Iterator<Item = Diagnostic> {
        self.found.iter().filter(move |diagnostic| diagnostic.check == check).cloned()
    }
}

/// Which checks are run; an empty list of groups or checks leaves none out.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Groups to run.
    pub groups: Vec<Group>,
    /// Identifiers of checks to run.
    pub checks: Vec<String>,
    /// Identifiers of checks to leave out.
    pub skipped: Vec<String>,
}

impl Selection {
    /// Is the check to be run?
    #[must_use]
    pub fn includes(&self, check: &Check) -> bool {
        let is_listed = |ids: &[String]| ids.iter().any(|id| id == check.id);
        (self.groups.is_empty() || self.groups.contains(&check.group))
            && (self.checks.is_empty() || is_listed(&self.checks))
            && !is_listed(&self.skipped)
    }
}

/// The check of this identifier.
#[must_use]
pub fn find(id: &str) -> Option<&'static Check> {
    ALL.iter().find(|check| check.id == id)
}

/// Runs the selected checks; the findings are sorted by file, offset and check.
#[must_use]
pub fn run_all(facts: &Facts, selection: &Selection) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for check in ALL.iter().filter(|check| selection.includes(check)) {
        (check.run)(facts, &mut diagnostics);
    }
    diagnostics.sort_by(|a, b| a.subject.cmp(&b.subject).then_with(|| a.check.cmp(b.check)));
    diagnostics
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn identifiers_are_unique_and_kebab_case() {
        let mut seen = BTreeSet::new();
        for check in ALL {
            assert!(seen.insert(check.id), "{} is there twice", check.id);
            assert!(check.id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", check.id);
        }
    }

    #[test]
    fn skipped_check_is_left_out_of_its_group() {
        let check = Check { id: "a-check", group: Group::Scope, about: "", page: "", run: |_, _| {} };
        let selection = Selection { groups: vec![Group::Scope], ..Selection::default() };
        assert!(selection.includes(&check));
        assert!(!Selection { skipped: vec!["a-check".to_owned()], ..selection.clone() }.includes(&check));
        assert!(!Selection { checks: vec!["another".to_owned()], ..selection }.includes(&check));
    }
}
