//! From the authorization request to the code: the browser, the listener, and a pasted address, whichever comes first.

use std::time::Duration;

use tokio::time::Instant;

use super::refusal;
use super::waiting::{Interrupt, Lines};
use crate::atlassian::authorization::{AuthorizationError, AuthorizationRequest, RedirectionUri, read_error_page};
use crate::atlassian::loopback::landing::Landing;
use crate::atlassian::loopback::{ListenError, Listener};
use crate::command::context::Context;
use crate::command::failure::{ExitStatus, Failure};
use crate::report::printable;
use crate::secret::Secret;

/// A browser that cannot be started says so within this time.
const BROWSER_START: Duration = Duration::from_secs(2);

/// How the authorization request reaches the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opener {
    /// In the browser, `$BROWSER` honoured.
    Browser,
    /// As an address to open by hand.
    Address,
    /// Not at all: the rehearsal's consent page answers by itself when it is fetched.
    Itself,
}

/// Binds the port of the redirection URI; without a listener the address of the page has to be pasted.
///
/// # Errors
///
/// When the port is taken: the code would go to another program.
pub(super) async fn listen(ctx: &mut Context, uri: &RedirectionUri) -> anyhow::Result<Option<Listener>> {
    match Listener::bind(uri).await {
        Ok(listener) => Ok(Some(listener)),
        Err(ListenError::NotOurs) => {
            ctx.note("   The redirection URI is not one of this machine: paste the address of the page you land on.");
            Ok(None)
        }
        Err(ListenError::Bind(address, error)) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            let port = address.port();
            ctx.note(format_args!(
                "   Port {port} needs privileges, so nothing listens there: paste the address of the page you land on."
            ));
            Ok(None)
        }
        Err(ListenError::Bind(address, error)) => {
            let message = format!("cannot listen for the redirection at `{address}`");
            let hint = format!(
                "end the program that uses port {port}, or pass another --redirect-uri, such as http://localhost:{other}/psoxy-setup-callback, \
                 and set the same callback URL in the developer console, under Authorization of the app",
                port = address.port(),
                other = if address.port() == 9100 { 9200 } else { 9100 },
            );
            Err(Failure::new(ExitStatus::Usage, message).because(error).hint(hint).into())
        }
    }
}

/// A consent that is asked for.
pub(super) struct Consent<'a> {
    pub(super) request: &'a AuthorizationRequest,
    pub(super) listener: Option<Listener>,
    pub(super) opener: Opener,
    pub(super) timeout: Duration,
}

impl Consent<'_> {
    /// Sends the person to the consent page and waits for the code.
    ///
    /// # Errors
    ///
    /// When the consent is refused, does not come in time, or can no longer come.
    pub(super) async fn obtain(mut self, ctx: &mut Context, lines: &mut Lines, interrupt: &Interrupt) -> anyhow::Result<Secret> {
        self.open(ctx).await;
        let deadline = Instant::now() + self.timeout;
        let mut has_input = true;
        loop {
            tokio::select! {
                arrival = next_arrival(&mut self.listener) => {
                    match self.request.read_response(&arrival.target) {
                        Ok(code) => {
                            arrival.answer(Landing::Received).await;
                            return Ok(code);
                        }
                        Err(AuthorizationError::Refused { error, description }) => {
                            let failure = refusal::explain(&error, &description, &self.request.redirection_uri);
                            arrival.answer(Landing::Refused(format!("{error}: {description}"))).await;
                            return Err(failure.into());
                        }
                        // Somebody else's request, or a repeated one: harmless, and the wait goes on.
                        Err(AuthorizationError::StateMismatch | AuthorizationError::NoState | AuthorizationError::NoCode) => {
                            arrival.answer(Landing::Foreign).await;
                        }
                    }
                }
                line = lines.next(), if has_input => match line {
                    Some(line) if line.trim().is_empty() => {}
                    Some(line) => match self.read_pasted(&line) {
                        Ok(code) => return Ok(code),
                        Err(AuthorizationError::Refused { error, description }) => {
                            return Err(refusal::explain(&error, &description, &self.request.redirection_uri).into());
                        }
                        Err(error) => ctx.say(format_args!("   This is not the address that is waited for: {error}.")),
                    },
                    None if self.listener.is_none() => return Err(self.nothing_can_come().into()),
                    None => {
                        has_input = false;
                        if ctx.can_ask {
                            ctx.say("   The input has ended, so nothing can be pasted any more; the wait for the browser goes on.");
                        }
                    }
                },
                () = tokio::time::sleep_until(deadline) => return Err(refusal::timeout(self.timeout, &self.request.redirection_uri).into()),
                interrupted = interrupt.or(std::future::pending::<()>()) => {
                    interrupted.map_err(|failure| failure.hint("nothing was changed"))?;
                }
            }
        }
    }

    fn read_pasted(&self, line: &str) -> Result<Secret, AuthorizationError> {
        match read_error_page(line) {
            Some(error) => Err(error),
            None => self.request.read_response(line),
        }
    }

    fn nothing_can_come(&self) -> Failure {
        let message = "the consent cannot reach tfhelper: nothing listens at the redirection URI, and standard input has ended";
        let uri = self.request.redirection_uri.as_str();
        Failure::new(ExitStatus::Authorization, message).hint(format!(
            "run it in a terminal and paste the address of the page you land on, or use a redirection URI such as \
             http://localhost:9000/psoxy-setup-callback in place of `{uri}`, here and in the developer console"
        ))
    }

    async fn open(&self, ctx: &mut Context) {
        let url = self.request.url();
        let uri = printable(self.request.redirection_uri.as_str()).into_owned();
        ctx.note(format_args!("   The app's callback URL must be exactly `{uri}`."));
        match self.opener {
            Opener::Browser if open_browser(url.clone()).await => {
                ctx.note("   Your browser shows Atlassian's consent page; if it does not, open this address:");
            }
            Opener::Browser => ctx.say("   No browser could be opened. Open this address:"),
            Opener::Address => ctx.say("   Open this address in a browser:"),
            Opener::Itself => {
                tokio::spawn(fetch(url));
                ctx.note("   The consent page answers by itself.");
                return;
            }
        }
        // Bare and unindented, so that it can be copied whole.
        ctx.say(format_args!("\n{url}\n"));
        let minutes = human_duration(self.timeout);
        ctx.note(format_args!(
            "   Choose the site and accept. tfhelper waits {minutes}; you can also paste here the address that you land on."
        ));
    }
}

/// The next request; never, where nothing listens.
async fn next_arrival(listener: &mut Option<Listener>) -> crate::atlassian::loopback::Arrival {
    let arrival = match listener {
        Some(listener) => listener.next().await,
        None => None,
    };
    match arrival {
        Some(arrival) => arrival,
        None => std::future::pending().await,
    }
}

/// Opens the address in the browser; whether that worked.
async fn open_browser(url: String) -> bool {
    let opening = tokio::task::spawn_blocking(move || webbrowser::open(&url).is_ok());
    // A browser that runs in the terminal returns only when it ends, and it may wait for the landing page until then.
    match tokio::time::timeout(BROWSER_START, opening).await {
        Ok(opened) => opened.unwrap_or(false),
        Err(_) => true,
    }
}

/// Fetches the consent page as a browser would, redirections included. That it fails shows as a consent that never comes.
async fn fetch(url: String) {
    if let Ok(client) = reqwest::Client::builder().no_proxy().build() {
        let _ = client.get(url).send().await;
    }
}

pub(super) fn human_duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match (seconds / 60, seconds % 60) {
        (0, seconds) => format!("{seconds} s"),
        (minutes, 0) => format!("{minutes} min"),
        (minutes, seconds) => format!("{minutes} min {seconds} s"),
    }
}
