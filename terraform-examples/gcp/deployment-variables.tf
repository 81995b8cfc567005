variable "psoxy_base_dir" {
  type        = string
  description = "A clone of psoxy; terraform init makes one below .terraform"

  validation {
    condition     = endswith(var.psoxy_base_dir, "/")
    error_message = "The psoxy_base_dir must end with a slash."
  }

  validation {
    condition     = !startswith(var.psoxy_base_dir, "~")
    error_message = "The psoxy_base_dir must not begin with a tilde: nothing replaces it."
  }
}

variable "deployment_bundle" {
  type        = string
  description = "The archive to deploy, a path or a gs:// URL; null builds one"
  default     = null

  validation {
    condition     = var.deployment_bundle == null || var.deployment_bundle != ""
    error_message = "The deployment_bundle must be null or not empty."
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
