//! The indentation that `<<-` takes away.

use super::piece::Piece;
use crate::diagnostic::grapheme::graphemes;

/// Takes the least indentation of any line away from all, as `<<-` does; lines of blanks alone don't count.
///
/// A line is looked at where it starts with text. One that starts with a sequence has no indentation.
pub(super) fn strip_indentation(pieces: &mut [Piece]) {
    let mut least = usize::MAX;
    let mut line_starts = Vec::new();
    let mut is_line_start = true;
    for (index, piece) in pieces.iter().enumerate() {
        let text = match piece {
            Piece::Text(text) => Some(text.as_str()),
            _ => None,
        };
        if std::mem::take(&mut is_line_start) {
            let blanks = text.map_or("", |text| &text[..text.len() - text.trim_start().len()]);
            let is_blank_line = text.is_some_and(|text| text.len() == blanks.len() && text.ends_with('\n'));
            if !is_blank_line {
                least = least.min(graphemes(blanks).count());
                line_starts.push(index);
            }
        }
        is_line_start = text.is_some_and(|text| text.ends_with('\n'));
    }
    for index in line_starts {
        if let Piece::Text(text) = &mut pieces[index] {
            let length: usize = graphemes(text).take(least).map(str::len).sum();
            text.drain(..length);
        }
    }
}
