variable "environment_name" {
  type = string

  validation {
    condition     = can(regex("^[a-z]+$", var.environment_name))
    error_message = "The environment_name is made of small letters."
  }
}

variable "region" {
  type = string
}

module "labels" {
  source           = "../../modules/labels"
  environment_name = var.environment_name
}

resource "terraform_data" "deployment" {
  input = merge(module.labels.labels, { region = var.region })
}
