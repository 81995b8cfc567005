//! The names under which psoxy's proxies read their secrets.
//!
//! psoxy's own documentation prints `PSOXY_...` everywhere; that is right only on AWS and only for the default
//! `environment_name`. Names are built here from the input variables, step by step as psoxy's modules build them.

use std::fmt;

/// How a deployment names its secrets; the values are those of the root module's input variables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Naming {
    /// Parameters and secrets of AWS.
    ///
    /// Source: psoxy `infra/modules/aws-host/main.tf`, `env-id/main.tf`, `aws-ssm-secrets/main.tf` (the same in
    /// every release since v0.4.25). AWS Secrets Manager uses the same names; `aws_secrets_manager_path` does not
    /// reach the secrets of a connector.
    Aws {
        /// `environment_name`
        environment_name: String,
        /// `aws_ssm_param_root_path`; glued on without a slash.
        root_path: String,
    },
    /// Secrets of GCP Secret Manager.
    ///
    /// Source: psoxy `infra/modules/gcp-host/main.tf`, `gcp-secrets/main.tf`.
    Gcp {
        /// `environment_name`
        environment_name: String,
        /// `config_parameter_prefix`; replaces the environment's prefix, and no underscore is added.
        config_parameter_prefix: String,
    },
}

impl Naming {
    /// Returns the name of a connector's secured variable, for example of `jira-cloud` and `REFRESH_TOKEN`.
    #[must_use]
    pub fn name(&self, connector: &str, variable: &str) -> SecretName {
        let connector_part = connector.to_uppercase().replace('-', "_");
        SecretName {
            full: format!("{}{connector_part}_{variable}", self.prefix()),
            connector: connector.to_owned(),
            variable: variable.to_owned(),
        }
    }

    /// What stands before the connector in every name.
    #[must_use]
    pub fn prefix(&self) -> String {
        match self {
            Self::Aws { environment_name, root_path } => {
                let slash = if root_path.contains('/') && !root_path.starts_with('/') { "/" } else { "" };
                format!("{slash}{root_path}{}_", environment_name.replace(' ', "-").to_uppercase())
            }
            Self::Gcp { config_parameter_prefix, .. } if !config_parameter_prefix.is_empty() => config_parameter_prefix.clone(),
            Self::Gcp { environment_name, .. } if environment_name.is_empty() => String::from("psoxy_"),
            Self::Gcp { environment_name, .. } => format!("{environment_name}_"),
        }
    }
}

/// The name of one secret in its store, with the connector and the secured variable that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SecretName {
    full: String,
    connector: String,
    variable: String,
}

impl SecretName {
    /// A name as a file of secrets has it.
    pub(super) fn from_parts(full: String, connector: String, variable: String) -> Self {
        Self { full, connector, variable }
    }

    /// Returns the name as the store has it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.full
    }

    /// Returns the connector's id, for example `jira-cloud`.
    #[must_use]
    pub fn connector(&self) -> &str {
        &self.connector
    }

    /// Returns the secured variable, for example `REFRESH_TOKEN`.
    #[must_use]
    pub fn variable(&self) -> &str {
        &self.variable
    }

    /// Tells whether this is a refresh token, which a running proxy rotates and which is written last.
    #[must_use]
    pub fn is_refresh_token(&self) -> bool {
        self.variable == "REFRESH_TOKEN"
    }

    /// Tells whether this is the proxy's lock, which nobody but the proxy writes.
    #[must_use]
    pub fn is_lock(&self) -> bool {
        self.variable == "OAUTH_REFRESH_TOKEN"
    }
}

impl fmt::Display for SecretName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.full)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_aws(environment_name: &str, root_path: &str, expected: &str) {
        let naming = Naming::Aws { environment_name: environment_name.to_owned(), root_path: root_path.to_owned() };
        assert_eq!(naming.name("jira-cloud", "REFRESH_TOKEN").as_str(), expected);
    }

    #[track_caller]
    fn check_gcp(environment_name: &str, config_parameter_prefix: &str, expected: &str) {
        let naming = Naming::Gcp {
            environment_name: environment_name.to_owned(),
            config_parameter_prefix: config_parameter_prefix.to_owned(),
        };
        assert_eq!(naming.name("jira-cloud", "REFRESH_TOKEN").as_str(), expected);
    }

    #[test]
    fn aws_default_environment_is_upper_case() {
        check_aws("psoxy", "", "PSOXY_JIRA_CLOUD_REFRESH_TOKEN");
    }

    #[test]
    fn gcp_default_environment_keeps_lower_case() {
        check_gcp("psoxy", "", "psoxy_JIRA_CLOUD_REFRESH_TOKEN");
    }

    #[test]
    fn gcp_empty_environment_is_psoxy() {
        check_gcp("", "", "psoxy_JIRA_CLOUD_REFRESH_TOKEN");
    }

    #[test]
    fn aws_environment_is_part_of_the_name() {
        check_aws("prod", "", "PROD_JIRA_CLOUD_REFRESH_TOKEN");
    }

    #[test]
    fn gcp_environment_is_part_of_the_name() {
        check_gcp("prod", "", "prod_JIRA_CLOUD_REFRESH_TOKEN");
    }

    #[test]
    fn aws_turns_every_space_into_a_hyphen() {
        check_aws("prod eu", "", "PROD-EU_JIRA_CLOUD_REFRESH_TOKEN");
    }

    #[test]
    fn aws_keeps_hyphens() {
        check_aws("dev-erik", "", "DEV-ERIK_JIRA_CLOUD_REFRESH_TOKEN");
    }

    #[test]
    fn gcp_keeps_hyphens() {
        check_gcp("dev-erik", "", "dev-erik_JIRA_CLOUD_REFRESH_TOKEN");
    }

    #[test]
    fn aws_keeps_underscores() {
        check_aws("prod_eu", "", "PROD_EU_JIRA_CLOUD_REFRESH_TOKEN");
    }

    #[test]
    fn gcp_keeps_underscores() {
        check_gcp("prod_eu", "", "prod_eu_JIRA_CLOUD_REFRESH_TOKEN");
    }

    #[test]
    fn root_path_with_a_final_slash_is_a_folder() {
        check_aws("psoxy", "/corp/psoxy/", "/corp/psoxy/PSOXY_JIRA_CLOUD_REFRESH_TOKEN");
    }

    #[test]
    fn root_path_without_a_final_slash_is_glued_on() {
        check_aws("psoxy", "/corp/psoxy", "/corp/psoxyPSOXY_JIRA_CLOUD_REFRESH_TOKEN");
    }

    #[test]
    fn root_path_with_a_slash_inside_gets_one_in_front() {
        check_aws("psoxy", "corp/", "/corp/PSOXY_JIRA_CLOUD_REFRESH_TOKEN");
    }

    #[test]
    fn root_path_without_any_slash_gets_none() {
        check_aws("psoxy", "CORP_", "CORP_PSOXY_JIRA_CLOUD_REFRESH_TOKEN");
    }

    #[test]
    fn gcp_prefix_replaces_the_environment() {
        check_gcp("psoxy", "my-prefix_", "my-prefix_JIRA_CLOUD_REFRESH_TOKEN");
    }

    #[test]
    fn gcp_prefix_gets_no_underscore() {
        check_gcp("prod", "acme", "acmeJIRA_CLOUD_REFRESH_TOKEN");
    }

    #[test]
    fn the_server_connector_has_its_own_part() {
        let naming = Naming::Aws { environment_name: String::from("psoxy"), root_path: String::new() };
        assert_eq!(naming.name("jira-server", "ACCESS_TOKEN").as_str(), "PSOXY_JIRA_SERVER_ACCESS_TOKEN");
    }
}
