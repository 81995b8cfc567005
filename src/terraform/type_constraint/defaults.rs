//! What stands in for optional attributes that are missing or null.
//!
//! Source: hashicorp/hcl v2.23.0, `ext/typeexpr/defaults.go`.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::terraform::conversion::unify_values;
use crate::terraform::value::{Type, Value, ValueKind};

/// The defaults of a type, shaped as the type is.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Defaults {
    /// Defaults of this object's attributes, converted.
    pub(super) values: BTreeMap<Arc<str>, Value>,
    pub(super) parts: Parts,
}

/// The defaults below.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Parts {
    /// Those of every element of a list, set or map.
    Elements(Arc<Defaults>),
    /// Those of an object's attributes.
    Attributes(BTreeMap<Arc<str>, Arc<Defaults>>),
    /// Those of a tuple's elements, by index.
    Positions(BTreeMap<usize, Arc<Defaults>>),
}

impl Defaults {
    /// The value with the defaults put in; not yet converted.
    pub(super) fn apply(&self, value: &Value) -> Value {
        let applied = match &value.kind {
            ValueKind::Unknown(_) | ValueKind::Null(_) | ValueKind::Bool(_) | ValueKind::Number(_) | ValueKind::String(_) => {
                return value.clone();
            }
            ValueKind::Tuple(elements) => Value::tuple(self.apply_to_sequence(elements)),
            ValueKind::List(element, elements) if elements.is_empty() => Value::list(element.clone(), Vec::new()),
            ValueKind::Set(element, elements) if elements.is_empty() => Value::set(element.clone(), Vec::new()),
            ValueKind::List(_, elements) => {
                let elements = self.apply_to_sequence(elements);
                unified(&elements).map_or_else(|| Value::tuple(elements), |(ty, elements)| Value::list(ty, elements))
            }
            ValueKind::Set(_, elements) => {
                let elements = self.apply_to_sequence(elements);
                unified(&elements).map_or_else(|| Value::tuple(elements), |(ty, elements)| Value::set(ty, elements))
            }
            ValueKind::Object(attributes) => Value::object(self.apply_to_mapping(attributes)),
            ValueKind::Map(element, elements) => {
                let elements = self.apply_to_mapping(elements);
                if elements.is_empty() {
                    return Value::map(element.clone(), elements).with_mark(value.is_sensitive);
                }
                let values: Vec<Value> = elements.values().cloned().collect();
                match unified(&values) {
                    Some((ty, values)) => Value::map(ty, elements.into_keys().zip(values).collect()),
                    None => Value::object(elements),
                }
            }
        };
        applied.with_mark(value.is_sensitive)
    }

    fn apply_to_sequence(&self, elements: &[Value]) -> Vec<Value> {
        let part = |index| match &self.parts {
            Parts::Elements(defaults) => Some(defaults),
            Parts::Positions(positions) => positions.get(&index),
            Parts::Attributes(_) => None,
        };
        let apply = |(index, element)| part(index).map_or_else(|| Value::clone(element), |defaults| defaults.apply(element));
        elements.iter().enumerate().map(apply).collect()
    }

    fn apply_to_mapping(&self, elements: &BTreeMap<Arc<str>, Value>) -> BTreeMap<Arc<str>, Value> {
        let part = |name: &Arc<str>| match &self.parts {
            Parts::Elements(defaults) => Some(defaults),
            Parts::Attributes(attributes) => attributes.get(name),
            Parts::Positions(_) => None,
        };
        let apply = |name, element| part(name).map_or_else(|| Value::clone(element), |defaults| defaults.apply(element));
        let mut applied: BTreeMap<Arc<str>, Value> =
            elements.iter().map(|(name, element)| (Arc::clone(name), apply(name, element))).collect();
        for (name, default) in &self.values {
            if applied.get(name).is_none_or(Value::is_null) {
                applied.insert(Arc::clone(name), apply(name, default));
            }
        }
        applied
    }
}

/// The elements converted to what they have in common.
fn unified(elements: &[Value]) -> Option<(Type, Vec<Value>)> {
    unify_values(elements)?.ok()
}
