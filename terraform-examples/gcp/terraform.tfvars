# terraform.tfvars
# Values of this root module's variables. Keep it under version control: whoever runs Terraform here needs it.

# the clone of psoxy that terraform init makes
psoxy_base_dir = "./.terraform/modules/psoxy/"

# GCP project that the proxies are deployed into
gcp_project_id="acme-psoxy-prod"

# service accounts that may call the proxies
worklytics_sa_emails=[
  # "worklytics-acme@worklytics-eng.iam.gserviceaccount.com"
]

# what to connect; comment out what you do not want
enabled_connectors = [
  # "gcal",
  # "gdirectory",
  "jira-cloud",
]

connector_settings = {
  jira_example_issue_id = "ACME-1"
}
