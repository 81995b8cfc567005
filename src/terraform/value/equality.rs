//! Terraform's `==`.
//!
//! Nulls are equal whatever their types; everything else is equal only within one type, so a list never equals a tuple.

use super::{Type, Value, ValueKind};

impl Value {
    /// Terraform's `==`: a truth value, or unknown; sensitive when a part of either side is.
    #[must_use]
    pub fn equals(&self, other: &Self) -> Self {
        let is_sensitive = self.contains_sensitive() || other.contains_sensitive();
        self.is_equal(other).map_or_else(|| Self::unknown(Type::Bool), Self::from).with_mark(is_sensitive)
    }

    /// Whether two values are equal; none where that depends on something unknown.
    #[must_use]
    pub fn is_equal(&self, other: &Self) -> Option<bool> {
        match (&self.kind, &other.kind) {
            (ValueKind::Unknown(_), ValueKind::Unknown(_)) => return None,
            (ValueKind::Unknown(unknown), _) => return is_equal_to_unknown(other, unknown),
            (_, ValueKind::Unknown(unknown)) => return is_equal_to_unknown(self, unknown),
            (ValueKind::Null(_), ValueKind::Null(_)) => return Some(true),
            (ValueKind::Null(_), _) | (_, ValueKind::Null(_)) => return Some(false),
            _ => {}
        }
        let (a, b) = (self.ty(), other.ty());
        if self.has_unknown_type() || other.has_unknown_type() {
            return if conforms(&a, &b) || conforms(&b, &a) { None } else { Some(false) };
        }
        if a == b { parts_equal(self, other) } else { Some(false) }
    }

    /// Whether the value holds something whose very type is unknown.
    fn has_unknown_type(&self) -> bool {
        matches!(self.kind, ValueKind::Unknown(Type::Dynamic)) || self.children().any(Self::has_unknown_type)
    }
}

/// A null may turn out equal to anything unknown; a value of another type cannot.
fn is_equal_to_unknown(known: &Value, unknown: &Type) -> Option<bool> {
    let ty = known.ty();
    if known.is_null() || ty == *unknown || conforms(&ty, unknown) || conforms(unknown, &ty) { None } else { Some(false) }
}

/// Whether two values of one type are equal.
fn parts_equal(left: &Value, right: &Value) -> Option<bool> {
    match (&left.kind, &right.kind) {
        (ValueKind::Unknown(_), _) | (_, ValueKind::Unknown(_)) => None,
        (ValueKind::Null(_), ValueKind::Null(_)) => Some(true),
        (ValueKind::Number(a), ValueKind::Number(b)) => Some(a == b),
        (ValueKind::Bool(a), ValueKind::Bool(b)) => Some(a == b),
        (ValueKind::String(a), ValueKind::String(b)) => Some(a == b),
        (ValueKind::Set(_, a), ValueKind::Set(_, b)) => {
            if !a.iter().chain(b.iter()).all(Value::is_known) {
                return None;
            }
            Some(a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| parts_equal(a, b) == Some(true)))
        }
        _ => match (left.as_sequence(), right.as_sequence(), left.as_mapping(), right.as_mapping()) {
            (Some(a), Some(b), _, _) if a.len() == b.len() => all_equal(a.iter().zip(b)),
            (_, _, Some(a), Some(b)) if a.keys().eq(b.keys()) => all_equal(a.values().zip(b.values())),
            _ => Some(false),
        },
    }
}

/// Whether every pair is equal; the first that is not, or that is not known, decides.
fn all_equal<'a>(pairs: impl Iterator<Item = (&'a Value, &'a Value)>) -> Option<bool> {
    for (left, right) in pairs {
        if !parts_equal(left, right)? {
            return Some(false);
        }
    }
    Some(true)
}

/// Whether a value of type `given` could have type `wanted` once every unknown type is known.
fn conforms(given: &Type, wanted: &Type) -> bool {
    match (given, wanted) {
        (_, Type::Dynamic) => true,
        (Type::List(a), Type::List(b)) | (Type::Set(a), Type::Set(b)) | (Type::Map(a), Type::Map(b)) => conforms(a, b),
        (Type::Tuple(a), Type::Tuple(b)) => a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| conforms(a, b)),
        (Type::Object(a), Type::Object(b)) => {
            a.attributes.keys().eq(b.attributes.keys())
                && a.attributes.values().zip(b.attributes.values()).all(|(a, b)| conforms(a, b))
        }
        _ => given == wanted,
    }
}
