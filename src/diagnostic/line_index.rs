//! Lines and columns of byte offsets, without counting from the start of the text each time.

use super::grapheme::graphemes;

/// How many bytes may lie between one mark and the next, about: what is counted anew for each place.
pub(super) const MARK_DISTANCE: usize = 512;

/// A grapheme cluster whose line and columns are known.
#[derive(Debug, Clone, Copy)]
struct Mark {
    byte: usize,
    columns: Columns,
}

/// Line and columns, all one-based.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Columns {
    pub(super) line: usize,
    /// In grapheme clusters.
    pub(super) column: usize,
    /// In code points.
    pub(super) code_point_column: usize,
}

impl Columns {
    fn start_of(line: usize) -> Self {
        Self { line, column: 1, code_point_column: 1 }
    }
}

/// Where lines and columns of one text are known from.
#[derive(Debug, Clone)]
pub(super) struct LineIndex {
    marks: Vec<Mark>,
    is_json: bool,
}

impl Mark {
    /// The first place at least so many bytes further in a line, of which this is what is left.
    fn behind(self, rest: &str, distance: usize, is_json: bool) -> Self {
        // What looks like one cluster can be as long as the line, and is then taken apart from its beginning.
        let window = &rest[..rest.floor_char_boundary(distance * 2)];
        let mark = self.behind_in(window, distance, is_json);
        let reaches_the_end = mark.byte == self.byte + window.len();
        if reaches_the_end && window.len() < rest.len() { self.behind_in(rest, distance, is_json) } else { mark }
    }

    fn behind_in(mut self, text: &str, distance: usize, is_json: bool) -> Self {
        let end = self.byte + distance;
        for cluster in graphemes(text) {
            self.byte += cluster.len();
            self.columns.column += columns(cluster, is_json);
            self.columns.code_point_column += cluster.chars().count();
            if self.byte >= end {
                break;
            }
        }
        self
    }
}

impl LineIndex {
    /// Marks the start of a line here and there, and places in lines that are long: a minified file is one line.
    pub(super) fn new(text: &str, is_json: bool) -> Self {
        let mut marks: Vec<Mark> = Vec::new();
        let mut next_line = 0;
        for (index, line) in text.split('\n').enumerate() {
            // A byte order mark takes no column. It can stand at the start of the first line alone.
            let skipped = if index == 0 && line.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
            let mut mark = Mark { byte: next_line + skipped, columns: Columns::start_of(index + 1) };
            next_line += line.len() + 1;
            if marks.last().is_none_or(|last| next_line - last.byte > MARK_DISTANCE) {
                marks.push(mark);
            }
            while next_line - 1 - mark.byte > MARK_DISTANCE {
                let rest = &text[mark.byte..next_line - 1];
                let reach = &rest.as_bytes()[..=MARK_DISTANCE];
                if reach.iter().all(|byte| matches!(byte, b' '..=b'~')) {
                    // Every one is a cluster, the last included: what follows it does not join it.
                    mark.byte += MARK_DISTANCE;
                    mark.columns.column += MARK_DISTANCE;
                    mark.columns.code_point_column += MARK_DISTANCE;
                } else {
                    mark = mark.behind(rest, MARK_DISTANCE, is_json);
                }
                marks.push(mark);
            }
        }
        Self { marks, is_json }
    }

    /// The first byte of a line, behind a byte order mark; lines count from one.
    pub(super) fn line_start(&self, text: &str, line: usize) -> Option<usize> {
        let first_behind = self.marks.partition_point(|mark| mark.columns.line < line);
        let Some(before) = first_behind.checked_sub(1) else { return self.marks.first().map(|mark| mark.byte) };
        let mark = self.marks[before];
        (mark.columns.line..line).try_fold(mark.byte, |at, _| Some(at + text.get(at..)?.find('\n')? + 1))
    }

    /// Line and columns of the offset of a character in the text.
    pub(super) fn columns(&self, text: &str, at: usize) -> Columns {
        let before = self.marks.partition_point(|mark| mark.byte <= at);
        let start = Mark { byte: 0, columns: Columns::start_of(1) };
        let mark = before.checked_sub(1).map_or(start, |last| self.marks[last]);
        let mut found = mark.columns;
        let mut line = &text[mark.byte..at];
        if let Some(line_end) = line.rfind('\n') {
            found = Columns::start_of(found.line + line.matches('\n').count());
            line = &line[line_end + 1..];
        }
        for cluster in graphemes(line) {
            found.column += columns(cluster, self.is_json);
            found.code_point_column += cluster.chars().count();
        }
        found
    }
}

/// Columns of one grapheme cluster.
///
/// Source: hashicorp/hcl v2.23.0, json/scanner.go, `skipWhitespace`: in JSON a tab counts two, a carriage return none.
fn columns(cluster: &str, is_json: bool) -> usize {
    match cluster {
        "\t" if is_json => 2,
        "\r" if is_json => 0,
        _ => 1,
    }
}
