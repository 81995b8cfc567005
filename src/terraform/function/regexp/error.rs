//! What is wrong with a pattern, in Go's words.

use std::fmt;

/// A pattern that Go refuses.
///
/// Source of the texts: Go `regexp/syntax/parse.go`, the `ErrorCode` constants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct SyntaxError {
    /// The kind of error.
    pub(in super::super) code: &'static str,
    /// The part of the pattern.
    pub(in super::super) expression: String,
}

impl SyntaxError {
    pub(super) fn new(code: &'static str, expression: &str) -> Self {
        Self { code, expression: expression.to_owned() }
    }

    pub(super) fn too_large(pattern: &str) -> Self {
        Self::new("expression too large", pattern)
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error parsing regexp: {}: `{}`", self.code, self.expression)
    }
}

pub(super) const INVALID_CHAR_RANGE: &str = "invalid character class range";
pub(super) const INVALID_ESCAPE: &str = "invalid escape sequence";
pub(super) const INVALID_NAMED_CAPTURE: &str = "invalid named capture";
pub(super) const INVALID_PERL_SYNTAX: &str = "invalid or unsupported Perl syntax";
pub(super) const INVALID_REPEAT_OPERATOR: &str = "invalid nested repetition operator";
pub(super) const INVALID_REPEAT_COUNT: &str = "invalid repeat count";
pub(super) const MISSING_BRACKET: &str = "missing closing ]";
pub(super) const MISSING_PAREN: &str = "missing closing )";
pub(super) const MISSING_REPEAT_ARGUMENT: &str = "missing argument to repetition operator";
pub(super) const TRAILING_BACKSLASH: &str = "trailing backslash at end of expression";
pub(super) const UNEXPECTED_PAREN: &str = "unexpected )";
pub(super) const NESTS_TOO_DEEPLY: &str = "expression nests too deeply";
