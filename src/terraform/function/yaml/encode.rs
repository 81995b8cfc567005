//! YAML text of a value: block style, strings in double quotation marks, text of several lines as literal block.
//!
//! Source of the notation: go-cty-yaml v1.1.0, `encode.go` and its emitter.

use std::fmt::Write as _;

use crate::terraform::value::{Value, ValueKind};

/// The column behind which a quoted string is broken at a space.
const WIDTH: usize = 80;

/// Writes a wholly known value.
pub(super) fn encode(value: &Value) -> String {
    let mut emitter = Emitter { out: String::new() };
    emitter.node(value, Place::Root, 0);
    let is_plain = matches!(value.kind, ValueKind::Unknown(_) | ValueKind::Null(_) | ValueKind::Bool(_) | ValueKind::Number(_));
    if is_plain {
        // The end of a plain document is marked.
        emitter.out.push_str("\n...\n");
    }
    if !emitter.out.ends_with('\n') {
        emitter.out.push('\n');
    }
    emitter.out
}

/// Where a value stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Root,
    /// Behind `- `.
    Element,
    /// Behind `key:`.
    Attribute,
}

struct Emitter {
    out: String,
}

impl Emitter {
    /// Writes a value whose lines are indented so far; the line end behind a scalar is the caller's.
    fn node(&mut self, value: &Value, place: Place, indent: usize) {
        match &value.kind {
            ValueKind::Unknown(_) | ValueKind::Null(_) => self.plain("null", place),
            ValueKind::Bool(value) => self.plain(if *value { "true" } else { "false" }, place),
            ValueKind::Number(number) => self.plain(&number.to_string(), place),
            ValueKind::String(text) if text.contains('\n') && is_literal(text) => {
                self.space(place);
                self.literal(text, place, indent);
            }
            ValueKind::String(text) => {
                self.space(place);
                self.double_quoted(text, if place == Place::Root { indent + 2 } else { indent }, true);
            }
            ValueKind::List(_, elements) | ValueKind::Set(_, elements) | ValueKind::Tuple(elements) => {
                if elements.is_empty() {
                    self.plain("[]", place);
                    return;
                }
                for (index, element) in elements.iter().enumerate() {
                    self.line(place, index, indent);
                    self.out.push_str("- ");
                    self.node(element, Place::Element, indent + 2);
                    self.end_line();
                }
            }
            ValueKind::Map(_, elements) | ValueKind::Object(elements) => {
                if elements.is_empty() {
                    self.plain("{}", place);
                    return;
                }
                for (index, (name, element)) in elements.iter().enumerate() {
                    self.line(place, index, indent);
                    self.key(name, indent);
                    // A sequence below a key is not indented.
                    let is_sequence = element.as_sequence().is_some();
                    self.node(element, Place::Attribute, if is_sequence { indent } else { indent + 2 });
                    self.end_line();
                }
            }
        }
    }

    fn space(&mut self, place: Place) {
        if place == Place::Attribute {
            self.out.push(' ');
        }
    }

    fn plain(&mut self, text: &str, place: Place) {
        self.space(place);
        self.out.push_str(text);
    }

    fn end_line(&mut self) {
        if !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    /// Starts a line of a block; the first line of a block in a sequence stands behind its dash.
    fn line(&mut self, place: Place, index: usize, indent: usize) {
        if index == 0 && place == Place::Element {
            return;
        }
        if index == 0 && place == Place::Attribute {
            self.out.push('\n');
        }
        self.out.extend(std::iter::repeat_n(' ', indent));
    }

    fn key(&mut self, name: &str, indent: usize) {
        // A key of several lines or of more than 128 bytes is marked as such.
        if name.contains('\n') || name.len() > 128 {
            self.out.push_str("? ");
            if name.contains('\n') && is_literal(name) {
                self.literal(name, Place::Element, indent + 2);
            } else {
                self.double_quoted(name, indent + 2, true);
            }
            self.end_line();
            self.out.extend(std::iter::repeat_n(' ', indent));
            self.out.push(':');
            return;
        }
        self.double_quoted(name, indent, false);
        self.out.push(':');
    }

    fn column(&self) -> usize {
        let line_start = self.out.rfind('\n').map_or(0, |newline| newline + 1);
        self.out[line_start..].chars().count()
    }

    fn double_quoted(&mut self, text: &str, indent: usize, may_break: bool) {
        self.out.push('"');
        let mut column = self.column();
        let mut after_space = false;
        let mut rest = text.chars().peekable();
        let mut is_first = true;
        while let Some(character) = rest.next() {
            if character == ' ' {
                if may_break && !after_space && column > WIDTH && !is_first && rest.peek().is_some() {
                    self.out.push('\n');
                    self.out.extend(std::iter::repeat_n(' ', indent));
                    column = indent;
                    if rest.peek() == Some(&' ') {
                        self.out.push('\\');
                        column += 1;
                    }
                } else {
                    self.out.push(' ');
                    column += 1;
                }
                after_space = true;
            } else {
                let before = self.out.len();
                self.escaped(character);
                column += self.out[before..].chars().count();
                after_space = false;
            }
            is_first = false;
        }
        self.out.push('"');
    }

    fn escaped(&mut self, character: char) {
        let escape = match character {
            '\0' => "\\0",
            '\u{7}' => "\\a",
            '\u{8}' => "\\b",
            '\t' => "\\t",
            '\n' => "\\n",
            '\u{b}' => "\\v",
            '\u{c}' => "\\f",
            '\r' => "\\r",
            '\u{1b}' => "\\e",
            '"' => "\\\"",
            '\\' => "\\\\",
            '\u{85}' => "\\N",
            '\u{a0}' if !is_printable(character) => "\\_",
            '\u{2028}' => "\\L",
            '\u{2029}' => "\\P",
            _ => "",
        };
        if !escape.is_empty() {
            self.out.push_str(escape);
            return;
        }
        let code = u32::from(character);
        // Writing to a String cannot fail.
        let _ = match code {
            _ if is_printable(character) => self.out.write_char(character),
            0..=0xff => write!(self.out, "\\x{code:02X}"),
            0x100..=0xffff => write!(self.out, "\\u{code:04X}"),
            _ => write!(self.out, "\\U{code:08X}"),
        };
    }

    fn literal(&mut self, text: &str, place: Place, indent: usize) {
        let indent = if place == Place::Root { indent + 2 } else { indent.max(2) };
        self.out.push('|');
        if text.starts_with([' ', '\n', '\r']) {
            self.out.push('2');
        }
        let without_end = text.strip_suffix('\n');
        match without_end {
            None => self.out.push('-'),
            Some(rest) if rest.ends_with('\n') || rest.is_empty() => self.out.push('+'),
            Some(_) => {}
        }
        self.out.push('\n');
        for (index, line) in without_end.unwrap_or(text).split('\n').enumerate() {
            if index > 0 {
                self.out.push('\n');
            }
            if !line.is_empty() {
                self.out.extend(std::iter::repeat_n(' ', indent));
                self.out.push_str(line);
            }
        }
        if without_end.is_some() {
            self.out.push('\n');
        }
    }
}

/// Whether a text can be a literal block: all its characters stand as they are, and no line that ends it ends in a space.
fn is_literal(text: &str) -> bool {
    text.chars().all(is_printable) && !text.ends_with(' ') && !text.contains(" \n")
}

/// Whether a character stands as it is.
///
/// Source: libyaml, `is_printable`, and its use with Unicode allowed.
fn is_printable(character: char) -> bool {
    matches!(u32::from(character), 0x0a | 0x20..=0x7e | 0xa0..=0xd7ff | 0xe000..=0xfffd) && character != '\u{feff}'
}
