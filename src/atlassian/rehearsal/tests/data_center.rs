//! Jira Data Center.

use super::*;

async fn call(change: impl FnOnce(&mut Knobs), token: Option<&str>, path: &str) -> Answered {
    get(&start(change), path, token.map(Secret::new).as_ref()).await
}

const TOKEN: Option<&str> = Some("rehearsal-personal-access-token");

#[tokio::test]
async fn known_token_is_somebody() {
    assert_eq!(call(|_| (), TOKEN, "/rest/api/2/myself").await.json()["name"], "alex");
    assert_eq!(call(|_| (), TOKEN, "/rest/api/2/search").await.json()["total"], 3);
}

#[tokio::test]
async fn unknown_token_searches_as_nobody_and_is_refused_elsewhere() {
    let search = call(|_| (), Some("unknown"), "/rest/api/2/search").await;
    assert_eq!((search.status, &search.json()["total"]), (200, &json!(0)));
    assert_eq!(call(|_| (), Some("unknown"), "/rest/api/2/myself").await.status, 401);
}

#[tokio::test]
async fn token_is_nobody_s_before_8_14() {
    assert_eq!(call(|knobs| knobs.data_center.version = String::from("8.13.9"), TOKEN, "/rest/api/2/myself").await.status, 401);
    assert_eq!(call(|knobs| knobs.data_center.version = String::from("8.14.0"), TOKEN, "/rest/api/2/myself").await.status, 200);
}

#[tokio::test]
async fn expired_token_is_nobody_s() {
    let expired =
        PersonalAccessToken { value: Secret::new("old"), name: String::from("old"), expires_at: Some(Timestamp::UNIX_EPOCH) };
    assert_eq!(call(|knobs| knobs.data_center.tokens = vec![expired], Some("old"), "/rest/api/2/myself").await.status, 401);
}

#[tokio::test]
async fn list_of_tokens_dates_them_and_never_shows_them() {
    let in_2030 = Timestamp::from_second(1_900_000_000).unwrap();
    let dated = call(|knobs| knobs.data_center.tokens[0].expires_at = Some(in_2030), TOKEN, "/rest/pat/latest/tokens").await;
    assert_eq!(dated.json()[0]["expiringAt"], "2030-03-17T17:46:40.000+0000");
    assert!(!dated.body.contains("rehearsal-personal-access-token"));
}

#[tokio::test]
async fn refusal_can_be_a_page() {
    let answered = call(|knobs| knobs.data_center.answers_html = true, None, "/rest/api/2/myself").await;
    assert_eq!(answered.status, 401);
    assert!(answered.body.starts_with("<!DOCTYPE html>"));
}

#[tokio::test]
async fn locked_down_instance_tells_nobody_its_version() {
    assert_eq!(call(|knobs| knobs.data_center.admits_anonymous = false, None, "/rest/api/2/serverInfo").await.status, 401);
    assert_eq!(call(|_| (), None, "/rest/api/2/serverInfo").await.json()["deploymentType"], "Server");
}
