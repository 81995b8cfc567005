//! Which conversions exist between types, and what takes the place of `any` in them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Safety;
use super::unify::{find_common, unify};
use crate::terraform::value::Type;

/// Whether there is a conversion between two different types.
pub(super) fn is_possible(given: &Type, wanted: &Type, safety: Safety) -> bool {
    let is_unsafe = safety == Safety::Unsafe;
    match (given, wanted) {
        (_, Type::Dynamic) => true,
        (Type::Dynamic, _) => is_unsafe,
        (Type::Number | Type::Bool, Type::String) => true,
        (Type::String, Type::Number | Type::Bool) => is_unsafe,
        (Type::Object(given), Type::Object(wanted)) => {
            wanted.attributes.iter().all(|(name, wanted_type)| match given.attributes.get(name) {
                Some(given) => is_same_or_possible(given, wanted_type, safety),
                None => wanted.optional.contains(name),
            })
        }
        (Type::Tuple(given), Type::Tuple(wanted)) => {
            given.len() == wanted.len()
                && given.iter().zip(wanted.iter()).all(|(given, wanted)| is_same_or_possible(given, wanted, safety))
        }
        (Type::List(given) | Type::Set(given), Type::List(wanted)) | (Type::Map(given), Type::Map(wanted)) => {
            is_same_or_possible(given, wanted, safety)
        }
        (Type::Set(given), Type::Set(wanted)) => is_same_or_possible(given, wanted, safety),
        // A set forgets the order.
        (Type::List(given), Type::Set(wanted)) => is_unsafe && is_same_or_possible(given, wanted, safety),
        (Type::Tuple(elements), Type::List(wanted) | Type::Set(wanted)) => {
            is_collectible(elements.iter(), wanted, safety, |common| {
                *common != Type::Dynamic || elements.iter().all(|element| *element == Type::Dynamic)
            })
        }
        (Type::Object(given), Type::Map(wanted)) => is_collectible(given.attributes.values(), wanted, safety, |_| true),
        // Nothing says that the keys are there.
        (Type::Map(given), Type::Object(wanted)) => {
            is_unsafe
                && wanted
                    .attributes
                    .iter()
                    .all(|(name, attribute)| is_same_or_possible(given, attribute, safety) || wanted.optional.contains(name))
        }
        _ => false,
    }
}

/// Whether the types are the same or have a conversion; of what has parts the parts alone are compared, each once.
pub(super) fn is_same_or_possible(given: &Type, wanted: &Type, safety: Safety) -> bool {
    (given.is_primitive() && given == wanted) || is_possible(given, wanted, safety)
}

/// Whether elements of these types can be the elements of a collection; `is_suitable` judges what `any` stands for.
fn is_collectible<'a>(
    elements: impl Iterator<Item = &'a Type> + Clone,
    wanted: &Type,
    safety: Safety,
    is_suitable: impl Fn(&Type) -> bool,
) -> bool {
    if elements.clone().next().is_none() {
        return true;
    }
    if *wanted != Type::Dynamic {
        return elements.into_iter().all(|element| is_same_or_possible(element, wanted, safety));
    }
    let elements: Vec<&Type> = elements.collect();
    find_common(&elements, safety).is_some_and(|common| common.is_reached && is_suitable(&common.ty))
}

/// The wanted type with each `any` replaced by what the given type has in its place, for values that are null or unknown.
pub(super) fn replace_dynamic(given: &Type, wanted: &Type) -> Type {
    if *given == Type::Dynamic {
        return wanted.clone();
    }
    match wanted {
        Type::Dynamic => given.clone(),
        Type::Bool | Type::Number | Type::String => wanted.clone(),
        Type::List(inner) => of_elements(given, inner).map_or_else(|| wanted.clone(), Type::list),
        Type::Set(inner) => of_elements(given, inner).map_or_else(|| wanted.clone(), Type::set),
        Type::Map(inner) => match given {
            Type::Map(element) => Type::map(replace_dynamic(element, inner)),
            Type::Object(object) => {
                let types: Vec<Type> = object.attributes.values().cloned().collect();
                Type::map(unify(&types).map_or_else(|| (**inner).clone(), |common| replace_dynamic(&common, inner)))
            }
            _ => wanted.clone(),
        },
        Type::Object(object) => {
            let replaced: BTreeMap<Arc<str>, Type> = object
                .attributes
                .iter()
                .map(|(name, attribute)| {
                    let given = match given {
                        Type::Map(element) => Some(&**element),
                        Type::Object(object) => object.attributes.get(name),
                        _ => None,
                    };
                    (Arc::clone(name), given.map_or_else(|| attribute.clone(), |given| replace_dynamic(given, attribute)))
                })
                .collect();
            Type::object(replaced)
        }
        Type::Tuple(elements) => match given {
            Type::Tuple(given) if given.len() == elements.len() => {
                Type::tuple(given.iter().zip(elements.iter()).map(|(given, wanted)| replace_dynamic(given, wanted)).collect())
            }
            _ => wanted.clone(),
        },
    }
}

fn of_elements(given: &Type, inner: &Type) -> Option<Type> {
    match given {
        Type::List(element) | Type::Set(element) => Some(replace_dynamic(element, inner)),
        Type::Tuple(elements) => Some(unify(elements).map_or_else(|| inner.clone(), |common| replace_dynamic(&common, inner))),
        _ => None,
    }
}
