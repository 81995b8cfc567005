//! What Jira holds in a rehearsal, in the shapes of Jira Cloud's REST API, version 3.

use serde_json::{Map, Value, json};

use super::knobs::User;

/// The issues of the good day.
pub(super) const ISSUES: [&str; 3] = ["ACME-1", "ACME-2", "ACME-3"];
/// `maxResults` where it is not given.
const DEFAULT_PAGE_SIZE: usize = 50;

/// The part of a list that was asked for.
pub(super) struct Page {
    start_at: usize,
    maximum: usize,
}

impl Page {
    pub(super) fn from_query(query: &[(String, String)]) -> Self {
        let number = |name: &str| query.iter().find(|(key, _)| key == name).and_then(|(_, value)| value.parse().ok());
        Self { start_at: number("startAt").unwrap_or(0), maximum: number("maxResults").unwrap_or(DEFAULT_PAGE_SIZE) }
    }

    fn part<'a>(&self, all: &'a [Value]) -> &'a [Value] {
        let rest = all.get(self.start_at..).unwrap_or_default();
        rest.get(..self.maximum).unwrap_or(rest)
    }

    /// A bare array.
    pub(super) fn slice(&self, all: &[Value]) -> Value {
        json!(self.part(all))
    }

    /// A page whose items are called `values`.
    pub(super) fn of_values(&self, all: &[Value]) -> Value {
        let mut page = self.of("values", all);
        if let Some(page) = page.as_object_mut() {
            page.insert(String::from("isLast"), json!(self.start_at + self.maximum >= all.len()));
        }
        page
    }

    /// A page whose items have this name.
    pub(super) fn of(&self, name: &str, all: &[Value]) -> Value {
        let mut page = Map::new();
        page.insert(String::from("startAt"), json!(self.start_at));
        page.insert(String::from("maxResults"), json!(self.maximum));
        page.insert(String::from("total"), json!(all.len()));
        page.insert(String::from(name), json!(self.part(all)));
        Value::Object(page)
    }

    /// A page of the search by JQL: no total, a token instead of a start, IDs alone unless fields are asked for.
    pub(super) fn of_issues(&self, keys: &[String], token: Option<&str>, has_fields: bool) -> Value {
        let start: usize = token.and_then(|token| token.parse().ok()).unwrap_or(0);
        let rest = keys.get(start..).unwrap_or_default();
        let part = rest.get(..self.maximum).unwrap_or(rest);
        let issues: Vec<Value> = (start..)
            .zip(part)
            .map(|(index, key)| if has_fields { issue(key) } else { json!({"id": (10001 + index).to_string()}) })
            .collect();
        let end = start + part.len();
        let mut page = json!({"isLast": end == keys.len(), "issues": issues});
        if let (Some(page), true) = (page.as_object_mut(), end < keys.len()) {
            page.insert(String::from("nextPageToken"), json!(end.to_string()));
        }
        page
    }
}

pub(super) fn person(account_id: &str, display_name: &str) -> Value {
    json!({
        "accountId": account_id, "accountType": "atlassian", "active": true, "displayName": display_name,
        "emailAddress": "", "locale": "en_US", "timeZone": "Europe/Berlin",
    })
}

pub(super) fn users(user: &User) -> Vec<Value> {
    let colleague = person("557058:9a1c0f6e-7a53-4f10-8a2f-0d5c5f1f2b02", "Robin Colleague");
    vec![person(&user.account_id, &user.display_name), colleague]
}

const GROUPS: [(&str, &str); 2] =
    [("276f955c-63d7-42c8-9520-92d01dca0625", "jira-administrators"), ("6e87dc72-4f1f-421f-9382-2fee8b652487", "jira-users")];

pub(super) fn groups() -> Vec<Value> {
    GROUPS.map(|(id, name)| json!({"groupId": id, "name": name})).to_vec()
}

pub(super) fn is_group(group: &str) -> bool {
    GROUPS.iter().any(|(id, name)| *id == group || *name == group)
}

pub(super) fn projects() -> Vec<Value> {
    vec![
        json!({"id": "10000", "key": "ACME", "name": "Acme", "projectTypeKey": "software", "simplified": false, "isPrivate": false}),
    ]
}

pub(super) fn issue(key: &str) -> Value {
    let (project, _) = key.split_once('-').unwrap_or((key, ""));
    json!({
        "id": "10001", "key": key,
        "fields": {
            "summary": "An issue of the rehearsal", "project": {"id": "10000", "key": project}, "issuetype": {"name": "Task"},
            "status": {"name": "In Progress"}, "created": "2026-10-01T09:00:00.000+0000", "updated": "2026-10-02T09:00:00.000+0000",
        },
    })
}

pub(super) fn changelog(user: &User) -> Vec<Value> {
    vec![json!({
        "id": "10101", "author": person(&user.account_id, &user.display_name), "created": "2026-10-02T09:00:00.000+0000",
        "items": [{"field": "status", "fieldtype": "jira", "fromString": "To Do", "toString": "In Progress"}],
    })]
}

pub(super) fn comments(user: &User) -> Vec<Value> {
    vec![json!({
        "id": "10201", "author": person(&user.account_id, &user.display_name), "created": "2026-10-02T10:00:00.000+0000",
        "body": {"type": "doc", "version": 1, "content": []},
    })]
}

pub(super) fn worklogs(user: &User) -> Vec<Value> {
    vec![json!({
        "id": "10301", "author": person(&user.account_id, &user.display_name), "started": "2026-10-02T11:00:00.000+0000",
        "timeSpentSeconds": 3600, "issueId": "10001",
    })]
}

pub(super) fn server_info() -> Value {
    json!({
        "baseUrl": "https://acme.atlassian.net", "version": "1001.0.0-SNAPSHOT", "versionNumbers": [1001, 0, 0],
        "deploymentType": "Cloud", "buildNumber": 100_275, "serverTitle": "Jira",
    })
}

/// The permissions of these names, separated by commas; nothing where Jira does not know one of them.
pub(super) fn permissions(user: &User, names: &str) -> Option<Value> {
    let mut permissions = Map::new();
    for name in names.split(',') {
        let (id, title, kind, has_permission) = match name {
            "BROWSE_PROJECTS" => ("10", "Browse Projects", "PROJECT", user.can_browse_projects),
            "USER_PICKER" => ("27", "Browse users and groups", "GLOBAL", user.can_browse_users),
            "ADMINISTER" => ("0", "Administer Jira", "GLOBAL", user.is_administrator),
            _ => return None,
        };
        let permission = json!({
            "id": id, "key": name, "name": title, "type": kind, "description": title, "havePermission": has_permission,
        });
        permissions.insert(String::from(name), permission);
    }
    Some(json!({"permissions": permissions}))
}
