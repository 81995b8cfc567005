//! The place that HCL points at when it means the beginning of an expression.

use super::Scope;
use crate::diagnostic::SourceRange;
use crate::terraform::syntax::{Expression, ExpressionKind, StepKind, TemplatePart};

impl Scope<'_> {
    /// The start of an expression: of a call its name, of a bracket the bracket, of an operation its first operand.
    pub(super) fn start_of(&self, expression: &Expression) -> SourceRange {
        let range = expression.range;
        let first = |length: u32| SourceRange { end: range.start + length, ..range };
        match &expression.kind {
            ExpressionKind::Null
            | ExpressionKind::Bool(_)
            | ExpressionKind::Number(_)
            | ExpressionKind::Traversal(..)
            | ExpressionKind::TemplateWrap(_)
            | ExpressionKind::Malformed => range,
            ExpressionKind::Relative(_, steps) => match steps.last() {
                // An index that has to be evaluated is a node of its own, and its start is the bracket.
                Some(step) if matches!(step.kind, StepKind::Splat(_)) => step.range,
                Some(step) if super::access::is_computed(step) => SourceRange { end: step.range.start + 1, ..step.range },
                Some(_) | None => range,
            },
            ExpressionKind::String(_) => self.content_of_quotes(range),
            ExpressionKind::Template(parts) => match parts.first() {
                Some(TemplatePart::Interpolation(inner)) => self.start_of(inner),
                Some(TemplatePart::If { condition, .. }) => self.start_of(condition),
                Some(TemplatePart::For { range, .. }) => *range,
                Some(TemplatePart::Literal(_)) | None => self.first_literal(range),
            },
            ExpressionKind::Tuple(_) | ExpressionKind::Object(_) | ExpressionKind::For(_) | ExpressionKind::Unary(..) => first(1),
            ExpressionKind::Binary(left, ..) => self.start_of(left),
            ExpressionKind::Conditional(conditional) => self.start_of(&conditional.condition),
            ExpressionKind::Call(call) => SourceRange { end: call.parentheses.start + 1, ..range },
            ExpressionKind::Parentheses(inner) => self.start_of(inner),
        }
    }

    /// What stands between the quotes, or behind the first line of a heredoc.
    fn content_of_quotes(&self, range: SourceRange) -> SourceRange {
        let text = self.sources.text(range);
        if text.starts_with('"') && text.len() >= 2 {
            return SourceRange { start: range.start + 1, end: range.end - 1, ..range };
        }
        self.first_literal(range)
    }

    /// The text before the first interpolation; of a heredoc, its first line.
    fn first_literal(&self, range: SourceRange) -> SourceRange {
        let text = self.sources.text(range);
        let length = |length: usize| u32::try_from(length).unwrap_or(0);
        if let Some(inside) = text.strip_prefix('"') {
            let end = interpolation(inside).unwrap_or(inside.len());
            return SourceRange { start: range.start + 1, end: range.start + 1 + length(end), ..range };
        }
        let Some(line) = text.find('\n') else { return range };
        let content = &text[line + 1..];
        let end = content.find('\n').map_or(content.len(), |end| end + 1);
        let end = interpolation(content).map_or(end, |found| found.min(end));
        let start = range.start + length(line) + 1;
        SourceRange { start, end: start + length(end), ..range }
    }
}

/// Where the first interpolation or directive begins; `$${` is none.
fn interpolation(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    (0..bytes.len()).find(|at| matches!(bytes[*at..], [b'$' | b'%', b'{', ..]) && (*at == 0 || bytes[*at - 1] != bytes[*at]))
}
