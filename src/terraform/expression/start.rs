//! The place that HCL points at when it means the beginning of an expression.

use super::Scope;
use crate::diagnostic::{SourceRange, Sources};
use crate::terraform::syntax::{Expression, ExpressionKind, StepKind, TemplatePart};

impl Scope<'_> {
    /// The start of an expression.
    pub(super) fn start_of(&self, expression: &Expression) -> SourceRange {
        expression.start_range(self.sources)
    }
}

impl Expression {
    /// The start of the expression: of a call its name, of a bracket the bracket, of an operation its first operand.
    pub(in crate::terraform) fn start_range(&self, sources: &Sources) -> SourceRange {
        let range = self.range;
        let first = |length: u32| SourceRange { end: range.start + length, ..range };
        match &self.kind {
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
            ExpressionKind::String(_) => content_of_quotes(range, sources),
            ExpressionKind::Template(parts) => match parts.first() {
                Some(TemplatePart::Interpolation(inner)) => inner.start_range(sources),
                Some(TemplatePart::If { condition, .. }) => condition.start_range(sources),
                Some(TemplatePart::For { collection, range, .. }) => opening_directive(*range, collection, sources),
                Some(TemplatePart::Literal(_)) | None => first_literal(range, sources),
            },
            ExpressionKind::Tuple(_) | ExpressionKind::Object(_) | ExpressionKind::For(_) | ExpressionKind::Unary(..) => first(1),
            ExpressionKind::Binary(left, ..) => left.start_range(sources),
            ExpressionKind::Conditional(conditional) => conditional.condition.start_range(sources),
            ExpressionKind::Call(call) => SourceRange { end: call.parentheses.start + 1, ..range },
            ExpressionKind::Parentheses(inner) => inner.start_range(sources),
        }
    }
}

/// What stands between the quotes, or behind the first line of a heredoc.
fn content_of_quotes(range: SourceRange, sources: &Sources) -> SourceRange {
    let text = sources.text(range);
    if text.starts_with('"') && text.len() > 2 {
        return SourceRange { start: range.start + 1, end: range.end - 1, ..range };
    }
    first_literal(range, sources)
}

/// The text before the first interpolation; of a heredoc, its first line.
///
/// Where there is nothing between the markers, HCL puts an empty text behind the closing one.
fn first_literal(range: SourceRange, sources: &Sources) -> SourceRange {
    let text = sources.text(range);
    let length = |length: usize| u32::try_from(length).unwrap_or(0);
    let behind = SourceRange { start: range.end, ..range };
    if text == "\"\"" {
        return behind;
    }
    if let Some(inside) = text.strip_prefix('"') {
        let end = interpolation(inside).unwrap_or(inside.len());
        return SourceRange { start: range.start + 1, end: range.start + 1 + length(end), ..range };
    }
    let Some(line) = text.find('\n') else { return range };
    let content = &text[line + 1..];
    let Some(end) = content.find('\n') else { return behind };
    let end = interpolation(content).map_or(end + 1, |found| found.min(end + 1));
    let start = range.start + length(line) + 1;
    SourceRange { start, end: start + length(end), ..range }
}

/// The `%{ for }` that begins a range: up to the first brace behind what it iterates.
fn opening_directive(range: SourceRange, collection: &Expression, sources: &Sources) -> SourceRange {
    let behind = SourceRange { start: collection.range.end, ..range };
    let brace = sources.text(behind).find('}').and_then(|at| u32::try_from(at).ok());
    brace.map_or(range, |at| SourceRange { end: behind.start + at + 1, ..range })
}

/// Where the first interpolation or directive begins; `$${` is none.
fn interpolation(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    (0..bytes.len()).find(|at| matches!(bytes[*at..], [b'$' | b'%', b'{', ..]) && (*at == 0 || bytes[*at - 1] != bytes[*at]))
}
