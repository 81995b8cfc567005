//! Functions of sets.

use super::argument::unsuitable;
use super::parameter::{any, set_of_any};
use super::{Call, Function, FunctionError, Parameter};
use crate::terraform::conversion::convert;
use crate::terraform::conversion::unify::unify;
use crate::terraform::value::{Type, Value};

pub(super) const TABLE: &[Function] = &[
    Function::derived("setintersection", &[FIRST], common_type, |call| {
        combine(call, |members, other| members.into_iter().filter(|member| holds(other, member)).collect())
    })
    .with_variadic(OTHERS),
    Function::derived("setproduct", &[], product_type, product).with_variadic(&Parameter::new("sets", any).sensitive().unknown()),
    Function::derived(
        "setsubtract",
        &[Parameter::new("a", set_of_any).dynamic(), Parameter::new("b", set_of_any).dynamic()],
        common_type,
        |call| combine(call, |members, other| members.into_iter().filter(|member| !holds(other, member)).collect()),
    ),
    Function::derived("setunion", &[FIRST], common_type, union).with_variadic(OTHERS),
];

const FIRST: Parameter = Parameter::new("first_set", set_of_any).dynamic();
const OTHERS: &Parameter = &Parameter::new("other_sets", set_of_any).dynamic();

/// The most elements of a product: past that, Terraform would run out of memory.
const LARGEST_PRODUCT: usize = 1 << 20;

/// The set type that all arguments can be converted to.
fn common_type(arguments: &[Value]) -> Result<Type, FunctionError> {
    let mut elements = Vec::new();
    for argument in arguments {
        let element = argument.ty().element().cloned().unwrap_or(Type::Dynamic);
        // An empty set of anything can become a set of whatever the others are.
        if !(argument.is_empty() && element == Type::Dynamic) {
            elements.push(element);
        }
    }
    if elements.is_empty() {
        return Ok(Type::set(Type::Dynamic));
    }
    match unify(&elements) {
        Some(element) => Ok(Type::set(element)),
        None => Err("given sets must all have compatible element types".into()),
    }
}

fn holds(members: &[Value], member: &Value) -> bool {
    members.iter().any(|other| other.compare_in_set(member).is_eq())
}

/// Combines the first set with each of the others; only what is wholly known can be.
fn combine(call: &Call, operation: fn(Vec<Value>, &[Value]) -> Vec<Value>) -> Result<Value, FunctionError> {
    let sets = converted(call)?;
    if !sets.iter().all(Value::is_wholly_known) {
        return Ok(call.unknown_result());
    }
    let mut sets = sets.iter().map(|set| set.as_sequence().unwrap_or_default());
    let first = sets.next().unwrap_or_default().to_vec();
    Ok(set(call, sets.fold(first, operation)))
}

fn union(call: &Call) -> Result<Value, FunctionError> {
    let sets = converted(call)?;
    if !sets.iter().all(Value::is_known) {
        return Ok(call.unknown_result());
    }
    Ok(set(call, sets.iter().flat_map(|set| set.as_sequence().unwrap_or_default().to_vec()).collect()))
}

fn converted(call: &Call) -> Result<Vec<Value>, FunctionError> {
    let convert =
        |(index, argument)| convert(argument, &call.result_type).map_err(|error| FunctionError::Argument(index, error.message));
    call.arguments.iter().enumerate().map(convert).collect()
}

fn set(call: &Call, members: Vec<Value>) -> Value {
    Value::set(call.result_type.element().cloned().unwrap_or(Type::Dynamic), members)
}

fn product_type(arguments: &[Value]) -> Result<Type, FunctionError> {
    if arguments.len() < 2 {
        return Err("at least two arguments are required".into());
    }
    let mut elements = Vec::new();
    let mut is_ordered = true;
    for (index, argument) in arguments.iter().enumerate() {
        elements.push(match argument.ty() {
            Type::Set(element) => {
                is_ordered = false;
                element.as_ref().clone()
            }
            Type::List(element) => element.as_ref().clone(),
            Type::Tuple(types) if types.is_empty() => Type::Dynamic,
            Type::Tuple(types) => match unify(&types) {
                Some(element) => element,
                None => return unsuitable(index, "all elements must be of the same type"),
            },
            _ => return unsuitable(index, "a set or a list is required"),
        });
    }
    let element = Type::tuple(elements);
    Ok(if is_ordered { Type::list(element) } else { Type::set(element) })
}

/// Every combination; of lists in order, the last argument changing fastest.
fn product(call: &Call) -> Result<Value, FunctionError> {
    let is_sensitive = call.is_any_sensitive();
    let element = call.result_type.element().cloned().unwrap_or(Type::Dynamic);
    if call.arguments.iter().any(|argument| argument.settled_length().is_none()) {
        return Ok(call.unknown_result().with_mark(is_sensitive));
    }
    let Type::Tuple(types) = &element else {
        return Ok(call.unknown_result().with_mark(is_sensitive));
    };
    let total = call.arguments.iter().try_fold(1_usize, |total, argument| total.checked_mul(argument.len()?));
    if total.is_none_or(|total| total > LARGEST_PRODUCT) {
        return Err("the product has too many elements".into());
    }
    let mut rows = vec![Vec::new()];
    for (index, ty) in types.iter().enumerate() {
        let mut members = Vec::new();
        for member in call.elements(index) {
            members.push(convert(member, ty).map_err(|error| error.message)?);
        }
        rows = rows
            .iter()
            .flat_map(|row: &Vec<Value>| {
                members.iter().map(|member| {
                    let mut row = row.clone();
                    row.push(member.clone());
                    row
                })
            })
            .collect();
    }
    let rows = rows.into_iter().map(Value::tuple).collect();
    let product = match &call.result_type {
        Type::List(_) => Value::list(element, rows),
        _ => Value::set(element, rows),
    };
    Ok(product.with_mark(is_sensitive))
}
