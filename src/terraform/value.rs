//! Terraform's values and their types.
//!
//! A collection knows its element type even when it is empty, and null and unknown know theirs: two of the things that
//! decide conversion and unification. Cloning is cheap.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::number::Number;

pub mod console;
mod content;
mod equality;
pub mod json;
mod mark;
mod set_order;
mod type_name;

/// A type, as a `type` argument or a value has it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
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
    List(Arc<Self>),
    /// `set(T)`
    Set(Arc<Self>),
    /// `map(T)`
    Map(Arc<Self>),
    /// `tuple([...])`
    Tuple(Arc<Vec<Self>>),
    /// `object({...})`
    Object(Arc<ObjectType>),
}

/// The attributes of an object type.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct ObjectType {
    /// Every attribute.
    pub attributes: BTreeMap<Arc<str>, Type>,
    /// Those marked `optional`; empty for the type of a value.
    pub optional: BTreeSet<Arc<str>>,
}

impl Type {
    /// `list(element)`
    #[must_use]
    pub fn list(element: Self) -> Self {
        Self::List(Arc::new(element))
    }

    /// `set(element)`
    #[must_use]
    pub fn set(element: Self) -> Self {
        Self::Set(Arc::new(element))
    }

    /// `map(element)`
    #[must_use]
    pub fn map(element: Self) -> Self {
        Self::Map(Arc::new(element))
    }

    /// `tuple([elements])`
    #[must_use]
    pub fn tuple(elements: Vec<Self>) -> Self {
        Self::Tuple(Arc::new(elements))
    }

    /// `object({attributes})` without optional ones.
    #[must_use]
    pub fn object(attributes: BTreeMap<Arc<str>, Self>) -> Self {
        Self::Object(Arc::new(ObjectType { attributes, optional: BTreeSet::new() }))
    }

    /// The element type of a list, set or map.
    #[must_use]
    pub fn element(&self) -> Option<&Self> {
        match self {
            Self::List(element) | Self::Set(element) | Self::Map(element) => Some(element),
            Self::Dynamic | Self::Bool | Self::Number | Self::String | Self::Tuple(_) | Self::Object(_) => None,
        }
    }

    /// Whether this is `bool`, `number` or `string`.
    #[must_use]
    pub fn is_primitive(&self) -> bool {
        matches!(self, Self::Bool | Self::Number | Self::String)
    }

    /// Whether this is a list, a set or a map.
    #[must_use]
    pub fn is_collection(&self) -> bool {
        self.element().is_some()
    }

    /// Whether some part of the type is not known.
    #[must_use]
    pub fn has_dynamic(&self) -> bool {
        match self {
            Self::Dynamic => true,
            Self::Bool | Self::Number | Self::String => false,
            Self::List(element) | Self::Set(element) | Self::Map(element) => element.has_dynamic(),
            Self::Tuple(elements) => elements.iter().any(Self::has_dynamic),
            Self::Object(object) => object.attributes.values().any(Self::has_dynamic),
        }
    }

    /// Whether an attribute somewhere in the type may be left out.
    fn has_optional(&self) -> bool {
        match self {
            Self::Dynamic | Self::Bool | Self::Number | Self::String => false,
            Self::List(element) | Self::Set(element) | Self::Map(element) => element.has_optional(),
            Self::Tuple(elements) => elements.iter().any(Self::has_optional),
            Self::Object(object) => !object.optional.is_empty() || object.attributes.values().any(Self::has_optional),
        }
    }

    /// The same type with every `optional` taken away: what a value of it has.
    #[must_use]
    pub fn without_optional(&self) -> Self {
        // Most types have none, and every level of a nested list would get a copy of all that is below.
        if !self.has_optional() {
            return self.clone();
        }
        match self {
            Self::Dynamic | Self::Bool | Self::Number | Self::String => self.clone(),
            Self::List(element) => Self::list(element.without_optional()),
            Self::Set(element) => Self::set(element.without_optional()),
            Self::Map(element) => Self::map(element.without_optional()),
            Self::Tuple(elements) => Self::tuple(elements.iter().map(Self::without_optional).collect()),
            Self::Object(object) => {
                let attributes = object.attributes.iter();
                Self::object(attributes.map(|(name, ty)| (Arc::clone(name), ty.without_optional())).collect())
            }
        }
    }
}

/// A value with its mark.
///
/// `==` compares values and marks as they are; Terraform's own equality is [`Value::equals`].
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

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        ValueKind::Bool(value).into()
    }
}

impl From<Number> for Value {
    fn from(value: Number) -> Self {
        ValueKind::Number(value).into()
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Number::from(value).into()
    }
}

impl From<usize> for Value {
    fn from(value: usize) -> Self {
        Number::from(value).into()
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::string(value)
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::string(&value)
    }
}

/// A string as a value has it: NFC-normalised.
#[must_use]
pub fn normalized(text: &str) -> Arc<str> {
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => Arc::from(text),
        IsNormalized::No | IsNormalized::Maybe => text.nfc().collect::<String>().into(),
    }
}

impl Value {
    /// `null` of a type.
    #[must_use]
    pub fn null(ty: Type) -> Self {
        ValueKind::Null(ty).into()
    }

    /// A value of a type that is not known.
    #[must_use]
    pub fn unknown(ty: Type) -> Self {
        ValueKind::Unknown(ty).into()
    }

    /// A string; normalises it.
    #[must_use]
    pub fn string(text: &str) -> Self {
        ValueKind::String(normalized(text)).into()
    }

    /// A list whose elements have the element type.
    #[must_use]
    pub fn list(element: Type, elements: Vec<Self>) -> Self {
        ValueKind::List(element, Arc::new(elements)).into()
    }

    /// A set: sorts the members, drops equal ones, and takes over their marks, since a set has no places to keep them at.
    #[must_use]
    pub fn set(element: Type, members: Vec<Self>) -> Self {
        let is_sensitive = members.iter().any(Self::contains_sensitive);
        let members = members.into_iter().map(|member| member.unmark_deep().0).collect();
        Self { kind: ValueKind::Set(element, Arc::new(set_order::unique(members))), is_sensitive }
    }

    /// A map whose elements have the element type.
    #[must_use]
    pub fn map(element: Type, elements: BTreeMap<Arc<str>, Self>) -> Self {
        ValueKind::Map(element, Arc::new(elements)).into()
    }

    /// A tuple.
    #[must_use]
    pub fn tuple(elements: Vec<Self>) -> Self {
        ValueKind::Tuple(Arc::new(elements)).into()
    }

    /// An object.
    #[must_use]
    pub fn object(attributes: BTreeMap<Arc<str>, Self>) -> Self {
        ValueKind::Object(Arc::new(attributes)).into()
    }

    /// The type.
    #[must_use]
    pub fn ty(&self) -> Type {
        match &self.kind {
            ValueKind::Unknown(ty) | ValueKind::Null(ty) => ty.clone(),
            ValueKind::Bool(_) => Type::Bool,
            ValueKind::Number(_) => Type::Number,
            ValueKind::String(_) => Type::String,
            ValueKind::List(element, _) => Type::list(element.clone()),
            ValueKind::Set(element, _) => Type::set(element.clone()),
            ValueKind::Map(element, _) => Type::map(element.clone()),
            ValueKind::Tuple(elements) => Type::tuple(elements.iter().map(Self::ty).collect()),
            ValueKind::Object(attributes) => {
                Type::object(attributes.iter().map(|(name, value)| (Arc::clone(name), value.ty())).collect())
            }
        }
    }

    /// Whether this is `null` of any type.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self.kind, ValueKind::Null(_))
    }

    /// Whether this value itself is known; parts of it may be unknown.
    #[must_use]
    pub fn is_known(&self) -> bool {
        !matches!(self.kind, ValueKind::Unknown(_))
    }

    /// Whether the value and every part of it is known.
    #[must_use]
    pub fn is_wholly_known(&self) -> bool {
        self.is_known() && self.children().all(Self::is_wholly_known)
    }

    /// The order of two members of one set.
    #[must_use]
    pub fn compare_in_set(&self, other: &Self) -> Ordering {
        set_order::compare(self, other)
    }
}

#[cfg(test)]
mod tests;
