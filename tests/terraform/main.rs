//! tfhelper's judgement next to that of the real `terraform`.
//!
//! Where `terraform` is not on `PATH` a test says so and passes; with `CI` set it fails instead.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has failed")]

mod endpoint;
mod example;
mod expression;
mod fixture;
mod function;
mod gate;
mod init_jira;
mod plan;
mod range;
mod real_terraform;
mod tfhelper;
mod verdict;
mod wrapper;
