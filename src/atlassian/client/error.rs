//! What can go wrong between us and a server, in words that name the server and what was wanted of it.

use std::fmt;
use std::time::Duration;

use super::super::authorization::token::TokenRefusal;
use super::transport::Answer;

/// Characters of a server's own words that are shown.
const SHOWN: usize = 300;

/// A request without a usable answer.
#[derive(Debug)]
pub struct RequestError {
    doing: String,
    url: String,
    /// What happened.
    pub fault: Fault,
}

/// What happened to a request.
#[derive(Debug)]
pub enum Fault {
    /// No connection, or one that broke; with the reason.
    Unreachable(String),
    /// No answer in time.
    TimedOut(Duration),
    /// An answer larger than anything that is expected.
    TooLarge,
    /// Another status than the one wanted.
    Status {
        /// The status code.
        status: u16,
        /// The server's own words, blotted and cut.
        words: String,
        /// Where a redirection points to.
        location: Option<String>,
    },
    /// An answer that is not what the endpoint promises; with the reason.
    Unreadable(String),
}

impl Fault {
    pub(super) fn of(answer: &Answer) -> Self {
        Self::Status { status: answer.status, words: words_of(answer), location: answer.location.clone() }
    }

    /// An answer that cannot be read; HTML is named, because it mostly comes from a proxy or a login page in between.
    pub(super) fn unreadable(answer: &Answer, why: String) -> Self {
        if answer.is_html() {
            return Self::Unreadable(format!("it answered with an HTML page: {}", words_of(answer)));
        }
        Self::Unreadable(why)
    }
}

impl RequestError {
    pub(super) fn new(doing: &str, url: &str, fault: Fault) -> Self {
        Self { doing: doing.to_owned(), url: url.to_owned(), fault }
    }

    /// The status that the server answered with, where it did.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match &self.fault {
            Fault::Status { status, .. } => Some(*status),
            Fault::Unreachable(_) | Fault::TimedOut(_) | Fault::TooLarge | Fault::Unreadable(_) => None,
        }
    }
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot {}: `{}` ", self.doing, self.url)?;
        match &self.fault {
            Fault::Unreachable(why) => write!(f, "cannot be reached: {why}"),
            Fault::TimedOut(after) => write!(f, "did not answer within {} s", after.as_secs_f32()),
            Fault::TooLarge => f.write_str("sent more than any expected answer holds"),
            Fault::Status { status, words, location } => {
                let reason = reqwest::StatusCode::from_u16(*status).ok().and_then(|status| status.canonical_reason());
                write!(f, "answered {status}")?;
                if let Some(reason) = reason {
                    write!(f, " {reason}")?;
                }
                if let Some(location) = location {
                    write!(f, ", which points to `{location}`; redirections are not followed")?;
                }
                if !words.is_empty() {
                    write!(f, ": {words}")?;
                }
                Ok(())
            }
            Fault::Unreadable(why) => write!(f, "gave no usable answer: {why}"),
        }
    }
}

impl std::error::Error for RequestError {}

/// Why an exchange gave no tokens.
#[derive(Debug)]
pub enum ExchangeError {
    /// The token endpoint refused.
    Refused {
        /// What it means.
        refusal: TokenRefusal,
        /// The status code.
        status: u16,
        /// `error`, blotted.
        error: String,
        /// `error_description`, blotted.
        description: String,
    },
    /// There was no usable answer.
    Request(RequestError),
}

impl From<RequestError> for ExchangeError {
    fn from(error: RequestError) -> Self {
        Self::Request(error)
    }
}

impl fmt::Display for ExchangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { status, error, description, .. } => {
                write!(f, "the token endpoint answered {status}: `{}`", cut(error))?;
                if !description.is_empty() {
                    write!(f, ", \"{}\"", cut(description))?;
                }
                Ok(())
            }
            Self::Request(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ExchangeError {}

/// What a server says in an error's body: the message of its JSON, or its text without tags, on one line and cut.
pub(super) fn words_of(answer: &Answer) -> String {
    let text = String::from_utf8_lossy(&answer.body);
    if let Ok(value) = serde_json::from_str::<serde_json::Value>(&text) {
        let mut words: Vec<&str> = Vec::new();
        for member in ["message", "error", "error_description"] {
            words.extend(value.get(member).and_then(serde_json::Value::as_str));
        }
        let messages = value.get("errorMessages").and_then(serde_json::Value::as_array);
        words.extend(messages.into_iter().flatten().filter_map(serde_json::Value::as_str));
        return cut(&words.join("; "));
    }
    cut(&without_tags(&text))
}

fn cut(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}...", &line[..at]),
        None => line,
    }
}

/// The text between the tags; what stands inside `head`, `style` and `script` goes too, but the title stays.
fn without_tags(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        text.push_str(&rest[..open]);
        text.push(' ');
        rest = &rest[open..];
        let name: String = rest[1..].chars().take_while(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        let end = match name.as_str() {
            "style" | "script" => rest.to_ascii_lowercase().find(&format!("</{name}")).unwrap_or(rest.len()),
            _ => 0,
        };
        rest = &rest[end..];
        rest = rest.find('>').map_or("", |close| &rest[close + 1..]);
    }
    text.push_str(rest);
    text
}
