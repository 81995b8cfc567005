//! `condition ? a : b`.
//!
//! Both branches are evaluated, because their types decide the type of the result; the findings of the branch that is not
//! taken are dropped.

use super::{Outer, Problem, Scope};
use crate::diagnostic::SourceRange;
use crate::terraform::conversion::convert;
use crate::terraform::conversion::unify::unify;
use crate::terraform::syntax::{Conditional, Expression};
use crate::terraform::value::{Type, Value, ValueKind};

const INCONSISTENT: &str = "Inconsistent conditional result types";

/// One branch, evaluated.
pub(super) struct Branch {
    pub(super) value: Value,
    pub(super) problems: Vec<Problem>,
    pub(super) range: SourceRange,
}

impl Scope<'_> {
    #[inline(never)]
    pub(super) fn conditional(&self, conditional: &Conditional, locals: Outer<'_>, problems: &mut Vec<Problem>) -> Value {
        let then = self.branch(&conditional.then, locals);
        let otherwise = self.branch(&conditional.otherwise, locals);
        self.choose(&conditional.condition, then, otherwise, locals, problems)
    }

    fn branch(&self, expression: &Expression, locals: Outer<'_>) -> Branch {
        let mut problems = Vec::new();
        let value = self.evaluate(expression, locals, &mut problems);
        Branch { value, problems, range: expression.range }
    }

    /// Takes one of two branches, converted to the type that they have in common.
    pub(super) fn choose(
        &self,
        condition: &Expression,
        then: Branch,
        otherwise: Branch,
        locals: Outer<'_>,
        problems: &mut Vec<Problem>,
    ) -> Value {
        let Some(result_type) = result_type(&then.value, &otherwise.value) else {
            let mismatch = describe_mismatch(&then.value.ty(), &otherwise.value.ty());
            let detail = format!("The true and false result expressions must have consistent types. {mismatch}.");
            problems.push(Problem::new(INCONSISTENT, detail, then.range.to(otherwise.range)));
            return Value::unknown(Type::Dynamic);
        };
        let value = self.evaluate(condition, locals, problems);
        if value.is_null() {
            let detail = "The condition value is null. Conditions must either be true or false.";
            problems.push(Problem::new("Null condition", detail, condition.range));
            return Value::unknown(result_type);
        }
        let is_sensitive = value.is_sensitive || then.value.is_sensitive || otherwise.value.is_sensitive;
        if !value.is_known() {
            let is_null = then.value.is_null() && otherwise.value.is_null();
            let result = if is_null { Value::null(result_type) } else { Value::unknown(result_type) };
            return result.with_mark(is_sensitive);
        }
        let Some(is_true) = convert(&value, &Type::Bool).ok().and_then(|value| value.as_bool()) else {
            let detail = "The condition expression must be of type bool.";
            problems.push(Problem::new("Incorrect condition type", detail, condition.range));
            return Value::unknown(result_type);
        };
        let (branch, which) = if is_true { (then, "true") } else { (otherwise, "false") };
        problems.extend(branch.problems);
        let converted = match &result_type {
            // Some part of the other branch is open, so the type that both have in common is, too.
            Type::Dynamic => Ok(branch.value),
            _ => convert(&branch.value, &result_type),
        };
        let result = converted.unwrap_or_else(|error| {
            let detail = format!("The {which} result value has the wrong type: {}.", error.message);
            problems.push(Problem::new(INCONSISTENT, detail, branch.range));
            Value::unknown(result_type)
        });
        result.with_mark(is_sensitive)
    }
}

/// The type of the result; dynamic where the branches are passed on as they are.
fn result_type(then: &Value, otherwise: &Value) -> Option<Type> {
    let is_plain_null = |value: &Value| matches!(value.kind, ValueKind::Null(Type::Dynamic)) && !value.is_sensitive;
    let (a, b) = (then.ty(), otherwise.ty());
    if is_plain_null(then) {
        return Some(b);
    }
    if is_plain_null(otherwise) {
        return Some(a);
    }
    if a == Type::Dynamic || b == Type::Dynamic {
        return Some(Type::Dynamic);
    }
    unify(&[a, b])
}

/// How the types of the two branches differ.
fn describe_mismatch(a: &Type, b: &Type) -> String {
    match (a, b) {
        (Type::Object(left), Type::Object(right)) => {
            for (name, left) in &left.attributes {
                match right.attributes.get(name) {
                    None => {
                        return format!(
                            "The 'true' value includes object attribute \"{name}\", which is absent in the 'false' value"
                        );
                    }
                    Some(right) if left != right => {
                        return format!("Type mismatch for object attribute \"{name}\": {}", describe_mismatch(left, right));
                    }
                    Some(_) => {}
                }
            }
            if let Some(name) = right.attributes.keys().find(|name| !left.attributes.contains_key(*name)) {
                return format!("The 'false' value includes object attribute \"{name}\", which is absent in the 'true' value");
            }
        }
        (Type::Tuple(left), Type::Tuple(right)) => {
            if left.len() != right.len() {
                return format!("The 'true' tuple has length {}, but the 'false' tuple has length {}", left.len(), right.len());
            }
            let differing = left.iter().zip(right.iter()).enumerate().find(|(_, (left, right))| left != right);
            if let Some((index, (left, right))) = differing {
                return format!("Type mismatch for tuple element {index}: {}", describe_mismatch(left, right));
            }
        }
        (Type::List(left), Type::List(right)) if are_structures(left, right) => {
            return format!("Mismatched list element types: {}", describe_mismatch(left, right));
        }
        (Type::Set(left), Type::Set(right)) if are_structures(left, right) => {
            return format!("Mismatched set element types: {}", describe_mismatch(left, right));
        }
        (Type::Map(left), Type::Map(right)) if are_structures(left, right) => {
            return format!("Mismatched map element types: {}", describe_mismatch(left, right));
        }
        _ => {}
    }
    let (left, right) = (a.friendly_name(), b.friendly_name());
    if left == right {
        return "At least one deeply-nested attribute or element is not compatible across both the 'true' and the 'false' value"
            .to_owned();
    }
    format!("The 'true' value is {left}, but the 'false' value is {right}")
}

fn are_structures(left: &Type, right: &Type) -> bool {
    matches!((left, right), (Type::Object(_), Type::Object(_)) | (Type::Tuple(_), Type::Tuple(_)))
}
