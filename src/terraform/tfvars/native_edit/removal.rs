//! Removal of attributes and items, with the commas and comments that are theirs.

use std::ops::Range;

use super::NativePlan;
use super::layout::blank_line_length;
use crate::terraform::syntax::identifier::is_identifier;
use crate::terraform::tfvars::EditError;
use crate::terraform::tfvars::edit::Edit;

impl NativePlan<'_> {
    pub(super) fn remove_pieces(
        &self,
        pieces: &[Range<usize>],
        removed: &[usize],
        inside: Range<usize>,
    ) -> Result<Vec<Edit>, EditError> {
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
    pub(super) fn remove_lines(&self, item: Range<usize>) -> Edit {
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
}

/// Whether a comment's line looks like an assignment that was commented out.
fn is_commented_out(line: &str) -> bool {
    let line = line.trim_start_matches('\u{feff}').trim_start().trim_start_matches(['#', '/', '*']).trim_start();
    line.split_once('=').is_some_and(|(name, _)| {
        let name = name.trim().trim_matches('"');
        is_identifier(name)
    })
}
