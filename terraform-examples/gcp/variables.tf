variable "gcp_project_id" {
  type        = string
  description = "The GCP project to deploy into"
}

variable "gcp_terraform_sa_account_email" {
  type        = string
  description = "The service account that Terraform acts as; null for the caller's own credentials"
  default     = null

  validation {
    condition = (
      var.gcp_terraform_sa_account_email == null
      || can(regex("@.+\\.iam\\.gserviceaccount\\.com$", var.gcp_terraform_sa_account_email))
    )
    error_message = "The gcp_terraform_sa_account_email must be null or the email address of a service account."
  }
}

variable "gcp_region" {
  type        = string
  description = "The GCP region to deploy into"
  default     = "us-central1"
}

variable "environment_name" {
  type        = string
  description = "Tells this deployment from others in the project; names of secrets begin with it, as it is written"
  default     = ""

  validation {
    condition     = can(regex("^[A-z0-9\\-]{0,20}$", var.environment_name))
    error_message = "The environment_name must be up to 20 letters, digits and hyphens."
  }
}

variable "config_parameter_prefix" {
  type        = string
  description = "Goes in front of the names of secrets instead of the environment_name, as it is; end it with an underscore"
  default     = ""
}

variable "secret_replica_locations" {
  type        = list(string)
  description = "The regions that keep the secrets"
  default     = ["us-central1", "us-west1"]

  validation {
    condition     = length(var.secret_replica_locations) > 0
    error_message = "At least one of secret_replica_locations is required."
  }
}

variable "worklytics_sa_emails" {
  type        = list(string)
  description = "Service accounts of Worklytics that may call the proxies"
}
