//! What tfhelper says about the user's files: a finding, and the place it is about.
//!
//! A diagnostic is a value, never an error: broken input yields diagnostics and the work goes on. Offsets are bytes;
//! lines and columns are computed only when a diagnostic is shown, and a column counts grapheme clusters as Terraform's do.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;

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
}

/// Every file of one run; diagnostics point into it.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// Takes a file in and returns its identity.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(SourceFile { name: name.into(), text: text.into() });
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
        (position(file, range.start as usize), position(file, range.end as usize))
    }
}

/// Line and column of a byte offset; an offset past the end, or inside a character, counts as the character's start.
fn position(file: &SourceFile, byte: usize) -> Position {
    let mut at = byte.min(file.text.len());
    while !file.text.is_char_boundary(at) {
        at -= 1;
    }
    let before = &file.text[..at];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let in_line = &before[line_start..];
    // A byte order mark takes no column. It can stand at the start of the first line alone.
    let in_line = if line_start == 0 { in_line.strip_prefix('\u{feff}').unwrap_or(in_line) } else { in_line };
    let columns: usize = if file.name.ends_with(".json") {
        in_line.graphemes(true).map(json_columns).sum()
    } else {
        in_line.graphemes(true).count()
    };
    Position { line: before.bytes().filter(|b| *b == b'\n').count() + 1, column: columns + 1, byte }
}

/// Columns of one grapheme cluster of a JSON file.
///
/// Source: hashicorp/hcl v2.23.0, json/scanner.go, `skipWhitespace`: a tab counts two, a carriage return none.
fn json_columns(cluster: &str) -> usize {
    match cluster {
        "\t" => 2,
        "\r" => 0,
        _ => 1,
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
    pub fn about(mut self, variable: impl Into<String>) -> Self {
        self.variable = Some(variable.into());
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
    use super::*;

    #[track_caller]
    fn check_position(text: &str, byte: usize, line: usize, column: usize) {
        check_position_in("main.tf", text, byte, line, column);
    }

    #[track_caller]
    fn check_position_in(name: &str, text: &str, byte: usize, line: usize, column: usize) {
        let found = position(&SourceFile { name: name.into(), text: text.into() }, byte);
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
}
