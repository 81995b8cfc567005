environment_name = "Prod"
