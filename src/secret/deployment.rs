//! Where a root module keeps its secrets: the cloud, the account, the store and the names.
//!
//! Values come from the root module's input variables by the names that psoxy's example root modules give them, so
//! that tfhelper reaches the same account as `terraform apply` does.

use super::name::Naming;

/// Where psoxy runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cloud {
    /// Amazon Web Services.
    Aws,
    /// Google Cloud.
    Gcp,
}

/// What the root module says about the place of its secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deployment {
    /// Amazon Web Services.
    Aws(AwsDeployment),
    /// Google Cloud.
    Gcp(GcpDeployment),
}

/// A deployment on AWS; `None` means that Terraform leaves the choice to the environment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AwsDeployment {
    /// `environment_name`
    pub environment_name: String,
    /// `aws_ssm_param_root_path`
    pub root_path: String,
    /// `secrets_store_implementation` says `aws_secrets_manager`.
    pub uses_secrets_manager: bool,
    /// `aws_region`
    pub region: Option<String>,
    /// `aws_account_id`, the only account that may be written to.
    pub account_id: Option<String>,
    /// `aws_assume_role_arn`
    pub assume_role_arn: Option<String>,
    /// `profile` of the provider block.
    pub profile: Option<String>,
    /// `project_aws_kms_key_arn`
    pub kms_key_arn: Option<String>,
}

/// A deployment on GCP.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GcpDeployment {
    /// `environment_name`
    pub environment_name: String,
    /// `config_parameter_prefix`
    pub config_parameter_prefix: String,
    /// `gcp_project_id`
    pub project_id: Option<String>,
    /// `gcp_terraform_sa_account_email`, the service account that Terraform impersonates.
    pub impersonate_service_account: Option<String>,
}

impl Deployment {
    /// Reads the deployment from input variables; `value_of` gives the value of a string variable that is set, or the
    /// default of its block, and `None` for null, unknown and undeclared ones.
    #[must_use]
    pub fn from_variables(cloud: Cloud, value_of: impl Fn(&str) -> Option<String>) -> Self {
        let text = |name: &str| value_of(name).unwrap_or_default();
        let choice = |name: &str| value_of(name).filter(|value| !value.is_empty());
        match cloud {
            Cloud::Aws => Self::Aws(AwsDeployment {
                // The example root module's own default.
                environment_name: value_of("environment_name").unwrap_or_else(|| String::from("psoxy")),
                root_path: text("aws_ssm_param_root_path"),
                uses_secrets_manager: text("secrets_store_implementation") == "aws_secrets_manager",
                region: choice("aws_region"),
                account_id: choice("aws_account_id"),
                assume_role_arn: choice("aws_assume_role_arn"),
                profile: None,
                kms_key_arn: choice("project_aws_kms_key_arn"),
            }),
            Cloud::Gcp => Self::Gcp(GcpDeployment {
                environment_name: text("environment_name"),
                config_parameter_prefix: text("config_parameter_prefix"),
                project_id: choice("gcp_project_id"),
                impersonate_service_account: choice("gcp_terraform_sa_account_email"),
            }),
        }
    }

    /// Returns the deployment on AWS, where it is one.
    #[must_use]
    pub fn aws(&self) -> Option<&AwsDeployment> {
        match self {
            Self::Aws(aws) => Some(aws),
            Self::Gcp(_) => None,
        }
    }

    /// Returns the deployment on GCP, where it is one.
    #[must_use]
    pub fn gcp(&self) -> Option<&GcpDeployment> {
        match self {
            Self::Gcp(gcp) => Some(gcp),
            Self::Aws(_) => None,
        }
    }

    /// Returns how this deployment names its secrets.
    #[must_use]
    pub fn naming(&self) -> Naming {
        match self {
            Self::Aws(aws) => Naming::Aws { environment_name: aws.environment_name.clone(), root_path: aws.root_path.clone() },
            Self::Gcp(gcp) => Naming::Gcp {
                environment_name: gcp.environment_name.clone(),
                config_parameter_prefix: gcp.config_parameter_prefix.clone(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lookup<'a>(pairs: &'a [(&'a str, &'a str)]) -> impl Fn(&str) -> Option<String> + 'a {
        move |name| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    }

    #[test]
    fn aws_without_a_value_has_the_environment_of_the_example() {
        let deployment = Deployment::from_variables(Cloud::Aws, lookup(&[]));
        assert_eq!(deployment.naming().prefix(), "PSOXY_");
    }

    #[test]
    fn gcp_without_a_value_has_the_default_prefix() {
        let deployment = Deployment::from_variables(Cloud::Gcp, lookup(&[]));
        assert_eq!(deployment.naming().prefix(), "psoxy_");
    }

    #[test]
    fn secrets_manager_is_chosen_by_its_variable() {
        let variables = [("secrets_store_implementation", "aws_secrets_manager"), ("aws_region", "eu-west-1")];
        let deployment = Deployment::from_variables(Cloud::Aws, lookup(&variables));
        let aws = deployment.aws().unwrap();
        assert!(aws.uses_secrets_manager);
        assert_eq!(aws.region.as_deref(), Some("eu-west-1"));
    }

    #[test]
    fn an_empty_choice_is_none() {
        let deployment = Deployment::from_variables(Cloud::Aws, lookup(&[("aws_assume_role_arn", "")]));
        assert_eq!(deployment.aws().unwrap().assume_role_arn, None);
    }
}
