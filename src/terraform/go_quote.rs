//! Text in quotation marks, as Go's `%q` has it in Terraform's messages.
//!
//! Source: Go, `strconv.Quote` and `strconv.QuoteRune`.

use std::fmt::Write as _;
use std::sync::LazyLock;

use regex::Regex;

/// One printable character: letters, marks, numbers, punctuation, symbols and the space.
///
/// Source: Go, `unicode.IsPrint`.
static PRINTABLE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$").ok());

/// The text in quotation marks, with Go's escapes.
pub(super) fn go_quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        push(&mut out, character, '"');
    }
    out.push('"');
    out
}

/// A character in single quotation marks, with Go's escapes.
pub(super) fn go_quoted_character(character: char) -> String {
    let mut out = String::from("'");
    push(&mut out, character, '\'');
    out.push('\'');
    out
}

fn push(out: &mut String, character: char, quotation_mark: char) {
    let escape = match character {
        '\u{7}' => Some('a'),
        '\u{8}' => Some('b'),
        '\u{c}' => Some('f'),
        '\n' => Some('n'),
        '\r' => Some('r'),
        '\t' => Some('t'),
        '\u{b}' => Some('v'),
        '\\' => Some('\\'),
        _ if character == quotation_mark => Some(character),
        _ => None,
    };
    let code = u32::from(character);
    // Writing to a String cannot fail.
    let _ = match escape {
        Some(letter) => write!(out, "\\{letter}"),
        None if is_printable(character) => out.write_char(character),
        None if code < 0x80 => write!(out, "\\x{code:02x}"),
        None if code < 0x1_0000 => write!(out, "\\u{code:04x}"),
        None => write!(out, "\\U{code:08x}"),
    };
}

fn is_printable(character: char) -> bool {
    if character.is_ascii() {
        return !character.is_ascii_control();
    }
    PRINTABLE.as_ref().is_some_and(|printable| printable.is_match(character.encode_utf8(&mut [0; 4])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_text_has_the_escapes_of_go() {
        assert_eq!(go_quoted("a\"b\\c\n\u{1}é\u{200b}\u{feff}\u{e000}"), r#""a\"b\\c\n\x01é\u200b\ufeff\ue000""#);
    }
}
