variable "psoxy_base_dir" {
  type        = string
  description = "A clone of psoxy; terraform init makes one below .terraform"

  validation {
    condition     = endswith(var.psoxy_base_dir, "/")
    error_message = "The psoxy_base_dir must end with a slash."
  }
}

variable "deployment_bundle" {
  type        = string
  description = "The JAR to deploy; null builds one"
  default     = null

  validation {
    condition     = var.deployment_bundle == null || var.deployment_bundle != ""
    error_message = "The deployment_bundle must be null or not empty."
  }
}

variable "caller_gcp_service_account_ids" {
  type        = list(string)
  description = "Numeric IDs of the GCP service accounts that may call the proxies"
  default     = []

  validation {
    condition     = alltrue([for id in var.caller_gcp_service_account_ids : can(regex("^\\d{21}$", id))])
    error_message = "Each of caller_gcp_service_account_ids must be 21 digits."
  }
}

variable "caller_aws_arns" {
  type        = list(string)
  description = "AWS principals that may call the proxies, for tests"
  default     = []

  validation {
    condition     = alltrue([for arn in var.caller_aws_arns : can(regex("^arn:aws:iam::\\d{12}:(root|(role|user)/.+)$", arn))])
    error_message = "Each of caller_aws_arns must be the ARN of an account, a user or a role."
  }
}

variable "general_environment_variables" {
  type        = map(string)
  description = "Environment variables of every proxy"
  default     = {}

  validation {
    condition     = !contains(keys(var.general_environment_variables), "IS_DEVELOPMENT_MODE")
    error_message = "IS_DEVELOPMENT_MODE must not be set for every proxy."
  }
}
