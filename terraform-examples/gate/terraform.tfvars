enabled_connectors = [
  "jira-cloud",
]

connector_settings = {
  jira_cloud_id         = "1324a887-45db-4bf4-8e99-ef0ff456d421"
  jira_example_issue_id = "ACME-1"
}
