# A psoxy deployment on AWS, cut down to what decides how Jira is connected.

terraform {
  required_version = "~> 1.7"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }
}

provider "aws" {
  region              = var.aws_region
  allowed_account_ids = [var.aws_account_id]

  assume_role {
    role_arn = var.aws_assume_role_arn
  }
}

# What is connected.
module "worklytics_connectors" {
  source = "git::https://github.com/worklytics/psoxy//infra/modules/worklytics-connectors?ref=v0.6.6"

  base_dir              = var.psoxy_base_dir
  enabled_connectors    = var.enabled_connectors
  connector_settings    = var.connector_settings
  jira_cloud_id         = var.jira_cloud_id
  jira_server_url       = var.jira_server_url
  jira_example_issue_id = var.jira_example_issue_id
}

# Where it runs, and where its secrets are kept.
module "psoxy" {
  source = "git::https://github.com/worklytics/psoxy//infra/modules/aws-host?ref=v0.6.6"

  environment_name               = var.environment_name
  aws_account_id                 = var.aws_account_id
  aws_ssm_param_root_path        = var.aws_ssm_param_root_path
  aws_ssm_key_id                 = var.project_aws_kms_key_arn
  secrets_store_implementation   = var.secrets_store_implementation
  psoxy_base_dir                 = var.psoxy_base_dir
  deployment_bundle              = var.deployment_bundle
  caller_gcp_service_account_ids = var.caller_gcp_service_account_ids
  caller_aws_arns                = var.caller_aws_arns
  general_environment_variables  = var.general_environment_variables
  api_connectors                 = module.worklytics_connectors.enabled_api_connectors
  bulk_connectors                = module.worklytics_connectors.enabled_bulk_connectors
}

output "api_connector_instances" {
  description = "The proxies, by connector"
  value = {
    for id, instance in module.psoxy.api_connector_instances : id => { endpoint_url = instance.endpoint_url }
  }
}

output "caller_role_arn" {
  description = "The role that may call the proxies"
  value       = module.psoxy.caller_role_arn
}
