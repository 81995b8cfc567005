//! The secret stores, end to end: the built program against stand-ins and against emulators that are not ours.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has failed")]
#![expect(clippy::print_stderr, reason = "a test that proves nothing says so")]

mod atlassian;
mod aws;
mod check;
mod deployment;
mod emulators;
mod faults;
mod gcp;
mod google;
mod init_jira;
mod program;
mod stand_in;
mod status;
