//! Arguments in messages, which sensitive ones stay out of.

use crate::terraform::go_quote::go_quoted;

/// What stands in a message for a sensitive argument.
///
/// Source: Terraform, `internal/lang/funcs/redact.go`.
const REDACTED: &str = "(sensitive value)";

/// The text in quotation marks, or a placeholder where it is sensitive.
pub(super) fn redacted(text: &str, is_sensitive: bool) -> String {
    if is_sensitive { REDACTED.to_owned() } else { go_quoted(text) }
}

/// A number, or a placeholder where it is sensitive.
pub(super) fn redacted_number(number: i64, is_sensitive: bool) -> String {
    if is_sensitive { REDACTED.to_owned() } else { number.to_string() }
}
