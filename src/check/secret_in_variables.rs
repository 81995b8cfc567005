//! No variable definitions file holds a secret.

use super::{Check, Facts};
use crate::diagnostic::{Diagnostic, Group, Severity, SourceRange};
use crate::terraform::input::InputSource;
use crate::terraform::syntax::{Expression, ExpressionKind};

/// The check.
pub const CHECK: Check = Check {
    id: "secret-in-variables",
    group: Group::Connector,
    about: "No variable definitions file holds a secret",
    page: "Looks for values in variable definitions files that look like a token of Atlassian, a JSON web token or a key of AWS,
and for values under names such as `client_secret` or `refresh_token`.

A variable definitions file is kept in version control and its values end up in Terraform's state. psoxy takes its
secrets from the secret store alone, so a token in a variable is no use either.

Remove it, revoke it where the file was ever committed, and let `tfhelper init-jira` put the new one into the store.

    jira_refresh_token = \"eyJhbGciOi...\"   # found",
    run,
};

fn run(facts: &Facts, diagnostics: &mut Vec<Diagnostic>) {
    for name in facts.inputs.given_names() {
        for input in facts.inputs.given(name).iter().filter(|input| input.source == InputSource::File) {
            let mut found = Vec::new();
            if let Some(expression) = input.expression.as_deref() {
                find(name, expression, &mut found);
            } else if let (Some(text), Some(range)) = (input.value.as_str(), input.range) {
                found.extend(judge(name, text).map(|kind| (kind, range)));
            }
            for (kind, range) in found {
                diagnostics.push(finding(name, kind, range));
            }
        }
    }
}

/// How sure it is that a text is a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// It has the form of this kind of secret.
    Form(&'static str),
    /// It stands under a name that says so.
    Name,
}

fn finding(name: &str, kind: Kind, range: SourceRange) -> Diagnostic {
    let (severity, why) = match kind {
        Kind::Form(form) => (Severity::Error, format!("has the form of {form}")),
        Kind::Name => (Severity::Warning, "stands under the name of a secret".to_owned()),
    };
    let detail = format!(
        "A value in `{name}` {why}. What stands in a variable definitions file ends up in version control and in Terraform's \
         state. Remove it, revoke it if the file was ever shared, and let `tfhelper init-jira` put the new one into the secret store."
    );
    Diagnostic::new(CHECK.id, CHECK.group, severity, "Secret in a variable definitions file", detail)
        .at(range)
        .about(name)
        .hiding_value(true)
}

/// Appends each literal string in a value that looks like a secret; `name` is the attribute or key that holds it.
///
/// Variable definitions files hold literals alone, so nothing else is looked into.
fn find(name: &str, expression: &Expression, found: &mut Vec<(Kind, SourceRange)>) {
    if let ExpressionKind::String(text) = &expression.kind {
        found.extend(judge(name, text).map(|kind| (kind, expression.range)));
    } else if let ExpressionKind::Tuple(elements) = &expression.kind {
        elements.iter().for_each(|element| find(name, element, found));
    } else if let ExpressionKind::Object(items) = &expression.kind {
        for item in items {
            let key = if let ExpressionKind::String(key) = &item.key.kind { key } else { name };
            find(key, &item.value, found);
        }
    }
}

fn judge(name: &str, text: &str) -> Option<Kind> {
    if let Some(form) = form(text.trim()) {
        return Some(Kind::Form(form));
    }
    // No sentence and no placeholder: one word of some length.
    let could_be = text.len() >= 12 && !text.contains(char::is_whitespace) && !text.starts_with("YOUR_");
    let name = name.to_ascii_lowercase();
    let names = ["access_token", "refresh_token", "api_token", "client_secret", "password", "private_key"];
    (could_be && names.iter().any(|ending| name.ends_with(ending))).then_some(Kind::Name)
}

/// The kind of secret that has this form.
///
/// Sources: Atlassian's list of token prefixes for secret scanning (`ATATT`, `ATCTT`, `ATOA`), RFC 7519 for JSON web tokens
/// (Base64 of `{"` is `eyJ`), the AWS IAM guide's table of unique identifiers (`AKIA`, `ASIA`).
fn form(text: &str) -> Option<&'static str> {
    let is_long = |least: usize| text.len() >= least && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_=.+/".contains(&b));
    if ["ATATT", "ATCTT", "ATOA"].iter().any(|prefix| text.starts_with(prefix)) && is_long(40) {
        return Some("a token of Atlassian");
    }
    if text.starts_with("eyJ") && text.contains('.') && is_long(40) {
        return Some("a JSON web token");
    }
    let is_aws_key = |prefix| {
        text.starts_with(prefix) && text.len() == 20 && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    };
    (is_aws_key("AKIA") || is_aws_key("ASIA")).then_some("an access key of AWS")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_judge(name: &str, text: &str, expected: Option<Kind>) {
        assert_eq!(judge(name, text), expected);
    }

    #[test]
    fn token_of_atlassian_is_found_under_any_name() {
        check_judge("note", &format!("ATATT3x{}", "a".repeat(60)), Some(Kind::Form("a token of Atlassian")));
    }

    #[test]
    fn json_web_token_is_found() {
        check_judge("x", &format!("eyJhbGciOiJIUzI1NiJ9.{}", "a".repeat(40)), Some(Kind::Form("a JSON web token")));
    }

    #[test]
    fn access_key_of_aws_is_found() {
        check_judge("x", "AKIAIOSFODNN7EXAMPLE", Some(Kind::Form("an access key of AWS")));
    }

    #[test]
    fn value_under_the_name_of_a_secret_is_found() {
        check_judge("jira_client_secret", "0123456789abcdef", Some(Kind::Name));
    }

    #[test]
    fn cloud_id_and_store_are_no_secrets() {
        check_judge("jira_cloud_id", "1324a887-45db-1bf4-1e99-ef0ff456d421", None);
        check_judge("secrets_store_implementation", "aws_secrets_manager", None);
    }

    #[test]
    fn placeholder_and_sentence_are_no_secrets() {
        check_judge("client_secret", "YOUR_CLIENT_SECRET", None);
        check_judge("client_secret", "kept in the store, see the wiki", None);
    }
}
