# terraform.tfvars
# Values of this root module's variables. Keep it under version control: whoever runs Terraform here needs it.

# the clone of psoxy that terraform init makes
psoxy_base_dir = "./.terraform/modules/psoxy/"

# AWS account that the proxies are deployed into
aws_account_id="123456789012"

# AWS region that the proxies are deployed into
aws_region="eu-central-1"

# role that Terraform assumes, where the caller may not deploy
# aws_assume_role_arn="arn:aws:iam::123456789012:role/Admin"

# AWS principals that may call the proxies; empty it once they work
caller_aws_arns = [
  "arn:aws:iam::123456789012:root"
]

# GCP service accounts that may call the proxies
caller_gcp_service_account_ids = [
  # "123456712345671234567"
]

# what to connect; comment out what you do not want
enabled_connectors = [
  # "gcal",
  # "gdirectory",
  "jira-cloud",
]
