//! `tfhelper init-jira` with a real Chromium at the consent page.
//!
//! Needs what `.ci/install-peers` installs. Where that is missing a test says so and passes; with `CI` set it fails instead.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has failed")]

mod atlassian;
mod independent_server;
mod person;
mod tfhelper;
