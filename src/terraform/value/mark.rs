//! The mark of sensitive values.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Value, ValueKind};

impl Value {
    /// Whether the value or a part of it is marked sensitive.
    #[must_use]
    pub fn contains_sensitive(&self) -> bool {
        self.is_sensitive || self.children().any(Self::contains_sensitive)
    }

    /// The value, marked sensitive as well when `is_sensitive` says so.
    #[must_use]
    pub fn with_mark(mut self, is_sensitive: bool) -> Self {
        self.is_sensitive |= is_sensitive;
        self
    }

    /// The value without its own mark, and the mark.
    #[must_use]
    pub fn unmark(mut self) -> (Self, bool) {
        let is_sensitive = std::mem::take(&mut self.is_sensitive);
        (self, is_sensitive)
    }

    /// The value without any mark, its parts included, and whether there was one.
    #[must_use]
    pub fn unmark_deep(self) -> (Self, bool) {
        if !self.contains_sensitive() {
            return (self, false);
        }
        let bare = |values: &[Self]| Arc::new(values.iter().map(|value| value.clone().unmark_deep().0).collect::<Vec<_>>());
        let bare_map = |values: &BTreeMap<Arc<str>, Self>| {
            let values = values.iter().map(|(name, value)| (Arc::clone(name), value.clone().unmark_deep().0));
            Arc::new(values.collect::<BTreeMap<_, _>>())
        };
        let kind = match self.kind {
            ValueKind::List(element, elements) => ValueKind::List(element, bare(&elements)),
            ValueKind::Tuple(elements) => ValueKind::Tuple(bare(&elements)),
            ValueKind::Map(element, elements) => ValueKind::Map(element, bare_map(&elements)),
            ValueKind::Object(attributes) => ValueKind::Object(bare_map(&attributes)),
            // The members of a set have no marks of their own.
            kind @ (ValueKind::Set(..)
            | ValueKind::Unknown(_)
            | ValueKind::Null(_)
            | ValueKind::Bool(_)
            | ValueKind::Number(_)
            | ValueKind::String(_)) => kind,
        };
        (kind.into(), true)
    }
}
