//! Nodes as expressions.

use std::collections::HashMap;

use super::{Member, Node, NodeKind, Strings};
use crate::diagnostic::SourceRange;
use crate::terraform::go_quote::go_quoted;
use crate::terraform::syntax::error::{PLACE, SyntaxError};
use crate::terraform::syntax::lexer::Start;
use crate::terraform::syntax::literal::normalised;
use crate::terraform::syntax::parser::Parser;
use crate::terraform::syntax::{Expression, ExpressionKind, ObjectItem, parse_template};

impl Node {
    /// The value as an expression; the errors are those that HCL reports when it evaluates the value.
    #[must_use]
    pub fn expression(&self, strings: Strings) -> (Expression, Vec<SyntaxError>) {
        let mut errors = Vec::new();
        (self.convert(strings, &mut errors), errors)
    }

    /// The expression that a string is the text of, as a type is one; none where it is no string or has errors.
    ///
    /// HCL has the text begin at the quotation mark, and the expression as a whole stand where the string does.
    #[must_use]
    pub fn type_expression(&self) -> Option<Expression> {
        let NodeKind::String(text) = &self.kind else { return None };
        let mut parser = Parser::new(text, Start::Code, &[], self.range);
        parser.push_newlines(false);
        let expression = parser.parse_expression();
        parser.expect_end();
        parser.pop_newlines();
        parser.finish().is_empty().then_some(Expression { range: self.range, ..expression })
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
                errors.push(SyntaxError::naming(
                    "Duplicate object attribute",
                    format!("An attribute named {} was already defined at {PLACE}.", go_quoted(name)),
                    member.name_range,
                    *first,
                ));
                continue;
            }
            seen.insert(name.clone(), member.name_range);
        }
        let key = Expression { kind, range: member.name_range };
        items.push(ObjectItem { key, is_bare_key: false, value: member.value.convert(strings, errors) });
    }
    items
}
