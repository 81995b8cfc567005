//! Why one type cannot be converted to another, in Terraform's words.
//!
//! Source: go-cty, `cty/convert/mismatch_msg.go`.

use super::{Safety, is_convertible, required};
use crate::terraform::value::{ObjectType, Type};

/// What is wrong with `given` where `wanted` is wanted; for types that have no conversion.
#[must_use]
pub(super) fn message(given: &Type, wanted: &Type) -> String {
    match (given, wanted) {
        (Type::Object(given), Type::Object(wanted)) => of_objects(given, wanted),
        (Type::Tuple(_), Type::List(inner)) if **inner == Type::Dynamic => "all list elements must have the same type".to_owned(),
        (Type::Tuple(_), Type::Set(inner)) if **inner == Type::Dynamic => "all set elements must have the same type".to_owned(),
        (Type::Object(_), Type::Map(inner)) if **inner == Type::Dynamic => "all map elements must have the same type".to_owned(),
        (Type::Tuple(elements), Type::List(inner) | Type::Set(inner)) => {
            let parts = elements.iter().enumerate().map(|(index, element)| (index.to_string(), element));
            of_elements(parts, inner)
        }
        (Type::Object(object), Type::Map(inner)) => {
            of_elements(object.attributes.iter().map(|(name, attribute)| (format!("\"{name}\""), attribute)), inner)
        }
        (Type::List(given) | Type::Set(given), Type::List(wanted)) => {
            format!("incorrect list element type: {}", message(given, wanted))
        }
        (Type::List(given) | Type::Set(given), Type::Set(wanted)) => {
            format!("incorrect set element type: {}", message(given, wanted))
        }
        (Type::Map(given), Type::Map(wanted)) => format!("incorrect map element type: {}", message(given, wanted)),
        _ => required(wanted),
    }
}

fn of_objects(given: &ObjectType, wanted: &ObjectType) -> String {
    let is_missing = |name| !given.attributes.contains_key(name) && !wanted.optional.contains(name);
    let missing: Vec<String> =
        wanted.attributes.keys().filter(|name| is_missing(*name)).map(|name| format!("\"{name}\"")).collect();
    match missing.as_slice() {
        [] => {}
        [name] => return format!("attribute {name} is required"),
        [first, second] => return format!("attributes {first} and {second} are required"),
        [rest @ .., last] => return format!("attributes {}, and {last} are required", rest.join(", ")),
    }
    let mismatched = |safety| {
        wanted.attributes.iter().find_map(|(name, wanted)| {
            let given = given.attributes.get(name)?;
            (!is_convertible(given, wanted, safety)).then(|| format!("attribute \"{name}\": {}", message(given, wanted)))
        })
    };
    mismatched(Safety::Unsafe).or_else(|| mismatched(Safety::Safe)).unwrap_or_else(|| "incorrect object attributes".to_owned())
}

fn of_elements<'a>(elements: impl Iterator<Item = (String, &'a Type)>, wanted: &Type) -> String {
    for (name, element) in elements {
        if !is_convertible(element, wanted, Safety::Unsafe) {
            return format!("element {name}: {}", message(element, wanted));
        }
    }
    format!("all elements must be {}", wanted.friendly_constraint_name())
}
