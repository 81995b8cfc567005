//! The page that the browser lands on: plain HTML and CSS in one answer, without scripts or outside resources.

use base64::Engine as _;
use sha2::{Digest as _, Sha256};

/// What the page says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Landing {
    /// The consent arrived.
    Received,
    /// The consent was refused; with the reason, which may be anybody's text.
    Refused(String),
    /// The request is not the answer that is waited for; the wait goes on.
    Foreign,
    /// An answer came already.
    Over,
    /// Another path.
    NotFound,
    /// Another method than GET.
    NotAllowed,
    /// No request.
    BadRequest,
}

impl Landing {
    fn status(&self) -> &'static str {
        match self {
            Self::Received | Self::Refused(_) => "200 OK",
            Self::Foreign | Self::BadRequest => "400 Bad Request",
            Self::Over => "410 Gone",
            Self::NotFound => "404 Not Found",
            Self::NotAllowed => "405 Method Not Allowed",
        }
    }

    fn words(&self) -> Words<'_> {
        match self {
            Self::Received => Words {
                mark: "ok",
                heading: "Consent received",
                text: "tfhelper has what it needs and goes on in your terminal. You can close this page.",
                reason: None,
            },
            Self::Refused(reason) => Words {
                mark: "no",
                heading: "No consent",
                text: "Atlassian sent you back without a grant. Nothing was changed; the terminal says what to do next.",
                reason: Some(reason),
            },
            Self::Foreign => Words {
                mark: "no",
                heading: "Not the expected answer",
                text: "This address does not belong to the consent that tfhelper waits for, so it was passed over. Use the page \
                       that tfhelper opened last.",
                reason: None,
            },
            Self::Over => Words {
                mark: "ok",
                heading: "Already done",
                text: "tfhelper has had its answer. You can close this page.",
                reason: None,
            },
            Self::NotFound => {
                Words { mark: "no", heading: "Nothing here", text: "tfhelper waits at another path.", reason: None }
            }
            Self::NotAllowed => Words { mark: "no", heading: "Not allowed", text: "tfhelper takes GET alone.", reason: None },
            Self::BadRequest => {
                Words { mark: "no", heading: "Not understood", text: "This is not a request that tfhelper reads.", reason: None }
            }
        }
    }
}

struct Words<'a> {
    mark: &'static str,
    heading: &'static str,
    text: &'static str,
    reason: Option<&'a str>,
}

const STYLE: &str = include_str!("landing.css");

/// The whole HTTP answer.
#[must_use]
pub fn page(landing: &Landing) -> String {
    let words = landing.words();
    let symbol = if words.mark == "ok" { "&#10003;" } else { "&#215;" };
    let reason = words.reason.map(|reason| format!("<pre>{}</pre>", escape(reason))).unwrap_or_default();
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{heading} - tfhelper</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<main>\n<div class=\"mark {mark}\" aria-hidden=\"true\">{symbol}</div>\n\
         <h1>{heading}</h1>\n<p>{text}</p>\n{reason}\n<footer>tfhelper</footer>\n</main>\n</body>\n</html>\n",
        heading = words.heading,
        mark = words.mark,
        text = words.text,
    );
    let style_hash = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {length}\r\nConnection: close\r\n\
         Content-Security-Policy: default-src 'none'; style-src 'sha256-{style_hash}'; frame-ancestors 'none'; base-uri 'none'; \
         form-action 'none'\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nCache-Control: no-store\r\n\r\n{html}",
        status = landing.status(),
        length = html.len(),
    )
}

fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for c in visible(text).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Control characters have no place on a page either.
fn visible(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reason_is_escaped() {
        let page = page(&Landing::Refused(String::from("<script>alert('x')</script>\u{1b}")));
        assert!(page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;\u{fffd}"));
        assert!(!page.contains("<script"));
    }

    #[test]
    fn page_needs_nothing_from_outside() {
        let page = page(&Landing::Received);
        assert!(page.contains("default-src 'none'"));
        assert!(!page.contains("http:") && !page.contains("https:") && !page.contains("url("));
    }

    #[test]
    fn length_is_that_of_the_page() {
        let answer = page(&Landing::Received);
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(&format!("Content-Length: {}\r\n", body.len())));
    }
}
