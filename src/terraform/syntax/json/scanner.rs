//! Splits JSON into tokens; whether a token is well formed is for the parser to say.

use super::literal::string_length;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    Comma,
    Colon,
    Equals,
    Keyword,
    String,
    Number,
    Invalid,
    End,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Token {
    /// The token's text.
    pub(super) fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }
}

/// Yields one token after the other, and [`TokenKind::End`] for ever after.
pub(super) struct Scanner<'a> {
    text: &'a str,
    /// Where the next token starts, or the blanks before it.
    at: usize,
    is_stopped: bool,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0, is_stopped: false }
    }

    /// The byte behind the last token that was read.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// Ends the tokens here.
    pub(super) fn stop(&mut self) {
        self.is_stopped = true;
    }

    /// The next token, which stays.
    pub(super) fn peek(&self) -> Token {
        let bytes = self.text.as_bytes();
        let blanks = bytes[self.at..].iter().take_while(|b| matches!(b, b' ' | b'\n' | b'\r' | b'\t')).count();
        let start = self.at + blanks;
        let rest = &bytes[start..];
        let Some(first) = rest.first().filter(|_| !self.is_stopped) else {
            let end = if self.is_stopped { self.at } else { start };
            return Token { kind: TokenKind::End, start: end, end };
        };
        let run = |accepts: fn(&u8) -> bool| rest.iter().take_while(|b| accepts(b)).count();
        let (kind, length) = match first {
            b'{' => (TokenKind::OpenBrace, 1),
            b'}' => (TokenKind::CloseBrace, 1),
            b'[' => (TokenKind::OpenBracket, 1),
            b']' => (TokenKind::CloseBracket, 1),
            b',' => (TokenKind::Comma, 1),
            b':' => (TokenKind::Colon, 1),
            b'=' => (TokenKind::Equals, 1),
            b'"' => (TokenKind::String, string_length(rest)),
            b'-' | b'+' | b'.' | b'0'..=b'9' => {
                (TokenKind::Number, run(|b| matches!(b, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')))
            }
            b'a'..=b'z' | b'A'..=b'Z' => (TokenKind::Keyword, run(|b| b.is_ascii_alphabetic() || *b == b'_')),
            _ => (TokenKind::Invalid, self.text[start..].chars().next().map_or(1, char::len_utf8)),
        };
        Token { kind, start, end: start + length }
    }

    /// The next token; nothing is read behind a character that is no JSON.
    pub(super) fn read(&mut self) -> Token {
        let token = self.peek();
        self.at = token.end;
        self.is_stopped |= token.kind == TokenKind::Invalid;
        token
    }
}
