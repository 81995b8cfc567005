//! Lines and columns of byte offsets, without counting from the start of the text each time.

use unicode_segmentation::UnicodeSegmentation;

/// How many bytes may lie between one mark and the next, about: what is counted anew for each place.
pub(super) const MARK_DISTANCE: usize = 512;

/// A grapheme cluster whose line and column are known.
#[derive(Debug, Clone, Copy)]
struct Mark {
    byte: usize,
    /// One-based.
    line: usize,
    /// One-based.
    column: usize,
}

/// Where lines and columns of one text are known from.
#[derive(Debug, Clone)]
pub(super) struct LineIndex {
    marks: Vec<Mark>,
    is_json: bool,
}

impl LineIndex {
    /// Marks the start of every line, and places in those that are long: a minified file is one line.
    pub(super) fn new(text: &str, is_json: bool) -> Self {
        let mut marks = Vec::new();
        let mut next_line = 0;
        for (index, line) in text.split('\n').enumerate() {
            // A byte order mark takes no column. It can stand at the start of the first line alone.
            let skipped = if index == 0 && line.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
            marks.push(Mark { byte: next_line + skipped, line: index + 1, column: 1 });
            let (mut at, mut column) = (skipped, 1);
            while line.len() - at > MARK_DISTANCE {
                let reach = &line.as_bytes()[at..=at + MARK_DISTANCE];
                if reach.iter().all(|byte| matches!(byte, b' '..=b'~')) {
                    // Every one is a cluster, the last included: what follows it does not join it.
                    at += MARK_DISTANCE;
                    column += MARK_DISTANCE;
                } else {
                    let end = at + MARK_DISTANCE;
                    for cluster in line[at..].graphemes(true) {
                        at += cluster.len();
                        column += columns(cluster, is_json);
                        if at >= end {
                            break;
                        }
                    }
                }
                marks.push(Mark { byte: next_line + at, line: index + 1, column });
            }
            next_line += line.len() + 1;
        }
        Self { marks, is_json }
    }

    /// The first byte of a line; lines count from one.
    pub(super) fn line_start(&self, line: usize) -> Option<usize> {
        self.marks.get(self.marks.partition_point(|mark| mark.line < line)).map(|mark| mark.byte)
    }

    /// Line and column, both one-based, of the offset of a character in the text.
    pub(super) fn line_and_column(&self, text: &str, at: usize) -> (usize, usize) {
        let before = self.marks.partition_point(|mark| mark.byte <= at);
        let mark = before.checked_sub(1).map_or(Mark { byte: 0, line: 1, column: 1 }, |last| self.marks[last]);
        let columns: usize = text[mark.byte..at].graphemes(true).map(|cluster| columns(cluster, self.is_json)).sum();
        (mark.line, mark.column + columns)
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
