//! Where a root module keeps its secrets: the cloud, the account, the store and the names.
//!
//! Values are those that the module of the host and the provider are given, so that tfhelper reaches the same account as
//! `terraform apply` does; else the input variables by the names that psoxy's example root modules give them.

use super::name::Naming;
use crate::terraform::module_call::Host;

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
    /// `region` of the provider block.
    pub region: Option<String>,
    /// `aws_account_id`, the only account that may be written to.
    pub account_id: Option<String>,
    /// `role_arn` of the provider block's `assume_role`.
    pub assume_role_arn: Option<String>,
    /// `profile` of the provider block.
    pub profile: Option<String>,
    /// `aws_ssm_key_id` of the module, or `project_aws_kms_key_arn`.
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
    /// `impersonate_service_account` of the provider block.
    pub impersonate_service_account: Option<String>,
}

impl Deployment {
    /// Reads the deployment; `None` stands for null, unknown and not there.
    ///
    /// `input` gives what the host's module is given under a name, or the input variable of that name; `provider` gives an
    /// argument of the default `provider` block, or the input variable that psoxy's example root module has for it.
    #[must_use]
    pub fn from_root_module(
        host: Host,
        input: impl Fn(&str) -> Option<String>,
        provider: impl Fn(&str, &str) -> Option<String>,
    ) -> Self {
        let text = |name: &str| input(name).unwrap_or_default();
        let choice = |name: &str| input(name).filter(|value| !value.is_empty());
        let setting = |argument: &str, variable: &str| provider(argument, variable).filter(|value| !value.is_empty());
        match host {
            Host::Aws => Self::Aws(AwsDeployment {
                // The example root module's own default.
                environment_name: input("environment_name").unwrap_or_else(|| String::from("psoxy")),
                root_path: text("aws_ssm_param_root_path"),
                uses_secrets_manager: text("secrets_store_implementation") == "aws_secrets_manager",
                region: setting("region", "aws_region"),
                account_id: choice("aws_account_id"),
                assume_role_arn: setting("assume_role.role_arn", "aws_assume_role_arn"),
                profile: setting("profile", "aws_profile"),
                kms_key_arn: choice("aws_ssm_key_id").or_else(|| choice("project_aws_kms_key_arn")),
            }),
            Host::Gcp => Self::Gcp(GcpDeployment {
                environment_name: text("environment_name"),
                config_parameter_prefix: text("config_parameter_prefix"),
                project_id: choice("gcp_project_id").or_else(|| setting("project", "gcp_project_id")),
                impersonate_service_account: setting("impersonate_service_account", "gcp_terraform_sa_account_email"),
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

    /// The deployment of these inputs and these arguments of the provider.
    fn deployment(host: Host, inputs: &[(&str, &str)], provider: &[(&str, &str)]) -> Deployment {
        Deployment::from_root_module(host, lookup(inputs), |argument, _| lookup(provider)(argument))
    }

    #[test]
    fn aws_without_a_value_has_the_environment_of_the_example() {
        assert_eq!(deployment(Host::Aws, &[], &[]).naming().prefix(), "PSOXY_");
    }

    #[test]
    fn gcp_without_a_value_has_the_default_prefix() {
        assert_eq!(deployment(Host::Gcp, &[], &[]).naming().prefix(), "psoxy_");
    }

    #[test]
    fn secrets_manager_is_chosen_by_its_variable() {
        let variables = [("secrets_store_implementation", "aws_secrets_manager")];
        assert!(deployment(Host::Aws, &variables, &[]).aws().unwrap().uses_secrets_manager);
    }

    #[test]
    fn region_profile_and_role_are_those_of_the_provider() {
        let provider = [("region", "eu-west-1"), ("profile", "ops"), ("assume_role.role_arn", "arn:aws:iam::1:role/r")];
        let deployment = deployment(Host::Aws, &[], &provider);
        let aws = deployment.aws().unwrap();
        assert_eq!(
            [&aws.region, &aws.profile, &aws.assume_role_arn].map(Option::as_deref),
            [Some("eu-west-1"), Some("ops"), Some("arn:aws:iam::1:role/r")]
        );
    }

    #[test]
    fn an_empty_choice_is_none() {
        let deployment = deployment(Host::Aws, &[], &[("assume_role.role_arn", "")]);
        assert_eq!(deployment.aws().unwrap().assume_role_arn, None);
    }
}
