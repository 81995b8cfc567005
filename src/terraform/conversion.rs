//! Conversion of values between types, with Terraform's rules and texts.
//!
//! Whether a conversion exists is decided from the types alone, before any value is looked at; that is why `["x", []]` is
//! no `list(number)` because of its second element, and not because of its first.
//!
//! Source: go-cty, `cty/convert`.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::go_quote::go_quoted;
use super::number::Number;
use super::value::{ObjectType, Type, Value, ValueKind};

mod mismatch;
mod possible;
pub mod unify;

/// Which conversions count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Safety {
    /// Those that succeed for every value.
    Safe,
    /// Those that may fail for some values, too: a string to a number.
    Unsafe,
}

/// Why a value cannot be converted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversionError {
    /// The way to the part that cannot be converted, where it is one part.
    pub path: Vec<PathStep>,
    /// Terraform's text, lowercase and without a period.
    pub message: String,
}

impl fmt::Display for ConversionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ConversionError {}

impl ConversionError {
    /// The text with the way before it, as Terraform reports a default: `.a["k"][0]: a number is required`.
    #[must_use]
    pub fn with_path(&self) -> String {
        let path: String = self.path.iter().map(PathStep::to_string).collect();
        if path.is_empty() { self.message.clone() } else { format!("{path}: {}", self.message) }
    }
}

/// A step into a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathStep {
    /// An attribute of an object.
    Attribute(Arc<str>),
    /// An element of a list, set or tuple.
    Index(usize),
    /// An element of a map.
    Key(Arc<str>),
}

impl fmt::Display for PathStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Attribute(name) => write!(f, ".{name}"),
            Self::Index(index) => write!(f, "[{index}]"),
            Self::Key(key) => write!(f, "[{}]", go_quoted(key)),
        }
    }
}

/// The way to the value in hand, kept while a conversion goes down.
type Path = Vec<PathStep>;

/// Converts a value to a type, unsafe conversions included.
///
/// # Errors
///
/// When there is no conversion between the types, or the value has none, with Terraform's text.
pub fn convert(value: &Value, wanted: &Type) -> Result<Value, ConversionError> {
    if *wanted == Type::Dynamic {
        return Ok(value.clone());
    }
    let given = value.ty();
    if given == wanted.without_optional() {
        return Ok(value.clone());
    }
    if !possible::is_possible(&given, wanted, Safety::Unsafe) {
        return Err(ConversionError { path: Vec::new(), message: mismatch::message(&given, wanted) });
    }
    convert_possible(value, wanted, &mut Path::new())
}

/// Whether values of one type can be converted to another.
#[must_use]
pub fn is_convertible(given: &Type, wanted: &Type, safety: Safety) -> bool {
    possible::is_same_or_possible(given, wanted, safety)
}

/// Converts each value to the type that they have in common; none where there is none.
///
/// Where the type depends on something unknown, the results are unknown.
///
/// # Errors
///
/// When a value cannot be converted to the common type.
pub fn unify_values(values: &[Value]) -> Option<Result<(Type, Vec<Value>), ConversionError>> {
    let types: Vec<Type> = values.iter().map(Value::ty).collect();
    let common = unify::unify(&types)?;
    let convert_one = |value: &Value| match &common {
        Type::Dynamic if value.ty() != Type::Dynamic => Ok(Value::unknown(Type::Dynamic)),
        _ => convert(value, &common),
    };
    let converted: Result<Vec<Value>, ConversionError> = values.iter().map(convert_one).collect();
    Some(converted.map(|converted| (common, converted)))
}

/// Converts a value between types that have a conversion.
fn convert_possible(value: &Value, wanted: &Type, path: &mut Path) -> Result<Value, ConversionError> {
    let converted = match &value.kind {
        _ if *wanted == Type::Dynamic => return Ok(value.clone()),
        ValueKind::Unknown(given) => Value::unknown(possible::replace_dynamic(given, &wanted.without_optional())),
        ValueKind::Null(given) => Value::null(possible::replace_dynamic(given, &wanted.without_optional())),
        ValueKind::Bool(_) | ValueKind::Number(_) | ValueKind::String(_) => convert_primitive(value, wanted, path)?,
        ValueKind::List(element, elements) => convert_collection(element, elements, wanted, path)?,
        ValueKind::Set(element, _) if matches!(wanted, Type::List(_)) && value.settled_length().is_none() => {
            Value::unknown(Type::list(element.clone()))
        }
        ValueKind::Set(element, members) => convert_collection(element, members, wanted, path)?,
        ValueKind::Tuple(elements) => convert_tuple(elements, wanted, path)?,
        ValueKind::Map(element, elements) => convert_map(element, elements, wanted, path)?,
        ValueKind::Object(attributes) => convert_object(attributes, wanted, path)?,
    };
    Ok(converted.with_mark(value.is_sensitive))
}

fn convert_primitive(value: &Value, wanted: &Type, path: &Path) -> Result<Value, ConversionError> {
    match (&value.kind, wanted) {
        (ValueKind::Bool(value), Type::String) => Ok(Value::from(if *value { "true" } else { "false" })),
        (ValueKind::Number(number), Type::String) => Ok(Value::from(number.to_string())),
        (ValueKind::String(text), Type::Number) => {
            Number::parse(text).map(Value::from).ok_or_else(|| error(path, "a number is required"))
        }
        (ValueKind::String(text), Type::Bool) => match &**text {
            "true" | "1" => Ok(Value::from(true)),
            "false" | "0" => Ok(Value::from(false)),
            _ => Err(match text.to_lowercase().as_str() {
                word @ ("true" | "false") => {
                    error(path, &format!("a bool is required; to convert from string, use lowercase \"{word}\""))
                }
                _ => error(path, "a bool is required"),
            }),
        },
        _ => Ok(value.clone().unmark().0),
    }
}

fn error(path: &Path, message: &str) -> ConversionError {
    ConversionError { path: path.clone(), message: message.to_owned() }
}

/// Goes down one step and comes back.
fn at<T>(path: &mut Path, step: PathStep, go: impl FnOnce(&mut Path) -> T) -> T {
    path.push(step);
    let result = go(path);
    path.pop();
    result
}

fn convert_elements(elements: &[Value], wanted: &Type, path: &mut Path) -> Result<Vec<Value>, ConversionError> {
    let convert_one = |(index, element)| at(path, PathStep::Index(index), |path| convert_possible(element, wanted, path));
    elements.iter().enumerate().map(convert_one).collect()
}

/// A list or a set to a list or a set.
fn convert_collection(
    given: &Type,
    elements: &Arc<Vec<Value>>,
    wanted: &Type,
    path: &mut Path,
) -> Result<Value, ConversionError> {
    let (Type::List(inner) | Type::Set(inner)) = wanted else { return Err(error(path, &required(wanted))) };
    let converted = if given == &**inner { elements.to_vec() } else { convert_elements(elements, inner, path)? };
    let fallback = if **inner == Type::Dynamic { given } else { &**inner };
    let is_set = matches!(wanted, Type::Set(_));
    sequence(converted, inner, fallback, is_set).ok_or_else(|| error(path, mismatch_in_sequence(is_set)))
}

fn mismatch_in_sequence(is_set: bool) -> &'static str {
    if is_set {
        "element types must all match for conversion to set"
    } else {
        "element types must all match for conversion to list"
    }
}

/// A list or set of converted elements; none when their types differ.
fn sequence(elements: Vec<Value>, wanted: &Type, fallback: &Type, is_set: bool) -> Option<Value> {
    let element = common_type(elements.iter(), wanted, fallback)?;
    Some(if is_set { Value::set(element, elements) } else { Value::list(element, elements) })
}

/// The type that all elements have after their conversion to `wanted`.
fn common_type<'a>(elements: impl Iterator<Item = &'a Value>, wanted: &Type, fallback: &Type) -> Option<Type> {
    if !wanted.has_dynamic() {
        return Some(wanted.without_optional());
    }
    let mut common = None;
    for element in elements {
        let ty = element.ty();
        match &common {
            None | Some(Type::Dynamic) => common = Some(ty),
            Some(known) if ty == Type::Dynamic || ty == *known => {}
            Some(_) => return None,
        }
    }
    Some(common.unwrap_or_else(|| fallback.without_optional()))
}

/// The element type that `any` stands for among these values.
fn element_type<'a>(wanted: &Type, elements: impl Iterator<Item = &'a Value>, safety: Safety) -> Type {
    if *wanted != Type::Dynamic {
        return wanted.clone();
    }
    let types: Vec<Type> = elements.map(Value::ty).collect();
    unify::unify_with(&types, safety).unwrap_or(Type::Dynamic)
}

fn convert_tuple(elements: &Arc<Vec<Value>>, wanted: &Type, path: &mut Path) -> Result<Value, ConversionError> {
    match wanted {
        Type::Tuple(types) => {
            let convert_one =
                |(index, (element, wanted))| at(path, PathStep::Index(index), |path| convert_possible(element, wanted, path));
            let converted: Result<Vec<Value>, ConversionError> =
                elements.iter().zip(types.iter()).enumerate().map(convert_one).collect();
            Ok(Value::tuple(converted?))
        }
        Type::List(inner) => {
            let inner = element_type(inner, elements.iter(), Safety::Unsafe);
            let converted = alike(convert_elements(elements, &inner, path)?, &inner, path)?;
            sequence(converted, &inner, &inner, false).ok_or_else(|| error(path, mismatch_in_sequence(false)))
        }
        Type::Set(inner) => {
            let inner = element_type(inner, elements.iter(), Safety::Unsafe);
            let converted = convert_elements(elements, &inner, path)?;
            sequence(converted, &inner, &inner, true).ok_or_else(|| error(path, mismatch_in_sequence(true)))
        }
        _ => Err(error(path, &required(wanted))),
    }
}

/// Converts elements that `any` inside their type has left different to what they have in common.
fn alike(elements: Vec<Value>, wanted: &Type, path: &Path) -> Result<Vec<Value>, ConversionError> {
    if !wanted.has_dynamic() || elements.is_empty() {
        return Ok(elements);
    }
    match unify_values(&elements) {
        Some(Ok((_, alike))) => Ok(alike),
        Some(Err(inner)) => Err(error(path, &inner.message)),
        None => Err(error(path, "cannot find a common base type for all elements")),
    }
}

fn convert_map(
    given: &Type,
    elements: &Arc<BTreeMap<Arc<str>, Value>>,
    wanted: &Type,
    path: &mut Path,
) -> Result<Value, ConversionError> {
    match wanted {
        Type::Map(inner) => {
            let converted = convert_mapping(elements, inner, path)?;
            let fallback = if **inner == Type::Dynamic { given } else { &**inner };
            mapping(converted, inner, fallback, path, "element types must all match for conversion to map")
        }
        Type::Object(object) => convert_map_to_object(given, elements, object, path),
        _ => Err(error(path, &required(wanted))),
    }
}

fn convert_mapping(
    elements: &BTreeMap<Arc<str>, Value>,
    wanted: &Type,
    path: &mut Path,
) -> Result<BTreeMap<Arc<str>, Value>, ConversionError> {
    let convert_one = |(key, element): (&Arc<str>, &Value)| {
        let converted = at(path, PathStep::Key(Arc::clone(key)), |path| convert_possible(element, wanted, path));
        Ok((Arc::clone(key), converted?))
    };
    elements.iter().map(convert_one).collect()
}

fn mapping(
    elements: BTreeMap<Arc<str>, Value>,
    wanted: &Type,
    fallback: &Type,
    path: &Path,
    mismatch: &str,
) -> Result<Value, ConversionError> {
    let elements = if wanted.is_collection() || matches!(wanted, Type::Object(_)) {
        let (keys, values): (Vec<_>, Vec<_>) = elements.into_iter().unzip();
        keys.into_iter().zip(alike(values, wanted, path)?).collect()
    } else {
        elements
    };
    let element = common_type(elements.values(), wanted, fallback).ok_or_else(|| error(path, mismatch))?;
    Ok(Value::map(element, elements))
}

fn convert_map_to_object(
    given: &Type,
    elements: &BTreeMap<Arc<str>, Value>,
    object: &ObjectType,
    path: &mut Path,
) -> Result<Value, ConversionError> {
    let mut attributes = BTreeMap::new();
    for (name, wanted) in &object.attributes {
        let value = match elements.get(name) {
            Some(element) if !is_convertible(given, wanted, Safety::Unsafe) => {
                let mismatch = mismatch::message(&element.ty(), wanted);
                return Err(error(path, &format!("map element type is incompatible with attribute \"{name}\": {mismatch}")));
            }
            Some(element) => at(path, PathStep::Key(Arc::clone(name)), |path| convert_possible(element, wanted, path))?,
            None if object.optional.contains(name) => Value::null(wanted.without_optional()),
            None => return Err(error(path, &format!("map has no element for required attribute \"{name}\""))),
        };
        attributes.insert(Arc::clone(name), value);
    }
    Ok(Value::object(attributes))
}

fn convert_object(attributes: &Arc<BTreeMap<Arc<str>, Value>>, wanted: &Type, path: &mut Path) -> Result<Value, ConversionError> {
    match wanted {
        Type::Map(inner) => {
            let inner = element_type(inner, attributes.values(), Safety::Unsafe);
            let converted = convert_mapping(attributes, &inner, path)?;
            mapping(converted, &inner, &inner, path, "attribute types must all match for conversion to map")
        }
        Type::Object(object) => {
            let mut converted = BTreeMap::new();
            for (name, wanted) in &object.attributes {
                let value = match attributes.get(name) {
                    Some(value) => at(path, PathStep::Attribute(Arc::clone(name)), |path| convert_possible(value, wanted, path))?,
                    None => Value::null(wanted.without_optional()),
                };
                converted.insert(Arc::clone(name), value);
            }
            Ok(Value::object(converted))
        }
        _ => Err(error(path, &required(wanted))),
    }
}

/// What is said where a type of this kind was wanted.
fn required(wanted: &Type) -> String {
    format!("{} required", wanted.friendly_constraint_name())
}

#[cfg(test)]
mod tests;
