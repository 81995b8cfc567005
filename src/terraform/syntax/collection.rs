//! Parses tuples and objects that are written out.
//!
//! Source of the rules and of every message: hashicorp/hcl v2.23.0, `hclsyntax/parser.go`.

use super::literal::normalised;
use super::parser::Parser;
use super::token::{Token, TokenKind};
use super::{Expression, ExpressionKind, ObjectItem};

impl Parser<'_> {
    pub(super) fn parse_tuple(&mut self) -> Expression {
        let open = self.read();
        self.push_newlines(false);
        let expression = if self.is_keyword("for") {
            self.parse_for(open)
        } else {
            let mut items = Vec::new();
            let close = self.parse_tuple_items(&mut items, open);
            items.shrink_to_fit();
            Expression { kind: ExpressionKind::Tuple(items), range: self.range(open).to(self.range(close)) }
        };
        self.pop_newlines();
        expression
    }

    fn parse_tuple_items(&mut self, items: &mut Vec<Expression>, open: Token) -> Token {
        loop {
            if self.peek().kind == TokenKind::CloseBracket {
                return self.read();
            }
            let before = self.errors.len();
            items.push(self.parse_expression());
            if self.has_failed_since(before) {
                return self.recover(TokenKind::CloseBracket);
            }
            let next = self.peek();
            match next.kind {
                TokenKind::CloseBracket => return self.read(),
                TokenKind::Comma => {
                    self.read();
                }
                _ if self.recovery => return self.recover(TokenKind::CloseBracket),
                kind => {
                    if kind == TokenKind::End {
                        self.error(
                            "Unterminated tuple constructor expression",
                            "There is no corresponding closing bracket before the end of the file. This may be caused by \
                             incorrect bracket nesting elsewhere in this file.",
                            self.range(open),
                        );
                    } else {
                        self.error(
                            "Missing item separator",
                            "Expected a comma to mark the beginning of the next item.",
                            self.range(next),
                        );
                    }
                    return self.recover(TokenKind::CloseBracket);
                }
            }
        }
    }

    pub(super) fn parse_object(&mut self) -> Expression {
        let open = self.read();
        // Line ends separate items, but may stand before `for`.
        self.push_newlines(false);
        let is_for = self.is_keyword("for");
        self.pop_newlines();
        if is_for {
            return self.parse_for(open);
        }
        self.push_newlines(true);
        let mut items = Vec::new();
        let close = self.parse_object_items(&mut items, open);
        items.shrink_to_fit();
        self.pop_newlines();
        Expression { kind: ExpressionKind::Object(items), range: self.range(open).to(self.range(close)) }
    }

    fn parse_object_items(&mut self, items: &mut Vec<ObjectItem>, open: Token) -> Token {
        loop {
            match self.peek().kind {
                TokenKind::Newline => {
                    self.read();
                    continue;
                }
                TokenKind::CloseBrace => return self.read(),
                _ => {}
            }
            let before = self.errors.len();
            let (key, is_bare_key) = self.parse_object_key();
            if self.has_failed_since(before) {
                return self.recover(TokenKind::CloseBrace);
            }
            let next = self.peek();
            if !matches!(next.kind, TokenKind::Equal | TokenKind::Colon) {
                self.report_missing_value(next, open);
                return self.recover(TokenKind::CloseBrace);
            }
            self.read();
            let before = self.errors.len();
            let value = self.parse_expression();
            if self.has_failed_since(before) {
                return self.recover(TokenKind::CloseBrace);
            }
            items.push(ObjectItem { key, is_bare_key, value });
            let next = self.peek();
            match next.kind {
                TokenKind::CloseBrace => return self.read(),
                TokenKind::Comma | TokenKind::Newline => {
                    self.read();
                }
                _ if self.recovery => return self.recover(TokenKind::CloseBrace),
                kind => {
                    if kind == TokenKind::End {
                        self.error_unterminated_object(open);
                    } else {
                        self.error(
                            "Missing attribute separator",
                            "Expected a newline or comma to mark the beginning of the next attribute.",
                            self.range(next),
                        );
                    }
                    return self.recover(TokenKind::CloseBrace);
                }
            }
        }
    }

    /// A key; a bare name, `true` and its like included, is a string.
    fn parse_object_key(&mut self) -> (Expression, bool) {
        let mut key = self.parse_expression();
        let name = match &mut key.kind {
            ExpressionKind::Traversal(name, steps) if steps.is_empty() => std::mem::take(&mut name.text).into_string(),
            ExpressionKind::Bool(value) => value.to_string(),
            ExpressionKind::Null => "null".to_owned(),
            _ => return (key, false),
        };
        key.kind = ExpressionKind::String(normalised(name));
        (key, true)
    }

    fn report_missing_value(&mut self, next: Token, open: Token) {
        if self.recovery {
            return;
        }
        let (summary, detail) = match next.kind {
            TokenKind::Newline | TokenKind::Comma => {
                ("Missing attribute value", "Expected an attribute value, introduced by an equals sign (\"=\").")
            }
            TokenKind::Identifier => (
                "Missing key/value separator",
                "Expected an equals sign (\"=\") to mark the beginning of the attribute value. If you intended to given an \
                 attribute name containing periods or spaces, write the name in quotes to create a string literal.",
            ),
            TokenKind::End => return self.error_unterminated_object(open),
            _ => ("Missing key/value separator", "Expected an equals sign (\"=\") to mark the beginning of the attribute value."),
        };
        self.error(summary, detail, self.range(next));
    }

    fn error_unterminated_object(&mut self, open: Token) {
        self.error(
            "Unterminated object constructor expression",
            "There is no corresponding closing brace before the end of the file. This may be caused by incorrect brace \
             nesting elsewhere in this file.",
            self.range(open),
        );
    }
}
