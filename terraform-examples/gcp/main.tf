# A psoxy deployment on GCP, cut down to what decides how Jira is connected.

terraform {
  required_version = "~> 1.7"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 7.0"
    }
  }
}

provider "google" {
  project                     = var.gcp_project_id
  impersonate_service_account = var.gcp_terraform_sa_account_email
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
  source = "git::https://github.com/worklytics/psoxy//infra/modules/gcp-host?ref=v0.6.6"

  gcp_project_id                = var.gcp_project_id
  gcp_region                    = var.gcp_region
  environment_name              = var.environment_name
  config_parameter_prefix       = var.config_parameter_prefix
  secret_replica_locations      = var.secret_replica_locations
  worklytics_sa_emails          = var.worklytics_sa_emails
  psoxy_base_dir                = var.psoxy_base_dir
  deployment_bundle             = var.deployment_bundle
  general_environment_variables = var.general_environment_variables
  api_connectors                = module.worklytics_connectors.enabled_api_connectors
  bulk_connectors               = module.worklytics_connectors.enabled_bulk_connectors
}

output "api_connector_instances" {
  description = "The proxies, by connector"
  value = {
    for id, instance in module.psoxy.api_connector_instances : id => { endpoint_url = instance.endpoint_url }
  }
}
