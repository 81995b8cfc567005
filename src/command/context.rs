//! What a command has of the world: streams, environment, directory, clock.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;

use anyhow::Context as _;

use crate::cli::{ColorChoice, GlobalArgs};
use crate::report::printable;
use crate::request_log;

/// The world as a command sees it; everything that a test may want to replace.
pub struct Context {
    /// Results.
    pub stdout: Box<dyn Write + Send>,
    /// Everything else.
    pub stderr: Box<dyn Write + Send>,
    /// The environment; names and values that are not Unicode are left out.
    pub environment: BTreeMap<String, String>,
    /// The root module's directory.
    pub directory: PathBuf,
    /// Somebody can be asked: standard input is a terminal, and neither `--no-input` nor `CI` says otherwise.
    pub can_ask: bool,
    /// Results are shown in colour.
    pub has_color: bool,
    /// Results alone.
    pub is_quiet: bool,
}

/// A variable of the environment; one that is not UTF-8 counts as unset, except that Terraform takes the value of an input
/// variable all the same.
fn variable_in_utf8(name: OsString, value: OsString) -> Option<(String, String)> {
    let name = name.into_string().ok()?;
    let value = match value.into_string() {
        Ok(value) => value,
        Err(value) if name.starts_with("TF_VAR_") => value.to_string_lossy().into_owned(),
        Err(_) => return None,
    };
    Some((name, value))
}

impl Context {
    /// The world of this process.
    #[must_use]
    pub fn from_process(global: &GlobalArgs) -> Self {
        if global.verbose > 0 {
            request_log::turn_on();
        }
        let environment: BTreeMap<String, String> =
            std::env::vars_os().filter_map(|(name, value)| variable_in_utf8(name, value)).collect();
        let color = if global.no_color { ColorChoice::Never } else { global.color };
        let choice = match color {
            ColorChoice::Auto => anstream::ColorChoice::Auto,
            ColorChoice::Always => anstream::ColorChoice::Always,
            ColorChoice::Never => anstream::ColorChoice::Never,
        };
        let is_ci = environment.get("CI").is_some_and(|value| !value.is_empty());
        let stdout = anstream::AutoStream::new(std::io::stdout(), choice);
        Self {
            has_color: stdout.current_choice() != anstream::ColorChoice::Never,
            stdout: Box::new(stdout),
            stderr: Box::new(anstream::AutoStream::new(std::io::stderr(), choice)),
            can_ask: !global.no_input && global.input && !is_ci && std::io::stdin().is_terminal(),
            directory: global.chdir.clone().unwrap_or_else(|| PathBuf::from(".")),
            environment,
            is_quiet: global.quiet,
        }
    }

    /// The time, in whole seconds; that of `TFHELPER_NOW` (RFC 3339) where it is set, for rehearsals and tests.
    ///
    /// # Errors
    ///
    /// When `TFHELPER_NOW` is no RFC 3339 timestamp.
    pub fn now(&self) -> anyhow::Result<jiff::Timestamp> {
        match self.variable("TFHELPER_NOW") {
            Some(text) => text.parse().with_context(|| format!("cannot parse TFHELPER_NOW `{text}` as an RFC 3339 timestamp")),
            None => Ok(jiff::Timestamp::now().round(jiff::Unit::Second)?),
        }
    }

    /// A variable of the environment, when it is there and not empty.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.environment.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Prints a line of the result to stdout.
    ///
    /// # Errors
    ///
    /// When stdout cannot be written; a closed pipe ends the program quietly.
    pub fn print(&mut self, line: impl fmt::Display) -> std::io::Result<()> {
        writeln!(self.stdout, "{line}")
    }

    /// Prints a text for another program to the byte; on a terminal without control characters.
    ///
    /// # Errors
    ///
    /// As [`Context::print`], which takes escape sequences away where there is no colour.
    pub fn print_exactly(&mut self, line: &str) -> std::io::Result<()> {
        let mut stdout = std::io::stdout();
        let line = if stdout.is_terminal() { printable(line) } else { Cow::Borrowed(line) };
        writeln!(stdout, "{line}")
    }

    /// Says something on stderr; that it may be closed is no reason to stop.
    pub fn say(&mut self, line: impl fmt::Display) {
        let _ = writeln!(self.stderr, "{line}");
    }

    /// Says something on stderr unless `--quiet`.
    pub fn note(&mut self, line: impl fmt::Display) {
        if !self.is_quiet {
            self.say(line);
        }
    }
}
