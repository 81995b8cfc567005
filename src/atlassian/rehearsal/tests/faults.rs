//! What goes wrong on the wire.

use super::*;

async fn tenant_info(fault: Fault) -> (Rehearsal, Result<Answered, reqwest::Error>) {
    let rehearsal = start(|knobs| knobs.faults = vec![fault]);
    let url = format!("{}/site/acme/_edge/tenant_info", rehearsal.api_url());
    let answered = send(http().get(url)).await;
    (rehearsal, answered)
}

#[tokio::test]
async fn fault_ends_after_its_times() {
    let (rehearsal, answered) = tenant_info(Fault::times("/site/", 1, FaultKind::Status(503))).await;
    assert_eq!(answered.unwrap().status, 503);
    assert_eq!(get(&rehearsal, "/site/acme/_edge/tenant_info", None).await.status, 200);
}

#[tokio::test]
async fn fault_leaves_other_paths_alone() {
    assert_eq!(tenant_info(Fault::always("/oauth/", FaultKind::Status(503))).await.1.unwrap().status, 200);
}

#[tokio::test]
async fn too_many_requests_says_when_to_come_back() {
    let fault = Fault::always("/site/", FaultKind::TooManyRequests { retry_after_seconds: Some(7) });
    assert_eq!(tenant_info(fault).await.1.unwrap().headers["retry-after"], "7");
}

#[tokio::test]
async fn truncated_answer_is_an_error_in_the_body() {
    assert!(
        tenant_info(Fault::always("/site/", FaultKind::Truncate))
            .await
            .1
            .is_err_and(|error| error.is_decode() || error.is_body())
    );
}

#[tokio::test]
async fn reset_connection_is_an_error() {
    assert!(tenant_info(Fault::always("/site/", FaultKind::Reset)).await.1.is_err());
}

#[tokio::test]
async fn stalled_answer_never_comes_and_the_rehearsal_still_stops() {
    let rehearsal = start(|knobs| knobs.faults = vec![Fault::always("/site/", FaultKind::Stall)]);
    let url = format!("{}/site/acme/_edge/tenant_info", rehearsal.api_url());
    let error = http().request(Method::GET, url).timeout(Duration::from_millis(100)).send().await.unwrap_err();
    assert!(error.is_timeout());
}

#[tokio::test]
async fn echo_repeats_the_secrets_that_it_was_sent() {
    let rehearsal = start(|knobs| knobs.faults = vec![Fault::always("/oauth/token", FaultKind::Echo)]);
    assert!(token(&rehearsal, &[("code", "c0de")]).await.body.contains("rehearsal-client-secret"));
}
