//! What a value is after a part of it was replaced, added or removed.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::address::Key;
use crate::terraform::value::{Type, Value, ValueKind, normalized};

/// The value with a part replaced, added or removed; none where the keys lead nowhere.
pub(super) fn with_part(value: Value, keys: &[Key], part: Option<&Value>) -> Option<Value> {
    let Some((key, rest)) = keys.split_first() else { return part.cloned() };
    match value.kind {
        ValueKind::Object(mut members) => {
            let name: Arc<str> = normalized(&key.attribute());
            let members_mut = Arc::make_mut(&mut members);
            match (members_mut.remove(&name), part) {
                (Some(_), None) if rest.is_empty() => {}
                (None, None) => return None,
                (member, part) => {
                    let member = with_part(member.unwrap_or_else(|| Value::null(Type::Dynamic)), rest, part)?;
                    members_mut.insert(name, member);
                }
            }
            Some(ValueKind::Object(members).into())
        }
        ValueKind::Tuple(mut elements) => {
            let index = key.element()?;
            let elements_mut = Arc::make_mut(&mut elements);
            let element = elements_mut.get_mut(index)?;
            if rest.is_empty() && part.is_none() {
                elements_mut.remove(index);
            } else {
                *element = with_part(element.clone(), rest, part)?;
            }
            Some(ValueKind::Tuple(elements).into())
        }
        ValueKind::Null(_) => match key {
            Key::Name(name) => {
                let member = with_part(Value::null(Type::Dynamic), rest, part)?;
                Some(Value::object(BTreeMap::from([(normalized(name), member)])))
            }
            Key::Index(_) => None,
        },
        _ => None,
    }
}
