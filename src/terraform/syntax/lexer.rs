//! Splits HCL native syntax into tokens.
//!
//! The lexer keeps a stack of modes, because a quote inside `${ }` inside a heredoc starts a string of its own. A comment
//! that runs to the end of its line holds the line end. Nothing here fails: what is no HCL becomes a token that says so.
//!
//! Source of the rules: hashicorp/hcl v2.23.0, `hclsyntax/scan_tokens.rl`.

use super::identifier;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum TokenKind {
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    OpenParenthesis,
    CloseParenthesis,
    OpenQuote,
    CloseQuote,
    /// `<<EOT` with its line end.
    OpenHeredoc,
    /// The end marker with the blanks before it, without the line end.
    CloseHeredoc,
    Star,
    Slash,
    Plus,
    Minus,
    Percent,
    /// `=`
    Equal,
    /// `==`
    EqualTo,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    And,
    Or,
    Bang,
    Dot,
    Comma,
    DoubleColon,
    Ellipsis,
    FatArrow,
    Question,
    Colon,
    /// `${` or `${~`
    Interpolation,
    /// `%{` or `%{~`
    Directive,
    /// `}` or `~}` behind one of the two.
    SequenceEnd,
    /// Text between quotes; may hold escapes.
    QuotedText,
    /// Text of a heredoc or bare template; knows no backslash.
    Text,
    Number,
    Identifier,
    Comment,
    Newline,
    End,
    // The rest is no HCL.
    BitwiseAnd,
    BitwiseOr,
    BitwiseNot,
    BitwiseXor,
    Apostrophe,
    Backtick,
    Semicolon,
    Invalid,
    BadUtf8,
    /// Line ends inside a quoted string.
    QuotedNewline,
}

/// A token and its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Token {
    /// The token's text.
    pub(crate) fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

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
        let Some(first) = self.rest().chars().next() else { return self.take(TokenKind::End, 0) };
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

    fn quoted(&mut self, first: char) -> Token {
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

    fn heredoc(&mut self, first: char) -> Token {
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

    fn bare_template(&mut self, first: char) -> Token {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn lex(text: &str, start: Start) -> Vec<(TokenKind, String)> {
        let mut lexer = Lexer::new(text, start, &[]);
        let mut tokens = Vec::new();
        loop {
            let token = lexer.next_token();
            if token.kind == TokenKind::End {
                return tokens;
            }
            tokens.push((token.kind, token.of(text).to_owned()));
        }
    }

    #[track_caller]
    fn check_tokens(text: &str, expected: &[(TokenKind, &str)]) {
        let expected: Vec<_> = expected.iter().map(|(kind, text)| (*kind, (*text).to_owned())).collect();
        assert_eq!(lex(text, Start::Code), expected);
    }

    #[test]
    fn a_number_ends_before_a_trailing_dot() {
        check_tokens("1.5e+3...", &[(TokenKind::Number, "1.5e+3"), (TokenKind::Ellipsis, "...")]);
    }

    #[test]
    fn an_e_without_digits_is_no_exponent() {
        check_tokens("1e", &[(TokenKind::Number, "1"), (TokenKind::Identifier, "e")]);
    }

    #[test]
    fn a_heredoc_ends_at_its_indented_marker() {
        use TokenKind as K;
        check_tokens(
            "<<E\na\n  E\n",
            &[(K::OpenHeredoc, "<<E\n"), (K::Text, "a\n"), (K::CloseHeredoc, "  E"), (K::Newline, "\n")],
        );
    }

    #[test]
    fn a_heredoc_marker_with_text_behind_it_ends_nothing() {
        check_tokens("<<E\nE x\n", &[(TokenKind::OpenHeredoc, "<<E\n"), (TokenKind::Text, "E x\n")]);
    }

    #[test]
    fn a_quote_inside_an_interpolation_starts_a_string_of_its_own() {
        use TokenKind as K;
        check_tokens(
            "\"${\"}\"~}\"",
            &[
                (K::OpenQuote, "\""),
                (K::Interpolation, "${"),
                (K::OpenQuote, "\""),
                (K::QuotedText, "}"),
                (K::CloseQuote, "\""),
                (K::SequenceEnd, "~}"),
                (K::CloseQuote, "\""),
            ],
        );
    }

    #[test]
    fn an_escaped_interpolation_is_text() {
        use TokenKind as K;
        check_tokens(
            "\"a$${b}\"",
            &[(K::OpenQuote, "\""), (K::QuotedText, "a"), (K::QuotedText, "$${"), (K::QuotedText, "b}"), (K::CloseQuote, "\"")],
        );
    }

    #[test]
    fn an_unterminated_block_comment_is_a_slash() {
        check_tokens("/* a", &[(TokenKind::Slash, "/"), (TokenKind::Star, "*"), (TokenKind::Identifier, "a")]);
    }

    #[test]
    fn the_first_end_closes_a_block_comment() {
        check_tokens("/* a */*/", &[(TokenKind::Comment, "/* a */"), (TokenKind::Star, "*"), (TokenKind::Slash, "/")]);
    }

    #[test]
    fn a_bare_template_is_text_by_the_line() {
        let tokens = lex("a\n\"b\" $", Start::Template);
        let texts: Vec<&str> = tokens.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(texts, ["a\n", "\"b\" ", "$"]);
    }
}
