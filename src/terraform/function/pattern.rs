//! Functions that take a pattern: `regex`, `regexall`, `replace`.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use regex::Captures;

use super::argument::unsuitable;
use super::parameter::string;
use super::regexp::Regexp;
use super::string::{LARGEST_TEXT, TOO_LARGE};
use super::{Call, Function, FunctionError, Parameter};
use crate::terraform::value::{Type, Value};

pub(super) const TABLE: &[Function] = &[
    Function::derived(
        "regex",
        PARAMETERS,
        |arguments| match arguments[0].as_str() {
            Some(pattern) => Ok(match_type(&*compile(pattern)?)),
            None => Ok(Type::Dynamic),
        },
        regex,
    ),
    Function::derived(
        "regexall",
        PARAMETERS,
        |arguments| match arguments[0].as_str() {
            Some(pattern) => Ok(Type::list(match_type(&*compile(pattern)?))),
            None => Ok(Type::list(Type::Dynamic)),
        },
        regex_all,
    ),
    Function::fixed(
        "replace",
        &[Parameter::new("str", string), Parameter::new("substr", string), Parameter::new("replace", string)],
        string,
        replace,
    ),
];

const PARAMETERS: &[Parameter] = &[Parameter::new("pattern", string), Parameter::new("string", string)];

/// Compiles the pattern that is the first argument.
fn compile(pattern: &str) -> Result<Rc<Regexp>, FunctionError> {
    let regexp = Regexp::get(pattern)
        .map_err(|error| FunctionError::Argument(0, format!("invalid regexp pattern: {} in {}", error.code, error.expression)))?;
    let named = regexp.groups().iter().filter(|name| !name.is_empty()).count();
    if named != 0 && named != regexp.groups().len() {
        return unsuitable(0, "invalid regexp pattern: cannot mix both named and unnamed capture groups");
    }
    Ok(regexp)
}

/// A string without groups, a tuple with groups, an object with named groups.
fn match_type(regexp: &Regexp) -> Type {
    match regexp.groups() {
        [] => Type::String,
        [first, ..] if first.is_empty() => Type::tuple(vec![Type::String; regexp.groups().len()]),
        names => Type::object(names.iter().map(|name| (Arc::from(name.as_str()), Type::String)).collect()),
    }
}

fn match_value(regexp: &Regexp, captures: &Captures<'_>) -> Value {
    let group = |index| match captures.get(index) {
        Some(group) => Value::string(group.as_str()),
        None => Value::null(Type::String),
    };
    match regexp.groups() {
        [] => group(0),
        [first, ..] if first.is_empty() => Value::tuple((1..=regexp.groups().len()).map(group).collect()),
        names => {
            let attributes = names.iter().enumerate().map(|(index, name)| (Arc::from(name.as_str()), group(index + 1)));
            Value::object(attributes.collect::<BTreeMap<_, _>>())
        }
    }
}

fn regex(call: &Call) -> Result<Value, FunctionError> {
    let regexp = compile(call.text(0))?;
    match regexp.captures(call.text(1)) {
        Some(captures) => Ok(match_value(&regexp, &captures)),
        None => Err("pattern did not match any part of the given string".into()),
    }
}

fn regex_all(call: &Call) -> Result<Value, FunctionError> {
    let regexp = compile(call.text(0))?;
    let matches = regexp.captures_iter(call.text(1)).map(|captures| match_value(&regexp, &captures));
    Ok(Value::list(match_type(&regexp), matches.collect()))
}

/// Replaces every occurrence of a text, or of a pattern between slashes.
fn replace(call: &Call) -> Result<Value, FunctionError> {
    let (text, search, replacement) = (call.text(0), call.text(1), call.text(2));
    let pattern = search.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
    let Some(pattern) = pattern else {
        let added = text.matches(search).count().saturating_mul(replacement.len());
        if added > LARGEST_TEXT {
            return Err(TOO_LARGE.into());
        }
        return Ok(Value::string(&text.replace(search, replacement)));
    };
    let regexp = Regexp::get(pattern).map_err(|error| error.to_string())?;
    let replaced = regexp.replace_all(text, replacement, LARGEST_TEXT).ok_or(TOO_LARGE)?;
    Ok(Value::string(&replaced))
}
