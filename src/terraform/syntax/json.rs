//! JSON syntax: `.tf.json` and `.tfvars.json`, as a tree of nodes with byte ranges.
//!
//! The same text means different things by place: in a variable definitions file a string is just a string, in `.tf.json`
//! it is a template. So a node is turned into an expression only where it is known which.
//!
//! Source of the rules and of every message: hashicorp/hcl v2.23.0, `json/parser.go`, `json/scanner.go`, `json/structure.go`.

use std::collections::HashMap;

use super::literal::{go_quoted, normalised};
use super::{DEPTH_LIMIT, Expression, ExpressionKind, ObjectItem, PLACE, SyntaxError, parse_template};
use crate::diagnostic::{FileId, SourceRange};
use crate::terraform::suggestion::did_you_mean;

/// A JSON value and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Its bytes.
    pub range: SourceRange,
}

/// The forms of a JSON value.
#[derive(Debug, Clone, PartialEq)]
pub enum NodeKind {
    /// `null`
    Null,
    /// A truth value.
    Bool(bool),
    /// A number as written, sign included.
    Number(String),
    /// A string, escapes resolved.
    String(String),
    /// An array.
    Array(Vec<Node>),
    /// An object; members in the order of the text, duplicates included.
    Object(Vec<Member>),
    /// Stands where no value could be parsed; the error has been reported.
    Malformed,
}

/// A member of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// The name, escapes resolved.
    pub name: String,
    /// Where the name stands, quotes included.
    pub name_range: SourceRange,
    /// The value.
    pub value: Node,
}

/// What the strings of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strings {
    /// Just strings, as in a variable definitions file.
    Literal,
    /// Templates, as in `.tf.json`.
    Template,
}

/// Parses a file, whose root has to be an object or an array.
#[must_use]
pub fn parse(text: &str, file: FileId) -> (Node, Vec<SyntaxError>) {
    let mut parser = Parser { text, file, at: 0, is_stopped: false, depth: 0, errors: Vec::new() };
    let node = parser.parse_value();
    if parser.errors.is_empty() {
        let next = parser.peek();
        if next.kind != TokenKind::End {
            parser.error("Extraneous data after value", "Extra characters appear after the JSON value.", next);
        }
    }
    if !matches!(node.kind, NodeKind::Object(_) | NodeKind::Array(_)) {
        parser.errors.push(error_at(
            "Root value must be object",
            "The root value in a JSON-based configuration must be either a JSON object or a JSON array of objects.",
            node.start_range(),
        ));
    }
    (node, parser.errors)
}

/// The members of a node that is a body of nothing but arguments, such as a variable definitions file; `//` is a comment.
#[must_use]
pub fn arguments(body: &Node) -> (Vec<&Member>, Vec<SyntaxError>) {
    let NodeKind::Object(members) = &body.kind else {
        // A root that could not be parsed has its error already.
        let errors = match body.kind {
            NodeKind::Array(_) => vec![error_at(
                "Incorrect JSON value type",
                "A JSON object is required here, setting the arguments for this block.",
                body.start_range(),
            )],
            _ => Vec::new(),
        };
        return (Vec::new(), errors);
    };
    let mut seen: HashMap<&str, &Member> = HashMap::new();
    let mut errors = Vec::new();
    let mut arguments = Vec::new();
    for member in members.iter().filter(|member| member.name != "//") {
        if let Some(first) = seen.get(member.name.as_str()) {
            errors.push(SyntaxError {
                summary: "Duplicate attribute definition".to_owned(),
                detail: format!("The argument {} was already set at {PLACE}.", go_quoted(&member.name)),
                range: member.name_range,
                place: Some(first.name_range.to(first.value.range)),
            });
            continue;
        }
        seen.insert(&member.name, member);
        arguments.push(member);
    }
    (arguments, errors)
}

impl Node {
    /// The range of the opening bracket, or of the whole value where it has none.
    #[must_use]
    pub fn start_range(&self) -> SourceRange {
        match self.kind {
            NodeKind::Array(_) | NodeKind::Object(_) => SourceRange { end: self.range.start + 1, ..self.range },
            NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::String(_) | NodeKind::Malformed => self.range,
        }
    }

    /// The value as an expression; the errors are those that HCL reports when it evaluates the value.
    #[must_use]
    pub fn expression(&self, strings: Strings) -> (Expression, Vec<SyntaxError>) {
        let mut errors = Vec::new();
        (self.convert(strings, &mut errors), errors)
    }

    fn convert(&self, strings: Strings, errors: &mut Vec<SyntaxError>) -> Expression {
        let kind = match &self.kind {
            NodeKind::Null => ExpressionKind::Null,
            NodeKind::Bool(value) => ExpressionKind::Bool(*value),
            NodeKind::Number(text) => ExpressionKind::Number(text.clone()),
            NodeKind::String(text) => string_expression(text, self.range, strings, errors),
            NodeKind::Array(values) => ExpressionKind::Tuple(values.iter().map(|value| value.convert(strings, errors)).collect()),
            NodeKind::Object(members) => ExpressionKind::Object(convert_members(members, strings, errors)),
            NodeKind::Malformed => ExpressionKind::Malformed,
        };
        Expression { kind, range: self.range }
    }
}

fn string_expression(text: &str, range: SourceRange, strings: Strings, errors: &mut Vec<SyntaxError>) -> ExpressionKind {
    let is_template = strings == Strings::Template && (text.contains("${") || text.contains("%{"));
    if !is_template {
        return ExpressionKind::String(normalised(text.to_owned()));
    }
    // Escapes before a place in the text move it, in Terraform's messages too.
    let (template, found) = parse_template(text, SourceRange { start: range.start + 1, ..range });
    errors.extend(found);
    template.map_or(ExpressionKind::Malformed, |template| template.kind)
}

fn convert_members(members: &[Member], strings: Strings, errors: &mut Vec<SyntaxError>) -> Vec<ObjectItem> {
    let mut seen: HashMap<String, SourceRange> = HashMap::new();
    let mut items = Vec::with_capacity(members.len());
    for member in members {
        let kind = string_expression(&member.name, member.name_range, strings, errors);
        if let ExpressionKind::String(name) = &kind {
            if let Some(first) = seen.get(name) {
                errors.push(SyntaxError {
                    summary: "Duplicate object attribute".to_owned(),
                    detail: format!("An attribute named {} was already defined at {PLACE}.", go_quoted(name)),
                    range: member.name_range,
                    place: Some(*first),
                });
                continue;
            }
            seen.insert(name.clone(), member.name_range);
        }
        let key = Expression { kind, range: member.name_range };
        items.push(ObjectItem { key, is_bare_key: false, value: member.value.convert(strings, errors) });
    }
    items
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TokenKind {
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
struct Token {
    kind: TokenKind,
    start: usize,
    end: usize,
}

struct Parser<'a> {
    text: &'a str,
    file: FileId,
    at: usize,
    /// Nothing is read behind a character that is no JSON.
    is_stopped: bool,
    depth: u32,
    errors: Vec<SyntaxError>,
}

impl Parser<'_> {
    fn peek(&self) -> Token {
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

    fn read(&mut self) -> Token {
        let token = self.peek();
        self.at = token.end;
        self.is_stopped |= token.kind == TokenKind::Invalid;
        token
    }

    fn range(&self, token: Token) -> SourceRange {
        // A file of 4 GiB and more is refused before it comes here.
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        SourceRange { file: self.file, start: offset(token.start), end: offset(token.end) }
    }

    fn error(&mut self, summary: &str, detail: impl Into<String>, at: Token) {
        let range = self.range(at);
        self.errors.push(error_at(summary, detail, range));
    }

    fn parse_value(&mut self) -> Node {
        let token = self.peek();
        let kind = match token.kind {
            TokenKind::OpenBrace | TokenKind::OpenBracket if self.depth >= DEPTH_LIMIT => {
                self.error("Nesting too deep", format!("tfhelper reads at most {DEPTH_LIMIT} levels of nested values."), token);
                self.is_stopped = true;
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
            Some(kind) => Node { kind, range: self.range(Token { end: self.at, ..token }) },
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
            token = self.read();
        }
    }

    fn recover_object(&mut self, token: Token) {
        self.recover(token, TokenKind::OpenBrace, TokenKind::CloseBrace);
    }

    fn recover_array(&mut self) {
        let token = self.read();
        self.recover(token, TokenKind::OpenBracket, TokenKind::CloseBracket);
    }

    fn parse_object(&mut self) -> Option<NodeKind> {
        let open = self.read();
        let mut members = Vec::new();
        while self.peek().kind != TokenKind::CloseBrace {
            members.push(self.parse_member()?);
            let next = self.peek();
            match next.kind {
                TokenKind::CloseBrace => {}
                TokenKind::Comma => {
                    self.read();
                    if self.peek().kind == TokenKind::CloseBrace {
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
                    self.read();
                    let behind = self.peek();
                    self.error("Mismatched braces", "A JSON object must be closed with a brace, not a bracket.", behind);
                    return None;
                }
                _ => {
                    let token = self.read();
                    self.recover_object(token);
                    let behind = self.peek();
                    self.error(
                        "Missing attribute seperator comma",
                        "A comma must appear between each property definition in an object.",
                        behind,
                    );
                    return None;
                }
            }
        }
        self.read();
        members.shrink_to_fit();
        Some(NodeKind::Object(members))
    }

    fn parse_member(&mut self) -> Option<Member> {
        let name = self.parse_value();
        let name_range = name.range;
        let NodeKind::String(text) = name.kind else {
            self.errors.push(error_at(
                "Invalid object property name",
                "A JSON object property name must be a string",
                name.start_range(),
            ));
            return None;
        };
        let colon = self.read();
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
        let open = self.read();
        let mut values = Vec::new();
        while self.peek().kind != TokenKind::CloseBracket {
            values.push(self.parse_value());
            let next = self.peek();
            let (summary, detail) = match next.kind {
                TokenKind::CloseBracket => continue,
                TokenKind::Comma => {
                    self.read();
                    if self.peek().kind == TokenKind::CloseBracket {
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
            let behind = self.peek();
            self.error(summary, detail, behind);
            return None;
        }
        self.read();
        values.shrink_to_fit();
        Some(NodeKind::Array(values))
    }

    fn parse_number(&mut self) -> Option<NodeKind> {
        let token = self.read();
        let text = &self.text[token.start..token.end];
        if is_number(text) {
            return Some(NodeKind::Number(text.to_owned()));
        }
        self.error("Invalid JSON number", "There is a syntax error in the given JSON number.", token);
        None
    }

    fn parse_string(&mut self) -> Option<String> {
        let token = self.read();
        match unescape(&self.text[token.start..token.end]) {
            Ok(text) => Some(text),
            Err(offset) => {
                let start = token.start + offset;
                let at = Token { kind: token.kind, start, end: start + 1 };
                self.error("Invalid JSON string", "There is a syntax error in the given JSON string.", at);
                None
            }
        }
    }

    fn parse_keyword(&mut self) -> Option<NodeKind> {
        let token = self.read();
        let word = &self.text[token.start..token.end];
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

fn error_at(summary: &str, detail: impl Into<String>, range: SourceRange) -> SyntaxError {
    SyntaxError { summary: summary.to_owned(), detail: detail.into(), range, place: None }
}

/// Bytes from the opening quote to the closing one, or to a control character or the end.
fn string_length(bytes: &[u8]) -> usize {
    let mut is_escaped = false;
    for (at, byte) in bytes.iter().enumerate().skip(1) {
        match byte {
            b'\\' => is_escaped = !is_escaped,
            b'"' if !is_escaped => return at + 1,
            0..=0x1f => return at,
            _ => is_escaped = false,
        }
    }
    bytes.len()
}

/// Whether the text is a number by RFC 8259, section 6.
fn is_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (text, None),
    };
    let (integer, fraction) = match mantissa.split_once('.') {
        Some((integer, fraction)) => (integer, Some(fraction)),
        None => (mantissa, None),
    };
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    are_digits(integer)
        && (integer == "0" || !integer.starts_with('0'))
        && fraction.is_none_or(are_digits)
        && exponent.is_none_or(are_digits)
}

/// The text of a string token, or how many bytes of it Go's decoder has read when it finds that it is none.
fn unescape(token: &str) -> Result<String, usize> {
    let mut text = String::with_capacity(token.len());
    let mut chars = token.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Ok(text),
            '\\' => {
                let (at, selector) = chars.next().ok_or(token.len())?;
                let resolved = match selector {
                    '"' | '\\' | '/' => selector,
                    'b' => '\u{8}',
                    'f' => '\u{c}',
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'u' => {
                        let code = hex(token, at + 1)?;
                        chars.nth(3);
                        let low = (0xd800..0xdc00).contains(&code).then(|| low_surrogate(token, at + 5)).flatten();
                        if let Some(low) = low {
                            chars.nth(5);
                            text.extend(char::from_u32(0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00)));
                            continue;
                        }
                        // Half a surrogate pair stands for nothing; Go's decoder puts this in its place.
                        char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
                    }
                    _ => return Err(at + 1),
                };
                text.push(resolved);
            }
            c if c < ' ' => return Err(at + 1),
            c => text.push(c),
        }
    }
    Err(token.len())
}

/// Four hexadecimal digits from an offset on.
fn hex(token: &str, start: usize) -> Result<u32, usize> {
    let mut code = 0;
    for at in start..start + 4 {
        let byte = *token.as_bytes().get(at).ok_or(token.len())?;
        code = code * 16 + char::from(byte).to_digit(16).ok_or(at + 1)?;
    }
    Ok(code)
}

/// The second half of a surrogate pair, where it is escaped at this offset.
fn low_surrogate(token: &str, at: usize) -> Option<u32> {
    token.get(at..at + 2).filter(|escape| *escape == "\\u")?;
    hex(token, at + 2).ok().filter(|low| (0xdc00..0xe000).contains(low))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Sources;

    fn file() -> FileId {
        Sources::default().add("a.tfvars.json", "")
    }

    #[track_caller]
    fn check_errors(text: &str, expected: &[(&str, u32)]) {
        let (node, mut errors) = parse(text, file());
        errors.extend(arguments(&node).1);
        let found: Vec<_> = errors.iter().map(|error| (error.summary.as_str(), error.range.start)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn accepts_every_kind_of_value() {
        check_errors(r#"{"a": [1, -2.5e+3, null, true, "x\u00e9\ud83d\ude00"], "//": 1, "//": 2}"#, &[]);
    }

    #[test]
    fn rejects_a_comma_behind_the_last_member() {
        check_errors("{\"a\": 1,}", &[("Trailing comma in object", 7), ("Root value must be object", 0)]);
    }

    #[test]
    fn rejects_a_number_with_a_leading_zero() {
        check_errors("{\"a\": 01}", &[("Invalid JSON number", 6)]);
    }

    #[test]
    fn points_behind_a_wrong_escape() {
        check_errors(r#"{"x": "\q"}"#, &[("Invalid JSON string", 9)]);
    }

    #[test]
    fn rejects_an_argument_set_twice() {
        check_errors("{\"a\": 1, \"a\": 2}", &[("Duplicate attribute definition", 9)]);
    }

    #[test]
    fn rejects_an_empty_file() {
        check_errors("", &[("Missing value", 0), ("Root value must be object", 0)]);
    }

    #[test]
    fn rejects_single_quotes() {
        check_errors(
            "{'x': 1}",
            &[("Invalid start of value", 1), ("Invalid object property name", 1), ("Root value must be object", 0)],
        );
    }

    #[test]
    fn a_nested_duplicate_is_an_error_of_the_value() {
        let (node, errors) = parse(r#"{"a": {"b": 1, "b": 2}}"#, file());
        assert!(errors.is_empty());
        let (_, errors) = arguments(&node).0[0].value.expression(Strings::Literal);
        assert_eq!(errors[0].summary, "Duplicate object attribute");
    }

    #[test]
    fn a_string_is_a_template_in_configuration_alone() {
        let (node, _) = parse(r#"{"a": "${var.b}"}"#, file());
        let value = &arguments(&node).0[0].value;
        assert_eq!(value.expression(Strings::Literal).0.kind, ExpressionKind::String("${var.b}".into()));
        assert!(matches!(value.expression(Strings::Template).0.kind, ExpressionKind::TemplateWrap(_)));
    }

    #[test]
    fn half_a_surrogate_pair_becomes_the_replacement_character() {
        assert_eq!(unescape(r#""\ud83dx""#), Ok("\u{fffd}x".to_owned()));
    }
}
