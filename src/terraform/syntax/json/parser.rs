//! Parses JSON values, and goes on behind an error as HCL does.

use super::literal::{is_number, unescape};
use super::scanner::{Scanner, Token, TokenKind};
use super::{Member, Node, NodeKind};
use crate::diagnostic::grapheme::graphemes;
use crate::diagnostic::{FileId, SourceRange};
use crate::terraform::number::Number;
use crate::terraform::suggestion::did_you_mean;
use crate::terraform::syntax::error::SyntaxError;
use crate::terraform::syntax::{DEPTH_LIMIT, EXPRESSION_LIMIT, too_many_values};

/// Reads tokens one by one and keeps what it finds wrong.
pub(super) struct Parser<'a> {
    text: &'a str,
    file: FileId,
    pub(super) scanner: Scanner<'a>,
    depth: u32,
    /// Values so far.
    values: u32,
    pub(super) errors: Vec<SyntaxError>,
}

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a str, file: FileId) -> Self {
        Self { text, file, scanner: Scanner::new(text), depth: 0, values: 0, errors: Vec::new() }
    }

    fn range(&self, token: Token) -> SourceRange {
        // A file of 4 GiB and more is refused before it comes here.
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        SourceRange { file: self.file, start: offset(token.start), end: offset(token.end) }
    }

    pub(super) fn error(&mut self, summary: &str, detail: impl Into<String>, at: Token) {
        let range = self.range(at);
        self.errors.push(SyntaxError::new(summary, detail, range));
    }

    pub(super) fn parse_value(&mut self) -> Node {
        let token = self.scanner.peek();
        self.values += 1;
        let kind = match token.kind {
            _ if self.values >= EXPRESSION_LIMIT => {
                if self.values == EXPRESSION_LIMIT {
                    self.error("Too many values", too_many_values(), token);
                    self.scanner.stop();
                }
                None
            }
            TokenKind::OpenBrace | TokenKind::OpenBracket if self.depth >= DEPTH_LIMIT => {
                self.error("Nesting too deep", format!("tfhelper reads at most {DEPTH_LIMIT} levels of nested values."), token);
                self.scanner.stop();
                None
            }
            TokenKind::OpenBrace => self.nested(Self::parse_object),
            TokenKind::OpenBracket => self.nested(Self::parse_array),
            TokenKind::Number => self.parse_number(),
            TokenKind::String => self.parse_string().map(NodeKind::String),
            TokenKind::Keyword => self.parse_keyword(),
            kind @ (TokenKind::CloseBrace
            | TokenKind::CloseBracket
            | TokenKind::Comma
            | TokenKind::Colon
            | TokenKind::Equals
            | TokenKind::Invalid
            | TokenKind::End) => {
                let summary = match kind {
                    TokenKind::CloseBrace => "Missing JSON value",
                    TokenKind::CloseBracket => "Missing array element value",
                    TokenKind::End => "Missing value",
                    _ => "Invalid start of value",
                };
                let detail = match kind {
                    TokenKind::End => "The JSON data ends prematurely.",
                    _ => "A JSON value must start with a brace, a bracket, a number, a string, or a keyword.",
                };
                self.error(summary, detail, token);
                None
            }
        };
        match kind {
            Some(kind) => Node { kind, range: self.range(Token { end: self.scanner.position(), ..token }) },
            None => Node { kind: NodeKind::Malformed, range: self.range(token) },
        }
    }

    fn nested(&mut self, parse: fn(&mut Self) -> Option<NodeKind>) -> Option<NodeKind> {
        self.depth += 1;
        let kind = parse(self);
        self.depth -= 1;
        kind
    }

    /// Skips to what seems to be the end of an object or array, as HCL does, from a token that was read.
    fn recover(&mut self, mut token: Token, open: TokenKind, close: TokenKind) {
        let mut depth = 1;
        loop {
            if token.kind == open {
                depth += 1;
            } else if token.kind == close {
                depth -= 1;
                if depth <= 1 {
                    return;
                }
            } else if token.kind == TokenKind::End {
                return;
            }
            token = self.scanner.read();
        }
    }

    fn recover_object(&mut self, token: Token) {
        self.recover(token, TokenKind::OpenBrace, TokenKind::CloseBrace);
    }

    fn recover_array(&mut self) {
        let token = self.scanner.read();
        self.recover(token, TokenKind::OpenBracket, TokenKind::CloseBracket);
    }

    fn parse_object(&mut self) -> Option<NodeKind> {
        let open = self.scanner.read();
        let mut members = Vec::new();
        while self.scanner.peek().kind != TokenKind::CloseBrace {
            members.push(self.parse_member()?);
            let next = self.scanner.peek();
            match next.kind {
                TokenKind::CloseBrace => {}
                TokenKind::Comma => {
                    self.scanner.read();
                    if self.scanner.peek().kind == TokenKind::CloseBrace {
                        self.error(
                            "Trailing comma in object",
                            "JSON does not permit a trailing comma after the final property in an object.",
                            next,
                        );
                        return None;
                    }
                }
                TokenKind::End => {
                    self.error("Unclosed object", "No closing brace was found for this JSON object.", open);
                    return None;
                }
                TokenKind::CloseBracket => {
                    self.scanner.read();
                    let behind = self.scanner.peek();
                    self.error("Mismatched braces", "A JSON object must be closed with a brace, not a bracket.", behind);
                    return None;
                }
                _ => {
                    let token = self.scanner.read();
                    self.recover_object(token);
                    let behind = self.scanner.peek();
                    self.error(
                        "Missing attribute seperator comma",
                        "A comma must appear between each property definition in an object.",
                        behind,
                    );
                    return None;
                }
            }
        }
        self.scanner.read();
        members.shrink_to_fit();
        Some(NodeKind::Object(members))
    }

    fn parse_member(&mut self) -> Option<Member> {
        let name = self.parse_value();
        let name_range = name.range;
        let NodeKind::String(text) = name.kind else {
            self.errors.push(SyntaxError::new(
                "Invalid object property name",
                "A JSON object property name must be a string",
                name.start_range(),
            ));
            return None;
        };
        let colon = self.scanner.read();
        if colon.kind != TokenKind::Colon {
            self.recover_object(colon);
            let (summary, detail) = match colon.kind {
                TokenKind::CloseBrace | TokenKind::Comma => {
                    ("Missing object value", "A JSON object attribute must have a value, introduced by a colon.")
                }
                TokenKind::Equals => {
                    ("Missing property value colon", "JSON uses a colon as its name/value delimiter, not an equals sign.")
                }
                _ => ("Missing property value colon", "A colon must appear between an object property's name and its value."),
            };
            self.error(summary, detail, colon);
            return None;
        }
        Some(Member { name: text, name_range, value: self.parse_value() })
    }

    fn parse_array(&mut self) -> Option<NodeKind> {
        let open = self.scanner.read();
        let mut values = Vec::new();
        while self.scanner.peek().kind != TokenKind::CloseBracket {
            values.push(self.parse_value());
            let next = self.scanner.peek();
            let (summary, detail) = match next.kind {
                TokenKind::CloseBracket => continue,
                TokenKind::Comma => {
                    self.scanner.read();
                    if self.scanner.peek().kind == TokenKind::CloseBracket {
                        self.error(
                            "Trailing comma in array",
                            "JSON does not permit a trailing comma after the final value in an array.",
                            next,
                        );
                        return None;
                    }
                    continue;
                }
                TokenKind::End => {
                    self.error("Unclosed object", "No closing bracket was found for this JSON array.", open);
                    return None;
                }
                TokenKind::Colon => ("Invalid array value", "A colon is not used to introduce values in a JSON array."),
                TokenKind::CloseBrace => ("Mismatched brackets", "A JSON array must be closed with a bracket, not a brace."),
                _ => ("Missing attribute seperator comma", "A comma must appear between each value in an array."),
            };
            self.recover_array();
            let behind = self.scanner.peek();
            self.error(summary, detail, behind);
            return None;
        }
        self.scanner.read();
        values.shrink_to_fit();
        Some(NodeKind::Array(values))
    }

    fn parse_number(&mut self) -> Option<NodeKind> {
        let token = self.scanner.read();
        let text = token.of(self.text);
        let is_in_reach = || !text.contains(['e', 'E']) || Number::parse(text).is_some();
        if is_number(text) && is_in_reach() {
            return Some(NodeKind::Number(text.to_owned()));
        }
        self.error("Invalid JSON number", "There is a syntax error in the given JSON number.", token);
        None
    }

    fn parse_string(&mut self) -> Option<String> {
        let token = self.scanner.read();
        match unescape(token.of(self.text)) {
            Ok(text) => Some(text),
            Err(offset) => {
                let at = self.string_error(token, offset);
                self.error("Invalid JSON string", "There is a syntax error in the given JSON string.", at);
                None
            }
        }
    }

    /// Where a string breaks off after so many bytes of its token.
    ///
    /// HCL counts a column for each of these bytes, so that the place is farther to the right where characters have several.
    /// It also ends a column behind, in the same line, though a line end may stand there: an empty range is shown so.
    ///
    /// Source: hashicorp/hcl v2.23.0, `json/parser.go`, `parseString`.
    fn string_error(&self, token: Token, offset: usize) -> Token {
        let line = self.text.get(token.start..).unwrap_or_default();
        let line = line.split(['\n', '\r']).next().unwrap_or_default();
        let columns: usize = graphemes(line).take(offset).map(str::len).sum();
        let start = token.start + columns;
        let character = self.text.get(start..).and_then(|text| text.chars().next());
        let length = character.filter(|c| !c.is_control()).map_or(0, char::len_utf8);
        Token { kind: token.kind, start, end: start + length }
    }

    fn parse_keyword(&mut self) -> Option<NodeKind> {
        let token = self.scanner.read();
        let word = token.of(self.text);
        let detail = match word {
            "null" => return Some(NodeKind::Null),
            "true" => return Some(NodeKind::Bool(true)),
            "false" => return Some(NodeKind::Bool(false)),
            "undefined" | "NaN" | "Infinity" => format!("The JavaScript identifier \"{word}\" cannot be used in JSON."),
            _ => {
                let hint = did_you_mean(word, ["false", "true", "null"]).unwrap_or_default();
                format!("\"{word}\" is not a valid JSON keyword.{hint}")
            }
        };
        self.error("Invalid JSON keyword", detail, token);
        None
    }
}
