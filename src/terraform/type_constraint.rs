//! `type = ...`: a type, which attributes may be left out, and what stands in for them.
//!
//! A default replaces an attribute that is missing, and one that is null, too.
//!
//! Source: hashicorp/hcl v2.23.0, `ext/typeexpr`.

use std::sync::Arc;

use super::conversion::{ConversionError, convert};
use super::expression::Problem;
use super::syntax::json::Node;
use super::syntax::{Expression, ExpressionKind};
use super::value::{Type, Value};
use crate::diagnostic::{SourceRange, Sources};
use defaults::Defaults;
use parser::{Parser, keyword};

mod defaults;
mod parser;
#[cfg(test)]
mod tests;

/// A type and the defaults of its optional attributes.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeConstraint {
    /// The type; optional attributes are marked.
    pub ty: Type,
    defaults: Option<Arc<Defaults>>,
}

impl From<Type> for TypeConstraint {
    fn from(ty: Type) -> Self {
        Self { ty, defaults: None }
    }
}

impl TypeConstraint {
    /// Reads the `type` argument of a `variable` block; where it is wrong, the type is `any`.
    #[must_use]
    pub fn parse(expression: &Expression, sources: &Sources) -> (Self, Vec<Problem>) {
        if let ExpressionKind::String(text) = &expression.kind {
            return (Type::Dynamic.into(), vec![quoted_type(text, expression.range)]);
        }
        if matches!(expression.kind, ExpressionKind::Template(_)) {
            return (Type::Dynamic.into(), vec![legacy_hint(expression.range)]);
        }
        Self::parse_unquoted(expression, sources)
    }

    /// Reads the `type` argument of a `variable` block in JSON, whose text is an expression.
    ///
    /// Source: hashicorp/hcl v2.23.0, `json/structure.go`, `ExprCall` and `AsTraversal`.
    #[must_use]
    pub fn parse_json(node: &Node, sources: &Sources) -> (Self, Vec<Problem>) {
        // What is no text, or no expression, is no type; HCL does not say why.
        let none = || Expression { kind: ExpressionKind::Malformed, range: node.range };
        Self::parse_unquoted(&node.type_expression().unwrap_or_else(none), sources)
    }

    fn parse_unquoted(expression: &Expression, sources: &Sources) -> (Self, Vec<Problem>) {
        match keyword(expression) {
            Some("list") => return (Type::list(Type::Dynamic).into(), Vec::new()),
            Some("map") => return (Type::map(Type::Dynamic).into(), Vec::new()),
            _ => {}
        }
        let mut parser = Parser { sources, problems: Vec::new() };
        let constraint = parser.constraint(expression);
        if parser.problems.is_empty() { (constraint, Vec::new()) } else { (Type::Dynamic.into(), parser.problems) }
    }

    /// Puts the defaults in, then converts.
    ///
    /// # Errors
    ///
    /// When the value does not suit the type, with Terraform's text.
    pub fn convert(&self, value: &Value) -> Result<Value, ConversionError> {
        convert(&self.with_defaults(value), &self.ty)
    }

    /// The value with the defaults of missing and null attributes put in; not yet converted.
    #[must_use]
    pub fn with_defaults(&self, value: &Value) -> Value {
        self.defaults.as_ref().map_or_else(|| value.clone(), |defaults| defaults.apply(value))
    }
}

/// Types in quotes, as Terraform had them before 0.12.
fn quoted_type(text: &str, range: SourceRange) -> Problem {
    let instead = match text {
        "string" => "",
        "list" => " and write list(string) instead to explicitly indicate that the list elements are strings",
        "map" => " and write map(string) instead to explicitly indicate that the map elements are strings",
        _ => return legacy_hint(range),
    };
    let detail = format!(
        "Terraform 0.11 and earlier required type constraints to be given in quotes, but that form is now deprecated and \
         will be removed in a future version of Terraform. Remove the quotes around \"{text}\"{instead}."
    );
    Problem::new("Invalid quoted type constraints", detail, range)
}

/// What is in quotes, and was no type before 0.12 either.
fn legacy_hint(range: SourceRange) -> Problem {
    let detail = "To provide a full type expression, remove the surrounding quotes and give the type expression directly.";
    Problem::new("Invalid legacy variable type hint", detail, range)
}
