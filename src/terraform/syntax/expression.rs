//! Parses expressions: operators, terms and calls.
//!
//! Source of the rules and of every message: hashicorp/hcl v2.23.0, `hclsyntax/parser.go`.

use super::parser::{Parser, malformed};
use super::token::{Token, TokenKind};
use super::{BinaryOperator, Call, Conditional, Expression, ExpressionKind, Name, UnaryOperator};
use crate::diagnostic::SourceRange;
use crate::terraform::number::Number;

impl Parser<'_> {
    pub(super) fn parse_expression(&mut self) -> Expression {
        if !self.descend() {
            return malformed(self.next_range());
        }
        // The height counts what is below this expression alone, and then joins that of its siblings.
        let beside = std::mem::take(&mut self.height);
        let expression = self.parse_conditional();
        self.height = beside.max(self.height + 1);
        self.ascend();
        expression
    }

    pub(super) fn has_failed_since(&self, errors: usize) -> bool {
        self.recovery && self.errors.len() > errors
    }

    fn parse_conditional(&mut self) -> Expression {
        let before = self.errors.len();
        let condition = self.parse_binary(0);
        if self.has_failed_since(before) || self.peek().kind != TokenKind::Question {
            return condition;
        }
        self.read();
        let then = self.parse_expression();
        if self.has_failed_since(before) {
            return condition;
        }
        let colon = self.peek();
        if colon.kind != TokenKind::Colon {
            self.error(
                "Missing false expression in conditional",
                "The conditional operator (...?...:...) requires a false expression, delimited by a colon.",
                self.range(colon),
            );
            return condition;
        }
        self.read();
        let otherwise = self.parse_expression();
        if self.has_failed_since(before) {
            return condition;
        }
        let range = condition.range.to(otherwise.range);
        Expression { kind: ExpressionKind::Conditional(Box::new(Conditional { condition, then, otherwise })), range }
    }

    /// Operands joined by operators of this level and the tighter ones, all of which associate to the left.
    fn parse_binary(&mut self, level: u8) -> Expression {
        let before = self.errors.len();
        let mut left = self.parse_operand();
        while !self.has_failed_since(before) {
            let Some((operator, its_level)) = binary_operator(self.peek().kind) else { break };
            if its_level < level {
                break;
            }
            self.read();
            let left_height = std::mem::take(&mut self.height);
            let right = self.parse_binary(its_level + 1);
            self.height = left_height.max(self.height);
            self.grow();
            if self.has_failed_since(before) {
                break;
            }
            let range = left.range.to(right.range);
            left = Expression { kind: ExpressionKind::Binary(Box::new(left), operator, Box::new(right)), range };
        }
        left
    }

    /// A term and the steps behind it.
    fn parse_operand(&mut self) -> Expression {
        let term = self.parse_term();
        self.parse_traversal(term)
    }

    /// Reads a token; where it is not this one, reports that and skips to it.
    pub(super) fn read_or_recover(&mut self, kind: TokenKind, summary: &str, detail: &str) -> Token {
        let token = self.read();
        if token.kind == kind || self.recovery {
            return token;
        }
        let recovered = self.recover(kind);
        // HCL points at the token that it went on from, by way of a variable that it uses twice.
        self.error(summary, detail, self.range(recovered));
        recovered
    }

    fn parse_term(&mut self) -> Expression {
        let start = self.peek();
        let range = self.range(start);
        match start.kind {
            TokenKind::OpenParenthesis => self.parse_parentheses(),
            TokenKind::Number => {
                self.read();
                self.check_number(start);
                Expression { kind: ExpressionKind::Number(start.of(self.text).to_owned()), range }
            }
            TokenKind::Identifier => self.parse_name_or_call(),
            TokenKind::OpenQuote | TokenKind::OpenHeredoc => self.parse_quoted_template(),
            TokenKind::Minus => self.parse_unary(UnaryOperator::Negate),
            TokenKind::Bang => self.parse_unary(UnaryOperator::Not),
            TokenKind::OpenBracket => self.parse_tuple(),
            TokenKind::OpenBrace => self.parse_object(),
            kind => {
                if !self.recovery {
                    if kind == TokenKind::End {
                        self.error(
                            "Missing expression",
                            "Expected the start of an expression, but found the end of the file.",
                            range,
                        );
                    } else {
                        self.error(
                            "Invalid expression",
                            "Expected the start of an expression, but found an invalid expression token.",
                            range,
                        );
                    }
                }
                self.recovery = true;
                malformed(range)
            }
        }
    }

    fn parse_parentheses(&mut self) -> Expression {
        let open = self.read();
        self.push_newlines(false);
        let before = self.errors.len();
        let inner = self.parse_expression();
        if self.errors.len() > before {
            self.recover(TokenKind::CloseParenthesis);
            self.pop_newlines();
            return inner;
        }
        let close = self.peek();
        if close.kind != TokenKind::CloseParenthesis {
            self.error(
                "Unbalanced parentheses",
                "Expected a closing parenthesis to terminate the expression.",
                self.range(close),
            );
            self.recovery = true;
        }
        let close = self.read();
        self.pop_newlines();
        let range = self.range(open).to(self.range(close));
        Expression { kind: ExpressionKind::Parentheses(Box::new(inner)), range }
    }

    fn parse_unary(&mut self, operator: UnaryOperator) -> Expression {
        let symbol = self.read();
        let symbol = self.range(symbol);
        if !self.descend() {
            return malformed(symbol);
        }
        let operand = self.parse_operand();
        self.ascend();
        self.grow();
        let range = symbol.to(operand.range);
        Expression { kind: ExpressionKind::Unary(operator, Box::new(operand)), range }
    }

    /// Reports a number that is none, such as `1.2.3`: the lexer takes anything that looks like one. An exponent can be out of reach.
    pub(super) fn check_number(&mut self, number: Token) {
        let text = number.of(self.text);
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, Some(exponent)),
            None => (text, None),
        };
        let is_valid = mantissa.bytes().filter(|b| *b == b'.').count() <= 1
            && exponent.is_none_or(|e| e.trim_start_matches(['+', '-']).bytes().all(|b| b.is_ascii_digit()))
            && (exponent.is_none() || Number::parse(text).is_some());
        if !is_valid {
            self.error("Invalid number literal", "Failed to recognize the value of this number literal.", self.range(number));
        }
    }

    fn parse_name_or_call(&mut self) -> Expression {
        let name = self.read();
        if matches!(self.peek().kind, TokenKind::OpenParenthesis | TokenKind::DoubleColon) {
            return self.parse_call(name);
        }
        let range = self.range(name);
        let kind = match name.of(self.text) {
            "true" => ExpressionKind::Bool(true),
            "false" => ExpressionKind::Bool(false),
            "null" => ExpressionKind::Null,
            _ => ExpressionKind::Traversal(Box::new(self.name(name)), Vec::new()),
        };
        Expression { kind, range }
    }

    /// The call of the function whose name, or first part of it, was read.
    fn parse_call(&mut self, first: Token) -> Expression {
        let mut name = self.name(first);
        let mut open = self.read();
        while open.kind == TokenKind::DoubleColon {
            let part = self.read();
            let at = self.range(part);
            if part.kind != TokenKind::Identifier {
                self.error(
                    "Missing function name",
                    "Function scope resolution symbol :: must be followed by a function name in this scope.",
                    at,
                );
                self.recover_over(TokenKind::OpenParenthesis, TokenKind::CloseParenthesis);
                return malformed(name.range.to(at));
            }
            name.text.push_str("::");
            name.text.push_str(part.of(self.text));
            name.range = name.range.to(at);
            open = self.read();
        }
        let open_range = self.range(open);
        if open.kind != TokenKind::OpenParenthesis {
            self.error(
                "Missing open parenthesis",
                "Function selector must be followed by an open parenthesis to begin the function call.",
                open_range,
            );
            self.recover_over(TokenKind::OpenParenthesis, TokenKind::CloseParenthesis);
            return malformed(name.range.to(open_range));
        }
        self.push_newlines(false);
        let mut arguments = Vec::new();
        let (close, expands_last) = self.parse_arguments(&mut arguments, &name, open_range);
        self.pop_newlines();
        arguments.shrink_to_fit();
        let parentheses = open_range.to(self.range(close));
        let range = name.range.to(parentheses);
        Expression { kind: ExpressionKind::Call(Box::new(Call { name, arguments, expands_last, parentheses })), range }
    }

    /// The arguments up to the closing parenthesis, which is returned, and whether the last is expanded.
    fn parse_arguments(&mut self, arguments: &mut Vec<Expression>, name: &Name, open: SourceRange) -> (Token, bool) {
        while self.peek().kind != TokenKind::CloseParenthesis {
            let before = self.errors.len();
            arguments.push(self.parse_expression());
            if self.has_failed_since(before) {
                return (self.recover(TokenKind::CloseParenthesis), false);
            }
            let separator = self.read();
            let at = self.range(separator);
            match separator.kind {
                TokenKind::CloseParenthesis => return (separator, false),
                TokenKind::Comma => {}
                TokenKind::Ellipsis => {
                    if self.peek().kind == TokenKind::CloseParenthesis {
                        return (self.read(), true);
                    }
                    if !self.recovery {
                        self.error(
                            "Missing closing parenthesis",
                            "An expanded function argument (with ...) must be immediately followed by closing parentheses.",
                            at,
                        );
                    }
                    return (self.recover(TokenKind::CloseParenthesis), true);
                }
                kind => {
                    if kind == TokenKind::End {
                        self.error(
                            "Unterminated function call",
                            "There is no closing parenthesis for this function call before the end of the file. This may be \
                             caused by incorrect parenthesis nesting elsewhere in this file.",
                            name.range.to(open),
                        );
                    } else {
                        self.error(
                            "Missing argument separator",
                            "A comma is required to separate each function argument from the next.",
                            at,
                        );
                    }
                    return (self.recover(TokenKind::CloseParenthesis), false);
                }
            }
        }
        (self.read(), false)
    }

    pub(super) fn is_keyword(&mut self, word: &str) -> bool {
        let next = self.peek();
        next.kind == TokenKind::Identifier && next.of(self.text) == word
    }
}

/// An operator and how tightly it binds.
fn binary_operator(kind: TokenKind) -> Option<(BinaryOperator, u8)> {
    use BinaryOperator as B;
    Some(match kind {
        TokenKind::Or => (B::Or, 0),
        TokenKind::And => (B::And, 1),
        TokenKind::EqualTo => (B::Equal, 2),
        TokenKind::NotEqual => (B::NotEqual, 2),
        TokenKind::Greater => (B::Greater, 3),
        TokenKind::GreaterOrEqual => (B::GreaterOrEqual, 3),
        TokenKind::Less => (B::Less, 3),
        TokenKind::LessOrEqual => (B::LessOrEqual, 3),
        TokenKind::Plus => (B::Add, 4),
        TokenKind::Minus => (B::Subtract, 4),
        TokenKind::Star => (B::Multiply, 5),
        TokenKind::Slash => (B::Divide, 5),
        TokenKind::Percent => (B::Modulo, 5),
        _ => return None,
    })
}
