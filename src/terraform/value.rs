//! Terraform's values and their types.
//!
//! A collection knows its element type even when it is empty, and null and unknown know theirs: two of the things that
//! decide conversion and unification. Cloning is cheap.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::number::Number;

/// A type, as a `type` argument or a value has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// Not known yet; `any` in a type constraint.
    Dynamic,
    /// `bool`
    Bool,
    /// `number`
    Number,
    /// `string`
    String,
    /// `list(T)`
    List(Arc<Type>),
    /// `set(T)`
    Set(Arc<Type>),
    /// `map(T)`
    Map(Arc<Type>),
    /// `tuple([...])`
    Tuple(Arc<Vec<Type>>),
    /// `object({...})`
    Object(Arc<ObjectType>),
}

/// The attributes of an object type.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ObjectType {
    /// Every attribute.
    pub attributes: BTreeMap<Arc<str>, Type>,
    /// Those marked `optional`; empty for the type of a value.
    pub optional: BTreeSet<Arc<str>>,
}

/// A value with its mark.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// The value itself.
    pub kind: ValueKind,
    /// Marked sensitive: never shown.
    pub is_sensitive: bool,
}

/// The forms of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum ValueKind {
    /// Not known before apply, or not evaluated.
    Unknown(Type),
    /// `null`
    Null(Type),
    /// A truth value.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string, NFC-normalised.
    String(Arc<str>),
    /// A list and its element type.
    List(Type, Arc<Vec<Value>>),
    /// A set and its element type; members unique, in Terraform's order.
    Set(Type, Arc<Vec<Value>>),
    /// A map and its element type.
    Map(Type, Arc<BTreeMap<Arc<str>, Value>>),
    /// A tuple.
    Tuple(Arc<Vec<Value>>),
    /// An object.
    Object(Arc<BTreeMap<Arc<str>, Value>>),
}

impl From<ValueKind> for Value {
    fn from(kind: ValueKind) -> Self {
        Self { kind, is_sensitive: false }
    }
}
