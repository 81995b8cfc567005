variable "enabled_connectors" {
  type        = list(string)
  description = "The connectors to deploy."
  default     = []
}

variable "connector_settings" {
  type        = map(string)
  description = "Settings of the connectors, by name."
  default     = {}
}

variable "jira_cloud_id" {
  type        = string
  description = "Deprecated: use `connector_settings`. The cloud ID of the Jira site."
  default     = null
}
