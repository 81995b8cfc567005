//! Values and types as `terraform console` prints them.
//!
//! Source: hashicorp/terraform v1.11.4, internal/repl/format.go and session.go.

use std::borrow::Cow;
use std::fmt;

use super::{Type, Value, ValueKind};

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
        ValueKind::String(text) => f.write_str(&quote(text)),
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

/// A string in double quotes with Go's escapes, as Terraform prints strings of one line.
#[must_use]
pub fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        quoted.push_str(&escape(c));
    }
    quoted.push('"');
    quoted
}

/// A character as Go's `strconv.Quote` has it.
fn escape(c: char) -> Cow<'static, str> {
    let short = match c {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\u{7}' => "\\a",
        '\u{8}' => "\\b",
        '\u{c}' => "\\f",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\u{b}' => "\\v",
        _ => {
            let code = u32::from(c);
            return Cow::Owned(match code {
                _ if is_printable(c) => String::from(c),
                0..=0x7f => format!("\\x{code:02x}"),
                0x80..=0xffff => format!("\\u{code:04x}"),
                _ => format!("\\U{code:08x}"),
            });
        }
    };
    Cow::Borrowed(short)
}

/// Letters, marks, numbers, punctuation, symbols and the plain space: what Go and Rust alike print as it is.
fn is_printable(c: char) -> bool {
    // A combining mark is escaped only at the start of a string.
    let mut behind_a_letter = [0; 5];
    behind_a_letter[0] = b'a';
    let length = 1 + c.encode_utf8(&mut behind_a_letter[1..]).len();
    std::str::from_utf8(&behind_a_letter[..length]).is_ok_and(|text| c == '\'' || text.escape_debug().count() == 2)
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
