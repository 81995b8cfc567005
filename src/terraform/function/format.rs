//! `format` and `formatlist`.

mod number;
mod verb;

use super::argument::unsuitable;
use super::parameter::{any, list_of_strings, string};
use super::{Call, Function, FunctionError, Parameter};
use crate::terraform::value::{Type, Value};

pub(super) const TABLE: &[Function] = &[
    Function::fixed("format", &[Parameter::new("format", string)], string, |call| {
        let arguments = call.arguments.get(1..).unwrap_or_default();
        if !arguments.iter().all(Value::is_wholly_known) {
            return Ok(Value::unknown(Type::String));
        }
        Ok(Value::string(&verb::format(call.text(0), arguments)?))
    })
    .with_variadic(ARGUMENTS),
    Function::fixed("formatlist", &[Parameter::new("format", string)], list_of_strings, format_list).with_variadic(ARGUMENTS),
];

const ARGUMENTS: &Parameter = &Parameter::new("args", any).null().unknown();

/// Formats once for each element of the sequences among the arguments, which must be of one length.
fn format_list(call: &Call) -> Result<Value, FunctionError> {
    let arguments = call.arguments.get(1..).unwrap_or_default();
    let mut chosen: Option<(usize, usize)> = None;
    for (index, argument) in arguments.iter().enumerate() {
        let Some(length) = sequence_length(argument) else { continue };
        match chosen {
            Some((first, first_length)) if length != first_length => {
                return unsuitable(
                    index + 1,
                    format!(
                        "argument {} has length {length}, which is inconsistent with argument {} of length {first_length}",
                        index + 1,
                        first + 1
                    ),
                );
            }
            Some(_) => {}
            None => chosen = Some((index, length)),
        }
    }
    if arguments.iter().any(|argument| is_sequence(argument) && (!argument.is_known() || sequence_length(argument).is_none())) {
        return Ok(call.unknown_result());
    }
    let mut results = Vec::new();
    for iteration in 0..chosen.map_or(1, |(_, length)| length) {
        let element = |argument: &Value| match argument.as_sequence() {
            Some(elements) => elements.get(iteration).cloned().unwrap_or_else(|| argument.clone()),
            None => argument.clone(),
        };
        let row: Vec<Value> = arguments.iter().map(element).collect();
        if !row.iter().all(Value::is_wholly_known) {
            results.push(Value::unknown(Type::String));
            continue;
        }
        let text = verb::format(call.text(0), &row).map_err(|error| match error {
            // Without arguments it is as if `format` were called.
            error if arguments.is_empty() => error,
            FunctionError::Call(message) | FunctionError::Argument(_, message) => {
                FunctionError::Call(format!("error on format iteration {iteration}: {message}"))
            }
        })?;
        results.push(Value::string(&text));
    }
    Ok(Value::list(Type::String, results))
}

fn is_sequence(argument: &Value) -> bool {
    !argument.is_null() && matches!(argument.ty(), Type::List(_) | Type::Set(_) | Type::Tuple(_))
}

/// The length of a sequence that is not null; of a tuple even when it is unknown.
fn sequence_length(argument: &Value) -> Option<usize> {
    match argument.ty() {
        _ if argument.is_null() => None,
        Type::Tuple(types) => Some(types.len()),
        Type::List(_) | Type::Set(_) => argument.settled_length(),
        _ => None,
    }
}
