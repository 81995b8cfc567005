//! tfhelper: connects Jira to a Terraform-managed psoxy, and checks the variables before terraform does.
pub mod atlassian;
pub mod check;
pub mod cli;
pub mod command;
pub mod connector;
pub mod diagnostic;
pub mod discovery;
pub mod disk;
pub mod report;
pub mod repository;
pub mod secret;
pub mod terraform;
pub mod test_script;
