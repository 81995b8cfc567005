# The gate: terraform refuses to plan what `tfhelper check --gate` has not passed.
#
# Copy this file into a root module. It needs no provider and creates nothing in a cloud. What follows is evaluated by
# tfhelper and by terraform alike, so the two digests agree exactly when nothing that is named here has changed.

locals {
  # What a verdict is bound to. Add whatever else a verdict should not outlive.
  tfhelper_digest = sha256(jsonencode({
    files = {
      for name in fileset(path.root, "*.{tf,tf.json,tfvars,tfvars.json}") : name => filesha256("${path.root}/${name}")
    }
    variables = {
      enabled_connectors = var.enabled_connectors
      connector_settings = var.connector_settings
      jira_cloud_id      = var.jira_cloud_id
    }
  }))

  # How long a verdict holds.
  tfhelper_hours = 24

  tfhelper_preflight = try(jsondecode(file("${path.root}/.tfhelper/preflight.json")), null)
}

resource "terraform_data" "tfhelper" {
  lifecycle {
    precondition {
      condition     = local.tfhelper_preflight != null
      error_message = "Nobody has checked this root module. Run: tfhelper check --gate"
    }

    precondition {
      condition     = try(local.tfhelper_preflight.ok, true)
      error_message = "The last check found errors. Run tfhelper check, mend what it finds, then run: tfhelper check --gate"
    }

    precondition {
      condition     = try(local.tfhelper_preflight.digest == local.tfhelper_digest, true)
      error_message = "Files or variables have changed since the last check. Run it again, with the same variables: tfhelper check --gate"
    }

    precondition {
      condition = try(
        timecmp(plantimestamp(), timeadd(local.tfhelper_preflight.checked_at, "${local.tfhelper_hours}h")) <= 0, true
      )
      error_message = "The last check is older than ${local.tfhelper_hours} hours. Run: tfhelper check --gate"
    }
  }
}
