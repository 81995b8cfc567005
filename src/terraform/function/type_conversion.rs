//! Conversion by name, and the functions of marks.

use super::argument::unsuitable;
use super::parameter::{any, bool};
use super::{Call, Function, FunctionError, Parameter};
use crate::terraform::conversion::{Safety, convert, is_convertible};
use crate::terraform::go_quote::go_quoted;
use crate::terraform::value::{Type, Value};

pub(super) const TABLE: &[Function] = &[
    // The evaluator puts null in the place of what is ephemeral: see `expression::ephemeral`.
    Function::derived("ephemeralasnull", VALUE, same_type, |call| Ok(call.arguments[0].clone())),
    Function::fixed("issensitive", VALUE, bool, |call| {
        let value = &call.arguments[0];
        if !value.is_sensitive && !value.is_known() {
            return Ok(Value::unknown(Type::Bool));
        }
        Ok(Value::from(value.is_sensitive))
    }),
    Function::derived("nonsensitive", VALUE, same_type, |call| Ok(call.arguments[0].clone().unmark().0)),
    Function::derived("sensitive", VALUE, same_type, |call| Ok(call.arguments[0].clone().with_mark(true))),
    Function::derived("tobool", V, |arguments| check(arguments, Type::Bool), to),
    Function::derived("tolist", V, |arguments| check(arguments, Type::list(Type::Dynamic)), to),
    Function::derived("tomap", V, |arguments| check(arguments, Type::map(Type::Dynamic)), to),
    Function::derived("tonumber", V, |arguments| check(arguments, Type::Number), to),
    Function::derived("toset", V, |arguments| check(arguments, Type::set(Type::Dynamic)), to),
    Function::derived("tostring", V, |arguments| check(arguments, Type::String), to),
];

const VALUE: &[Parameter] = &[Parameter::new("value", any).unknown().null().sensitive().dynamic()];
const V: &[Parameter] = &[Parameter::new("v", any).unknown().null().sensitive().dynamic()];

fn same_type(arguments: &[Value]) -> Result<Type, FunctionError> {
    Ok(arguments[0].ty())
}

/// Refuses a type that has no conversion.
fn check(arguments: &[Value], wanted: Type) -> Result<Type, FunctionError> {
    let given = arguments[0].ty();
    if given == wanted || is_convertible(&given, &wanted, Safety::Unsafe) {
        return Ok(wanted);
    }
    unsuitable(0, cannot_convert(&given, &wanted))
}

fn cannot_convert(given: &Type, wanted: &Type) -> String {
    format!("cannot convert {} to {}", given.friendly_name(), wanted.friendly_constraint_name())
}

fn to(call: &Call) -> Result<Value, FunctionError> {
    let (value, wanted) = (&call.arguments[0], &call.result_type);
    if !value.is_known() {
        return Ok(Value::unknown(wanted.clone()).with_mark(value.is_sensitive));
    }
    convert(value, wanted).or_else(|_| {
        let given = value.ty();
        let text = value.as_str().map_or_else(|| "string".to_owned(), go_quoted);
        unsuitable(
            0,
            match (&given, wanted) {
                // Whatever is wrong with it must not give it away.
                _ if value.contains_sensitive() => {
                    format!("cannot convert this sensitive {} to {}", given.friendly_name(), wanted.friendly_constraint_name())
                }
                (Type::String, Type::Bool) => {
                    format!("cannot convert {text} to bool; only the strings \"true\" or \"false\" are allowed")
                }
                (Type::String, Type::Number) => {
                    format!("cannot convert {text} to number; given string must be a decimal representation of a number")
                }
                _ => cannot_convert(&given, wanted),
            },
        )
    })
}
