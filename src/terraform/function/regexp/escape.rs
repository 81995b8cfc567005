//! Escape sequences for one character.

use super::error::{INVALID_ESCAPE, SyntaxError, TRAILING_BACKSLASH};

/// A code point, which may be a surrogate: Go admits those in a pattern, and they match nothing.
pub(super) type Rune = u32;

/// Reads the escape sequence that a text starts with, and returns the character and the rest.
pub(super) fn parse(text: &str) -> Result<(Rune, &str), SyntaxError> {
    let mut chars = text[1..].chars();
    let Some(first) = chars.next() else {
        return Err(SyntaxError::new(TRAILING_BACKSLASH, ""));
    };
    let after = chars.as_str();
    let simple = |c: char| Ok((Rune::from(c), after));
    match first {
        '1'..='7' if !after.starts_with(|c: char| c.is_digit(8)) => Err(invalid(text, after)),
        '0'..='7' => Ok(octal(&text[1..])),
        'x' => hexadecimal(text, after),
        'a' => simple('\u{7}'),
        'f' => simple('\u{c}'),
        'n' => simple('\n'),
        'r' => simple('\r'),
        't' => simple('\t'),
        'v' => simple('\u{b}'),
        punctuation if punctuation.is_ascii() && !punctuation.is_ascii_alphanumeric() => simple(punctuation),
        _ => Err(invalid(text, after)),
    }
}

/// One to three octal digits.
fn octal(digits: &str) -> (Rune, &str) {
    let end = digits.bytes().take(3).take_while(|b| (b'0'..=b'7').contains(b)).count();
    let value = digits[..end].bytes().fold(0, |value, digit| value * 8 + Rune::from(digit - b'0'));
    (value, &digits[end..])
}

/// Two hexadecimal digits, or any number of them in braces.
fn hexadecimal<'t>(text: &'t str, digits: &'t str) -> Result<(Rune, &'t str), SyntaxError> {
    let mut chars = digits.chars();
    let Some(first) = chars.next() else {
        return Err(invalid(text, digits));
    };
    if first != '{' {
        let second = chars.next();
        let rest = chars.as_str();
        let (Some(high), Some(low)) = (first.to_digit(16), second.and_then(|c| c.to_digit(16))) else {
            return Err(invalid(text, rest));
        };
        return Ok((high * 16 + low, rest));
    }
    let mut value = None;
    while let Some(next) = chars.next() {
        if next == '}' {
            return value.map(|value| (value, chars.as_str())).ok_or_else(|| invalid(text, chars.as_str()));
        }
        let more = next.to_digit(16).map(|digit| value.unwrap_or(0) * 16 + digit);
        if more.is_none_or(|more| more > Rune::from(char::MAX)) {
            break;
        }
        value = more;
    }
    Err(invalid(text, chars.as_str()))
}

fn invalid(text: &str, rest: &str) -> SyntaxError {
    SyntaxError::new(INVALID_ESCAPE, &text[..text.len() - rest.len()])
}
