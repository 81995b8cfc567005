//! New attributes and items, laid out as their neighbours are.

use std::ops::Range;

use super::NativePlan;
use crate::terraform::syntax::literal::hcl_quoted;
use crate::terraform::syntax::{Attribute, Expression, ObjectItem};
use crate::terraform::tfvars::edit::{Edit, indent_at};
use crate::terraform::tfvars::{EditError, render};

impl NativePlan<'_> {
    /// A new attribute at the end of the file.
    pub(super) fn append_attribute(&self, attributes: &[Attribute], name: &str, value: &str) -> Edit {
        let end = self.text.len();
        let at_end = |text: String| Edit { range: end..end, text };
        let last = attributes.iter().max_by_key(|attribute| attribute.range.start);
        let is_directly_behind = last.is_some_and(|last| {
            let behind = self.behind_item(last.range.end as usize);
            self.text[behind..].is_empty()
        });
        let group = last.filter(|_| is_directly_behind).and_then(|last| self.equals_column(last.name.range.bytes(), last));
        let (padding, is_own_group) = match group {
            Some(column) if name.chars().count() < column && !value.contains('\n') => (column - name.chars().count(), false),
            _ => (1, true),
        };
        let line = format!("{name}{:padding$}= {value}", "");
        let has_content = !self.text.trim_start_matches('\u{feff}').is_empty();
        let ends_line = !has_content || self.text.ends_with('\n');
        let ends_blank = !has_content
            || self.text.strip_suffix(self.line_end).is_some_and(|before| before.ends_with('\n') || before.is_empty());
        let blank = if is_own_group && !ends_blank { self.line_end } else { "" };
        if ends_line {
            at_end(format!("{blank}{line}{}", self.line_end))
        } else {
            at_end(format!("{}{blank}{line}", self.line_end))
        }
    }

    /// How many characters stand before an attribute's equals sign, where the attribute is on one line.
    fn equals_column(&self, name: Range<usize>, attribute: &Attribute) -> Option<usize> {
        if self.text[attribute.range.bytes()].contains('\n') {
            return None;
        }
        let between = &self.text[name.end..attribute.value.range.start as usize];
        let blanks = between.find('=')?;
        Some(self.text[name].chars().count() + blanks)
    }

    pub(super) fn insert_item(
        &self,
        object: &Expression,
        items: &[ObjectItem],
        name: &str,
        value: &str,
    ) -> Result<Vec<Edit>, EditError> {
        let range = object.range.bytes();
        let inside = range.start + 1..range.end - 1;
        let Some(last) = items.last() else {
            return Ok(vec![self.insert_first_item(inside, &render::key(name), value)]);
        };
        let are_quoted = items.iter().all(|item| self.text[item.key.range.bytes()].starts_with('"'));
        let name = if are_quoted { hcl_quoted(name) } else { render::key(name) };
        let (key_start, value_end) = (last.key.range.start as usize, last.value.range.end as usize);
        let separator = self.separator(last);
        let comma = self.comma_behind(value_end);
        let opens_own_line = self.starts_line(key_start);
        if !opens_own_line {
            // The last item shares its line with others or with the brace, and so does the new one.
            let item = format!("{name}{}{value}", separator.plain());
            let (at, text) = match comma {
                Some(comma) => (comma.end as usize, format!(" {item},")),
                None if self.is_heredoc_end(value_end) => (self.behind_item(value_end), format!("{item}{}", self.line_end)),
                None => (value_end, format!(", {item}")),
            };
            return Ok(vec![Edit { range: at..at, text }]);
        }
        let indent = indent_at(self.text, key_start);
        let padded = separator.padded(&name, &self.text[last.key.range.bytes()], &self.text[last.value.range.bytes()]);
        let mut edits = Vec::new();
        let uses_commas = items.iter().rev().skip(1).any(|item| self.comma_behind(item.value.range.end as usize).is_some());
        if uses_commas && comma.is_none() && !self.is_heredoc_end(value_end) {
            edits.push(Edit { range: value_end..value_end, text: ",".to_owned() });
        }
        let own_comma = if comma.is_some() { "," } else { "" };
        let behind = self.behind_item(value_end);
        let line_end = self.line_end;
        let edit = if self.text[..behind].ends_with('\n') {
            Edit { range: behind..behind, text: format!("{indent}{padded}{value}{own_comma}{line_end}") }
        } else {
            // The closing brace stands on the last item's line.
            let at = comma.map_or(value_end, |comma| comma.end as usize);
            Edit { range: at..at, text: format!("{line_end}{indent}{padded}{value}{own_comma}") }
        };
        edits.push(edit);
        Ok(edits)
    }

    fn insert_first_item(&self, inside: Range<usize>, name: &str, value: &str) -> Edit {
        let between = &self.text[inside.clone()];
        if between.trim().is_empty() && !between.contains('\n') {
            return Edit { range: inside, text: format!(" {name} = {value} ") };
        }
        // Behind the last comment, on a line of its own above the closing brace.
        let closing_indent = indent_at(self.text, inside.end);
        let line_end = self.line_end;
        match between.rfind('\n') {
            Some(newline) if between[newline..].trim().is_empty() => {
                let at = inside.start + newline + 1;
                Edit { range: at..at, text: format!("{closing_indent}  {name} = {value}{line_end}") }
            }
            _ => Edit { range: inside.end..inside.end, text: format!(" {name} = {value} ") },
        }
    }

    fn separator(&self, item: &ObjectItem) -> Separator {
        let between = &self.text[item.key.range.end as usize..item.value.range.start as usize];
        let sign = if between.contains('=') { '=' } else { ':' };
        let (before, behind) = between.split_once(sign).unwrap_or((" ", " "));
        let is_blank = |text: &str| text.chars().all(|c| c == ' ' || c == '\t');
        Separator {
            sign,
            blanks_before: if is_blank(before) { before.chars().count() } else { 1 },
            has_blank_behind: !behind.is_empty(),
        }
    }
}

/// How an item's key and value are joined.
struct Separator {
    sign: char,
    blanks_before: usize,
    has_blank_behind: bool,
}

impl Separator {
    fn behind(&self) -> &'static str {
        if self.has_blank_behind { " " } else { "" }
    }

    /// For a line that items share.
    fn plain(&self) -> String {
        format!("{}{}{}", if self.blanks_before > 0 { " " } else { "" }, self.sign, self.behind())
    }

    /// The name with the separator, in the column of the neighbour's where both fit.
    fn padded(&self, name: &str, neighbour: &str, neighbour_value: &str) -> String {
        let column = neighbour.chars().count() + self.blanks_before;
        let length = name.chars().count();
        let least = usize::from(self.blanks_before > 0);
        let is_aligned = self.sign == '=' && !neighbour_value.contains('\n');
        let blanks = if is_aligned { column.saturating_sub(length).max(least) } else { least };
        format!("{name}{:blanks$}{}{}", "", self.sign, self.behind())
    }
}
