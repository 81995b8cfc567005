//! JSON text of a value: no spaces, keys in order, the characters of HTML escaped.

use std::fmt::Write as _;

use crate::terraform::value::{Value, ValueKind};

/// Writes a wholly known value; the error is Terraform's text.
pub(in crate::terraform::function) fn encode(value: &Value) -> Result<String, String> {
    let mut out = String::new();
    push(&mut out, value)?;
    Ok(out)
}

fn push(out: &mut String, value: &Value) -> Result<(), String> {
    match &value.kind {
        ValueKind::Unknown(_) => return Err("value is not known".to_owned()),
        ValueKind::Null(_) => out.push_str("null"),
        ValueKind::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        ValueKind::Number(number) if number.is_infinite() => {
            return Err("cannot serialize infinity as JSON".to_owned());
        }
        ValueKind::Number(number) => out.push_str(&number.to_string()),
        ValueKind::String(text) => push_text(out, text),
        ValueKind::List(_, elements) | ValueKind::Set(_, elements) | ValueKind::Tuple(elements) => {
            out.push('[');
            for (index, element) in elements.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                push(out, element)?;
            }
            out.push(']');
        }
        ValueKind::Map(_, elements) | ValueKind::Object(elements) => {
            out.push('{');
            for (index, (name, element)) in elements.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                push_text(out, name);
                out.push(':');
                push(out, element)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

/// Source of the escapes: Go, `encoding/json`, with `SetEscapeHTML` as it is by default.
fn push_text(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        // Writing to a String cannot fail.
        let _ = match character {
            '"' | '\\' => write!(out, "\\{character}"),
            '\u{8}' => out.write_str("\\b"),
            '\u{c}' => out.write_str("\\f"),
            '\n' => out.write_str("\\n"),
            '\r' => out.write_str("\\r"),
            '\t' => out.write_str("\\t"),
            '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                write!(out, "\\u{:04x}", u32::from(character))
            }
            _ => out.write_char(character),
        };
    }
    out.push('"');
}
