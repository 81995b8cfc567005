//! Plans edits of HCL native syntax; what is new is laid out as its neighbours are.

use std::ops::Range;

use super::address::{Address, Key};
use super::{Edit, EditError, indent_at, render};
use crate::terraform::syntax::lexer::{Lexer, Start, Token, TokenKind};
use crate::terraform::syntax::literal::hcl_quoted;
use crate::terraform::syntax::{Attribute, Expression, ExpressionKind, ObjectItem};

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

    /// A new attribute at the end of the file.
    fn append_attribute(&self, attributes: &[Attribute], name: &str, value: &str) -> Edit {
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

    /// The offset behind an item that ends here: behind its comma, its comments and its line end.
    fn behind_item(&self, end: usize) -> usize {
        let mut at = end;
        let tokens = self.tokens_from(end);
        // In a list, the comma behind a heredoc stands below it.
        let tokens = match tokens {
            [newline, rest @ ..] if newline.kind == TokenKind::Newline && self.is_heredoc_end(end) => match rest {
                [comma, ..] if comma.kind == TokenKind::Comma => rest,
                _ => tokens,
            },
            _ => tokens,
        };
        for token in tokens {
            match token.kind {
                TokenKind::Comma => at = token.end as usize,
                TokenKind::Comment => {
                    at = token.end as usize;
                    if token.of(self.text).ends_with('\n') {
                        break;
                    }
                }
                TokenKind::Newline => {
                    at = token.end as usize;
                    break;
                }
                _ => break,
            }
        }
        at
    }

    /// Whether a heredoc ends at this offset: what follows has to be on the next line.
    fn is_heredoc_end(&self, end: usize) -> bool {
        let index = self.tokens.partition_point(|token| (token.end as usize) < end);
        self.tokens.get(index).is_some_and(|token| token.kind == TokenKind::CloseHeredoc && token.end as usize == end)
    }

    /// The offset, or that behind the line end which a heredoc needs.
    fn behind_heredoc(&self, end: usize) -> usize {
        match self.tokens_from(end).first() {
            Some(newline) if self.is_heredoc_end(end) => newline.end as usize,
            _ => end,
        }
    }

    fn tokens_from(&self, at: usize) -> &[Token] {
        &self.tokens[self.tokens.partition_point(|token| (token.start as usize) < at)..]
    }

    /// The offset behind the comments that stand between two items.
    fn behind_comments(&self, end: usize, next: usize) -> usize {
        let between = self.tokens_from(end).iter().take_while(|token| (token.start as usize) < next);
        between.filter(|token| token.kind == TokenKind::Comment).last().map_or(end, |comment| comment.end as usize)
    }

    fn comma_behind(&self, end: usize) -> Option<Token> {
        let is_between = |kind| matches!(kind, TokenKind::Comment | TokenKind::Newline);
        self.tokens_from(end).iter().find(|token| !is_between(token.kind)).filter(|token| token.kind == TokenKind::Comma).copied()
    }

    fn behind_comma(&self, end: usize) -> usize {
        self.comma_behind(end).map_or(end, |comma| comma.end as usize)
    }

    fn insert_item(&self, object: &Expression, items: &[ObjectItem], name: &str, value: &str) -> Result<Vec<Edit>, EditError> {
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

    /// Whether nothing but blanks stands before an offset on its line.
    fn starts_line(&self, at: usize) -> bool {
        self.text[..at].trim_end_matches([' ', '\t']).ends_with('\n')
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

    fn remove_pieces(&self, pieces: &[Range<usize>], removed: &[usize], inside: Range<usize>) -> Result<Vec<Edit>, EditError> {
        if removed.is_empty() {
            return Err(EditError::NotThere);
        }
        let mut edits: Vec<_> = removed.iter().map(|index| self.remove_piece(pieces, *index, inside.clone())).collect();
        edits.extend(self.remove_last_comma(pieces, removed));
        Ok(edits)
    }

    /// Takes away the comma that becomes the last one, where none stood behind the last piece before.
    fn remove_last_comma(&self, pieces: &[Range<usize>], removed: &[usize]) -> Option<Edit> {
        let last = pieces.last().filter(|last| self.comma_behind(last.end).is_none())?;
        let kept = (0..pieces.len()).rfind(|index| !removed.contains(index))?;
        let comma = self.comma_behind(pieces[kept].end).filter(|comma| (comma.end as usize) <= last.start)?;
        Some(Edit { range: comma.start as usize..comma.end as usize, text: String::new() })
    }

    fn remove_piece(&self, pieces: &[Range<usize>], index: usize, inside: Range<usize>) -> Edit {
        let own = pieces[index].clone();
        let behind = self.behind_item(own.end);
        let has_comma_within = self.behind_comma(own.end) <= behind;
        if self.starts_line(own.start) && self.text[..behind].ends_with('\n') && has_comma_within {
            return self.remove_lines(own);
        }
        let previous = index.checked_sub(1).and_then(|previous| pieces.get(previous));
        let range = match (previous, pieces.get(index + 1)) {
            (_, Some(next)) if !self.starts_line(next.start) => own.start..next.start,
            (Some(previous), _) => {
                let start = self.behind_heredoc(self.behind_comments(previous.end, own.start));
                // One of the commas on both sides goes; the one before, where no comment keeps it from the item.
                let takes_comma = self.comma_behind(previous.end).is_some_and(|comma| comma.start as usize >= start);
                start..if takes_comma { own.end } else { self.behind_comma(own.end) }
            }
            (None, Some(_)) => own.start..self.behind_comma(own.end),
            (None, None) => {
                let end = self.behind_comma(own.end);
                let has_only_blanks = |range: Range<usize>| self.text[range].trim().is_empty();
                if has_only_blanks(inside.start..own.start) && has_only_blanks(end..inside.end) { inside } else { own.start..end }
            }
        };
        Edit { range, text: String::new() }
    }

    /// Removes an item that has its lines for itself, with the comments attached to it.
    ///
    /// Comments directly above are attached, up to a blank line or something that was commented out. Of the blank lines
    /// above and below, those above stay.
    fn remove_lines(&self, item: Range<usize>) -> Edit {
        let mut start = self.line_start(item.start);
        while let Some(above) = self.line_above(start) {
            if !self.is_comment(above.clone()) || is_commented_out(&self.text[above.clone()]) {
                break;
            }
            start = above.start;
        }
        let mut end = self.behind_item(item.end);
        let body_start = if self.text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        start = start.max(body_start);
        let is_behind_blank = start == body_start || self.is_blank_above(start);
        if is_behind_blank && self.text[..end].ends_with('\n') {
            while let Some(length) = blank_line_length(&self.text[end..]) {
                end += length;
            }
        }
        if end == self.text.len() {
            // Nothing follows: the blank lines above would end the file, and its last line ends as it did before.
            while start > body_start && self.is_blank_above(start) {
                start = self.line_start(start - 1);
            }
            if !self.text.ends_with('\n') && start > body_start {
                let before = &self.text[..start];
                let line_end = before.strip_suffix("\r\n").or_else(|| before.strip_suffix('\n')).unwrap_or(before).len();
                start = if self.is_heredoc_end(line_end) { start } else { line_end };
            }
        }
        Edit { range: start..end, text: String::new() }
    }

    fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |newline| newline + 1)
    }

    /// The line before the one that starts here.
    fn line_above(&self, start: usize) -> Option<Range<usize>> {
        let end = start.checked_sub(1)?;
        Some(self.line_start(end)..start)
    }

    fn is_blank_above(&self, start: usize) -> bool {
        self.line_above(start).is_some_and(|above| self.text[above].trim().is_empty())
    }

    /// Whether a line holds comments and nothing else; a comment of several lines counts as a whole or not at all.
    fn is_comment(&self, line: Range<usize>) -> bool {
        let text = &self.text[line.clone()];
        if text.trim().is_empty() {
            return false;
        }
        let first = self.tokens.partition_point(|token| (token.end as usize) <= line.start);
        self.tokens[first..]
            .iter()
            .take_while(|token| (token.start as usize) < line.end)
            .all(|token| matches!(token.kind, TokenKind::Comment | TokenKind::Newline) && token.start as usize >= line.start)
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

/// Whether a key is this name; one that has to be evaluated is none.
fn has_name(item: &ObjectItem, key: &Key) -> bool {
    let name = key.attribute();
    match &item.key.kind {
        ExpressionKind::String(text) => *text == name,
        ExpressionKind::Number(text) => *text == name,
        ExpressionKind::Bool(value) => value.to_string() == name,
        _ => false,
    }
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

/// Whether a comment's line looks like an assignment that was commented out.
fn is_commented_out(line: &str) -> bool {
    let line = line.trim_start_matches('\u{feff}').trim_start().trim_start_matches(['#', '/', '*']).trim_start();
    line.split_once('=').is_some_and(|(name, _)| {
        let name = name.trim().trim_matches('"');
        crate::terraform::syntax::identifier::is_identifier(name)
    })
}

/// Bytes of the blank line that a text starts with, its line end included.
fn blank_line_length(text: &str) -> Option<usize> {
    let end = text.find('\n')? + 1;
    text[..end].trim().is_empty().then_some(end)
}
