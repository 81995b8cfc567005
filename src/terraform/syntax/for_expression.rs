//! Parses `for` expressions.
//!
//! Source of the rules and of every message: hashicorp/hcl v2.23.0, `hclsyntax/parser.go`.

use super::parser::{Parser, malformed};
use super::token::{Token, TokenKind};
use super::{Expression, ExpressionKind, ForExpression};
use crate::diagnostic::SourceRange;

impl Parser<'_> {
    /// The `for` expression whose opening bracket was read.
    pub(super) fn parse_for(&mut self, open: Token) -> Expression {
        self.push_newlines(false);
        let close_kind = if open.kind == TokenKind::OpenBrace { TokenKind::CloseBrace } else { TokenKind::CloseBracket };
        let (kind, close) = match self.parse_for_inside(open, close_kind) {
            Some((for_expression, close)) => (ExpressionKind::For(Box::new(for_expression)), close),
            None => (ExpressionKind::Malformed, self.recover(close_kind)),
        };
        self.pop_newlines();
        Expression { kind, range: self.range(open).to(self.range(close)) }
    }

    fn error_for(&mut self, detail: &str, range: SourceRange) {
        self.error("Invalid 'for' expression", detail, range);
    }

    /// Reports what is missing from a `for` expression at the next token, unless in recovery.
    fn report_for(&mut self, detail: &str) {
        if !self.recovery {
            let at = self.next_range();
            self.error_for(detail, at);
        }
    }

    /// From `for` to the closing bracket; nothing where the reader has to look for the bracket first.
    fn parse_for_inside(&mut self, open: Token, close_kind: TokenKind) -> Option<(ForExpression, Token)> {
        self.read();
        if self.peek().kind != TokenKind::Identifier {
            self.report_for("For expression requires variable name after 'for'.");
            return None;
        }
        let first = self.read();
        let mut key_name = None;
        let mut value_name = self.name(first);
        if self.peek().kind == TokenKind::Comma {
            self.read();
            if self.peek().kind != TokenKind::Identifier {
                self.report_for("For expression requires value variable name after comma.");
                return None;
            }
            let second = self.read();
            key_name = Some(std::mem::replace(&mut value_name, self.name(second)));
        }
        if !self.is_keyword("in") {
            self.report_for("For expression requires the 'in' keyword after its name declarations.");
            return None;
        }
        self.read();
        let before = self.errors.len();
        let collection = self.parse_expression();
        if self.has_failed_since(before) {
            return None;
        }
        if self.peek().kind != TokenKind::Colon {
            self.report_for("For expression requires a colon after the collection expression.");
            return None;
        }
        self.read();
        let before = self.errors.len();
        let mut key = None;
        let mut value = self.parse_expression();
        if self.peek().kind == TokenKind::FatArrow {
            self.read();
            key = Some(std::mem::replace(&mut value, malformed(self.range(open))));
            value = self.parse_expression();
        }
        if self.has_failed_since(before) {
            return None;
        }
        let ellipsis = (self.peek().kind == TokenKind::Ellipsis).then(|| self.read());
        let mut condition = None;
        if self.is_keyword("if") {
            self.read();
            let before = self.errors.len();
            condition = Some(self.parse_expression());
            if self.has_failed_since(before) {
                return None;
            }
        }
        let close = if self.peek().kind == close_kind {
            self.read()
        } else {
            self.report_for("Extra characters after the end of the 'for' expression.");
            self.recover(close_kind)
        };
        self.check_for_form(open, key.as_ref(), &value, ellipsis);
        let for_expression =
            ForExpression { key_name, value_name, collection, key, value, condition, is_grouped: ellipsis.is_some() };
        Some((for_expression, close))
    }

    fn check_for_form(&mut self, open: Token, key: Option<&Expression>, value: &Expression, ellipsis: Option<Token>) {
        if open.kind == TokenKind::OpenBrace {
            if key.is_none() {
                self.error_for("Key expression is required when building an object.", value.range);
            }
            return;
        }
        if let Some(key) = key {
            self.error_for("Key expression is not valid when building a tuple.", key.range);
        }
        if let Some(ellipsis) = ellipsis {
            self.error_for("Grouping ellipsis (...) cannot be used when building a tuple.", self.range(ellipsis));
        }
    }
}
