//! Records each request, then lets go wrong what the knobs want to go wrong.

use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use serde_json::json;

use super::World;
use super::knobs::FaultKind;
use super::record::RecordedRequest;
use super::wire::{Break, Wire};

/// More than any request of tfhelper; a larger one is answered with 413.
const MAXIMUM_BODY_BYTES: usize = 1 << 20;

pub(super) async fn record_and_break(
    State(world): State<Arc<World>>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAXIMUM_BODY_BYTES).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let path = String::from(parts.uri.path());
    let fault = {
        let mut state = world.state();
        state.requests.push(recorded(&parts, &body));
        state.next_fault(&path)
    };
    let echoed = format!("{} {}", parts.uri, String::from_utf8_lossy(&body));
    let request = Request::from_parts(parts, Body::from(body));
    match fault {
        None => next.run(request).await,
        Some(FaultKind::Status(status)) => {
            (status_code(status), axum::Json(json!({"code": status, "message": "Rehearsed failure"}))).into_response()
        }
        Some(FaultKind::TooManyRequests { retry_after_seconds }) => too_many_requests(retry_after_seconds),
        Some(FaultKind::Html(status)) => {
            let page = "<!DOCTYPE html><html><head><title>Proxy</title><style>p{color:red}</style></head><body><p>Upstream says <b>no</b> &amp; that is that.</p></body></html>";
            (status_code(status), Html(page)).into_response()
        }
        Some(FaultKind::Body(status, body)) => {
            (status_code(status), [(header::CONTENT_TYPE, "application/json")], body).into_response()
        }
        Some(FaultKind::Echo) => {
            let description = format!("cannot read \u{1b}[31m{echoed}\u{1b}[0m");
            (StatusCode::BAD_REQUEST, axum::Json(json!({"error": "invalid_request", "error_description": description})))
                .into_response()
        }
        Some(FaultKind::Stall) => {
            next.run(request).await;
            std::future::pending().await
        }
        Some(FaultKind::Slow(delay)) => {
            tokio::time::sleep(delay).await;
            next.run(request).await
        }
        Some(FaultKind::Truncate) => break_off(next.run(request).await, &wire, Break::Close).await,
        Some(FaultKind::Reset) => break_off(next.run(request).await, &wire, Break::Reset).await,
    }
}

fn recorded(parts: &Parts, body: &Bytes) -> RecordedRequest {
    RecordedRequest {
        method: parts.method.to_string(),
        path: String::from(parts.uri.path()),
        query: url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()).into_owned().collect(),
        headers: parts
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect(),
        body: String::from_utf8_lossy(body).into_owned(),
    }
}

/// The answer of Jira's rate limiting.
///
/// Source: JRACLOUD-69262 and developer.atlassian.com, "Rate limiting".
fn too_many_requests(retry_after_seconds: Option<u32>) -> Response {
    let body = axum::Json(json!({"errorMessages": ["Rate limit exceeded."], "errors": {}}));
    let limits = [("x-ratelimit-limit", "350"), ("x-ratelimit-remaining", "0"), ("ratelimit-reason", "jira-burst-based")];
    let mut response = (StatusCode::TOO_MANY_REQUESTS, limits, body).into_response();
    if let Some(seconds) = retry_after_seconds {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// Sends the head, which promises the whole body, and half of the body.
async fn break_off(response: Response, wire: &Wire, how: Break) -> Response {
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, MAXIMUM_BODY_BYTES).await.unwrap_or_default();
    wire.break_after(how, body.len() / 2);
    Response::from_parts(parts, Body::from(body))
}

fn status_code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
