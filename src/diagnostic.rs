//! What tfhelper says about the user's files: a finding, and the place it is about.
//!
//! A diagnostic is a value, never an error: broken input yields diagnostics and the work goes on. Offsets are bytes;
//! lines and columns are computed only when a diagnostic is shown, and a column counts grapheme clusters as Terraform's do.

pub mod grapheme;
mod line_index;

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use line_index::{Columns, LineIndex};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Terraform or the proxy would fail, or end in a wrong state.
    Error,
    /// Works, but probably not as meant.
    Warning,
    /// A check that could not be made; neither verdict.
    NotEvaluated,
}

/// The part of the check catalogue that a finding belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Terraform's own judgement of the input variables.
    Terraform,
    /// What the proxy's connectors need.
    Connector,
    /// What the OAuth grant allows.
    Scope,
    /// What the secret store holds.
    Secret,
}

/// Identifies a file of a [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

/// A range of bytes in one file, zero-based, end excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceRange {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl SourceRange {
    /// The smallest range that holds both; the two are of one file.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The range as indices into the file's text.
    #[must_use]
    pub fn bytes(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A place in a file as people and Terraform count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// One-based line.
    pub line: usize,
    /// One-based column, in grapheme clusters.
    pub column: usize,
    /// One-based column, in code points.
    pub code_point_column: usize,
    /// Zero-based byte offset.
    pub byte: usize,
}

/// A file's name, as Terraform shows it, and its text.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Path relative to the root module, or what stands in for it: `<value for var.x>`.
    pub name: String,
    /// The text; bytes that are not UTF-8 stand as U+FFFD, and the parser has said so.
    pub text: String,
    /// Made when the first place is asked for.
    index: OnceLock<LineIndex>,
}

/// Every file of one run; diagnostics point into it. Cloning is cheap.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<Arc<SourceFile>>,
}

impl Sources {
    /// Takes a file in and returns its identity.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(Arc::new(SourceFile { name: name.into(), text: text.into(), index: OnceLock::new() }));
        id
    }

    /// The file behind an identity that [`Sources::add`] of this very value returned.
    #[must_use]
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// The names of the files, in the order in which they came in.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|file| file.name.as_str())
    }

    /// The text of a range.
    #[must_use]
    pub fn text(&self, range: SourceRange) -> &str {
        self.file(range.file).text.get(range.bytes()).unwrap_or_default()
    }

    /// A range as Terraform's messages name it: `main.tf:1,1-13`.
    #[must_use]
    pub fn describe(&self, range: SourceRange) -> String {
        let (start, end) = self.positions(range);
        let name = &self.file(range.file).name;
        if start.line == end.line {
            format!("{name}:{},{}-{}", start.line, start.column, end.column)
        } else {
            format!("{name}:{},{}-{},{}", start.line, start.column, end.line, end.column)
        }
    }

    /// First and last position of a range.
    #[must_use]
    pub fn positions(&self, range: SourceRange) -> (Position, Position) {
        let file = self.file(range.file);
        (file.position(range.start as usize), file.position(range.end as usize))
    }
}

impl SourceFile {
    /// The text of a line without its line end, and its first byte; lines count from one.
    #[must_use]
    pub fn line(&self, number: usize) -> Option<(usize, &str)> {
        let index = self.index();
        let start = if number == 1 { 0 } else { index.line_start(&self.text, number)? };
        let end = index.line_start(&self.text, number + 1).map_or(self.text.len(), |next| next - 1);
        Some((start, self.text.get(start..end)?))
    }

    /// Line and column of a byte offset; an offset past the end, or inside a character, counts as the character's start.
    fn position(&self, byte: usize) -> Position {
        let mut at = byte.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        let Columns { line, column, code_point_column } = self.index().columns(&self.text, at);
        Position { line, column, code_point_column, byte }
    }

    fn index(&self) -> &LineIndex {
        self.index.get_or_init(|| LineIndex::new(&self.text, self.name.ends_with(".json")))
    }
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Identifier of the check that made it, kebab-case.
    pub check: &'static str,
    /// The check's group.
    pub group: Group,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong in three to seven words, without values.
    pub summary: String,
    /// Whole sentences, ending with the fix.
    pub detail: String,
    /// What tfhelper adds, where the detail is Terraform's own and does not help a person.
    pub note: Option<String>,
    /// The input variable that it is about.
    pub variable: Option<String>,
    /// The attribute or block header that it is about.
    pub subject: Option<SourceRange>,
    /// The excerpt must hide the value that stands at the subject.
    pub is_sensitive: bool,
}

impl Diagnostic {
    /// A finding without a place, about no variable in particular.
    #[must_use]
    pub fn new(
        check: &'static str,
        group: Group,
        severity: Severity,
        summary: impl Into<String>,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            check,
            group,
            severity,
            summary: summary.into(),
            detail: detail.into(),
            note: None,
            variable: None,
            subject: None,
            is_sensitive: false,
        }
    }

    /// What a person reads: the note before the detail.
    #[must_use]
    pub fn explanation(&self) -> Cow<'_, str> {
        match &self.note {
            Some(note) => Cow::Owned(format!("{note}\n\n{}", self.detail)),
            None => Cow::Borrowed(&self.detail),
        }
    }

    /// Sets the place.
    #[must_use]
    pub fn at(mut self, subject: impl Into<Option<SourceRange>>) -> Self {
        self.subject = subject.into();
        self
    }

    /// Sets the input variable that it is about.
    #[must_use]
    pub fn about(mut self, variable: impl AsRef<str>) -> Self {
        self.variable = Some(variable.as_ref().to_owned());
        self
    }

    /// Hides the value at the subject, when the variable is sensitive.
    #[must_use]
    pub fn hiding_value(mut self, is_sensitive: bool) -> Self {
        self.is_sensitive = is_sensitive;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::grapheme::graphemes;
    use super::line_index::MARK_DISTANCE;
    use super::*;

    #[track_caller]
    fn check_position(text: &str, byte: usize, line: usize, column: usize) {
        check_position_in("main.tf", text, byte, line, column);
    }

    #[track_caller]
    fn check_position_in(name: &str, text: &str, byte: usize, line: usize, column: usize) {
        let mut sources = Sources::default();
        let file = sources.add(name, text);
        let found = sources.file(file).position(byte);
        assert_eq!((found.line, found.column), (line, column));
    }

    #[test]
    fn position_counts_lines_from_one() {
        check_position("a\nbc\n", 3, 2, 2);
    }

    #[test]
    fn position_counts_grapheme_clusters() {
        check_position("e\u{301}x", 3, 1, 2);
    }

    #[test]
    fn position_gives_a_byte_order_mark_no_column() {
        check_position("\u{feff}ab", 4, 1, 2);
    }

    #[test]
    fn position_counts_a_tab_of_json_as_two_columns() {
        check_position_in("a.tfvars.json", "\t\"a\"", 1, 1, 3);
    }

    #[test]
    fn describe_names_the_end_line_only_when_it_is_another() {
        let mut sources = Sources::default();
        let file = sources.add("main.tf", "ab\ncd\n");
        assert_eq!(sources.describe(SourceRange { file, start: 0, end: 2 }), "main.tf:1,1-3");
        assert_eq!(sources.describe(SourceRange { file, start: 0, end: 4 }), "main.tf:1,1-2,2");
    }

    #[test]
    fn position_past_the_end_is_the_end() {
        check_position("a\n", 9, 2, 1);
    }

    #[test]
    fn line_is_found_by_its_number() {
        let mut sources = Sources::default();
        let long = "x".repeat(MARK_DISTANCE * 2);
        let file = sources.add("main.tf", format!("\u{feff}a\n{long}\n"));
        let lines = [1, 2, 3, 4].map(|number| sources.file(file).line(number).map(|(start, text)| (start, text.len())));
        assert_eq!(lines, [Some((0, 4)), Some((5, long.len())), Some((6 + long.len(), 0)), None]);
    }

    #[test]
    fn position_is_found_in_a_long_line_of_joined_consonants() {
        let syllables = MARK_DISTANCE * 200;
        let line = "क\u{94d}".repeat(syllables);
        check_position(&line, line.len(), 1, syllables + 1);
        let marks = format!("e{}x", "\u{301}".repeat(MARK_DISTANCE * 20));
        check_position(&marks, marks.len(), 1, 3);
    }

    #[test]
    fn position_counts_a_long_line_from_its_beginning() {
        let clusters = MARK_DISTANCE * 3;
        let line = format!("\n\t{}", "e\u{301}".repeat(clusters));
        check_position(&line, line.len(), 2, clusters + 2);
        check_position_in("a.json", &line, line.len(), 2, clusters + 3);
        check_position(&format!("\u{feff}{}", "a".repeat(clusters)), clusters, 1, clusters - 2);
    }

    proptest::proptest! {
        #[test]
        fn position_and_line_are_those_that_counting_gives(
            pieces in proptest::collection::vec(proptest::sample::select(vec!["\n", "ab", "e\u{301}", "क्ष", "\u{1f469}\u{200d}", "\r\n"]), 0..40),
            widths in proptest::collection::vec(1..MARK_DISTANCE, 40),
            at in proptest::prelude::any::<proptest::sample::Index>(),
        ) {
            let text: String = pieces.iter().zip(widths).map(|(piece, width)| piece.repeat(width / piece.len() + 1)).collect();
            let places: Vec<usize> = (0..=text.len()).filter(|byte| text.is_char_boundary(*byte)).collect();
            let byte = *at.get(&places);
            let mut sources = Sources::default();
            let id = sources.add("main.tf", text.as_str());
            let (file, before) = (sources.file(id), &text[..byte]);
            let line_start = before.rfind('\n').map_or(0, |line_end| line_end + 1);
            let line = before.matches('\n').count() + 1;
            let column = graphemes(&before[line_start..]).count() + 1;
            let code_point_column = before[line_start..].chars().count() + 1;
            assert_eq!(file.position(byte), Position { line, column, code_point_column, byte });
            assert_eq!(file.line(line), text.split('\n').nth(line - 1).map(|text| (line_start, text)));
        }
    }
}
