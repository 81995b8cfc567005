//! What an expression refers to.
//!
//! Names that a `for` binds are no references, so the walk knows which are bound where.

use super::syntax::{Expression, ExpressionKind, Name, Step, StepKind, TemplatePart};
use crate::diagnostic::SourceRange;

/// A reference: the root name and the steps behind it.
#[derive(Debug, Clone, Copy)]
pub struct Reference<'a> {
    /// `var`, `local`, `module`, `data`, `path`, or a resource type.
    pub root: &'a Name,
    /// What follows.
    pub steps: &'a [Step],
}

impl<'a> Reference<'a> {
    /// The first attribute: the variable's name of `var.x`.
    #[must_use]
    pub fn attribute(&self) -> Option<&'a str> {
        match &self.steps.first()?.kind {
            StepKind::Attribute(name) => Some(name),
            StepKind::Index(_) | StepKind::LegacyIndex(_) | StepKind::Splat(_) => None,
        }
    }

    /// The place of the whole.
    #[must_use]
    pub fn range(&self) -> SourceRange {
        self.steps.last().map_or(self.root.range, |last| self.root.range.to(last.range))
    }

    /// The name of `var.x`, for `root` `var`.
    #[must_use]
    pub fn name_in(&self, root: &str) -> Option<&'a str> {
        if self.root.text == root { self.attribute() } else { None }
    }
}

/// Every reference of an expression, in the order of the text.
#[must_use]
pub fn references(expression: &Expression) -> Vec<Reference<'_>> {
    walk(expression, None)
}

/// Every reference that stands in no argument of the named function.
#[must_use]
pub fn references_outside<'a>(expression: &'a Expression, function: &str) -> Vec<Reference<'a>> {
    walk(expression, Some(function))
}

fn walk<'a>(expression: &'a Expression, function: Option<&str>) -> Vec<Reference<'a>> {
    let mut walk = Walk { found: Vec::new(), bound: Vec::new(), function };
    walk.expression(expression);
    walk.found
}

struct Walk<'a, 'f> {
    found: Vec<Reference<'a>>,
    bound: Vec<&'a str>,
    /// Its arguments are passed over.
    function: Option<&'f str>,
}

impl<'a> Walk<'a, '_> {
    fn expression(&mut self, expression: &'a Expression) {
        match &expression.kind {
            ExpressionKind::Null
            | ExpressionKind::Bool(_)
            | ExpressionKind::Number(_)
            | ExpressionKind::String(_)
            | ExpressionKind::Malformed => {}
            ExpressionKind::Template(parts) => self.parts(parts),
            ExpressionKind::TemplateWrap(inner) | ExpressionKind::Parentheses(inner) | ExpressionKind::Unary(_, inner) => {
                self.expression(inner);
            }
            ExpressionKind::Tuple(elements) => elements.iter().for_each(|element| self.expression(element)),
            ExpressionKind::Object(items) => {
                for item in items {
                    self.expression(&item.key);
                    self.expression(&item.value);
                }
            }
            ExpressionKind::Traversal(root, steps) => {
                if !self.bound.contains(&root.text.as_str()) {
                    self.found.push(Reference { root, steps });
                }
            }
            ExpressionKind::Relative(source, steps) => {
                self.expression(source);
                self.steps(steps);
            }
            ExpressionKind::Binary(left, _, right) => {
                self.expression(left);
                self.expression(right);
            }
            ExpressionKind::Conditional(conditional) => {
                self.expression(&conditional.condition);
                self.expression(&conditional.then);
                self.expression(&conditional.otherwise);
            }
            ExpressionKind::For(each) => {
                self.expression(&each.collection);
                self.binding([each.key_name.as_ref(), Some(&each.value_name)], |walk| {
                    for part in each.key.iter().chain([&each.value]).chain(&each.condition) {
                        walk.expression(part);
                    }
                });
            }
            ExpressionKind::Call(call) => {
                if self.function != Some(call.name.text.as_str()) {
                    call.arguments.iter().for_each(|argument| self.expression(argument));
                }
            }
        }
    }

    fn steps(&mut self, steps: &'a [Step]) {
        for step in steps {
            match &step.kind {
                StepKind::Attribute(_) | StepKind::LegacyIndex(_) => {}
                StepKind::Index(index) => self.expression(index),
                StepKind::Splat(steps) => self.steps(steps),
            }
        }
    }

    fn parts(&mut self, parts: &'a [TemplatePart]) {
        for part in parts {
            match part {
                TemplatePart::Literal(_) => {}
                TemplatePart::Interpolation(inner) => self.expression(inner),
                TemplatePart::If { condition, then, otherwise, .. } => {
                    self.expression(condition);
                    self.parts(then);
                    self.parts(otherwise);
                }
                TemplatePart::For { key_name, value_name, collection, body, .. } => {
                    self.expression(collection);
                    self.binding([key_name.as_ref(), Some(value_name)], |walk| walk.parts(body));
                }
            }
        }
    }

    fn binding(&mut self, names: [Option<&'a Name>; 2], walk: impl FnOnce(&mut Self)) {
        let outer = self.bound.len();
        self.bound.extend(names.into_iter().flatten().map(|name| name.text.as_str()));
        walk(self);
        self.bound.truncate(outer);
    }
}
