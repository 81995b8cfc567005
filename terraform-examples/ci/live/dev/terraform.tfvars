environment_name = "dev"
region           = "eu-west-1"
