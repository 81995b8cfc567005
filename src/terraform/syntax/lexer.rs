//! Splits HCL native syntax into tokens.
//!
//! The lexer keeps a stack of modes, because a quote inside `${ }` inside a heredoc starts a string of its own. A comment
//! that runs to the end of its line holds the line end. Nothing here fails: what is no HCL becomes a token that says so.
//!
//! Source of the rules: hashicorp/hcl v2.23.0, `hclsyntax/scan_tokens.rl`.

use super::identifier;
use super::token::{Token, TokenKind};

mod template;
#[cfg(test)]
mod tests;

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    /// A file or an expression.
    Code,
    /// A template without quotes around it.
    Template,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Code,
    Quoted,
    Heredoc,
    Template,
}

#[derive(Debug)]
struct Heredoc<'a> {
    marker: &'a str,
    is_at_line_start: bool,
}

/// Yields one token after the other, and [`TokenKind::End`] for ever after.
#[derive(Debug)]
pub(crate) struct Lexer<'a> {
    text: &'a str,
    at: usize,
    modes: Vec<Mode>,
    /// Braces that are open; below zero when too many were closed.
    braces: i64,
    /// The depth of braces at which each open `${` or `%{` ends.
    sequences: Vec<i64>,
    heredocs: Vec<Heredoc<'a>>,
    /// The line end behind an end marker, which the heredoc rule has read already.
    pending: Option<Token>,
    /// No `*/` is to come: saves looking for it at every `/*`.
    no_comment_end: bool,
    /// Offsets of the U+FFFD that stand for bytes which are not UTF-8, ascending.
    broken: &'a [u32],
}

impl<'a> Lexer<'a> {
    /// Starts behind a byte order mark.
    pub(crate) fn new(text: &'a str, start: Start, broken: &'a [u32]) -> Self {
        let mode = match start {
            Start::Code => Mode::Code,
            Start::Template => Mode::Template,
        };
        Self {
            text,
            at: text.strip_prefix('\u{feff}').map_or(0, |rest| text.len() - rest.len()),
            modes: vec![mode],
            braces: 0,
            sequences: Vec::new(),
            heredocs: Vec::new(),
            pending: None,
            no_comment_end: false,
            broken,
        }
    }

    /// The next token.
    pub(crate) fn next_token(&mut self) -> Token {
        if let Some(token) = self.pending.take() {
            return token;
        }
        let mode = self.modes.last().copied().unwrap_or(Mode::Code);
        if mode == Mode::Code {
            while matches!(self.byte(0), Some(b' ' | b'\t')) {
                self.at += 1;
            }
        }
        let Some(first) = self.first() else { return self.take(TokenKind::End, 0) };
        if first == char::REPLACEMENT_CHARACTER && self.is_broken(self.at) {
            return self.take(TokenKind::BadUtf8, first.len_utf8());
        }
        match mode {
            Mode::Code => self.code(first),
            Mode::Quoted => self.quoted(first),
            Mode::Heredoc => self.heredoc(first),
            Mode::Template => self.bare_template(first),
        }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn first(&self) -> Option<char> {
        match self.byte(0)? {
            byte if byte.is_ascii() => Some(char::from(byte)),
            _ => self.rest().chars().next(),
        }
    }

    fn byte(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    fn is_broken(&self, at: usize) -> bool {
        u32::try_from(at).is_ok_and(|at| self.broken.binary_search(&at).is_ok())
    }

    /// A token of so many bytes from here.
    fn take(&mut self, kind: TokenKind, length: usize) -> Token {
        let start = self.at;
        self.at += length;
        // A file of 4 GiB and more is refused before it comes here.
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Token { kind, start: offset(start), end: offset(self.at) }
    }

    fn code(&mut self, first: char) -> Token {
        use TokenKind as K;
        let second = self.byte(1);
        let rest = self.rest();
        let (kind, length) = match first {
            '0'..='9' => (K::Number, number_length(rest.as_bytes())),
            '\n' => (K::Newline, 1),
            '\r' if second == Some(b'\n') => (K::Newline, 2),
            '#' => (K::Comment, line_length(rest)),
            '/' if second == Some(b'/') => (K::Comment, line_length(rest)),
            '/' => match self.block_comment_length() {
                Some(length) => (K::Comment, length),
                None => (K::Slash, 1),
            },
            '"' => {
                self.modes.push(Mode::Quoted);
                (K::OpenQuote, 1)
            }
            '{' => {
                self.braces += 1;
                (K::OpenBrace, 1)
            }
            '}' => (self.close_brace(K::CloseBrace), 1),
            '~' if second == Some(b'}') => (self.close_brace(K::SequenceEnd), 2),
            '<' => match heredoc_introducer(rest) {
                Some((marker, length)) => {
                    self.heredocs.push(Heredoc { marker, is_at_line_start: true });
                    self.modes.push(Mode::Heredoc);
                    (K::OpenHeredoc, length)
                }
                None if second == Some(b'=') => (K::LessOrEqual, 2),
                None => (K::Less, 1),
            },
            '=' if second == Some(b'=') => (K::EqualTo, 2),
            '=' if second == Some(b'>') => (K::FatArrow, 2),
            '=' => (K::Equal, 1),
            '!' if second == Some(b'=') => (K::NotEqual, 2),
            '!' => (K::Bang, 1),
            '>' if second == Some(b'=') => (K::GreaterOrEqual, 2),
            '>' => (K::Greater, 1),
            '&' if second == Some(b'&') => (K::And, 2),
            '&' => (K::BitwiseAnd, 1),
            '|' if second == Some(b'|') => (K::Or, 2),
            '|' => (K::BitwiseOr, 1),
            ':' if second == Some(b':') => (K::DoubleColon, 2),
            ':' => (K::Colon, 1),
            '.' if rest.starts_with("...") => (K::Ellipsis, 3),
            '.' => (K::Dot, 1),
            '[' => (K::OpenBracket, 1),
            ']' => (K::CloseBracket, 1),
            '(' => (K::OpenParenthesis, 1),
            ')' => (K::CloseParenthesis, 1),
            ',' => (K::Comma, 1),
            '*' => (K::Star, 1),
            '%' => (K::Percent, 1),
            '+' => (K::Plus, 1),
            '-' => (K::Minus, 1),
            '?' => (K::Question, 1),
            '~' => (K::BitwiseNot, 1),
            '^' => (K::BitwiseXor, 1),
            ';' => (K::Semicolon, 1),
            '`' => (K::Backtick, 1),
            '\'' => (K::Apostrophe, 1),
            _ => match identifier::length(rest) {
                0 => (K::Invalid, first.len_utf8()),
                length => (K::Identifier, length),
            },
        };
        self.take(kind, length)
    }

    /// A closing brace ends the innermost `${` or `%{` when no brace was opened since.
    fn close_brace(&mut self, otherwise: TokenKind) -> TokenKind {
        let ends_sequence = self.sequences.last() == Some(&self.braces);
        self.braces -= 1;
        if !ends_sequence {
            return otherwise;
        }
        self.sequences.pop();
        self.modes.pop();
        TokenKind::SequenceEnd
    }

    fn block_comment_length(&mut self) -> Option<usize> {
        let behind_opening = self.rest().strip_prefix("/*")?;
        if self.no_comment_end {
            return None;
        }
        let length = behind_opening.find("*/");
        self.no_comment_end = length.is_none();
        length.map(|length| length + 4)
    }
}

/// Bytes of a line with its line end.
fn line_length(rest: &str) -> usize {
    rest.find('\n').map_or(rest.len(), |newline| newline + 1)
}

/// Digits, dots and exponents as they come; the last is no dot. Whether it is a number is for the parser to say.
fn number_length(bytes: &[u8]) -> usize {
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut at = 0;
    let mut length = 0;
    loop {
        match bytes.get(at) {
            Some(b'0'..=b'9') => at += 1,
            Some(b'.') => {
                at += 1;
                continue;
            }
            Some(b'e' | b'E') if is_digit(at + 1) => at += 2,
            Some(b'e' | b'E') if matches!(bytes.get(at + 1), Some(b'+' | b'-')) && is_digit(at + 2) => at += 3,
            _ => return length,
        }
        length = at;
    }
}

/// `<<NAME` or `<<-NAME` and a line end: the name, and the length of it all.
fn heredoc_introducer(rest: &str) -> Option<(&str, usize)> {
    let behind = rest.strip_prefix("<<")?;
    let behind = behind.strip_prefix('-').unwrap_or(behind);
    let length = identifier::length(behind);
    if length == 0 {
        return None;
    }
    let (marker, behind) = behind.split_at(length);
    let behind = behind.strip_prefix("\r\n").or_else(|| behind.strip_prefix('\n'))?;
    Some((marker, rest.len() - behind.len()))
}
