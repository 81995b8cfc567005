//! The type that several types have in common.
//!
//! Source: go-cty, `cty/convert/unify.go`, `compare_types.go`, `sort_types.go`.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashSet, VecDeque};
use std::sync::Arc;

use super::{Safety, is_convertible};
use crate::terraform::value::Type;

/// The most general type that all can be converted to, unsafe conversions included; none where there is none.
///
/// [`Type::Dynamic`] where it depends on a type that is not known.
#[must_use]
pub fn unify(types: &[Type]) -> Option<Type> {
    unify_with(types, Safety::Unsafe)
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
    find_common(&types.iter().collect::<Vec<_>>(), safety).map(|common| common.ty)
}

/// What types have in common.
///
/// Whether they can all be converted to it is told from their parts on the way up: to look at the whole types again at each
/// level would take time that grows with the square of the depth.
pub(super) struct Common {
    pub(super) ty: Type,
    /// Every type is this one or can be converted to it.
    pub(super) is_reached: bool,
}

impl Common {
    fn reached(ty: Type) -> Option<Self> {
        Some(Self { ty, is_reached: true })
    }
}

/// The type that types have in common; none where there is none.
pub(super) fn find_common(types: &[&Type], safety: Safety) -> Option<Common> {
    let first = *types.first()?;
    if types.iter().all(|ty| is_plainly_same(ty, first)) {
        return Common::reached(first.without_optional());
    }
    let mut count = Count::default();
    for ty in types {
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
        return if is_open { Common::reached(Type::Dynamic) } else { collections(types, safety) };
    }
    if is_all(count.objects) {
        return if is_open { Common::reached(Type::Dynamic) } else { objects(types, safety) };
    }
    if is_all(count.tuples) {
        return if is_open { Common::reached(Type::Dynamic) } else { tuples(types, safety) };
    }
    // Long lists repeat few types, and what follows compares each with each.
    let mut seen = HashSet::new();
    let types: Vec<&Type> = types.iter().copied().filter(|ty| seen.insert(*ty)).collect();
    if count.maps > 0 && is_all(count.maps + count.objects) {
        if let Some(common @ Common { ty: Type::Map(_), .. }) = with_structures_as_collections(&types, safety) {
            return Some(common);
        }
    } else if count.lists > 0 && is_all(count.lists + count.tuples) {
        if let Some(common @ Common { ty: Type::List(_), .. }) = with_structures_as_collections(&types, safety) {
            return Some(common);
        }
    } else if count.objects > 0 && count.tuples > 0 {
        return None;
    }
    let reaches_all = |wanted: &&Type| types.iter().all(|given| is_convertible(given, wanted, safety));
    by_preference(&types).into_iter().find(reaches_all).cloned().and_then(Common::reached)
}

/// Whether two types are the same, as far as that can be told without looking at their parts.
fn is_plainly_same(a: &Type, b: &Type) -> bool {
    match (a, b) {
        (Type::List(a), Type::List(b)) | (Type::Set(a), Type::Set(b)) | (Type::Map(a), Type::Map(b)) => Arc::ptr_eq(a, b),
        (Type::Tuple(a), Type::Tuple(b)) => Arc::ptr_eq(a, b),
        (Type::Object(a), Type::Object(b)) => Arc::ptr_eq(a, b),
        _ => (a.is_primitive() || *a == Type::Dynamic) && a == b,
    }
}

/// Objects count as maps of what their attributes have in common, tuples as lists.
fn with_structures_as_collections(types: &[&Type], safety: Safety) -> Option<Common> {
    let structures: Vec<&Type> = types.iter().copied().filter(|ty| matches!(ty, Type::Object(_) | Type::Tuple(_))).collect();
    let collection = match structures.first()? {
        Type::Object(_) => objects_as_map(&structures, safety)?.ty,
        _ => tuples_as_list(&structures, safety)?.ty,
    };
    let replaced: Vec<&Type> =
        types.iter().map(|ty| if matches!(ty, Type::Object(_) | Type::Tuple(_)) { &collection } else { *ty }).collect();
    let ty = find_common(&replaced, safety)?.ty;
    // The way over the collection may lead where the structures themselves cannot go.
    let is_reached = types.iter().all(|given| is_convertible(given, &ty, safety));
    Some(Common { ty, is_reached })
}

fn collections(types: &[&Type], safety: Safety) -> Option<Common> {
    let elements: Vec<&Type> = types.iter().filter_map(|ty| ty.element()).collect();
    let element = find_common(&elements, safety).filter(|element| element.is_reached)?.ty;
    Common::reached(match types.first()? {
        Type::List(_) => Type::list(element),
        Type::Set(_) => Type::set(element),
        _ => Type::map(element),
    })
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

fn objects(types: &[&Type], safety: Safety) -> Option<Common> {
    let each: Vec<&BTreeMap<Arc<str>, Type>> = types.iter().filter_map(|ty| attributes(ty)).collect();
    let first = *each.first()?;
    if !each.iter().all(|attributes| attributes.keys().eq(first.keys())) {
        return objects_as_map(types, safety);
    }
    let mut common = BTreeMap::new();
    let mut is_reached = true;
    for name in first.keys() {
        let across: Vec<&Type> = each.iter().filter_map(|attributes| attributes.get(name)).collect();
        let attribute = find_common(&across, safety)?;
        is_reached &= attribute.is_reached;
        common.insert(Arc::clone(name), attribute.ty);
    }
    if is_reached { Common::reached(Type::object(common)) } else { objects_as_map(types, safety) }
}

fn objects_as_map(types: &[&Type], safety: Safety) -> Option<Common> {
    let all: Vec<&Type> = types.iter().filter_map(|ty| attributes(ty)).flat_map(BTreeMap::values).collect();
    as_collection(types, &all, Type::map, safety)
}

fn tuples(types: &[&Type], safety: Safety) -> Option<Common> {
    let length = elements(types.first()?).len();
    if !types.iter().all(|ty| elements(ty).len() == length) {
        return tuples_as_list(types, safety);
    }
    let mut common = Vec::with_capacity(length);
    let mut is_reached = true;
    for index in 0..length {
        let across: Vec<&Type> = types.iter().filter_map(|ty| elements(ty).get(index)).collect();
        let element = find_common(&across, safety)?;
        is_reached &= element.is_reached;
        common.push(element.ty);
    }
    if is_reached { Common::reached(Type::tuple(common)) } else { tuples_as_list(types, safety) }
}

fn tuples_as_list(types: &[&Type], safety: Safety) -> Option<Common> {
    let all: Vec<&Type> = types.iter().flat_map(|ty| elements(ty)).collect();
    as_collection(types, &all, Type::list, safety)
}

/// The collection of what all parts of structures have in common, where every structure can be converted to it.
fn as_collection(structures: &[&Type], parts: &[&Type], of: fn(Type) -> Type, safety: Safety) -> Option<Common> {
    let element = find_common(parts, safety)?;
    let is_open = element.ty == Type::Dynamic;
    let collection = of(element.ty);
    // What `any` stands for is another question for each structure.
    let is_reached =
        if is_open { structures.iter().all(|ty| is_convertible(ty, &collection, safety)) } else { element.is_reached };
    is_reached.then_some(Common { ty: collection, is_reached })
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
