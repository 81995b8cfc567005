//! Functions of any collection: counting, choosing, comparing.

use super::argument::unsuitable;
use super::parameter::{any, bool, list_of_any, list_of_bools, number};
use super::{Call, Function, FunctionError, Parameter};
use crate::diagnostic::grapheme::graphemes;
use crate::terraform::conversion::convert;
use crate::terraform::conversion::unify::unify;
use crate::terraform::number::Number;
use crate::terraform::value::{Type, Value};

pub(super) const TABLE: &[Function] = &[
    Function::fixed("alltrue", &[Parameter::new("list", list_of_bools)], bool, |call| {
        for element in call.elements(0) {
            match element.as_bool() {
                Some(true) => {}
                None if !element.is_known() => return Ok(Value::unknown(Type::Bool)),
                _ => return Ok(Value::from(false)),
            }
        }
        Ok(Value::from(true))
    }),
    Function::fixed("anytrue", &[Parameter::new("list", list_of_bools)], bool, |call| {
        if call.elements(0).iter().any(|element| element.as_bool() == Some(true)) {
            return Ok(Value::from(true));
        }
        if call.elements(0).iter().any(|element| !element.is_known()) {
            return Ok(Value::unknown(Type::Bool));
        }
        Ok(Value::from(false))
    }),
    Function::derived("coalesce", &[], common_type, coalesce)
        .with_variadic(&Parameter::new("vals", any).unknown().dynamic().null()),
    Function::derived("coalescelist", &[], coalesce_list_type, coalesce_list)
        .with_variadic(&Parameter::new("vals", any).unknown().dynamic().null()),
    Function::fixed("contains", &[LIST, Parameter::new("value", any)], bool, contains),
    Function::fixed("index", &[LIST, Parameter::new("value", any)], number, index),
    Function::derived(
        "length",
        &[Parameter::new("value", any).dynamic().unknown().sensitive()],
        |arguments| match arguments[0].ty() {
            Type::Bool | Type::Number => Err("argument must be a string, a collection type, or a structural type".into()),
            Type::Dynamic | Type::String | Type::List(_) | Type::Set(_) | Type::Map(_) | Type::Tuple(_) | Type::Object(_) => {
                Ok(Type::Number)
            }
        },
        length,
    ),
    Function::derived(
        "matchkeys",
        &[Parameter::new("values", list_of_any), Parameter::new("keys", list_of_any), Parameter::new("searchset", list_of_any)],
        |arguments| match unify(&[arguments[1].ty(), arguments[2].ty()]) {
            Some(_) => Ok(arguments[0].ty()),
            None => Err("keys and searchset must be of the same type".into()),
        },
        match_keys,
    ),
    Function::derived("one", &[LIST], one_type, one),
    Function::fixed("sum", &[LIST], number, sum),
];

const LIST: Parameter = Parameter::new("list", any);

fn common_type(arguments: &[Value]) -> Result<Type, FunctionError> {
    let types: Vec<Type> = arguments.iter().map(Value::ty).collect();
    unify(&types).ok_or_else(|| "all arguments must have the same type".into())
}

fn coalesce(call: &Call) -> Result<Value, FunctionError> {
    for argument in call.arguments {
        let argument = convert(argument, &call.result_type).map_err(|error| error.message)?;
        if !argument.is_known() {
            return Ok(call.unknown_result());
        }
        if !argument.is_null() && argument.as_str() != Some("") {
            return Ok(argument);
        }
    }
    Err("no non-null, non-empty-string arguments".into())
}

fn coalesce_list_type(arguments: &[Value]) -> Result<Type, FunctionError> {
    let Some(first) = arguments.first() else {
        return Err("at least one argument is required".into());
    };
    for argument in arguments {
        if !argument.is_known() {
            return Ok(Type::Dynamic);
        }
        if !matches!(argument.ty(), Type::List(_) | Type::Tuple(_)) {
            return Err("coalescelist arguments must be lists or tuples".into());
        }
    }
    let first = first.ty();
    Ok(if arguments.iter().all(|argument| argument.ty() == first) { first } else { Type::Dynamic })
}

fn coalesce_list(call: &Call) -> Result<Value, FunctionError> {
    for argument in call.arguments {
        if !argument.is_known() {
            return Ok(call.unknown_result());
        }
        if argument.len().is_some_and(|length| length > 0) {
            return Ok(argument.clone());
        }
    }
    Err("no non-null arguments".into())
}

fn contains(call: &Call) -> Result<Value, FunctionError> {
    if !matches!(call.arguments[0].ty(), Type::List(_) | Type::Set(_) | Type::Tuple(_)) {
        return Err("argument must be list, tuple, or set".into());
    }
    let mut is_known = true;
    for element in call.elements(0) {
        match call.arguments[1].is_equal(element) {
            Some(true) => return Ok(Value::from(true)),
            Some(false) => {}
            None => is_known = false,
        }
    }
    Ok(if is_known { Value::from(false) } else { Value::unknown(Type::Bool) })
}

fn index(call: &Call) -> Result<Value, FunctionError> {
    if !matches!(call.arguments[0].ty(), Type::List(_) | Type::Tuple(_)) {
        return Err("argument must be a list or tuple".into());
    }
    if call.elements(0).is_empty() {
        return Err("cannot search an empty list".into());
    }
    for (index, element) in call.elements(0).iter().enumerate() {
        match element.is_equal(&call.arguments[1]) {
            Some(true) => return Ok(Value::from(index)),
            Some(false) => {}
            None => return Ok(Value::unknown(Type::Number)),
        }
    }
    Err("item not found".into())
}

fn length(call: &Call) -> Result<Value, FunctionError> {
    let argument = &call.arguments[0];
    // The number of parts of a tuple or object is in its type.
    let of_type = match argument.ty() {
        Type::Tuple(elements) => Some(elements.len()),
        Type::Object(object) => Some(object.attributes.len()),
        _ => None,
    };
    let of_text = argument.as_str().map(|text| graphemes(text).count());
    let length = of_type.or(of_text).or_else(|| argument.settled_length());
    // The length of a string carries the marks of the string; that of a collection those of the collection alone.
    Ok(length.map_or_else(|| Value::unknown(Type::Number), Value::from).with_mark(argument.is_sensitive))
}

fn match_keys(call: &Call) -> Result<Value, FunctionError> {
    let (values, keys, search) = (call.elements(0), call.elements(1), call.elements(2));
    let element_type = call.result_type.element().cloned().unwrap_or(Type::Dynamic);
    if values.len() != keys.len() {
        return Err("length of keys and values should be equal".into());
    }
    if search.is_empty() {
        return Ok(Value::list(element_type, Vec::new()));
    }
    if !call.arguments[0].is_wholly_known() || !call.arguments[1].is_wholly_known() {
        return Ok(call.unknown_result());
    }
    let key_type = unify(&[call.arguments[1].ty(), call.arguments[2].ty()])
        .and_then(|list| list.element().cloned())
        .unwrap_or(Type::Dynamic);
    let converted = |values: &[Value]| values.iter().map(|value| convert(value, &key_type)).collect::<Result<Vec<_>, _>>();
    let keys = converted(keys).map_err(|error| error.message)?;
    let search = converted(search).map_err(|error| error.message)?;
    let mut found = Vec::new();
    for (key, value) in keys.iter().zip(values) {
        for candidate in &search {
            match key.is_equal(candidate) {
                Some(true) => {
                    found.push(value.clone());
                    break;
                }
                Some(false) => {}
                None => return Ok(Value::list(element_type, Vec::new())),
            }
        }
    }
    Ok(Value::list(element_type, found))
}

const ONE_OR_NONE: &str = "must be a list, set, or tuple value with either zero or one elements";

fn one_type(arguments: &[Value]) -> Result<Type, FunctionError> {
    match arguments[0].ty() {
        Type::List(element) | Type::Set(element) => Ok(element.as_ref().clone()),
        Type::Tuple(elements) => match elements.as_slice() {
            [] => Ok(Type::Dynamic),
            [element] => Ok(element.clone()),
            _ => unsuitable(0, ONE_OR_NONE),
        },
        _ => unsuitable(0, ONE_OR_NONE),
    }
}

fn one(call: &Call) -> Result<Value, FunctionError> {
    match call.elements(0) {
        [] => Ok(Value::null(call.result_type.clone())),
        [element] => Ok(element.clone()),
        _ if matches!(call.arguments[0].ty(), Type::Set(_)) && !call.arguments[0].is_wholly_known() => Ok(call.unknown_result()),
        _ => unsuitable(0, ONE_OR_NONE),
    }
}

fn sum(call: &Call) -> Result<Value, FunctionError> {
    let argument = &call.arguments[0];
    let Some(length) = argument.len() else {
        return unsuitable(0, "cannot sum noniterable");
    };
    if length == 0 {
        return unsuitable(0, "cannot sum an empty list");
    }
    if !matches!(argument.ty(), Type::List(_) | Type::Set(_) | Type::Tuple(_)) {
        return unsuitable(0, format!("argument must be list, set, or tuple. Received {}", argument.ty().friendly_name()));
    }
    if !argument.is_wholly_known() {
        return Ok(Value::unknown(Type::Number));
    }
    let mut sum: Option<Number> = None;
    for element in call.elements(0) {
        let element = convert(element, &Type::Number).ok();
        let Some(number) = element.as_ref().and_then(Value::as_number) else {
            return unsuitable(0, "argument must be list, set, or tuple of number values");
        };
        sum = Some(match sum {
            Some(sum) => sum.add(number).ok_or("can't compute sum of opposing infinities")?,
            None => number.clone(),
        });
    }
    Ok(sum.map_or_else(|| Value::null(Type::Number), Value::from))
}
