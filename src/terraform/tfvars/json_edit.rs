//! Plans edits of JSON files; a new member is laid out as the one before it.

use super::EditError;
use super::address::Key;
use super::edit::{self, Edit};
use crate::terraform::syntax::json::{Member, Node, NodeKind};

/// What is edited.
pub(super) struct JsonPlan<'a> {
    pub(super) text: &'a str,
    pub(super) line_end: &'a str,
}

impl JsonPlan<'_> {
    /// Sets what the keys lead to from this node.
    pub(super) fn set(&self, node: &Node, keys: &[Key], value: &serde_json::Value) -> Result<Edit, EditError> {
        let Some((key, rest)) = keys.split_first() else {
            let indent = self.indent_at(node.range.start as usize);
            return Ok(Edit { range: node.range.bytes(), text: self.render(value, &indent) });
        };
        match &node.kind {
            NodeKind::Object(members) => match find(members, key) {
                Some(member) => self.set(&member.value, rest, value),
                None => self.insert_member(node, members, &key.attribute(), &nest(rest, value)?),
            },
            NodeKind::Array(values) => {
                let element = key.element().and_then(|index| values.get(index)).ok_or(EditError::NoElement(values.len()))?;
                self.set(element, rest, value)
            }
            NodeKind::Null => {
                let indent = self.indent_at(node.range.start as usize);
                Ok(Edit { range: node.range.bytes(), text: self.render(&nest(keys, value)?, &indent) })
            }
            NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::String(_) | NodeKind::Malformed => Err(EditError::NoContainer),
        }
    }

    fn insert_member(&self, node: &Node, members: &[Member], name: &str, value: &serde_json::Value) -> Result<Edit, EditError> {
        let name = serde_json::Value::from(name).to_string();
        let range = node.range.bytes();
        let Some(last) = members.last() else {
            let outer = self.indent_at(range.start);
            let inner = format!("{outer}  ");
            let (line_end, value) = (self.line_end, self.render(value, &inner));
            let text = format!("{line_end}{inner}{name}: {value}{line_end}{outer}");
            return Ok(Edit { range: range.start + 1..range.end - 1, text });
        };
        let name_start = last.name_range.start as usize;
        let before = &self.text[..name_start];
        let mut blanks = &before[before.trim_end().len()..];
        let colon = &self.text[last.name_range.end as usize..last.value.range.start as usize];
        // On one line the first member says nothing of what stands behind a comma.
        if members.len() == 1 && !blanks.contains('\n') {
            blanks = if colon.ends_with(' ') { " " } else { "" };
        }
        let value = self.render(value, &self.indent_at(name_start));
        let at = last.value.range.end as usize;
        Ok(Edit { range: at..at, text: format!(",{blanks}{name}{colon}{value}") })
    }

    /// Removes what the keys lead to from this node.
    pub(super) fn unset(&self, node: &Node, keys: &[Key]) -> Result<Edit, EditError> {
        let (key, rest) = keys.split_first().ok_or(EditError::NotThere)?;
        let (index, pieces): (usize, Vec<_>) = match &node.kind {
            NodeKind::Object(members) => {
                let index = members.iter().rposition(|member| key.is_written(&member.name)).ok_or(EditError::NotThere)?;
                if !rest.is_empty() {
                    return self.unset(&members[index].value, rest);
                }
                (index, members.iter().map(|member| member.name_range.to(member.value.range).bytes()).collect())
            }
            NodeKind::Array(values) => {
                let index = key.element().filter(|index| *index < values.len()).ok_or(EditError::NotThere)?;
                if !rest.is_empty() {
                    return self.unset(&values[index], rest);
                }
                (index, values.iter().map(|value| value.range.bytes()).collect())
            }
            NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::String(_) | NodeKind::Malformed => {
                return Err(EditError::NotThere);
            }
        };
        let range = match (index.checked_sub(1).and_then(|before| pieces.get(before)), pieces.get(index + 1)) {
            (_, Some(next)) => pieces[index].start..next.start,
            (Some(previous), None) => previous.end..pieces[index].end,
            (None, None) => node.range.start as usize + 1..node.range.end as usize - 1,
        };
        Ok(Edit { range, text: String::new() })
    }

    /// The blanks that the line of an offset starts with.
    fn indent_at(&self, at: usize) -> String {
        edit::indent_at(self.text, at).to_owned()
    }

    fn render(&self, value: &serde_json::Value, indent: &str) -> String {
        let is_one_line = !self.text.trim_end().contains('\n') && !self.text.trim().eq("{}");
        if is_one_line {
            return value.to_string();
        }
        // A value of serde_json's own is always written.
        let pretty = serde_json::to_string_pretty(value).unwrap_or_default();
        pretty.replace('\n', &format!("{}{indent}", self.line_end))
    }
}

fn find<'a>(members: &'a [Member], key: &Key) -> Option<&'a Member> {
    members.iter().rfind(|member| key.is_written(&member.name))
}

/// The value inside objects for keys that are not there yet.
fn nest(keys: &[Key], value: &serde_json::Value) -> Result<serde_json::Value, EditError> {
    let mut value = value.clone();
    for key in keys.iter().rev() {
        match key {
            Key::Name(name) => value = serde_json::json!({ name.as_str(): value }),
            Key::Index(_) => return Err(EditError::NoElement(0)),
        }
    }
    Ok(value)
}
