//! Jira Cloud behind the gateway.

use super::*;

async fn call(rehearsal: &Rehearsal, scopes: &str, path: &str) -> Answered {
    let token = rehearsal.issue_access_token(scopes);
    get(rehearsal, &format!("/ex/jira/{CLOUD_ID}/rest/api/3/{path}"), Some(&token)).await
}

async fn check_status(change: impl FnOnce(&mut Knobs), scopes: &str, path: &str, expected: u16) {
    let answered = call(&start(change), scopes, path).await;
    assert_eq!(answered.status, expected, "{path}: {}", answered.body);
}

#[tokio::test]
async fn psoxy_s_scopes_open_every_call_of_psoxy() {
    let paths = [
        "users",
        "group/bulk",
        "group/member?groupId=6e87dc72-4f1f-421f-9382-2fee8b652487",
        "search/jql?jql=updated%3E0",
        "issue/ACME-1",
        "issue/ACME-1/changelog?maxResults=25",
        "issue/ACME-1/comment?maxResults=25",
        "issue/ACME-1/worklog?maxResults=25",
        "project/search?maxResults=25",
        "myself",
        "serverInfo",
        "mypermissions?permissions=BROWSE_PROJECTS,USER_PICKER,ADMINISTER",
    ];
    for path in paths {
        check_status(|_| (), SCOPES, path, 200).await;
    }
}

#[tokio::test]
async fn missing_scope_is_a_401_that_names_no_scope() {
    let answered = call(&start(|_| ()), "read:jira-user", "project/search").await;
    assert_eq!(answered.status, 401);
    assert_eq!(answered.json(), json!({"code": 401, "message": "Unauthorized; scope does not match"}));
    assert_eq!(answered.headers["x-failure-category"], "FAILURE_CLIENT_SCOPE_CHECK");
}

#[tokio::test]
async fn group_member_takes_all_granular_scopes_for_the_classic_one() {
    let path = "group/member?groupname=jira-users";
    check_status(|_| (), "manage:jira-configuration", path, 200).await;
    check_status(|_| (), "read:group:jira read:user:jira read:avatar:jira", path, 200).await;
    check_status(|_| (), "read:group:jira read:user:jira", path, 401).await;
}

#[tokio::test]
async fn unknown_token_comes_before_unknown_site() {
    let rehearsal = start(|_| ());
    let path = "/ex/jira/00000000-0000-4000-8000-000000000000/rest/api/3/myself";
    assert_eq!(get(&rehearsal, path, Some(&Secret::new("x"))).await.json(), json!({"code": 401, "message": "Unauthorized"}));
    let token = rehearsal.issue_access_token(SCOPES);
    assert_eq!(get(&rehearsal, path, Some(&token)).await.status, 404);
}

#[tokio::test]
async fn access_token_expires_after_an_hour() {
    let (clock, seconds) = moving_clock();
    let rehearsal = start(|knobs| knobs.clock = clock);
    let token = rehearsal.issue_access_token(SCOPES);
    seconds.fetch_add(3600, Ordering::SeqCst);
    assert_eq!(get(&rehearsal, "/oauth/token/accessible-resources", Some(&token)).await.status, 401);
}

#[tokio::test]
async fn site_that_does_not_admit_the_app_is_forbidden() {
    check_status(|knobs| knobs.sites = vec![Site { admits_app: false, ..Site::default() }], SCOPES, "myself", 403).await;
}

#[tokio::test]
async fn person_without_browse_users_is_forbidden() {
    let nobody = User { can_browse_users: false, is_administrator: false, ..User::default() };
    for path in ["users", "group/bulk", "group/member?groupname=jira-users"] {
        let user = nobody.clone();
        check_status(|knobs| knobs.user = user, SCOPES, path, 403).await;
    }
}

#[tokio::test]
async fn person_without_browse_projects_sees_no_issue_and_no_error_in_lists() {
    let rehearsal = start(|knobs| knobs.user.can_browse_projects = false);
    assert_eq!(call(&rehearsal, SCOPES, "issue/ACME-1/changelog").await.status, 404);
    assert_eq!(call(&rehearsal, SCOPES, "project/search").await.json()["total"], 0);
    let permissions = call(&rehearsal, SCOPES, "mypermissions?permissions=BROWSE_PROJECTS").await.json();
    assert_eq!(permissions["permissions"]["BROWSE_PROJECTS"]["havePermission"], false);
}

#[tokio::test]
async fn old_search_is_gone() {
    check_status(|_| (), SCOPES, "search?jql=updated%3E0", 410).await;
}

#[tokio::test]
async fn permissions_have_to_be_named() {
    check_status(|_| (), SCOPES, "mypermissions", 400).await;
}

#[tokio::test]
async fn search_pages_by_token_and_counts_nothing() {
    let rehearsal = start(|_| ());
    let first = call(&rehearsal, SCOPES, "search/jql?jql=x&maxResults=2").await.json();
    assert_eq!((&first["isLast"], first.get("total")), (&json!(false), None));
    let next = format!("search/jql?jql=x&maxResults=2&nextPageToken={}", first["nextPageToken"].as_str().unwrap());
    assert_eq!(call(&rehearsal, SCOPES, &next).await.json(), json!({"isLast": true, "issues": [{"id": "10003"}]}));
}
