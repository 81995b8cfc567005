//! The type that several types have in common.
//!
//! Source: go-cty, `cty/convert/unify.go`, `compare_types.go`, `sort_types.go`.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashSet, VecDeque};
use std::sync::Arc;

use super::possible::is_possible;
use super::{Safety, is_convertible};
use crate::terraform::value::Type;

/// The most general type that all can be converted to, unsafe conversions included; none where there is none.
///
/// [`Type::Dynamic`] where it depends on a type that is not known.
#[must_use]
pub fn unify(types: &[Type]) -> Option<Type> {
    unify_with(types, Safety::Unsafe)
}

/// As [`unify`], with safe conversions alone.
#[must_use]
pub fn unify_safe(types: &[Type]) -> Option<Type> {
    unify_with(types, Safety::Safe)
}

/// How many types there are of each kind.
#[derive(Default)]
struct Count {
    maps: usize,
    lists: usize,
    sets: usize,
    objects: usize,
    tuples: usize,
    dynamics: usize,
}

pub(super) fn unify_with(types: &[Type], safety: Safety) -> Option<Type> {
    // Long lists repeat few types, and what follows compares each with each.
    let mut seen = HashSet::new();
    let types: Vec<&Type> = types.iter().filter(|ty| seen.insert(*ty)).collect();
    let first = *types.first()?;
    if types.len() == 1 {
        return Some(first.without_optional());
    }
    let mut count = Count::default();
    for ty in &types {
        match ty {
            Type::Map(_) => count.maps += 1,
            Type::List(_) => count.lists += 1,
            Type::Set(_) => count.sets += 1,
            Type::Object(_) => count.objects += 1,
            Type::Tuple(_) => count.tuples += 1,
            Type::Dynamic => count.dynamics += 1,
            Type::Bool | Type::Number | Type::String => {}
        }
    }
    let total = types.len();
    let is_all = |number: usize| number > 0 && number + count.dynamics == total;
    let is_open = count.dynamics > 0;
    if is_all(count.maps) || is_all(count.lists) || is_all(count.sets) {
        return if is_open { Some(Type::Dynamic) } else { collections(&types, safety) };
    }
    if is_all(count.objects) {
        return if is_open { Some(Type::Dynamic) } else { objects(&types, safety) };
    }
    if is_all(count.tuples) {
        return if is_open { Some(Type::Dynamic) } else { tuples(&types, safety) };
    }
    if count.maps > 0 && is_all(count.maps + count.objects) {
        if let Some(common @ Type::Map(_)) = with_structures_as_collections(&types, safety) {
            return Some(common);
        }
    } else if count.lists > 0 && is_all(count.lists + count.tuples) {
        if let Some(common @ Type::List(_)) = with_structures_as_collections(&types, safety) {
            return Some(common);
        }
    } else if count.objects > 0 && count.tuples > 0 {
        return None;
    }
    let reaches_all = |wanted: &&Type| types.iter().all(|given| given == wanted || is_possible(given, wanted, safety));
    by_preference(&types).into_iter().find(reaches_all).cloned()
}

/// Objects count as maps of what their attributes have in common, tuples as lists.
fn with_structures_as_collections(types: &[&Type], safety: Safety) -> Option<Type> {
    let structures: Vec<&Type> = types.iter().copied().filter(|ty| matches!(ty, Type::Object(_) | Type::Tuple(_))).collect();
    let collection = match structures.first()? {
        Type::Object(_) => objects_as_map(&structures, safety)?,
        _ => tuples_as_list(&structures, safety)?,
    };
    let replaced: Vec<Type> = types
        .iter()
        .map(|ty| if matches!(ty, Type::Object(_) | Type::Tuple(_)) { collection.clone() } else { (*ty).clone() })
        .collect();
    unify_with(&replaced, safety)
}

fn collections(types: &[&Type], safety: Safety) -> Option<Type> {
    let elements: Vec<Type> = types.iter().filter_map(|ty| ty.element().cloned()).collect();
    let element = unify_with(&elements, safety)?;
    let common = match types.first()? {
        Type::List(_) => Type::list(element),
        Type::Set(_) => Type::set(element),
        _ => Type::map(element),
    };
    types.iter().all(|ty| is_convertible(ty, &common, safety)).then_some(common)
}

fn attributes(ty: &Type) -> Option<&BTreeMap<Arc<str>, Type>> {
    match ty {
        Type::Object(object) => Some(&object.attributes),
        _ => None,
    }
}

fn elements(ty: &Type) -> &[Type] {
    match ty {
        Type::Tuple(elements) => elements,
        _ => &[],
    }
}

fn objects(types: &[&Type], safety: Safety) -> Option<Type> {
    let each: Vec<&BTreeMap<Arc<str>, Type>> = types.iter().filter_map(|ty| attributes(ty)).collect();
    let first = *each.first()?;
    if !each.iter().all(|attributes| attributes.keys().eq(first.keys())) {
        return objects_as_map(types, safety);
    }
    let mut common = BTreeMap::new();
    for name in first.keys() {
        let across: Vec<Type> = each.iter().filter_map(|attributes| attributes.get(name).cloned()).collect();
        common.insert(Arc::clone(name), unify_with(&across, safety)?);
    }
    let common = Type::object(common);
    if types.iter().all(|ty| is_convertible(ty, &common, safety)) { Some(common) } else { objects_as_map(types, safety) }
}

fn objects_as_map(types: &[&Type], safety: Safety) -> Option<Type> {
    let all: Vec<Type> = types.iter().filter_map(|ty| attributes(ty)).flat_map(BTreeMap::values).cloned().collect();
    let common = Type::map(unify_with(&all, safety)?);
    types.iter().all(|ty| is_convertible(ty, &common, safety)).then_some(common)
}

fn tuples(types: &[&Type], safety: Safety) -> Option<Type> {
    let length = elements(types.first()?).len();
    if !types.iter().all(|ty| elements(ty).len() == length) {
        return tuples_as_list(types, safety);
    }
    let mut common = Vec::with_capacity(length);
    for index in 0..length {
        let across: Vec<Type> = types.iter().filter_map(|ty| elements(ty).get(index).cloned()).collect();
        common.push(unify_with(&across, safety)?);
    }
    let common = Type::tuple(common);
    if types.iter().all(|ty| is_convertible(ty, &common, safety)) { Some(common) } else { tuples_as_list(types, safety) }
}

fn tuples_as_list(types: &[&Type], safety: Safety) -> Option<Type> {
    let all: Vec<Type> = types.iter().flat_map(|ty| elements(ty)).cloned().collect();
    let common = Type::list(unify_with(&all, safety)?);
    types.iter().all(|ty| is_convertible(ty, &common, safety)).then_some(common)
}

/// The types, more general ones first, otherwise in the order given.
fn by_preference<'a>(types: &[&'a Type]) -> Vec<&'a Type> {
    let mut more_special = vec![Vec::new(); types.len()];
    let mut more_general_count = vec![0usize; types.len()];
    for (i, left) in types.iter().enumerate() {
        for (offset, right) in types[i + 1..].iter().enumerate() {
            let j = i + 1 + offset;
            let (general, special) = match generality(left, right) {
                Ordering::Less => (i, j),
                Ordering::Greater => (j, i),
                Ordering::Equal => continue,
            };
            more_special[general].push(special);
            more_general_count[special] += 1;
        }
    }
    let mut queue: VecDeque<usize> = (0..types.len()).filter(|index| more_general_count[*index] == 0).collect();
    let mut sorted = Vec::with_capacity(types.len());
    while let Some(index) = queue.pop_front() {
        sorted.push(types[index]);
        for special in &more_special[index] {
            more_general_count[*special] -= 1;
            if more_general_count[*special] == 0 {
                queue.push_back(*special);
            }
        }
    }
    sorted
}

/// Less where `a` is more general than `b`.
fn generality(a: &Type, b: &Type) -> Ordering {
    match (a, b) {
        (Type::Dynamic, Type::Dynamic) => Ordering::Equal,
        (_, Type::Dynamic) => Ordering::Less,
        (Type::Dynamic, _) => Ordering::Greater,
        (Type::String, Type::Bool | Type::Number) => Ordering::Less,
        (Type::Bool | Type::Number, Type::String) => Ordering::Greater,
        (Type::List(a), Type::List(b)) | (Type::Set(a), Type::Set(b)) | (Type::Map(a), Type::Map(b)) => generality(a, b),
        (Type::Tuple(_) | Type::List(_), Type::Set(_)) | (Type::List(_), Type::Tuple(_)) => Ordering::Less,
        (Type::Set(_), Type::Tuple(_) | Type::List(_)) | (Type::Tuple(_), Type::List(_)) => Ordering::Greater,
        (Type::Map(_), Type::Object(_)) => Ordering::Less,
        (Type::Object(_), Type::Map(_)) => Ordering::Greater,
        (Type::Object(a), Type::Object(b)) if a.attributes.keys().eq(b.attributes.keys()) => {
            generality_of_parts(a.attributes.values().zip(b.attributes.values()))
        }
        (Type::Tuple(a), Type::Tuple(b)) if a.len() == b.len() => generality_of_parts(a.iter().zip(b.iter())),
        _ => Ordering::Equal,
    }
}

fn generality_of_parts<'a>(parts: impl Iterator<Item = (&'a Type, &'a Type)>) -> Ordering {
    let (mut is_left_more, mut is_right_more) = (false, false);
    for (a, b) in parts {
        match generality(a, b) {
            Ordering::Less => is_left_more = true,
            Ordering::Greater => is_right_more = true,
            Ordering::Equal => {}
        }
    }
    is_right_more.cmp(&is_left_more)
}
