//! HCL's identifiers: Unicode's, with dashes.

use std::sync::LazyLock;

use regex::Regex;

/// Unicode's identifiers as of version 9, whose tables HCL's scanner was generated from.
///
/// Source: hashicorp/hcl v2.23.0, `hclsyntax/unicode_derived.rl`.
static BEYOND_ASCII: LazyLock<Option<(Regex, Regex)>> = LazyLock::new(|| {
    let start = Regex::new(r"^[\p{ID_Start}&&\p{Age=9.0}]$").ok()?;
    let continuation = Regex::new(r"^[\p{ID_Continue}&&\p{Age=9.0}]$").ok()?;
    Some((start, continuation))
});

/// Bytes of the identifier that a text starts with; zero where there is none.
pub(crate) fn length(text: &str) -> usize {
    let mut length = 0;
    // Nearly every name is ASCII, whose bytes need no decoding.
    while let Some(byte) = text.as_bytes().get(length) {
        let c = if byte.is_ascii() { char::from(*byte) } else { text[length..].chars().next().unwrap_or_default() };
        if !(if length == 0 { starts(c) } else { continues(c) }) {
            break;
        }
        length += c.len_utf8();
    }
    length
}

/// Whether a whole text is one identifier.
#[must_use]
pub fn is_identifier(text: &str) -> bool {
    !text.is_empty() && length(text) == text.len()
}

fn starts(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphabetic() || c == '_';
    }
    BEYOND_ASCII.as_ref().is_some_and(|(start, _)| start.is_match(c.encode_utf8(&mut [0; 4])))
}

fn continues(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || c == '_' || c == '-';
    }
    BEYOND_ASCII.as_ref().is_some_and(|(_, continuation)| continuation.is_match(c.encode_utf8(&mut [0; 4])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_identifier(text: &str, expected: bool) {
        assert_eq!(is_identifier(text), expected, "{text}");
    }

    #[test]
    fn accepts_dashes_underscores_and_digits_behind_the_first_letter() {
        check_identifier("a-b_1", true);
    }

    #[test]
    fn rejects_a_leading_dash() {
        check_identifier("-a", false);
    }

    #[test]
    fn accepts_letters_of_any_script() {
        check_identifier("größe", true);
    }

    #[test]
    fn rejects_letters_younger_than_unicode_9() {
        check_identifier("\u{1c90}", false);
    }

    #[test]
    fn rejects_the_empty_text() {
        check_identifier("", false);
    }
}
