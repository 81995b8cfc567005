//! What is in a value: its text, its number, its elements.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Value, ValueKind};
use crate::terraform::number::Number;

impl Value {
    /// The values right inside this one.
    pub fn children(&self) -> Box<dyn Iterator<Item = &Self> + '_> {
        match &self.kind {
            ValueKind::List(_, elements) | ValueKind::Set(_, elements) | ValueKind::Tuple(elements) => Box::new(elements.iter()),
            ValueKind::Map(_, elements) | ValueKind::Object(elements) => Box::new(elements.values()),
            ValueKind::Unknown(_) | ValueKind::Null(_) | ValueKind::Bool(_) | ValueKind::Number(_) | ValueKind::String(_) => {
                Box::new(std::iter::empty())
            }
        }
    }

    /// About how much memory the value itself takes, in bytes, without what its parts hold.
    #[must_use]
    pub fn content_bytes(&self) -> usize {
        match &self.kind {
            ValueKind::String(text) => text.len(),
            ValueKind::List(_, elements) | ValueKind::Set(_, elements) | ValueKind::Tuple(elements) => {
                elements.len() * size_of::<Self>()
            }
            ValueKind::Map(_, elements) | ValueKind::Object(elements) => elements.len() * size_of::<(Arc<str>, Self)>(),
            ValueKind::Unknown(_) | ValueKind::Null(_) | ValueKind::Bool(_) | ValueKind::Number(_) => 0,
        }
    }

    /// The text of a known string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            ValueKind::String(text) => Some(text),
            _ => None,
        }
    }

    /// A known truth value.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self.kind {
            ValueKind::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// A known number.
    #[must_use]
    pub fn as_number(&self) -> Option<&Number> {
        match &self.kind {
            ValueKind::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The elements of a known list, set or tuple.
    #[must_use]
    pub fn as_sequence(&self) -> Option<&[Self]> {
        match &self.kind {
            ValueKind::List(_, elements) | ValueKind::Set(_, elements) | ValueKind::Tuple(elements) => Some(elements),
            _ => None,
        }
    }

    /// The elements of a known map or the attributes of a known object.
    #[must_use]
    pub fn as_mapping(&self) -> Option<&BTreeMap<Arc<str>, Self>> {
        match &self.kind {
            ValueKind::Map(_, elements) | ValueKind::Object(elements) => Some(elements),
            _ => None,
        }
    }

    /// The number of elements or attributes of a known collection, tuple or object.
    #[must_use]
    pub fn len(&self) -> Option<usize> {
        self.as_sequence().map(<[Self]>::len).or_else(|| self.as_mapping().map(BTreeMap::len))
    }

    /// [`Value::len`], none where it may yet turn out smaller: one member of a set that is not wholly known may equal another.
    ///
    /// Source: go-cty v1.16.0, `Value.Length`.
    #[must_use]
    pub fn settled_length(&self) -> Option<usize> {
        let may_shrink = |length: usize| matches!(self.kind, ValueKind::Set(..)) && length > 1 && !self.is_wholly_known();
        self.len().filter(|length| !may_shrink(*length))
    }

    /// Whether this is a known collection, tuple or object without elements.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == Some(0)
    }

    /// Key and element pairs of a known collection, tuple or object, as a `for` expression sees them.
    ///
    /// The key of a set's member is the member itself. None for what cannot be iterated.
    #[must_use]
    pub fn elements(&self) -> Option<Vec<(Self, Self)>> {
        match &self.kind {
            ValueKind::List(_, elements) | ValueKind::Tuple(elements) => {
                Some(elements.iter().enumerate().map(|(index, element)| (Self::from(index), element.clone())).collect())
            }
            ValueKind::Set(_, members) => Some(members.iter().map(|member| (member.clone(), member.clone())).collect()),
            ValueKind::Map(_, elements) | ValueKind::Object(elements) => {
                let key = |name: &Arc<str>| ValueKind::String(Arc::clone(name)).into();
                Some(elements.iter().map(|(name, element)| (key(name), element.clone())).collect())
            }
            ValueKind::Unknown(_) | ValueKind::Null(_) | ValueKind::Bool(_) | ValueKind::Number(_) | ValueKind::String(_) => None,
        }
    }
}
