variable "environment_name" {
  type = string
}

output "labels" {
  value = { environment = var.environment_name }
}
