//! The tokens inside templates: between quotes, in heredocs, and in texts that are a template as a whole.

use super::{Lexer, Mode};
use crate::terraform::syntax::token::{Token, TokenKind};

impl Lexer<'_> {
    /// `${` or `%{`, where one starts here.
    fn sequence_start(&mut self) -> Option<Token> {
        let rest = self.rest();
        let kind = if rest.starts_with("${") {
            TokenKind::Interpolation
        } else if rest.starts_with("%{") {
            TokenKind::Directive
        } else {
            return None;
        };
        let length = if self.byte(2) == Some(b'~') { 3 } else { 2 };
        self.braces += 1;
        self.sequences.push(self.braces);
        if let Some(heredoc) = self.heredocs.last_mut() {
            heredoc.is_at_line_start = false;
        }
        self.modes.push(Mode::Code);
        Some(self.take(kind, length))
    }

    pub(super) fn quoted(&mut self, first: char) -> Token {
        if let Some(token) = self.sequence_start() {
            return token;
        }
        match first {
            '"' => {
                self.modes.pop();
                self.take(TokenKind::CloseQuote, 1)
            }
            '\r' | '\n' => {
                let length = self.rest().bytes().take_while(|b| matches!(b, b'\r' | b'\n')).count();
                self.take(TokenKind::QuotedNewline, length)
            }
            '$' | '%' => match self.dollar_length() {
                Some(length) => self.take(TokenKind::QuotedText, length),
                None => self.take(TokenKind::Invalid, 1),
            },
            _ => match self.quoted_text_length() {
                0 => self.take(TokenKind::Invalid, first.len_utf8()),
                length => self.take(TokenKind::QuotedText, length),
            },
        }
    }

    /// Bytes of a `$` or `%` that starts no sequence: `$${` with its `~` is one piece; none at the very end of the text.
    fn dollar_length(&self) -> Option<usize> {
        let sign = self.byte(0);
        let is_escape = self.byte(1) == sign && self.byte(2) == Some(b'{');
        match (is_escape, self.byte(3)) {
            (true, Some(b'~')) => Some(4),
            (true, _) => Some(3),
            (false, _) => self.byte(1).map(|_| 1),
        }
    }

    fn quoted_text_length(&self) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = self.at;
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'$' | b'%' | b'"' | b'\r' | b'\n' => break,
                b'\\' => match self.text[at + 1..].chars().next() {
                    None | Some('\r' | '\n') => break,
                    Some(char::REPLACEMENT_CHARACTER) if self.is_broken(at + 1) => break,
                    Some(escaped) => at += 1 + escaped.len_utf8(),
                },
                0xef if self.is_broken(at) => break,
                _ => at += 1,
            }
        }
        at - self.at
    }

    pub(super) fn heredoc(&mut self, first: char) -> Token {
        if let Some(token) = self.sequence_start() {
            return token;
        }
        let (length, ends_line) = match first {
            '$' | '%' => match self.dollar_length() {
                Some(length) => (length, false),
                None => return self.take(TokenKind::Invalid, 1),
            },
            _ => self.text_line_length(),
        };
        if length == 0 {
            // A carriage return alone: HCL's scanner gives up on all that follows.
            return self.take(TokenKind::Invalid, self.rest().len());
        }
        let line = &self.rest()[..length];
        let Some(heredoc) = self.heredocs.last_mut() else { return self.take(TokenKind::Text, length) };
        let was_at_line_start = std::mem::replace(&mut heredoc.is_at_line_start, ends_line);
        if ends_line && was_at_line_start && line.trim() == heredoc.marker {
            let newline_length = if line.ends_with("\r\n") { 2 } else { 1 };
            self.heredocs.pop();
            self.modes.pop();
            let marker = self.take(TokenKind::CloseHeredoc, length - newline_length);
            self.pending = Some(self.take(TokenKind::Newline, newline_length));
            return marker;
        }
        self.take(TokenKind::Text, length)
    }

    /// Bytes of text up to the next `$`, `%` or line end, which is counted in; zero before a carriage return alone.
    fn text_line_length(&self) -> (usize, bool) {
        let rest = self.rest().as_bytes();
        let mut length = 0;
        while let Some(byte) = rest.get(length) {
            match byte {
                b'\n' => return (length + 1, true),
                b'\r' if rest.get(length + 1) == Some(&b'\n') => return (length + 2, true),
                b'$' | b'%' | b'\r' => break,
                0xef if self.is_broken(self.at + length) => break,
                _ => length += 1,
            }
        }
        (length, false)
    }

    pub(super) fn bare_template(&mut self, first: char) -> Token {
        if let Some(token) = self.sequence_start() {
            return token;
        }
        let length = match first {
            '$' | '%' => self.dollar_length().unwrap_or(1),
            _ => match self.text_line_length() {
                (0, _) => self.rest().len(),
                (length, _) => length,
            },
        };
        self.take(TokenKind::Text, length)
    }
}
