"""CloudFormation templates and Terraform plans -> declared resources, and the pipelines in them."""
