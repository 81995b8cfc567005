//! Accessible resources, profile, cloud ID.

use super::*;

#[tokio::test]
async fn list_has_the_jira_scopes_alone_in_alphabetical_order() {
    let rehearsal = start(|_| ());
    let token = rehearsal.issue_access_token(&format!("{SCOPES} read:account"));
    let resources = get(&rehearsal, "/oauth/token/accessible-resources", Some(&token)).await.json();
    let expected = ["read:avatar:jira", "read:group:jira", "read:jira-user", "read:jira-work", "read:user:jira"];
    assert_eq!(resources[0]["scopes"], json!(expected));
}

#[tokio::test]
async fn confluence_is_a_resource_of_its_own_with_the_same_id() {
    let rehearsal = start(|knobs| knobs.sites = vec![Site { has_confluence: true, ..Site::default() }]);
    let token = rehearsal.issue_access_token(SCOPES);
    let resources = get(&rehearsal, "/oauth/token/accessible-resources", Some(&token)).await.json();
    assert_eq!((resources.as_array().unwrap().len(), &resources[0]["id"]), (2, &resources[1]["id"]));
}

#[tokio::test]
async fn account_level_access_lists_every_site() {
    let rehearsal = start(|knobs| {
        knobs.access = Access::EverySite;
        knobs.sites.push(Site::new("beta", "2324a887-45db-4bf4-8e99-ef0ff456d421"));
    });
    let token = Secret::new(consent(&rehearsal).await["access_token"].as_str().unwrap());
    let resources = get(&rehearsal, "/oauth/token/accessible-resources", Some(&token)).await.json();
    assert_eq!(resources.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn profile_demands_read_me() {
    let rehearsal = start(|_| ());
    let token = rehearsal.issue_access_token("read:account");
    assert_eq!(get(&rehearsal, "/me", Some(&token)).await.status, 403);
    let token = rehearsal.issue_access_token("read:me");
    assert_eq!(get(&rehearsal, "/me", Some(&token)).await.json()["name"], "Alex Admin");
}

#[tokio::test]
async fn tenant_info_needs_no_token() {
    let rehearsal = start(|_| ());
    assert_eq!(get(&rehearsal, "/site/acme/_edge/tenant_info", None).await.json(), json!({"cloudId": CLOUD_ID}));
    assert_eq!(get(&rehearsal, "/site/other/_edge/tenant_info", None).await.status, 404);
}
