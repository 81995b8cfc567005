//! Operators.

use std::cmp::Ordering;

use super::{Outer, Problem, Scope};
use crate::terraform::conversion::convert;
use crate::terraform::number::Number;
use crate::terraform::syntax::{BinaryOperator, Expression, UnaryOperator};
use crate::terraform::value::{Type, Value};

impl Scope<'_> {
    #[inline(never)]
    pub(super) fn unary(
        &self,
        operator: UnaryOperator,
        operand: &Expression,
        whole: &Expression,
        locals: Outer<'_>,
        problems: &mut Vec<Problem>,
    ) -> Value {
        let before = problems.len();
        let given = self.evaluate(operand, locals, problems);
        let ty = match operator {
            UnaryOperator::Negate => Type::Number,
            UnaryOperator::Not => Type::Bool,
        };
        let value = unsuitable(convert_operand(&given, &ty, operand, "unary operand"), problems);
        if problems.len() > before {
            return Value::unknown(ty);
        }
        let is_sensitive = value.contains_sensitive();
        let result = match operator {
            _ if value.is_null() => return failed(NULL, ty, whole, problems),
            UnaryOperator::Negate => value.as_number().map(|number| Value::from(number.negate())),
            UnaryOperator::Not => value.as_bool().map(|value| Value::from(!value)),
        };
        result.unwrap_or_else(|| Value::unknown(ty)).with_mark(is_sensitive)
    }

    #[inline(never)]
    pub(super) fn binary(
        &self,
        left: &Expression,
        operator: BinaryOperator,
        right: &Expression,
        whole: &Expression,
        locals: Outer<'_>,
        problems: &mut Vec<Problem>,
    ) -> Value {
        let (mut of_left, mut of_right) = (Vec::new(), Vec::new());
        let left_value = self.evaluate(left, locals, &mut of_left);
        let right_value = self.evaluate(right, locals, &mut of_right);
        let (operands, result) = types(operator);
        let mut unsuitable_operands = Vec::new();
        let a = unsuitable(convert_operand(&left_value, &operands, left, "left operand"), &mut unsuitable_operands);
        let b = unsuitable(convert_operand(&right_value, &operands, right, "right operand"), &mut unsuitable_operands);
        let is_sensitive = a.contains_sensitive() || b.contains_sensitive();
        if self.is_short_circuit
            && unsuitable_operands.is_empty()
            && let Some((decided, side)) = short_circuit(operator, &a, &b, of_left.is_empty())
        {
            problems.append(if side == Side::Left { &mut of_left } else { &mut of_right });
            return decided.map_or_else(|| Value::unknown(Type::Bool), Value::from).with_mark(is_sensitive);
        }
        let has_failed = !(of_left.is_empty() && of_right.is_empty() && unsuitable_operands.is_empty());
        problems.append(&mut of_left);
        problems.append(&mut of_right);
        problems.append(&mut unsuitable_operands);
        if has_failed {
            return Value::unknown(result);
        }
        let equality = |value: Option<bool>| value.map_or_else(|| Value::unknown(Type::Bool), Value::from);
        let computed = match operator {
            BinaryOperator::Equal => Ok(equality(a.is_equal(&b))),
            BinaryOperator::NotEqual => Ok(equality(a.is_equal(&b).map(|is_equal| !is_equal))),
            _ if a.is_null() || b.is_null() => Err(NULL),
            BinaryOperator::Or | BinaryOperator::And => Ok(match (a.as_bool(), b.as_bool()) {
                (Some(a), Some(b)) => Value::from(if operator == BinaryOperator::Or { a || b } else { a && b }),
                _ => Value::unknown(Type::Bool),
            }),
            BinaryOperator::Less
            | BinaryOperator::LessOrEqual
            | BinaryOperator::Greater
            | BinaryOperator::GreaterOrEqual
            | BinaryOperator::Add
            | BinaryOperator::Subtract
            | BinaryOperator::Multiply
            | BinaryOperator::Divide
            | BinaryOperator::Modulo => match (a.as_number(), b.as_number()) {
                (Some(a), Some(b)) => compute(operator, a, b),
                _ => Ok(Value::unknown(result.clone())),
            },
        };
        match computed {
            Ok(value) => value.with_mark(is_sensitive),
            Err(reason) => failed(reason, result, whole, problems),
        }
    }
}

const NULL: &str = "argument must not be null";

fn failed(reason: &str, result: Type, whole: &Expression, problems: &mut Vec<Problem>) -> Value {
    problems.push(Problem::new("Operation failed", format!("Error during operation: {reason}."), whole.range));
    Value::unknown(result)
}

/// The types of the operands and of the result.
fn types(operator: BinaryOperator) -> (Type, Type) {
    match operator {
        BinaryOperator::Or | BinaryOperator::And => (Type::Bool, Type::Bool),
        BinaryOperator::Equal | BinaryOperator::NotEqual => (Type::Dynamic, Type::Bool),
        BinaryOperator::Less | BinaryOperator::LessOrEqual | BinaryOperator::Greater | BinaryOperator::GreaterOrEqual => {
            (Type::Number, Type::Bool)
        }
        BinaryOperator::Add
        | BinaryOperator::Subtract
        | BinaryOperator::Multiply
        | BinaryOperator::Divide
        | BinaryOperator::Modulo => (Type::Number, Type::Number),
    }
}

fn convert_operand(value: &Value, ty: &Type, operand: &Expression, which: &str) -> Result<Value, (Value, Problem)> {
    convert(value, ty).map_err(|error| {
        let detail = format!("Unsuitable value for {which}: {}.", error.message);
        (Value::unknown(ty.clone()), Problem::new("Invalid operand", detail, operand.range))
    })
}

fn unsuitable(converted: Result<Value, (Value, Problem)>, problems: &mut Vec<Problem>) -> Value {
    converted.unwrap_or_else(|(unknown, problem)| {
        problems.push(problem);
        unknown
    })
}

fn compute(operator: BinaryOperator, a: &Number, b: &Number) -> Result<Value, &'static str> {
    let number = |result: Option<Number>, reason| result.map(Value::from).ok_or(reason);
    let order = |matches: fn(Ordering) -> bool| Ok(Value::from(matches(a.compare(b))));
    match operator {
        BinaryOperator::Add => number(a.add(b), "can't compute sum of opposing infinities"),
        BinaryOperator::Subtract => number(a.subtract(b), "can't subtract infinity from itself"),
        BinaryOperator::Multiply => number(a.multiply(b), "can't multiply zero by infinity"),
        BinaryOperator::Divide => number(a.divide(b), "can't divide zero by zero or infinity by infinity"),
        BinaryOperator::Modulo => number(a.modulo(b), "can't use modulo with zero and infinity"),
        BinaryOperator::Less => order(Ordering::is_lt),
        BinaryOperator::LessOrEqual => order(Ordering::is_le),
        BinaryOperator::Greater => order(Ordering::is_gt),
        BinaryOperator::GreaterOrEqual => order(Ordering::is_ge),
        BinaryOperator::Equal => Ok(Value::from(a == b)),
        BinaryOperator::NotEqual => Ok(Value::from(a != b)),
        BinaryOperator::Or | BinaryOperator::And => Err(NULL),
    }
}

/// The operand that decides, and whose findings count alone.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

/// What one side of `&&` or `||` decides without the other; the inner none is unknown.
///
/// Source: hashicorp/hcl v2.24.0, `hclsyntax/expression_ops.go`.
fn short_circuit(operator: BinaryOperator, a: &Value, b: &Value, is_left_good: bool) -> Option<(Option<bool>, Side)> {
    let deciding = match operator {
        BinaryOperator::Or => true,
        BinaryOperator::And => false,
        BinaryOperator::Equal
        | BinaryOperator::NotEqual
        | BinaryOperator::Less
        | BinaryOperator::LessOrEqual
        | BinaryOperator::Greater
        | BinaryOperator::GreaterOrEqual
        | BinaryOperator::Add
        | BinaryOperator::Subtract
        | BinaryOperator::Multiply
        | BinaryOperator::Divide
        | BinaryOperator::Modulo => return None,
    };
    // Null counts as false here, and only here.
    let known = |value: &Value| value.is_known().then(|| value.as_bool() == Some(true));
    match (known(a), known(b)) {
        (None, None) => is_left_good.then_some((None, Side::Left)),
        (Some(value), _) if value == deciding => Some((Some(deciding), Side::Left)),
        (_, Some(value)) if value == deciding => Some((Some(deciding), Side::Right)),
        (None, Some(_)) => Some((None, Side::Left)),
        (Some(_), None) => Some((None, Side::Right)),
        (Some(_), Some(_)) => None,
    }
}
