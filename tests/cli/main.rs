//! The built binary on copies of root modules: one module a command.

#![expect(clippy::unwrap_used, reason = "a test that cannot set the stage must stop")]

mod check;
mod check_connector;
mod console;
mod explain;
mod external;
mod init_jira;
mod init_jira_failure;
mod init_jira_kill;
mod init_jira_part_way;
mod init_jira_release;
mod init_jira_server;
mod init_jira_service;
mod init_jira_terminal;
mod many_modules;
mod readme;
mod recipe;
mod report_format;
mod repository;
mod review;
mod script_direct;
mod script_peers;
mod script_portable;
mod script_proxy;
mod script_rehearsal;
mod script_stage;
mod stage;
mod test_scripts;
mod tfvars;
mod tfvars_input;
