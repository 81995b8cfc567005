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
    // Nearly every name is ASCII throughout, whose bytes need no decoding.
    let is_ascii = text.starts_with(|c: char| c.is_ascii() && starts(c));
    let ascii = |text: &str| text.bytes().position(|byte| !CONTINUES[usize::from(byte)]).unwrap_or(text.len());
    let mut length = if is_ascii { ascii(text) } else { 0 };
    while let Some(c) = text[length..].chars().next()
        && (if length == 0 { starts(c) } else { continues(c) })
    {
        length += c.len_utf8();
    }
    length
}

/// Whether a byte is an ASCII character that an identifier goes on with.
const CONTINUES: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0_u8;
    while byte.is_ascii() {
        table[byte as usize] = byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        byte += 1;
    }
    table
};

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
