//! Parses expressions.
//!
//! Source of the rules and of every message: hashicorp/hcl v2.23.0, `hclsyntax/parser.go`.

use super::lexer::{Token, TokenKind};
use super::literal::normalised;
use super::parser::{Parser, malformed};
use super::{
    BinaryOperator, Call, Conditional, Expression, ExpressionKind, ForExpression, Name, ObjectItem, Step, StepKind, UnaryOperator,
};
use crate::diagnostic::SourceRange;

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

    fn has_failed_since(&self, errors: usize) -> bool {
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

    fn parse_traversal(&mut self, mut source: Expression) -> Expression {
        loop {
            let step = match self.peek().kind {
                TokenKind::Dot => self.parse_dot_step(),
                TokenKind::OpenBracket => Some(self.parse_bracket_step()),
                _ => return source,
            };
            // Without a step the parser is in recovery, behind the dot; HCL goes on there.
            if let Some(step) = step {
                source = with_step(source, step);
            }
        }
    }

    /// `.name`, `.0` or `.*`.
    fn parse_dot_step(&mut self) -> Option<Step> {
        let dot = self.read();
        let dot = self.range(dot);
        let token = self.peek();
        let range = dot.to(self.range(token));
        let kind = match token.kind {
            TokenKind::Identifier => StepKind::Attribute(self.read().of(self.text).to_owned()),
            TokenKind::Number => {
                self.read();
                self.legacy_index(token, "Use the proper index syntax instead, like")
            }
            TokenKind::Star => {
                self.read();
                StepKind::Splat(self.parse_attribute_splat(token))
            }
            _ => {
                self.error("Invalid attribute name", "An attribute name is required after a dot.", self.range(token));
                self.recovery = true;
                return None;
            }
        };
        Some(Step { kind, range })
    }

    fn legacy_index(&mut self, number: Token, advice: &str) -> StepKind {
        let text = number.of(self.text);
        match text.split_once('.') {
            Some((first, second)) => {
                let detail = format!(
                    "When using the legacy index syntax, chaining two indexes together is not permitted. {advice} \
                     [{first}][{second}]."
                );
                self.error("Invalid legacy index syntax", detail, self.range(number));
            }
            None => self.check_number(number),
        }
        StepKind::LegacyIndex(text.to_owned())
    }

    /// The attributes behind `.*`.
    fn parse_attribute_splat(&mut self, star: Token) -> Vec<Step> {
        let mut steps = Vec::new();
        while self.peek().kind == TokenKind::Dot {
            let dot = self.read();
            let token = self.peek();
            let range = self.range(dot).to(self.range(token));
            let kind = match token.kind {
                TokenKind::Identifier => StepKind::Attribute(self.read().of(self.text).to_owned()),
                TokenKind::Number => {
                    self.read();
                    self.legacy_index(token, "Use the proper index syntax with a full splat expression [*] instead, like")
                }
                kind => {
                    if self.recovery {
                        return steps;
                    }
                    if kind == TokenKind::Star {
                        self.error(
                            "Nested splat expression not allowed",
                            "A splat expression (*) cannot be used inside another attribute-only splat expression.",
                            self.range(token),
                        );
                    } else {
                        self.error("Invalid attribute name", "An attribute name is required after a dot.", self.range(star));
                    }
                    self.recovery = true;
                    return steps;
                }
            };
            steps.push(Step { kind, range });
        }
        steps
    }

    /// `[key]` or `[*]`, the latter with all steps that follow.
    fn parse_bracket_step(&mut self) -> Step {
        let open = self.read();
        let open = self.range(open);
        if self.peek().kind == TokenKind::Star {
            self.read();
            return self.parse_full_splat(open);
        }
        self.push_newlines(false);
        let before = self.errors.len();
        let key = self.parse_expression();
        let close = if self.has_failed_since(before) {
            self.recover(TokenKind::CloseBracket)
        } else {
            self.read_or_recover(
                TokenKind::CloseBracket,
                "Missing close bracket on index",
                "The index operator must end with a closing bracket (\"]\").",
            )
        };
        self.pop_newlines();
        Step { kind: StepKind::Index(key), range: open.to(self.range(close)) }
    }

    fn parse_full_splat(&mut self, open: SourceRange) -> Step {
        let close = self.read_or_recover(
            TokenKind::CloseBracket,
            "Missing close bracket on splat index",
            "The star for a full splat operator must be immediately followed by a closing bracket (\"]\").",
        );
        let range = open.to(self.range(close));
        let mut steps = Vec::new();
        if self.descend() {
            loop {
                let step = match self.peek().kind {
                    TokenKind::Dot => self.parse_dot_step(),
                    TokenKind::OpenBracket => Some(self.parse_bracket_step()),
                    _ => break,
                };
                steps.extend(step);
            }
            self.ascend();
            self.grow();
        }
        Step { kind: StepKind::Splat(steps), range }
    }

    /// Reads a token; where it is not this one, reports that and skips to it.
    fn read_or_recover(&mut self, kind: TokenKind, summary: &str, detail: &str) -> Token {
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

    /// Reports a number that is none, such as `1.2.3`: the lexer takes anything that looks like one.
    fn check_number(&mut self, number: Token) {
        let text = number.of(self.text);
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, Some(exponent)),
            None => (text, None),
        };
        let is_valid = mantissa.bytes().filter(|b| *b == b'.').count() <= 1
            && exponent.is_none_or(|e| e.trim_start_matches(['+', '-']).bytes().all(|b| b.is_ascii_digit()));
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

    fn parse_tuple(&mut self) -> Expression {
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

    fn parse_object(&mut self) -> Expression {
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
            ExpressionKind::Traversal(name, steps) if steps.is_empty() => std::mem::take(&mut name.text),
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

    pub(super) fn is_keyword(&mut self, word: &str) -> bool {
        let next = self.peek();
        next.kind == TokenKind::Identifier && next.of(self.text) == word
    }

    /// The `for` expression whose opening bracket was read.
    fn parse_for(&mut self, open: Token) -> Expression {
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

/// Whether a step leaves a reference a reference: an index that is no literal makes it an expression of its own.
fn is_static(step: &StepKind) -> bool {
    match step {
        StepKind::Attribute(_) | StepKind::LegacyIndex(_) => true,
        StepKind::Index(key) => matches!(
            key.kind,
            ExpressionKind::Null | ExpressionKind::Bool(_) | ExpressionKind::Number(_) | ExpressionKind::String(_)
        ),
        StepKind::Splat(_) => false,
    }
}

fn with_step(mut source: Expression, step: Step) -> Expression {
    let end = match &step.kind {
        StepKind::Splat(each) => each.last().map_or(step.range, last_range),
        StepKind::Attribute(_) | StepKind::LegacyIndex(_) | StepKind::Index(_) => step.range,
    };
    let range = source.range.to(end);
    match &mut source.kind {
        ExpressionKind::Traversal(_, steps) if is_static(&step.kind) => steps.push(step),
        ExpressionKind::Relative(_, steps) => steps.push(step),
        _ => return Expression { kind: ExpressionKind::Relative(Box::new(source), vec![step]), range },
    }
    source.range = range;
    source
}

/// Where a step ends, a splat's own steps included.
fn last_range(step: &Step) -> SourceRange {
    let mut step = step;
    while let StepKind::Splat(each) = &step.kind {
        match each.last() {
            Some(last) => step = last,
            None => break,
        }
    }
    step.range
}
