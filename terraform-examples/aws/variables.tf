variable "environment_name" {
  type        = string
  description = "Tells this deployment from others in the account; secret names begin with it, in capitals"
  default     = "psoxy"

  validation {
    condition     = can(regex("^[a-zA-Z][a-zA-Z0-9-_ ]*$", var.environment_name))
    error_message = "The environment_name must begin with a letter; letters, digits, hyphens, underscores and spaces may follow."
  }

  validation {
    condition     = !can(regex("^(?i)(aws|ssm)", var.environment_name))
    error_message = "The environment_name must not begin with aws or ssm: AWS keeps such parameter names for itself."
  }
}

variable "aws_account_id" {
  type        = string
  description = "The AWS account to deploy into"

  validation {
    condition     = can(regex("^\\d{12}$", var.aws_account_id))
    error_message = "The aws_account_id must be 12 digits."
  }
}

variable "aws_assume_role_arn" {
  type        = string
  description = "The role that Terraform assumes; null where the caller may deploy already"
  default     = null
}

variable "aws_region" {
  type        = string
  description = "The AWS region to deploy into"
  default     = "us-east-1"
}

variable "aws_ssm_param_root_path" {
  type        = string
  description = "Goes in front of every SSM parameter's name as it is: a path has to end with a slash"
  default     = ""

  validation {
    condition     = !strcontains(var.aws_ssm_param_root_path, "/") || startswith(var.aws_ssm_param_root_path, "/")
    error_message = "An aws_ssm_param_root_path that contains a slash must begin with one."
  }
}

variable "secrets_store_implementation" {
  type        = string
  description = "aws_ssm_parameter_store or aws_secrets_manager"
  default     = "aws_ssm_parameter_store"

  validation {
    condition     = contains(["aws_ssm_parameter_store", "aws_secrets_manager"], var.secrets_store_implementation)
    error_message = "The secrets_store_implementation must be aws_ssm_parameter_store or aws_secrets_manager."
  }
}

variable "project_aws_kms_key_arn" {
  type        = string
  description = "The KMS key that encrypts all of this; null for the keys of AWS"
  default     = null

  validation {
    condition     = var.project_aws_kms_key_arn == null || can(regex("^arn:aws:kms:.*:\\d{12}:key/.*$", var.project_aws_kms_key_arn))
    error_message = "The project_aws_kms_key_arn must be null or the ARN of a KMS key."
  }
}
