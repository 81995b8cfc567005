//! Writes a value as HCL.

use crate::terraform::syntax::identifier::is_identifier;
use crate::terraform::syntax::literal::hcl_quoted;
use crate::terraform::value::{Value, ValueKind};

/// Appends the value; lists and objects that are not empty take a line for each member, indented by two more blanks.
pub(super) fn write_value(value: &Value, indent: &str, text: &mut String) {
    match &value.kind {
        // A variable definitions file has no unknown values.
        ValueKind::Null(_) | ValueKind::Unknown(_) => text.push_str("null"),
        ValueKind::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        ValueKind::Number(number) => text.push_str(&number.to_string()),
        ValueKind::String(string) => text.push_str(&hcl_quoted(string)),
        ValueKind::List(_, elements) | ValueKind::Set(_, elements) | ValueKind::Tuple(elements) => {
            let inner = deeper(indent);
            text.push('[');
            for element in elements.iter() {
                text.push('\n');
                text.push_str(&inner);
                write_value(element, &inner, text);
                text.push(',');
            }
            close(elements.is_empty(), indent, ']', text);
        }
        ValueKind::Map(_, members) | ValueKind::Object(members) => {
            let inner = deeper(indent);
            text.push('{');
            for (name, member) in members.iter() {
                text.push('\n');
                text.push_str(&inner);
                text.push_str(&key(name));
                text.push_str(" = ");
                write_value(member, &inner, text);
            }
            close(members.is_empty(), indent, '}', text);
        }
    }
}

/// The indentation of the next level; past a hundred columns it stays, so that deep values take no more than linear space.
pub(super) fn deeper(indent: &str) -> String {
    if indent.len() < 100 { format!("{indent}  ") } else { indent.to_owned() }
}

fn close(is_empty: bool, indent: &str, bracket: char, text: &mut String) {
    if !is_empty {
        text.push('\n');
        text.push_str(indent);
    }
    text.push(bracket);
}

/// A key of an object, bare where it can be.
pub(super) fn key(name: &str) -> String {
    if is_identifier(name) && name != "for" { name.to_owned() } else { hcl_quoted(name) }
}
