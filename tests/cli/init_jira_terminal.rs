//! `tfhelper init-jira` with a person at a terminal.

use std::time::Duration;

use expectrl::{Eof, Expect, Session};
use tfhelper::atlassian::rehearsal::knobs::{Access, Knobs, Site};

use crate::stage::{CLIENT_SECRET, Stage, browse};

const ZETA: &str = "adcae078-765b-45bf-a38b-7cda232b9a94";

#[test]
fn rehearsal_at_a_terminal_without_a_display_answers_by_itself() {
    let stage = Stage::good_day();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_tfhelper"));
    command.args(["init-jira", "--rehearse"]).env_clear().current_dir(stage.root_module());
    let mut session = Session::spawn(command).unwrap();
    session.set_expect_timeout(Some(Duration::from_secs(30)));
    let shown = session.expect(Eof).unwrap();
    let shown = String::from_utf8_lossy(shown.as_bytes()).into_owned();
    assert!(shown.contains("The rehearsal is over") && shown.contains("run the same command without --rehearse"), "{shown}");
}

#[test]
fn person_is_asked_for_what_is_missing_and_the_secret_is_not_shown() {
    let sites = vec![Site::new("zeta", ZETA), Site::default()];
    let mut stage = Stage::new(Knobs { sites, access: Access::EverySite, ..Knobs::default() });
    stage.set("TFHELPER_JIRA_CLIENT_ID", "");
    stage.set("TFHELPER_JIRA_CLIENT_SECRET", "");
    let mut session = Session::spawn(stage.command(&[])).unwrap();
    session.set_expect_timeout(Some(Duration::from_secs(30)));
    let mut shown = Vec::new();

    shown.extend(session.expect("Client ID of the app:").unwrap().as_bytes());
    session.send("https://developer.atlassian.com\r").unwrap();
    shown.extend(session.expect("it is an address").unwrap().as_bytes());
    let backspaces = "\u{7f}".repeat("https://developer.atlassian.com".len());
    session.send(backspaces).unwrap();
    session.send("rehearsal-client-id\r").unwrap();
    shown.extend(session.expect("Client secret:").unwrap().as_bytes());
    session.send(format!("{CLIENT_SECRET}\r")).unwrap();
    let waiting = session.expect("tfhelper waits").unwrap().as_bytes().to_vec();
    let text = String::from_utf8_lossy(&waiting);
    let url = text.split_whitespace().find(|word| word.starts_with("http://127.0.0.1")).unwrap();
    browse(url);
    shown.extend(session.expect("from 1 to 2").unwrap().as_bytes());
    session.send("9\r").unwrap();
    shown.extend(session.expect("from 1 to 2").unwrap().as_bytes());
    session.send("2\r").unwrap();
    let rest = session.expect(Eof).unwrap();
    shown.extend(rest.as_bytes());
    let rest = String::from_utf8_lossy(rest.as_bytes()).into_owned();
    assert!(rest.contains(ZETA), "{rest}");
    assert!(!String::from_utf8_lossy(&shown).contains(CLIENT_SECRET));
    assert!(stage.kept_refresh_token().is_some());
}

#[test]
fn end_of_the_input_leaves_the_browser_to_wait_for() {
    let stage = Stage::good_day();
    let mut session = Session::spawn(stage.command(&[])).unwrap();
    session.set_expect_timeout(Some(Duration::from_secs(30)));
    let waiting = session.expect("tfhelper waits").unwrap().as_bytes().to_vec();
    session.send("\u{4}").unwrap();
    session.expect("the wait for the browser goes on").unwrap();
    let text = String::from_utf8_lossy(&waiting);
    browse(text.split_whitespace().find(|word| word.starts_with("http://127.0.0.1")).unwrap());
    session.expect("Jira Cloud is connected").unwrap();
    session.expect(Eof).unwrap();
}
