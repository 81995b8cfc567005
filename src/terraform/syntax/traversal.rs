//! Parses what stands behind a term: attributes, indexes and splats.
//!
//! Source of the rules and of every message: hashicorp/hcl v2.23.0, `hclsyntax/parser.go`.

use super::parser::Parser;
use super::token::{Token, TokenKind};
use super::{Expression, ExpressionKind, Step, StepKind};
use crate::diagnostic::SourceRange;

impl Parser<'_> {
    pub(super) fn parse_traversal(&mut self, mut source: Expression) -> Expression {
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
            TokenKind::Identifier => StepKind::Attribute(self.read().of(self.text).into()),
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
                TokenKind::Identifier => StepKind::Attribute(self.read().of(self.text).into()),
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
        ExpressionKind::Traversal(_, steps) if is_static(&step.kind) => {
            // `var.x` has one, and a vector that grows by itself has room for four.
            if steps.is_empty() {
                steps.reserve_exact(1);
            }
            steps.push(step);
        }
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
