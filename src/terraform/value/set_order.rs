//! The order of a set's members, and which of them are the same.
//!
//! Primitive members are ordered by value, others by a text made from them, so the order is Terraform's there too.
//!
//! Source: go-cty, `cty/set_internals.go`.

use std::cmp::Ordering;
use std::fmt::Write;

use super::{Value, ValueKind};
use crate::terraform::go_quote::go_quoted;

/// The members in order, each once; two unknown ones are never the same.
pub(super) fn unique(mut members: Vec<Value>) -> Vec<Value> {
    members.sort_by_cached_key(Key::of);
    members.dedup_by(|later, earlier| later.is_equal(earlier) == Some(true));
    members
}

/// The order of two members of one set.
pub(super) fn compare(left: &Value, right: &Value) -> Ordering {
    Key::of(left).cmp(&Key::of(right))
}

/// What a member is ordered by: known before unknown before null.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Bool(bool),
    Number(NumberKey),
    Text(String),
    Unknown,
    Null,
}

#[derive(PartialEq, Eq)]
struct NumberKey(super::Number);

impl Ord for NumberKey {
    fn cmp(&self, other: &Self) -> Ordering {
        // Equal numbers may differ in bits that their text does not show.
        if self.0 == other.0 { Ordering::Equal } else { self.0.compare(&other.0) }
    }
}

impl PartialOrd for NumberKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Key {
    fn of(member: &Value) -> Self {
        match &member.kind {
            ValueKind::Unknown(_) => Self::Unknown,
            ValueKind::Null(_) => Self::Null,
            ValueKind::Bool(value) => Self::Bool(*value),
            ValueKind::Number(number) => Self::Number(NumberKey(number.clone())),
            ValueKind::String(text) => Self::Text(text.to_string()),
            ValueKind::List(..) | ValueKind::Set(..) | ValueKind::Map(..) | ValueKind::Tuple(_) | ValueKind::Object(_) => {
                let mut text = String::new();
                describe(member, &mut text);
                Self::Text(text)
            }
        }
    }
}

fn describe(value: &Value, text: &mut String) {
    match &value.kind {
        ValueKind::Unknown(_) => text.push('?'),
        ValueKind::Null(_) => text.push('~'),
        ValueKind::Bool(value) => text.push(if *value { 'T' } else { 'F' }),
        ValueKind::Number(number) => {
            let _ = write!(text, "{}", number.to_general(10));
        }
        ValueKind::String(string) => text.push_str(&go_quoted(string)),
        ValueKind::Map(_, elements) => {
            text.push('{');
            for (key, element) in elements.iter() {
                text.push_str(&go_quoted(key));
                text.push(':');
                describe(element, text);
                text.push(';');
            }
            text.push('}');
        }
        ValueKind::List(_, elements) | ValueKind::Set(_, elements) => describe_all('[', elements.iter(), ']', text),
        ValueKind::Tuple(elements) => describe_all('<', elements.iter(), '>', text),
        ValueKind::Object(attributes) => describe_all('<', attributes.values(), '>', text),
    }
}

fn describe_all<'a>(open: char, values: impl Iterator<Item = &'a Value>, close: char, text: &mut String) {
    text.push(open);
    for value in values {
        describe(value, text);
        text.push(';');
    }
    text.push(close);
}
