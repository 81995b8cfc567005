//! What a refusal of Jira Data Center means, and what to do about it.

use crate::atlassian::client::error::RequestError;
use crate::atlassian::data_center::{Address, FIRST_VERSION_WITH_TOKENS, ServerInfo};
use crate::command::failure::{ExitStatus, Failure};

/// What does not answer as Jira does.
pub(super) fn of_address(error: RequestError, address: &Address) -> Failure {
    let host = address.host();
    match error.status() {
        Some(300..400 | 404) => Failure::new(ExitStatus::Usage, format!("there is no Jira at the root of `{host}`"))
            .because(error)
            .hint(
                "compare the address with the browser's address bar. Where that shows a path, such as https://acme.com/jira, Jira has a \
                 context path, and psoxy can call it only at a host of its own. Nothing was changed",
            ),
        Some(_) | None => of_request(error),
    }
}

/// A call without a usable answer.
pub(super) fn of_request(error: RequestError) -> Failure {
    Failure::new(ExitStatus::Remote, "cannot talk to Jira")
        .because(error)
        .hint("nothing was changed; run the same command again from a network that reaches Jira without a login page in between")
}

/// A Jira that has no personal access tokens.
pub(super) fn of_version(info: &ServerInfo) -> Result<(), Failure> {
    if info.is_cloud() {
        return Err(Failure::new(ExitStatus::Usage, "this is Jira Cloud, not Jira Data Center")
            .hint("enable `jira-cloud` and run `tfhelper init-jira`. Nothing was changed"));
    }
    if !info.has_personal_access_tokens() {
        let (major, minor) = FIRST_VERSION_WITH_TOKENS;
        return Err(Failure::new(ExitStatus::Authorization, format!("Jira {} has no personal access tokens", info.version)).hint(
            format!(
                "they came with Jira {major}.{minor} (Jira Service Management 4.15), and psoxy knows no other way in: upgrade Jira. \
                 Nothing was changed"
            ),
        ));
    }
    Ok(())
}

/// A token that Jira does not take.
pub(super) fn of_token(error: RequestError, info: Option<&ServerInfo>) -> Failure {
    match error.status() {
        Some(401) => {
            let mut hint = String::from(
                "it is mistyped, revoked or expired, and one that has expired cannot be made valid again: create another under your \
                 profile picture > Profile > Personal Access Tokens, logged in as the account that the proxy is to use. Nothing was \
                 changed",
            );
            if info.is_none() {
                let (major, minor) = FIRST_VERSION_WITH_TOKENS;
                hint.push_str(&format!(". Jira before {major}.{minor} knows no such tokens at all"));
            }
            Failure::new(ExitStatus::Authorization, "Jira does not know this token").because(error).hint(hint)
        }
        Some(403) => Failure::new(ExitStatus::Authorization, "Jira does not let the token's user in").because(error).hint(
            "have an administrator of Jira look at the account: it may be inactive, or without access to Jira. Nothing was changed",
        ),
        Some(_) | None => of_request(error),
    }
}

/// A user who sees nothing.
pub(super) fn no_permission(user: &str) -> Failure {
    Failure::new(ExitStatus::Authorization, format!("{user} may not browse any project, so the proxy would see no issue")).hint(
        "have an administrator of Jira grant the user Browse Projects in the permission schemes of the projects to connect, then run \
         the same command again. Nothing was changed",
    )
}
