//! Errors of Google's client in plain words.

use std::error::Error as _;

use google_cloud_gax::error::rpc::Code;
use google_cloud_secretmanager_v1::Error;

use crate::secret::Secret;
use crate::secret::error::{StoreError, StoreErrorKind};

/// Somebody else changed the secret in between: its etag is no longer the one that was read.
pub(super) fn is_conflict(error: &Error) -> bool {
    let by_code = error.status().is_some_and(|status| match status.code {
        Code::Aborted => true,
        Code::FailedPrecondition | Code::InvalidArgument => status.message.to_lowercase().contains("etag"),
        _ => false,
    });
    by_code || matches!(error.http_status_code(), Some(409 | 412))
}

/// Turns an error of the client into one of a store; `secret` is the value sent along, should it be quoted back.
pub(super) fn explain(job: &str, error: &Error, secret: Option<&Secret>) -> StoreError {
    if error.is_authentication() {
        return StoreError::new(StoreErrorKind::Unauthorized, format!("cannot {job}: there are no Google credentials that work"))
            .hint("sign in with `gcloud auth application-default login`, or set GOOGLE_OAUTH_ACCESS_TOKEN")
            .because(anyhow::anyhow!("{}", words(error)));
    }
    let code = error.status().map(|status| &status.code);
    let status = error.http_status_code();
    let (kind, hint) = judge(code, status);
    let text = match secret {
        Some(secret) if !secret.expose().is_empty() => words(error).replace(secret.expose(), "***"),
        Some(_) | None => words(error),
    };
    let answer = match status {
        Some(status) => anyhow::anyhow!("Secret Manager answered {status}: {text}"),
        None => anyhow::anyhow!("{text}"),
    };
    let explained = StoreError::new(kind, format!("cannot {job}")).because(answer);
    match hint {
        Some(hint) => explained.hint(hint),
        None => explained,
    }
}

/// The service's own words where there are some, else the chain of causes, cut to a readable length.
fn words(error: &Error) -> String {
    if let Some(status) = error.status() {
        return status.message.clone();
    }
    if let Some(payload) = error.http_payload() {
        return String::from_utf8_lossy(payload).chars().take(300).collect();
    }
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

/// Kind and fix by the status code of the API, else by that of HTTP.
fn judge(code: Option<&Code>, status: Option<u16>) -> (StoreErrorKind, Option<&'static str>) {
    let busy = "Google asked for fewer calls; wait a minute and run the command again";
    match (code, status) {
        (Some(Code::NotFound), _) | (None, Some(404)) => {
            (StoreErrorKind::Missing, Some("run `terraform apply` first: it creates the secret, and tfhelper only fills it in"))
        }
        (Some(Code::Unauthenticated), _) | (_, Some(401)) => (
            StoreErrorKind::Unauthorized,
            Some("sign in again with `gcloud auth application-default login`, or set a fresh GOOGLE_OAUTH_ACCESS_TOKEN"),
        ),
        (Some(Code::PermissionDenied), _) | (_, Some(403)) => (
            StoreErrorKind::Forbidden,
            Some("use the credentials that `terraform apply` uses, or have the role Secret Manager Admin granted on the secrets"),
        ),
        (Some(Code::ResourceExhausted), _) | (_, Some(429)) => (StoreErrorKind::Unavailable, Some(busy)),
        (Some(Code::Aborted), _) | (_, Some(409 | 412)) => {
            (StoreErrorKind::Unavailable, Some("somebody else changes the secret at the same time; run the command again"))
        }
        (_, Some(500..)) | (Some(Code::Unavailable | Code::Internal | Code::DeadlineExceeded), _) => {
            (StoreErrorKind::Unavailable, Some("wait a minute and run the command again"))
        }
        (None, None) => {
            (StoreErrorKind::Unavailable, Some("see to the network, the proxy and the endpoint, and run the command again"))
        }
        (Some(_), _) | (None, Some(_)) => (StoreErrorKind::Unusable, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_kind(code: Option<Code>, status: Option<u16>, expected: StoreErrorKind) {
        assert_eq!(judge(code.as_ref(), status).0, expected);
    }

    #[test]
    fn not_found_is_missing() {
        check_kind(Some(Code::NotFound), Some(404), StoreErrorKind::Missing);
    }

    #[test]
    fn a_403_without_a_body_is_forbidden() {
        check_kind(None, Some(403), StoreErrorKind::Forbidden);
    }

    #[test]
    fn a_503_is_unavailable() {
        check_kind(None, Some(503), StoreErrorKind::Unavailable);
    }

    #[test]
    fn a_broken_rule_is_unusable() {
        check_kind(Some(Code::InvalidArgument), Some(400), StoreErrorKind::Unusable);
    }
}
