//! Values and types as `terraform console` prints them.
//!
//! Source: hashicorp/terraform v1.11.4, internal/repl/format.go and session.go.

use std::fmt;

use super::{Type, Value, ValueKind};
use crate::terraform::go_quote::go_quoted;

/// Spaces that a level of a value is indented by.
const INDENT: usize = 2;

impl fmt::Display for Value {
    /// The value as `terraform console` prints it; sensitive values are hidden.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_value(self, 0, f)
    }
}

fn write_value(value: &Value, indent: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if !value.is_known() {
        return f.write_str("(known after apply)");
    }
    if value.is_sensitive {
        return f.write_str("(sensitive value)");
    }
    match &value.kind {
        ValueKind::Unknown(_) => Ok(()),
        ValueKind::Null(ty) => write_null(ty, f),
        ValueKind::Bool(value) => write!(f, "{value}"),
        ValueKind::Number(number) => write!(f, "{number}"),
        ValueKind::String(text) if text.contains('\n') => write_heredoc(text, indent, f),
        ValueKind::String(text) => f.write_str(&go_quoted(text)),
        ValueKind::Tuple(elements) => write_sequence(elements, indent, f),
        ValueKind::List(_, elements) => wrapped("tolist", f, |f| write_sequence(elements, indent, f)),
        ValueKind::Set(_, members) => wrapped("toset", f, |f| write_sequence(members, indent, f)),
        ValueKind::Object(_) => write_mapping(value, indent, f),
        ValueKind::Map(..) => wrapped("tomap", f, |f| write_mapping(value, indent, f)),
    }
}

fn write_null(ty: &Type, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match ty {
        Type::Dynamic => f.write_str("null"),
        Type::String => f.write_str("tostring(null)"),
        Type::Number => f.write_str("tonumber(null)"),
        Type::Bool => f.write_str("tobool(null)"),
        Type::List(element) => write!(f, "tolist(null) /* of {} */", element.friendly_name()),
        Type::Set(element) => write!(f, "toset(null) /* of {} */", element.friendly_name()),
        Type::Map(element) => write!(f, "tomap(null) /* of {} */", element.friendly_name()),
        Type::Tuple(_) | Type::Object(_) => write!(f, "null /* {} */", ty.friendly_name()),
    }
}

fn wrapped(
    function: &str,
    f: &mut fmt::Formatter<'_>,
    inner: impl FnOnce(&mut fmt::Formatter<'_>) -> fmt::Result,
) -> fmt::Result {
    write!(f, "{function}(")?;
    inner(f)?;
    f.write_str(")")
}

fn write_sequence(elements: &[Value], indent: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("[")?;
    let inner = indent + INDENT;
    for element in elements {
        write!(f, "\n{:inner$}", "")?;
        write_value(element, inner, f)?;
        f.write_str(",")?;
    }
    if !elements.is_empty() {
        write!(f, "\n{:indent$}", "")?;
    }
    f.write_str("]")
}

fn write_mapping(value: &Value, indent: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("{")?;
    let inner = indent + INDENT;
    for (key, element) in value.elements().unwrap_or_default() {
        write!(f, "\n{:inner$}", "")?;
        write_value(&key, inner, f)?;
        f.write_str(" = ")?;
        write_value(&element, inner, f)?;
    }
    if !value.is_empty() {
        write!(f, "\n{:indent$}", "")?;
    }
    f.write_str("}")
}

fn write_heredoc(text: &str, indent: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut marker = String::from("EOT");
    while text.split('\n').any(|line| line.trim() == marker) {
        marker.push('_');
    }
    write!(f, "<<{}{marker}", if indent > 0 { "-" } else { "" })?;
    for line in text.split('\n') {
        write!(f, "\n{:indent$}{line}", "")?;
    }
    write!(f, "\n{:indent$}{marker}", "")
}

impl Type {
    /// The type as the console-only function `type` prints it.
    #[must_use]
    pub fn to_console_text(&self) -> String {
        let mut text = String::new();
        write_type(self, 0, &mut text);
        text
    }
}

fn write_type(ty: &Type, level: usize, text: &mut String) {
    let indent = |level: usize| "    ".repeat(level);
    match ty {
        Type::Dynamic | Type::Bool | Type::Number | Type::String => text.push_str(&ty.friendly_name()),
        Type::List(element) => write_collection_type("list(", element, level, text),
        Type::Set(element) => write_collection_type("set(", element, level, text),
        Type::Map(element) => write_collection_type("map(", element, level, text),
        Type::Tuple(elements) if elements.is_empty() => text.push_str("tuple([])"),
        Type::Tuple(elements) => {
            text.push_str("tuple([\n");
            for element in elements.iter() {
                text.push_str(&indent(level + 1));
                write_type(element, level + 1, text);
                text.push_str(",\n");
            }
            text.push_str(&indent(level));
            text.push_str("])");
        }
        Type::Object(object) if object.attributes.is_empty() => text.push_str("object({})"),
        Type::Object(object) => {
            text.push_str("object({\n");
            for (name, attribute) in &object.attributes {
                text.push_str(&indent(level + 1));
                text.push_str(name);
                text.push_str(": ");
                write_type(attribute, level + 1, text);
                text.push_str(",\n");
            }
            text.push_str(&indent(level));
            text.push_str("})");
        }
    }
}

fn write_collection_type(open: &str, element: &Type, level: usize, text: &mut String) {
    text.push_str(open);
    if matches!(element, Type::Tuple(_) | Type::Object(_)) {
        let indent = "    ".repeat(level + 1);
        text.push('\n');
        text.push_str(&indent);
        write_type(element, level + 1, text);
        text.push_str(",\n");
        text.push_str(&"    ".repeat(level));
    } else {
        write_type(element, level, text);
    }
    text.push(')');
}
