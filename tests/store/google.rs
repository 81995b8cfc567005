//! The stand-in's Secret Manager of Google: versions, labels and annotations, etags, checksums.

use std::collections::BTreeMap;

use axum::http::{Method, Uri};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::stand_in::{Answer, Call, State};

/// A secret.
#[derive(Debug, Clone, Default)]
pub(crate) struct Secret {
    pub(crate) etag: u64,
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) annotations: BTreeMap<String, String>,
    pub(crate) versions: Vec<Version>,
    /// The permissions that the caller lacks.
    pub(crate) lacks: Vec<&'static str>,
}

/// A version; its number is its place, one-based.
#[derive(Debug, Clone)]
pub(crate) struct Version {
    pub(crate) value: String,
    pub(crate) state: &'static str,
}

impl Secret {
    /// The value of the version that a proxy would read.
    pub(crate) fn read_by_proxy(&self) -> Option<&str> {
        let number = self.labels.get("latest-version").map_or(self.versions.len(), |label| label.parse().unwrap());
        let version = self.versions.get(number.checked_sub(1)?)?;
        (version.state == "ENABLED").then_some(version.value.as_str())
    }
}

/// Names the operation of a request: the path is `/v1/projects/P/secrets/NAME[/versions/N][:verb]`.
pub(crate) fn call(method: &Method, uri: &Uri, body: &str) -> Call {
    let (path, verb) = uri.path().split_once(':').unwrap_or((uri.path(), ""));
    let parts: Vec<&str> = path.trim_start_matches("/v1/").split('/').collect();
    let has_version = parts.len() > 4;
    let operation = match (method.as_str(), verb, has_version) {
        ("GET", "", false) => "GetSecret",
        ("GET", "", true) => "GetSecretVersion",
        ("GET", "access", _) => "AccessSecretVersion",
        ("PATCH", _, _) => "UpdateSecret",
        ("POST", "addVersion", _) => "AddSecretVersion",
        ("POST", "disable", _) => "DisableSecretVersion",
        ("POST", "testIamPermissions", _) => "TestIamPermissions",
        _ => "Unknown",
    };
    let name = parts.get(3).copied().unwrap_or_default().to_owned();
    Call { operation: operation.to_owned(), name, body: body.to_owned() }
}

/// An error in the form of Google's APIs; `code` is the status in words.
pub(crate) fn refusal(status: u16, code: &str, message: &str) -> Answer {
    let code = if code == "InternalServerError" { "INTERNAL" } else { code };
    Answer::Whole(status, json!({"error": {"code": status, "message": message, "status": code}}).to_string())
}

/// Does what the call asks for.
pub(crate) fn answer(state: &mut State, method: &Method, uri: &Uri, call: &Call) -> Answer {
    let path = uri.path().trim_start_matches("/v1/").to_owned();
    let sent: Value = serde_json::from_str(&call.body).unwrap_or_default();
    if call.operation == "UpdateSecret" && state.rivals > 0 {
        state.rivals -= 1;
        if let Some(secret) = state.google.get_mut(&call.name) {
            secret.etag += 1;
        }
    }
    let Some(secret) = state.google.get_mut(&call.name) else {
        return refusal(404, "NOT_FOUND", &format!("Secret [{path}] not found."));
    };
    let resource = path.split("/versions").next().unwrap_or_default().split(':').next().unwrap_or_default().to_owned();
    let good = |answer: Value| Answer::Whole(200, answer.to_string());
    let number = || {
        let wanted = path.split("/versions/").nth(1).unwrap_or_default().split(':').next().unwrap_or_default();
        if wanted == "latest" { secret.versions.len() } else { wanted.parse().unwrap_or(0) }
    };
    let described = |number: usize, state: &str| json!({"name": format!("{resource}/versions/{number}"), "createTime": "2026-01-02T03:04:05Z", "state": state});
    match call.operation.as_str() {
        "GetSecret" => good(render(&resource, secret)),
        "UpdateSecret" => {
            if sent["etag"].as_str() != Some(&format!("\"{}\"", secret.etag)) {
                return refusal(400, "FAILED_PRECONDITION", "The provided etag does not match the current one.");
            }
            let query = uri.query().unwrap_or_default();
            let read = |field: &str| serde_json::from_value(sent[field].clone()).unwrap_or_default();
            if query.contains("labels") {
                secret.labels = read("labels");
            }
            if query.contains("annotations") {
                secret.annotations = read("annotations");
            }
            secret.etag += 1;
            good(render(&resource, secret))
        }
        "AddSecretVersion" => {
            let data = STANDARD.decode(sent["payload"]["data"].as_str().unwrap_or_default()).unwrap();
            if sent["payload"]["dataCrc32c"].as_str().is_none() {
                return refusal(400, "INVALID_ARGUMENT", "no checksum");
            }
            secret.versions.push(Version { value: String::from_utf8(data).unwrap(), state: "ENABLED" });
            good(described(secret.versions.len(), "ENABLED"))
        }
        "GetSecretVersion" => {
            let number = number();
            match secret.versions.get(number.wrapping_sub(1)) {
                Some(version) => good(described(number, version.state)),
                None => refusal(404, "NOT_FOUND", "Secret Version not found."),
            }
        }
        "AccessSecretVersion" => {
            let number = number();
            match secret.versions.get(number.wrapping_sub(1)) {
                Some(version) if version.state == "ENABLED" => good(json!({"name": format!("{resource}/versions/{number}"),
                    "payload": {"data": STANDARD.encode(&version.value)}})),
                Some(_) => refusal(400, "FAILED_PRECONDITION", "Secret Version is in DISABLED state."),
                None => refusal(404, "NOT_FOUND", "Secret Version not found."),
            }
        }
        "DisableSecretVersion" => {
            let number = number();
            match secret.versions.get_mut(number.wrapping_sub(1)) {
                Some(version) => {
                    version.state = "DISABLED";
                    good(described(number, "DISABLED"))
                }
                None => refusal(404, "NOT_FOUND", "Secret Version not found."),
            }
        }
        "TestIamPermissions" => {
            let asked: Vec<String> = serde_json::from_value(sent["permissions"].clone()).unwrap_or_default();
            let granted: Vec<String> =
                asked.into_iter().filter(|permission| !secret.lacks.contains(&permission.as_str())).collect();
            good(json!({"permissions": granted}))
        }
        _ => refusal(501, "UNIMPLEMENTED", &format!("{method} {path}")),
    }
}

fn render(resource: &str, secret: &Secret) -> Value {
    json!({"name": resource, "etag": format!("\"{}\"", secret.etag), "labels": secret.labels, "annotations": secret.annotations,
        "replication": {"automatic": {}}})
}
