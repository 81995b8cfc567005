//! Plans edits of HCL native syntax; what is new is laid out as its neighbours are.

use super::address::{Address, Key};
use super::edit::Edit;
use super::{EditError, render};
use crate::diagnostic::Sources;
use crate::terraform::conversion::convert;
use crate::terraform::expression::evaluate_constant;
use crate::terraform::syntax::lexer::{Lexer, Start};
use crate::terraform::syntax::token::{Token, TokenKind};
use crate::terraform::syntax::{Attribute, Expression, ExpressionKind, ObjectItem};
use crate::terraform::value::Type;

mod insertion;
mod layout;
mod removal;

/// What is edited, and its tokens, comments included.
pub(super) struct NativePlan<'a> {
    text: &'a str,
    line_end: &'a str,
    tokens: Vec<Token>,
}

impl<'a> NativePlan<'a> {
    pub(super) fn new(text: &'a str, line_end: &'a str) -> Self {
        let mut lexer = Lexer::new(text, Start::Code, &[]);
        let mut tokens = Vec::new();
        loop {
            let token = lexer.next_token();
            tokens.push(token);
            if token.kind == TokenKind::End {
                return Self { text, line_end, tokens };
            }
        }
    }

    /// Sets what the address leads to; the value is HCL.
    pub(super) fn set(&self, attributes: &[Attribute], address: &Address, value: &str) -> Result<Vec<Edit>, EditError> {
        let value = self.with_line_ends(value);
        match attributes.iter().find(|attribute| attribute.name.text == address.name) {
            Some(attribute) => self.set_inside(&attribute.value, &address.keys, &value),
            None => {
                let value = nest_in_lines(&address.keys, &value, self.line_end)?;
                Ok(vec![self.append_attribute(attributes, &address.name, &value)])
            }
        }
    }

    /// The text with this file's line ends; that of a heredoc stays, because they are part of its value.
    fn with_line_ends(&self, value: &str) -> String {
        if value.contains("<<") { value.to_owned() } else { value.replace("\r\n", "\n").replace('\n', self.line_end) }
    }

    fn set_inside(&self, expression: &Expression, keys: &[Key], value: &str) -> Result<Vec<Edit>, EditError> {
        let Some((key, rest)) = keys.split_first() else {
            return Ok(vec![Edit { range: expression.range.bytes(), text: value.to_owned() }]);
        };
        match &expression.kind {
            ExpressionKind::Object(items) => match items.iter().rfind(|item| has_name(item, key)) {
                Some(item) => self.set_inside(&item.value, rest, value),
                None => self.insert_item(expression, items, &key.attribute(), &nest(rest, value.to_owned())?),
            },
            ExpressionKind::Tuple(elements) => {
                let element = key.element().and_then(|index| elements.get(index)).ok_or(EditError::NoElement(elements.len()))?;
                self.set_inside(element, rest, value)
            }
            ExpressionKind::Null => Ok(vec![Edit { range: expression.range.bytes(), text: nest(keys, value.to_owned())? }]),
            _ => Err(EditError::NoContainer),
        }
    }

    /// Removes what the address leads to.
    pub(super) fn unset(&self, attributes: &[Attribute], address: &Address) -> Result<Vec<Edit>, EditError> {
        let attribute = attributes.iter().find(|attribute| attribute.name.text == address.name).ok_or(EditError::NotThere)?;
        match address.keys.split_last() {
            Some((last, way)) => self.unset_inside(&attribute.value, way, last),
            None => Ok(vec![self.remove_lines(attribute.range.bytes())]),
        }
    }

    fn unset_inside(&self, expression: &Expression, way: &[Key], last: &Key) -> Result<Vec<Edit>, EditError> {
        let inside = expression.range.start as usize + 1..expression.range.end as usize - 1;
        match (&expression.kind, way.split_first()) {
            (ExpressionKind::Object(items), Some((key, rest))) => {
                let item = items.iter().rfind(|item| has_name(item, key)).ok_or(EditError::NotThere)?;
                self.unset_inside(&item.value, rest, last)
            }
            (ExpressionKind::Tuple(elements), Some((key, rest))) => {
                let element = key.element().and_then(|index| elements.get(index)).ok_or(EditError::NotThere)?;
                self.unset_inside(element, rest, last)
            }
            (ExpressionKind::Object(items), None) => {
                let pieces: Vec<_> = items.iter().map(|item| item.key.range.to(item.value.range).bytes()).collect();
                let removed: Vec<_> = (0..items.len()).filter(|index| has_name(&items[*index], last)).collect();
                let first_left = (0..items.len()).find(|index| !removed.contains(index));
                if first_left.is_some_and(|index| is_bare_for(&items[index])) {
                    return Err(EditError::ForFirst);
                }
                self.remove_pieces(&pieces, &removed, inside)
            }
            (ExpressionKind::Tuple(elements), None) => {
                let pieces: Vec<_> = elements.iter().map(|element| element.range.bytes()).collect();
                let index = last.element().filter(|index| *index < elements.len()).ok_or(EditError::NotThere)?;
                self.remove_pieces(&pieces, &[index], inside)
            }
            _ => Err(EditError::NoContainer),
        }
    }
}

/// Whether a key is this name; `1.50` and `1 > 2` are the names `1.5` and `false`.
fn has_name(item: &ObjectItem, key: &Key) -> bool {
    if let ExpressionKind::String(text) = &item.key.kind {
        return key.is_written(text);
    }
    let (name, _) = evaluate_constant(&item.key, &Sources::default());
    convert(&name, &Type::String).is_ok_and(|name| name.as_str().is_some_and(|name| key.is_written(name)))
}

/// Whether this is the key `for` without quotes, which is a key behind others alone.
fn is_bare_for(item: &ObjectItem) -> bool {
    item.is_bare_key && matches!(&item.key.kind, ExpressionKind::String(text) if text == "for")
}

/// The value inside objects for keys that are not there yet.
fn nest(keys: &[Key], value: String) -> Result<String, EditError> {
    keys.iter().rev().try_fold(value, |value, key| match key {
        Key::Name(name) => Ok(format!("{{ {} = {value} }}", render::key(name))),
        Key::Index(_) => Err(EditError::NoElement(0)),
    })
}

/// The same with a line for each key, as a new top-level value is written.
fn nest_in_lines(keys: &[Key], value: &str, line_end: &str) -> Result<String, EditError> {
    let mut text = String::new();
    let mut indents = vec![String::new()];
    for key in keys {
        let Key::Name(name) = key else { return Err(EditError::NoElement(0)) };
        let indent = render::deeper(indents.last().map_or("", String::as_str));
        text.push_str(&format!("{{{line_end}{indent}{} = ", render::key(name)));
        indents.push(indent);
    }
    text.push_str(value);
    for indent in indents.iter().rev().skip(1) {
        text.push_str(&format!("{line_end}{indent}}}"));
    }
    Ok(text)
}
