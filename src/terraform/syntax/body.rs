//! Parses bodies: attributes and blocks.
//!
//! Source of the rules and of every message: hashicorp/hcl v2.23.0, `hclsyntax/parser.go`.

use std::collections::BTreeMap;
use std::sync::Arc;

use compact_str::CompactString;

use super::error::PLACE;
use super::parser::Parser;
use super::token::{Token, TokenKind};
use super::{Attribute, Block, Body, Name};
use crate::diagnostic::SourceRange;
use crate::terraform::go_quote::go_quoted;

/// How many expressions a block and its labels take as much memory as, until the root module is made of them.
const BLOCK_WEIGHT: u32 = 4;

impl<'a> Parser<'a> {
    /// A whole file.
    pub(super) fn parse_file(&mut self) -> Body {
        let start = self.next_range();
        self.parse_body(TokenKind::End, start)
    }

    fn parse_body(&mut self, end: TokenKind, start: SourceRange) -> Body {
        let mut attributes: Vec<Attribute> = Vec::new();
        let mut blocks = Vec::new();
        let mut defined: BTreeMap<&'a str, u32> = BTreeMap::new();
        let end_range;
        loop {
            let next = self.peek();
            if next.kind == end {
                let end_token = self.read();
                end_range = self.range(end_token);
                break;
            }
            match next.kind {
                TokenKind::Newline => {
                    self.read();
                }
                TokenKind::Identifier => match self.parse_body_item() {
                    Some(Item::Attribute(attribute)) => {
                        let name = next.of(self.text);
                        let index = u32::try_from(attributes.len()).unwrap_or(u32::MAX);
                        match defined.get(name).and_then(|first| attributes.get(*first as usize)) {
                            Some(first) => {
                                let first = first.name.range;
                                let detail = format!(
                                    "The argument {} was already set at {PLACE}. Each argument may be set only once.",
                                    go_quoted(name)
                                );
                                self.error_naming("Attribute redefined", detail, attribute.name.range, first);
                            }
                            None => {
                                defined.insert(name, index);
                                attributes.push(attribute);
                            }
                        }
                    }
                    Some(Item::Block(block)) => blocks.push(block),
                    None => {}
                },
                _ => {
                    let bad = self.read();
                    if !self.recovery {
                        self.report_bad_item(bad, end, start);
                    }
                    end_range = self.previous_range();
                    self.recover(end);
                    break;
                }
            }
        }
        attributes.shrink_to_fit();
        blocks.shrink_to_fit();
        Body { attributes, blocks, range: start.to(end_range) }
    }

    fn report_bad_item(&mut self, bad: Token, end: TokenKind, start: SourceRange) {
        let at = self.range(bad);
        match (bad.kind, end) {
            (TokenKind::OpenQuote, _) => {
                self.error("Invalid argument name", "Argument names must not be quoted.", at);
            }
            (TokenKind::End, _) => self.error_unclosed_block(start),
            _ => self.error("Argument or block definition required", "An argument or block definition is required here.", at),
        }
    }

    fn error_unclosed_block(&mut self, at: SourceRange) {
        self.error(
            "Unclosed configuration block",
            "There is no closing brace for this block before the end of the file. This may be caused by incorrect brace \
             nesting elsewhere in this file.",
            at,
        );
    }

    fn parse_body_item(&mut self) -> Option<Item> {
        let name = self.read();
        match self.peek().kind {
            TokenKind::Equal => Some(Item::Attribute(self.parse_attribute(name, false))),
            TokenKind::OpenQuote | TokenKind::OpenBrace | TokenKind::Identifier => Some(Item::Block(self.parse_block(name))),
            _ => {
                self.recover_behind_item();
                self.error_no_equals_sign(name);
                None
            }
        }
    }

    fn error_no_equals_sign(&mut self, name: Token) {
        self.error(
            "Argument or block definition required",
            "An argument or block definition is required here. To set an argument, use the equals sign \"=\" to introduce \
             the argument value.",
            self.range(name),
        );
    }

    /// The attribute whose name was read; the next token is its equals sign.
    fn parse_attribute(&mut self, name: Token, is_one_line_block: bool) -> Attribute {
        self.read();
        let before = self.errors.len();
        let value = self.parse_expression();
        let end_range = self.previous_range();
        if self.recovery && self.errors.len() > before {
            self.recover_behind_item();
        } else if !is_one_line_block {
            let end = self.peek();
            if matches!(end.kind, TokenKind::Newline | TokenKind::End) {
                self.read();
            } else {
                self.report_missing_newline(end);
                self.recover_behind_item();
            }
        }
        let name = self.name(name);
        let range = name.range.to(end_range);
        Attribute { name, value: Arc::new(value), range }
    }

    fn report_missing_newline(&mut self, end: Token) {
        if self.recovery {
            return;
        }
        let at = self.range(end);
        if end.kind == TokenKind::Comma {
            self.error(
                "Unexpected comma after argument",
                "Argument definitions must be separated by newlines, not commas. An argument definition must end with a \
                 newline.",
                at,
            );
        } else {
            self.error("Missing newline after argument", "An argument definition must end with a newline.", at);
        }
    }

    /// The block whose type was read.
    fn parse_block(&mut self, block_type: Token) -> Block {
        let block_type = self.name(block_type);
        let mut header = block_type.range;
        let mut labels = Vec::new();
        let brace = loop {
            let token = self.peek();
            match token.kind {
                TokenKind::OpenBrace => break self.read(),
                TokenKind::OpenQuote => labels.push(self.parse_label()),
                TokenKind::Identifier => {
                    let token = self.read();
                    labels.push(self.name(token));
                }
                _ => {
                    self.report_bad_header(token);
                    self.recover_behind_item();
                    let body = Body { attributes: Vec::new(), blocks: Vec::new(), range: block_type.range };
                    return Block { block_type, labels, body, header };
                }
            }
            header = header.to(self.previous_range());
        };
        labels.shrink_to_fit();
        let body = self.parse_block_body(brace);
        let end = self.peek();
        if matches!(end.kind, TokenKind::Newline | TokenKind::End) {
            self.read();
        } else {
            if !self.recovery {
                let at = self.range(end);
                self.error("Missing newline after block definition", "A block definition must end with a newline.", at);
            }
            self.recover_behind_item();
        }
        Block { block_type, labels, body, header }
    }

    fn report_bad_header(&mut self, token: Token) {
        let detail = match token.kind {
            TokenKind::Equal => {
                "The equals sign \"=\" indicates an argument definition, and must not be used when defining a block."
            }
            TokenKind::Newline => {
                "A block definition must have block content delimited by \"{\" and \"}\", starting on the same line as the \
                 block header."
            }
            _ if self.recovery => return,
            _ => "Either a quoted string block label or an opening brace (\"{\") is expected here.",
        };
        self.error("Invalid block definition", detail, self.range(token));
    }

    /// What stands behind a block's opening brace, the closing one included.
    fn parse_block_body(&mut self, brace: Token) -> Body {
        let start = self.range(brace);
        self.count(BLOCK_WEIGHT);
        if !self.descend() {
            return Body { attributes: Vec::new(), blocks: Vec::new(), range: start };
        }
        let body = match self.peek().kind {
            TokenKind::Newline | TokenKind::End | TokenKind::CloseBrace => self.parse_body(TokenKind::CloseBrace, start),
            _ => self.parse_one_line_body(start),
        };
        self.ascend();
        body
    }

    /// `{ name = value }` on one line.
    fn parse_one_line_body(&mut self, start: SourceRange) -> Body {
        let attribute = self.parse_one_line_attribute();
        let end = self.peek();
        match end.kind {
            TokenKind::CloseBrace => {
                self.read();
            }
            kind => {
                let at = self.range(end);
                let summary = "Invalid single-argument block definition";
                match kind {
                    TokenKind::Comma => self.error(
                        summary,
                        "Single-line block syntax can include only one argument definition. To define multiple arguments, \
                         use the multi-line block syntax with one argument definition per line.",
                        at,
                    ),
                    TokenKind::Newline => self.error(
                        summary,
                        "An argument definition on the same line as its containing block creates a single-line block \
                         definition, which must also be closed on the same line. Place the block's closing brace \
                         immediately after the argument definition.",
                        at,
                    ),
                    _ if self.recovery => {}
                    TokenKind::End => self.error_unclosed_block(start),
                    _ => self.error(
                        summary,
                        "A single-line block definition must end with a closing brace immediately after its single \
                         argument definition.",
                        at,
                    ),
                }
                self.recover(TokenKind::CloseBrace);
            }
        }
        Body { attributes: attribute.into_iter().collect(), blocks: Vec::new(), range: start.to(self.previous_range()) }
    }

    fn parse_one_line_attribute(&mut self) -> Option<Attribute> {
        let name = self.read();
        let at = self.range(name);
        if name.kind != TokenKind::Identifier {
            self.recover_behind_item();
            self.error("Argument or block definition required", "An argument or block definition is required here.", at);
            return None;
        }
        let next = self.peek();
        match next.kind {
            TokenKind::Equal => Some(self.parse_attribute(name, true)),
            TokenKind::OpenQuote | TokenKind::OpenBrace | TokenKind::Identifier => {
                self.recover_behind_item();
                let detail = format!(
                    "A single-line block definition can contain only a single argument. If you meant to define argument {}, \
                     use an equals sign to assign it a value. To define a nested block, place it on a line of its own within \
                     its parent block.",
                    go_quoted(name.of(self.text))
                );
                self.error("Argument definition required", detail, at.to(self.range(next)));
                None
            }
            _ => {
                self.recover_behind_item();
                self.error_no_equals_sign(name);
                None
            }
        }
    }

    /// A quoted label.
    fn parse_label(&mut self) -> Name {
        let open = self.read();
        let start = self.range(open);
        let mut text = CompactString::default();
        loop {
            let token = self.read();
            let at = self.range(token);
            match token.kind {
                TokenKind::CloseQuote => return Name { text, range: start.to(at) },
                TokenKind::QuotedText => text.push_str(&self.unescape(token)),
                TokenKind::Interpolation | TokenKind::Directive => {
                    let sign = if token.kind == TokenKind::Directive { "%" } else { "$" };
                    let detail = format!(
                        "Template sequences are not allowed in this string. To include a literal \"{sign}\", double it (as \
                         \"{sign}{sign}\") to escape it."
                    );
                    self.error("Invalid string literal", detail, at);
                    text.push_str(sign);
                    text.push_str("{ ... }");
                    self.recover(TokenKind::SequenceEnd);
                }
                TokenKind::End => {
                    self.error(
                        "Unterminated string literal",
                        "Unable to find the closing quote mark before the end of the file.",
                        at,
                    );
                    return Name { text, range: start.to(at) };
                }
                _ => {
                    self.error("Invalid string literal", "This item is not valid in a string literal.", at);
                    self.recover(TokenKind::CloseQuote);
                    return Name { text, range: start.to(at) };
                }
            }
        }
    }
}

enum Item {
    Attribute(Attribute),
    Block(Block),
}
