//! Resolves the escapes of string literals, and writes texts as such.
//!
//! Source of the rules and of every message: hashicorp/hcl v2.23.0, `hclsyntax/parser.go` (`ParseStringLiteralToken`) and
//! `hclsyntax/scan_string_lit.rl`.

use std::borrow::Cow;
use std::fmt::Write;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::parser::Parser;
use super::token::{Token, TokenKind};
use crate::diagnostic::SourceRange;
use crate::terraform::go_quote::go_quoted;

impl<'a> Parser<'a> {
    /// The text that a token of text stands for; wrong escapes are reported, and stay as they are.
    pub(super) fn unescape(&mut self, token: Token) -> Cow<'a, str> {
        let source = token.of(self.text);
        let is_quoted = token.kind == TokenKind::QuotedText;
        let is_special = |b: u8| matches!(b, b'$' | b'%') || (is_quoted && b == b'\\');
        if !source.bytes().any(is_special) {
            return Cow::Borrowed(source);
        }
        let mut text = String::with_capacity(source.len());
        let mut rest = source;
        while let Some(special) = rest.bytes().position(is_special)
            && !self.is_given_up
        {
            text.push_str(&rest[..special]);
            rest = &rest[special..];
            let length = if rest.starts_with('\\') {
                let length = escape_length(rest);
                let start = self.range(token).start + u32::try_from(source.len() - rest.len()).unwrap_or_default();
                let end = start + u32::try_from(length).unwrap_or_default();
                let at = SourceRange { start, end, ..self.range(token) };
                match resolve_escape(&rest[..length]) {
                    Ok(c) => text.push(c),
                    Err(detail) => {
                        text.push_str(&rest[1..length]);
                        self.error("Invalid escape sequence", detail, at);
                    }
                }
                length
            } else {
                let is_escape = rest.starts_with("$${") || rest.starts_with("%%{");
                let length = if is_escape { 3 } else { 1 };
                text.push_str(&rest[usize::from(is_escape)..length]);
                length
            };
            rest = &rest[length..];
        }
        text.push_str(rest);
        Cow::Owned(text)
    }
}

/// Bytes of the escape sequence that a text starts with.
fn escape_length(text: &str) -> usize {
    let mut rest = text.chars().skip(1);
    match rest.next() {
        Some(selector @ ('u' | 'U')) => {
            let digits = if selector == 'u' { 4 } else { 8 };
            2 + rest.take(digits).take_while(char::is_ascii_hexdigit).count()
        }
        Some(selector) => 1 + selector.len_utf8(),
        None => 1,
    }
}

fn resolve_escape(escape: &str) -> Result<char, String> {
    let selector = &escape[1..];
    match selector.chars().next() {
        None => Err("Backslash must be followed by an escape sequence selector character.".to_owned()),
        Some('n') => Ok('\n'),
        Some('r') => Ok('\r'),
        Some('t') => Ok('\t'),
        Some('"') => Ok('"'),
        Some('\\') => Ok('\\'),
        Some('u') if escape.len() != 6 => Err("The \\u escape sequence must be followed by four hexadecimal digits.".to_owned()),
        Some('U') if escape.len() != 10 => {
            Err("The \\U escape sequence must be followed by eight hexadecimal digits.".to_owned())
        }
        Some('u' | 'U') => {
            let code = u32::from_str_radix(&selector[1..], 16).unwrap_or(u32::MAX);
            char::from_u32(code).ok_or_else(|| format!("Cannot encode character U+{code:04x} in UTF-8."))
        }
        Some(_) => Err(format!("The symbol {} is not a valid escape sequence selector.", go_quoted(selector))),
    }
}

/// The text in Unicode's normalisation form C, as Terraform's strings are.
pub(super) fn normalised(text: String) -> String {
    if text.is_ascii() || is_nfc(&text) { text } else { text.nfc().collect() }
}

/// The text as a quoted string of HCL that stands for it.
#[must_use]
pub fn hcl_quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '$' | '%' if chars.peek() == Some(&'{') => quoted.extend([c, c]),
            // HCL admits these as they are, but an editor or a terminal may not show them.
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_escape(escape: &str, expected: Result<char, &str>) {
        assert_eq!(resolve_escape(escape), expected.map_err(str::to_owned));
    }

    #[test]
    fn resolves_a_line_end() {
        check_escape("\\n", Ok('\n'));
    }

    #[test]
    fn resolves_four_and_eight_digits() {
        check_escape("\\u00e9", Ok('é'));
        check_escape("\\U0001F600", Ok('😀'));
    }

    #[test]
    fn rejects_too_few_digits() {
        check_escape("\\u00", Err("The \\u escape sequence must be followed by four hexadecimal digits."));
    }

    #[test]
    fn rejects_half_a_surrogate_pair() {
        check_escape("\\ud83d", Err("Cannot encode character U+d83d in UTF-8."));
    }

    #[test]
    fn rejects_an_unknown_selector() {
        check_escape("\\q", Err("The symbol \"q\" is not a valid escape sequence selector."));
    }

    #[test]
    fn an_escape_takes_no_more_digits_than_it_needs() {
        assert_eq!(escape_length("\\u00e9f"), 6);
        assert_eq!(escape_length("\\u00g"), 4);
    }

    #[test]
    fn writes_no_template_and_no_control_character_into_hcl() {
        assert_eq!(hcl_quoted("${a} $ %{b}\"\\\n\u{1b}"), r#""$${a} $ %%{b}\"\\\n\u001b""#);
    }

    #[test]
    fn normalises_decomposed_letters() {
        assert_eq!(normalised("e\u{301}".to_owned()), "é");
    }
}
