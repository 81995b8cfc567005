//! One request after another: time limits, size limits, no redirections, pauses between attempts, and no secret in what comes back.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, LOCATION, RETRY_AFTER};
use reqwest::{Method, redirect};

use super::super::authorization::is_loopback;
use super::Patience;
use super::error::{Fault, RequestError};
use crate::request_log::SentRequest;
use crate::secret::Secret;

/// Bytes of an answer that are read; a list of a thousand sites is a tenth of it.
const MAX_BODY: usize = 4 * 1024 * 1024;
/// Attempts of a read, the first included.
const MAX_ATTEMPTS: u32 = 4;
/// The pause after the first attempt, doubled after each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// An answer of any status.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
    pub(super) location: Option<String>,
    /// `x-failure-category` of Atlassian's gateway.
    pub(super) failure_category: Option<String>,
    content_type: String,
    retry_after: Option<Duration>,
}

impl Answer {
    pub(super) fn is_html(&self) -> bool {
        self.content_type.contains("text/html") || self.body.trim_ascii_start().starts_with(b"<")
    }

    /// Whether the server turned the request away before it looked at it.
    fn is_turned_away(&self) -> bool {
        self.status == 429 || (self.status == 503 && self.retry_after.is_some())
    }
}

pub(super) struct Transport {
    /// Honours `HTTPS_PROXY` and the like.
    outside: reqwest::Client,
    /// For loopback, where no proxy can help.
    loopback: reqwest::Client,
    patience: Patience,
    secrets: Vec<Secret>,
}

impl Transport {
    pub(super) fn new(patience: Patience) -> anyhow::Result<Self> {
        // Only the first installation in a process counts; a second one finds the same provider.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = || {
            reqwest::Client::builder()
                .user_agent(concat!("tfhelper/", env!("CARGO_PKG_VERSION")))
                .redirect(redirect::Policy::none())
                .retry(reqwest::retry::never())
                .connect_timeout(patience.connect)
                .timeout(patience.answer)
        };
        Ok(Self {
            outside: builder().https_only(true).build().context("cannot set up TLS")?,
            loopback: builder().no_proxy().build().context("cannot set up TLS")?,
            patience,
            secrets: Vec::new(),
        })
    }

    pub(super) fn hide(&mut self, secret: &Secret) {
        if !secret.expose().is_empty() {
            self.secrets.push(secret.clone());
        }
    }

    /// Gets a URL, again while the server is busy or unreachable; secrets are blotted out of the answer.
    pub(super) async fn get(&self, doing: &str, url: &str, bearer: Option<&Secret>) -> Result<Answer, RequestError> {
        let is_worth_another = |answer: &Answer| answer.status == 429 || answer.status >= 500;
        let send = || self.send(Method::GET, url, bearer, None);
        let answer = self.attempt(send, is_worth_another, |_| true).await;
        answer.map(|answer| self.blot(answer)).map_err(|fault| RequestError::new(doing, url, fault))
    }

    /// Posts JSON, again only where the first attempt surely was not served. The answer is as it came: it holds tokens.
    pub(super) async fn post(&self, doing: &str, url: &str, body: &serde_json::Value) -> Result<Answer, RequestError> {
        let send = || self.send(Method::POST, url, None, Some(body));
        let answer = self.attempt(send, Answer::is_turned_away, |lost| lost.is_before_sending).await;
        answer.map_err(|fault| RequestError::new(doing, url, fault))
    }

    async fn attempt<F: Future<Output = Result<Answer, Lost>>>(
        &self,
        send: impl Fn() -> F,
        is_worth_another: impl Fn(&Answer) -> bool,
        may_repeat: impl Fn(&Lost) -> bool,
    ) -> Result<Answer, Fault> {
        let began = Instant::now();
        let mut pause = FIRST_PAUSE;
        for attempt in 1.. {
            let result = send().await;
            let asked_pause = match &result {
                Ok(answer) if is_worth_another(answer) => answer.retry_after,
                Err(lost) if lost.is_transient() && may_repeat(lost) => None,
                Ok(_) | Err(_) => return result.map_err(|lost| lost.fault),
            };
            let next_pause = asked_pause.unwrap_or(pause);
            if attempt == MAX_ATTEMPTS || began.elapsed() + next_pause > self.patience.retries {
                return result.map_err(|lost| lost.fault);
            }
            tokio::time::sleep(next_pause).await;
            pause *= 2;
        }
        unreachable!("the loop ends with its last attempt")
    }

    async fn send(
        &self,
        method: Method,
        url: &str,
        bearer: Option<&Secret>,
        body: Option<&serde_json::Value>,
    ) -> Result<Answer, Lost> {
        let sent = SentRequest::new(method.as_str(), url);
        let answer = self.send_unlogged(method, url, bearer, body).await;
        sent.log(answer.as_ref().ok().map(|answer| answer.status));
        answer
    }

    async fn send_unlogged(
        &self,
        method: Method,
        url: &str,
        bearer: Option<&Secret>,
        body: Option<&serde_json::Value>,
    ) -> Result<Answer, Lost> {
        let is_local = url::Url::parse(url).is_ok_and(|url| is_loopback(&url));
        let client = if is_local { &self.loopback } else { &self.outside };
        let mut request = client.request(method, url).header(ACCEPT, "application/json");
        if let Some(token) = bearer {
            request = request.bearer_auth(token.expose());
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let mut response = request.send().await.map_err(|error| self.lost(&error))?;
        let mut answer = read_head(response.status().as_u16(), response.headers());
        while let Some(chunk) = response.chunk().await.map_err(|error| self.lost(&error))? {
            if answer.body.len() + chunk.len() > MAX_BODY {
                return Err(Lost { fault: Fault::TooLarge, is_before_sending: false });
            }
            answer.body.extend_from_slice(&chunk);
        }
        Ok(answer)
    }

    fn lost(&self, error: &reqwest::Error) -> Lost {
        let fault = match error.is_timeout() {
            true => Fault::TimedOut(if error.is_connect() { self.patience.connect } else { self.patience.answer }),
            false => Fault::Unreachable(self.blot_text(&root_cause(error))),
        };
        Lost { fault, is_before_sending: error.is_connect() }
    }

    /// The answer without any of our secrets, however the server wrote them.
    pub(super) fn blot(&self, mut answer: Answer) -> Answer {
        if let Ok(text) = std::str::from_utf8(&answer.body) {
            answer.body = self.blot_text(text).into_bytes();
        } else {
            // Bytes that are no text could hide a secret from the search; nothing that is expected is such.
            answer.body.clear();
        }
        answer.location = answer.location.map(|location| self.blot_text(&location));
        answer
    }

    fn blot_text(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in &self.secrets {
            let value = secret.expose();
            let encoded = utf8_percent_encode(value, NON_ALPHANUMERIC).to_string();
            let json = serde_json::Value::from(value).to_string();
            for form in [value, encoded.as_str(), json.trim_matches('"')] {
                text = text.replace(form, "***");
            }
        }
        text
    }
}

/// A request without an answer.
struct Lost {
    fault: Fault,
    /// Nothing of the request reached the server.
    is_before_sending: bool,
}

impl Lost {
    /// Another attempt may do better; a server that lets us wait would only let us wait again.
    fn is_transient(&self) -> bool {
        matches!(self.fault, Fault::Unreachable(_))
    }
}

fn read_head(status: u16, headers: &HeaderMap) -> Answer {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(String::from);
    Answer {
        status,
        body: Vec::new(),
        location: text(LOCATION),
        failure_category: headers.get("x-failure-category").and_then(|value| value.to_str().ok()).map(String::from),
        content_type: text(CONTENT_TYPE).unwrap_or_default().to_ascii_lowercase(),
        retry_after: text(RETRY_AFTER).and_then(|seconds| seconds.trim().parse().ok()).map(Duration::from_secs),
    }
}

/// The innermost reason, such as "Connection refused (os error 111)"; the outer ones repeat the URL.
fn root_cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
