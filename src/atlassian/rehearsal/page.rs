//! The pages that a browser shows: consent, errors that are not sent back, and the login that never ends.
//!
//! No scripts and nothing from outside; every value that came from outside is escaped.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use axum::extract::Query;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use super::knobs::{Access, Knobs};
use super::state::Asked;

const STYLE: &str = include_str!("page.css");

/// The consent page.
pub(super) fn consent(knobs: &Knobs, id: &str, asked: &Asked) -> Response {
    let mut scopes = String::new();
    for scope in asked.scopes.iter().filter(|scope| *scope != "offline_access") {
        let _ = write!(scopes, "<li>{}</li>", escaped(scope));
    }
    let offline = if asked.scopes.contains("offline_access") {
        "<p>It keeps this access while you are away, until you take it back.</p>"
    } else {
        ""
    };
    let body = format!(
        r#"<p class="who">Signed in as <strong>{user}</strong></p>
<h1>{app} asks for access to your Atlassian account</h1>
<form method="post" action="/authorize">
<input type="hidden" name="request" value="{id}">
{sites}
<h2>{app} would like to</h2>
<ul class="scopes">{scopes}</ul>
{offline}
<div class="buttons">
<button class="accept" name="answer" value="accept">Accept</button>
<button class="cancel" name="answer" value="cancel" formnovalidate>Cancel</button>
</div>
</form>
<p class="note">Afterwards your browser goes to <code>{redirect_uri}</code></p>"#,
        user = escaped(&knobs.user.display_name),
        app = escaped(&knobs.app.name),
        id = escaped(id),
        sites = site_choice(knobs),
        redirect_uri = escaped(&asked.redirect_uri),
    );
    page(StatusCode::OK, "Authorize app", &body)
}

fn site_choice(knobs: &Knobs) -> String {
    let is_choice = knobs.access == Access::OneSite;
    let mut sites = String::new();
    for site in &knobs.sites {
        let radio = if is_choice {
            format!(r#"<input type="radio" name="site" value="{}" required> "#, escaped(&site.cloud_id))
        } else {
            String::new()
        };
        let (name, host) = (escaped(&site.name), escaped(&site.host));
        let _ =
            write!(sites, r"<label>{radio}<span><strong>{name}</strong><br><small>{host}.atlassian.net</small></span></label>");
    }
    let legend = if is_choice { "Use app on" } else { "Use app on all of your sites" };
    format!("<fieldset><legend>{legend}</legend>{sites}</fieldset>")
}

/// The page of an error that is not sent back to the app.
pub(super) async fn error(Query(query): Query<BTreeMap<String, String>>) -> Response {
    let value = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();
    let body = format!(
        "<h1>Something went wrong</h1><p>{}</p><p class=\"note\">error: <code>{}</code></p>",
        escaped(value("error_description")),
        escaped(value("error"))
    );
    page(StatusCode::OK, "Something went wrong", &body)
}

/// The login page that leads nowhere.
pub(super) async fn login() -> Response {
    message(StatusCode::OK, "Log in to continue", "This rehearsal never sends the browser back.")
}

/// The page for every path that is not there.
pub(super) async fn not_found() -> Response {
    message(StatusCode::NOT_FOUND, "Not found", "The rehearsal has no such page.")
}

/// A page with a heading and a sentence.
pub(super) fn message(status: StatusCode, heading: &str, sentence: &str) -> Response {
    page(status, heading, &format!("<h1>{}</h1><p>{}</p>", escaped(heading), escaped(sentence)))
}

fn page(status: StatusCode, title: &str, body: &str) -> Response {
    let document = format!(
        r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>{STYLE}</style>
</head>
<body>
<p class="banner">Rehearsal: a stand-in for Atlassian on this machine. Nothing leaves it.</p>
<main>
{body}
</main>
</body>
</html>
"#,
        title = escaped(title),
    );
    let headers = [
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
        ),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    (status, headers, Html(document)).into_response()
}

/// Text for HTML, in an element or in a quoted attribute.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(c),
        }
    }
    escaped
}
