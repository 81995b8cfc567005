variable "enabled_connectors" {
  type        = list(string)
  description = "IDs of the connectors to deploy a proxy for"
}

variable "connector_settings" {
  type        = map(string)
  description = "What the enabled connectors need to know, by the name of the setting"
  default     = {}
}

variable "jira_cloud_id" {
  type        = string
  description = "[DEPRECATED: use connector_settings] Cloud ID of the Jira Cloud site; wins over connector_settings where both are set"
  default     = null
}

variable "jira_server_url" {
  type        = string
  description = "[DEPRECATED: use connector_settings] Host of the Jira Data Center, without a scheme"
  default     = null
}

variable "jira_example_issue_id" {
  type        = string
  description = "[DEPRECATED: use connector_settings] Key of an issue for test calls, such as ACME-1"
  default     = null
}
