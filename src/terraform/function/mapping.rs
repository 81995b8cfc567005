//! Functions of maps and objects.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::argument::unsuitable;
use super::parameter::{any, list_of_strings, map_of_lists, string};
use super::redaction::redacted;
use super::{Call, Function, FunctionError, Parameter};
use crate::terraform::conversion::convert;
use crate::terraform::go_quote::go_quoted;
use crate::terraform::value::{Type, Value};

pub(super) const TABLE: &[Function] = &[
    Function::derived("keys", &[Parameter::new("inputMap", any).unknown().sensitive()], keys_type, keys),
    Function::derived(
        "lookup",
        &[Parameter::new("inputMap", any).sensitive().unknown(), Parameter::new("key", string).sensitive().unknown()],
        lookup_type,
        lookup,
    )
    .with_variadic(&Parameter::new("default", any).unknown().dynamic().null().sensitive()),
    Function::derived("map", &[], |_| Err(MAP_IS_GONE.into()), |_| Err(MAP_IS_GONE.into()))
        .with_variadic(&Parameter::new("vals", any).unknown().dynamic().null()),
    Function::derived("merge", &[], merge_type, merge).with_variadic(&Parameter::new("maps", any).dynamic().null().sensitive()),
    Function::fixed("transpose", &[Parameter::new("values", map_of_lists)], map_of_lists, transpose),
    Function::derived("values", &[Parameter::new("mapping", any).sensitive()], values_type, values),
    Function::derived(
        "zipmap",
        &[Parameter::new("keys", list_of_strings).sensitive(), Parameter::new("values", any).sensitive()],
        zip_type,
        zip,
    ),
];

const MAP_IS_GONE: &str = "the \"map\" function was deprecated in Terraform v0.12 and is no longer available; use tomap({ ... }) syntax to write a literal map";

fn keys_type(arguments: &[Value]) -> Result<Type, FunctionError> {
    match arguments[0].ty() {
        Type::Map(_) => Ok(Type::list(Type::String)),
        Type::Object(object) => Ok(Type::tuple(vec![Type::String; object.attributes.len()])),
        _ => unsuitable(0, "must have map or object type"),
    }
}

fn keys(call: &Call) -> Result<Value, FunctionError> {
    let argument = &call.arguments[0];
    let texts = |names: Vec<Arc<str>>| names.iter().map(|name| Value::string(name)).collect();
    let keys = match argument.ty() {
        // The names are in the type, so an unknown object has them too.
        Type::Object(object) => Value::tuple(texts(object.attributes.keys().cloned().collect())),
        _ => match argument.as_mapping() {
            Some(map) => Value::list(Type::String, texts(map.keys().cloned().collect())),
            None => call.unknown_result(),
        },
    };
    Ok(keys.with_mark(argument.is_sensitive))
}

fn lookup_type(arguments: &[Value]) -> Result<Type, FunctionError> {
    if arguments.len() > 3 {
        return Err(format!("lookup() takes two or three arguments, got {}", arguments.len()).into());
    }
    match arguments[0].ty() {
        Type::Object(object) => {
            let Some(key) = arguments[1].as_str() else {
                return Ok(Type::Dynamic);
            };
            match (object.attributes.get(key), arguments.get(2)) {
                (Some(ty), _) => Ok(ty.clone()),
                (None, Some(default)) => Ok(default.ty()),
                (None, None) => unsuitable(0, format!("the given object has no attribute {}", go_quoted(key))),
            }
        }
        Type::Map(element) => match arguments.get(2).map(|default| convert(default, &element)) {
            Some(Err(_)) => unsuitable(2, "the default value must have the same type as the map elements"),
            Some(Ok(_)) | None => Ok(element.as_ref().clone()),
        },
        _ => unsuitable(0, "lookup() requires a map as the first argument"),
    }
}

fn lookup(call: &Call) -> Result<Value, FunctionError> {
    let (map, key) = (&call.arguments[0], &call.arguments[1]);
    let is_sensitive = map.is_sensitive || key.is_sensitive;
    let (Some(elements), Some(name)) = (map.as_mapping(), key.as_str()) else {
        return Ok(call.unknown_result().with_mark(is_sensitive));
    };
    if let Some(element) = elements.get(name) {
        return Ok(element.clone().with_mark(is_sensitive));
    }
    match call.arguments.get(2) {
        Some(default) => {
            let default = convert(default, &call.result_type).map_err(|error| error.message)?;
            Ok(default.with_mark(is_sensitive))
        }
        None => Err(format!("lookup failed to find key {}", redacted(name, key.is_sensitive)).into()),
    }
}

fn merge_type(arguments: &[Value]) -> Result<Type, FunctionError> {
    let mut attributes = BTreeMap::new();
    let mut is_predictable = true;
    for argument in arguments {
        match argument.ty() {
            Type::Dynamic => return Ok(Type::Dynamic),
            Type::Object(object) => {
                if !argument.is_null() {
                    attributes.extend(object.attributes.clone());
                }
            }
            Type::Map(element) => match argument.as_mapping() {
                Some(map) => {
                    attributes.extend(map.keys().map(|name| (Arc::clone(name), element.as_ref().clone())));
                }
                None => is_predictable &= argument.is_null(),
            },
            other => {
                return Err(format!("arguments must be maps or objects, got {}", go_quoted(&other.friendly_name())).into());
            }
        }
    }
    let first = arguments.first().map(Value::ty);
    if let Some(first) = first.filter(|first| arguments.iter().all(|argument| argument.ty() == *first)) {
        return Ok(first);
    }
    if is_predictable { Ok(Type::object(attributes)) } else { Ok(Type::Dynamic) }
}

fn merge(call: &Call) -> Result<Value, FunctionError> {
    let mut merged = BTreeMap::new();
    for argument in call.arguments {
        let elements = argument.as_mapping().into_iter().flatten();
        merged.extend(elements.map(|(name, element)| (Arc::clone(name), element.clone())));
    }
    let is_sensitive = call.arguments.iter().any(|argument| !argument.is_null() && argument.is_sensitive);
    let merged = match &call.result_type {
        Type::Map(element) => Value::map(element.as_ref().clone(), merged),
        _ => Value::object(merged),
    };
    Ok(merged.with_mark(is_sensitive))
}

fn transpose(call: &Call) -> Result<Value, FunctionError> {
    let input = &call.arguments[0];
    if !input.is_wholly_known() {
        return Ok(call.unknown_result());
    }
    let mut transposed: BTreeMap<Arc<str>, Vec<Value>> = BTreeMap::new();
    for (key, list) in input.as_mapping().into_iter().flatten() {
        if list.is_null() {
            return Err("input must not contain null list".into());
        }
        for element in list.as_sequence().unwrap_or_default() {
            let Some(text) = element.as_str() else {
                return Err("input list must not contain null string".into());
            };
            transposed.entry(Arc::from(text)).or_default().push(Value::string(key));
        }
    }
    let lists = transposed.into_iter().map(|(key, names)| (key, Value::list(Type::String, names)));
    Ok(Value::map(Type::list(Type::String), lists.collect()))
}

fn values_type(arguments: &[Value]) -> Result<Type, FunctionError> {
    match arguments[0].ty() {
        Type::Map(element) => Ok(Type::List(element)),
        Type::Object(object) => Ok(Type::tuple(object.attributes.values().cloned().collect())),
        _ => Err("values() requires a map as the first argument".into()),
    }
}

fn values(call: &Call) -> Result<Value, FunctionError> {
    let argument = &call.arguments[0];
    let elements: Vec<Value> = argument.as_mapping().into_iter().flat_map(|map| map.values().cloned()).collect();
    let values = match &call.result_type {
        Type::List(element) => Value::list(element.as_ref().clone(), elements),
        _ => Value::tuple(elements),
    };
    Ok(values.with_mark(argument.is_sensitive))
}

fn count_mismatch(keys: usize, values: usize) -> FunctionError {
    format!("number of keys ({keys}) does not match number of values ({values})").into()
}

fn zip_type(arguments: &[Value]) -> Result<Type, FunctionError> {
    match arguments[1].ty() {
        Type::List(element) => Ok(Type::Map(element)),
        Type::Tuple(types) => {
            let keys = match arguments[0].as_sequence() {
                Some(keys) if arguments[0].is_wholly_known() => keys,
                _ => return Ok(Type::Dynamic),
            };
            if keys.len() != types.len() {
                return Err(count_mismatch(keys.len(), types.len()));
            }
            let mut attributes = BTreeMap::new();
            for (index, (key, ty)) in keys.iter().zip(types.iter()).enumerate() {
                let Some(name) = key.as_str() else {
                    return Err(format!("keys list has null value at index {index}").into());
                };
                attributes.insert(Arc::from(name), ty.clone());
            }
            Ok(Type::object(attributes))
        }
        _ => Err("values argument must be a list or tuple value".into()),
    }
}

fn zip(call: &Call) -> Result<Value, FunctionError> {
    let (keys, values) = (call.elements(0), call.elements(1));
    // A map's keys carry no marks, so the map does.
    let is_sensitive = call.is_any_sensitive() || keys.iter().any(|key| key.is_sensitive);
    if !call.arguments[0].is_wholly_known() {
        return Ok(call.unknown_result().with_mark(is_sensitive));
    }
    if keys.len() != values.len() {
        return Err(count_mismatch(keys.len(), values.len()));
    }
    let mut zipped = BTreeMap::new();
    for (index, (key, value)) in keys.iter().zip(values).enumerate() {
        let Some(name) = key.as_str() else {
            return Err(format!("keys list has null value at index {index}").into());
        };
        zipped.insert(Arc::from(name), value.clone());
    }
    let zipped = match &call.result_type {
        Type::Map(element) => Value::map(element.as_ref().clone(), zipped),
        _ => Value::object(zipped),
    };
    Ok(zipped.with_mark(is_sensitive))
}
