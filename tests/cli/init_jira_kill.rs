//! `tfhelper init-jira` killed after the consent: the refresh token is kept, wherever it happens.
//!
//! The hooks are the stand-in, which can hold an answer back, and standard error, whose lines mark the steps.

use tfhelper::atlassian::rehearsal::knobs::{Fault, FaultKind, Knobs};

use crate::stage::{Stage, browse};

const SITES: &str = "/oauth/token/accessible-resources";

#[test]
fn killed_while_the_sites_are_listed() {
    let stage = Stage::new(Knobs { faults: vec![Fault::always(SITES, FaultKind::Stall)], ..Knobs::default() });
    let mut running = stage.start(&[]);
    browse(&running.authorization_url().unwrap());
    while !stage.rehearsal.requests().iter().any(|request| request.path == SITES) {
        std::thread::yield_now();
    }
    running.child.kill().unwrap();
    stage.checked(running.finish());
    assert!(stage.kept_refresh_token().is_some());
}

/// Kills it as soon as it says its n-th line after the consent; returns whether it said so many.
fn kill_at_line(wanted: usize) -> bool {
    let stage = Stage::good_day();
    let mut running = stage.start(&[]);
    let page = browse(&running.authorization_url().unwrap());
    assert!(page.contains("Consent received"), "{page}");
    let mut is_past_exchange = false;
    let mut said = 0;
    while said < wanted {
        let Some(line) = running.line() else { return false };
        is_past_exchange |= line.contains("site acme");
        said += 1;
    }
    running.child.kill().unwrap();
    stage.checked(running.finish());
    assert!(!is_past_exchange || stage.kept_refresh_token().is_some(), "lost at line {wanted}");
    true
}

#[test]
fn killed_at_any_line() {
    let mut wanted = 1;
    while kill_at_line(wanted) {
        wanted += 1;
    }
    assert!(wanted > 5, "it said only {wanted} lines");
}
