//! What a store says about a secret without giving the value away.

use jiff::Timestamp;

use super::Secret;
use crate::connector::PLACEHOLDERS;

/// What can be said of a value without showing it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// The store has no secret of this name.
    Absent,
    /// The secret is there, its value is not: no version, an empty value, or a placeholder.
    Placeholder,
    /// A value with whitespace at its start or end, which the proxy would send along.
    Whitespace,
    /// A value.
    Set,
    /// The secret is there; its value may not be read with these credentials.
    Unreadable,
}

impl Condition {
    /// Judges a value.
    #[must_use]
    pub fn of(value: &str) -> Self {
        let trimmed = value.trim();
        if trimmed.is_empty() || PLACEHOLDERS.contains(&trimmed) {
            Self::Placeholder
        } else if trimmed.len() != value.len() {
            Self::Whitespace
        } else {
            Self::Set
        }
    }

    /// Returns the word for it in output: `absent`, `placeholder`, `whitespace`, `set` or `unreadable`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Placeholder => "placeholder",
            Self::Whitespace => "whitespace",
            Self::Set => "set",
            Self::Unreadable => "unreadable",
        }
    }
}

/// How a value is written, as far as the proxy cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A plain string.
    Raw,
    /// A JSON object with `token` and `expirationDate`: what the proxy keeps as the access token of Jira Cloud.
    AccessTokenJson,
    /// Some other JSON object.
    OtherJson,
}

impl Form {
    /// Returns the word for it in output: `raw`, `access-token-json` or `other-json`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::AccessTokenJson => "access-token-json",
            Self::OtherJson => "other-json",
        }
    }

    /// Judges a value.
    ///
    /// Source of the access token's form: psoxy `AccessTokenDto.java`.
    #[must_use]
    pub fn of(value: &str) -> Self {
        match serde_json::from_str::<serde_json::Value>(value) {
            Ok(serde_json::Value::Object(object)) => {
                let has_token = object.get("token").is_some_and(serde_json::Value::is_string);
                let has_expiry = object.get("expirationDate").is_some_and(serde_json::Value::is_number);
                if has_token && has_expiry { Self::AccessTokenJson } else { Self::OtherJson }
            }
            Ok(_) | Err(_) => Self::Raw,
        }
    }
}

/// Returns an access token of Jira Cloud in the form in which the proxy keeps it.
#[must_use]
pub fn access_token_json(token: &Secret, expires_at: Timestamp) -> Secret {
    Secret::new(serde_json::json!({"token": token.expose(), "expirationDate": expires_at.as_millisecond()}).to_string())
}

/// What a store says about one secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretState {
    /// What can be said of the value.
    pub condition: Condition,
    /// How the value is written; none without a value.
    pub form: Option<Form>,
    /// The version that the proxy reads, in the store's own numbering.
    pub version: Option<String>,
    /// The newest version, where it is another than the one that the proxy reads (GCP's label `latest-version`).
    pub newest_version: Option<String>,
    /// When the value was last changed.
    pub changed_at: Option<Timestamp>,
    /// When the consent behind the value was given, from the store's tags or annotations.
    pub consented_at: Option<Timestamp>,
}

impl SecretState {
    /// The state of a secret that the store does not have.
    #[must_use]
    pub fn absent() -> Self {
        Self::without_value(Condition::Absent)
    }

    /// A state that knows nothing but its condition.
    #[must_use]
    pub fn without_value(condition: Condition) -> Self {
        Self { condition, form: None, version: None, newest_version: None, changed_at: None, consented_at: None }
    }

    /// Judges a value.
    #[must_use]
    pub fn of(value: &str) -> Self {
        let condition = Condition::of(value);
        let form = (condition != Condition::Placeholder).then(|| Form::of(value));
        Self { form, ..Self::without_value(condition) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_condition(value: &str, expected: Condition) {
        assert_eq!(Condition::of(value), expected);
    }

    #[test]
    fn what_terraform_puts_there_is_a_placeholder() {
        check_condition("fill me", Condition::Placeholder);
    }

    #[test]
    fn a_placeholder_with_a_newline_is_one_too() {
        check_condition("TODO: fill me\n", Condition::Placeholder);
    }

    #[test]
    fn an_empty_value_is_a_placeholder() {
        check_condition(" ", Condition::Placeholder);
    }

    #[test]
    fn a_pasted_newline_is_whitespace() {
        check_condition("eyJh\n", Condition::Whitespace);
    }

    #[test]
    fn whitespace_inside_is_part_of_the_value() {
        check_condition("a b", Condition::Set);
    }

    #[test]
    fn access_token_of_the_proxy_is_recognised() {
        assert_eq!(Form::of(r#"{"token":"t","expirationDate":1639526410000}"#), Form::AccessTokenJson);
    }

    #[test]
    fn an_access_token_is_written_in_the_form_of_the_proxy() {
        let written = access_token_json(&Secret::new("t"), "2021-12-15T00:00:10Z".parse().unwrap());
        assert_eq!(written.expose(), r#"{"token":"t","expirationDate":1639526410000}"#);
    }

    #[test]
    fn json_without_a_date_is_no_access_token() {
        assert_eq!(Form::of(r#"{"token":"t"}"#), Form::OtherJson);
    }

    #[test]
    fn a_number_is_a_raw_value() {
        assert_eq!(Form::of("17"), Form::Raw);
    }
}
