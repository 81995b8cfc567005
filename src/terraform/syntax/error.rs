//! What the parsers say of a text, in the words of HCL.

use crate::diagnostic::{SourceRange, Sources};

/// What is wrong with a text, in the words of HCL, as Terraform prints them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong in a few words.
    pub summary: String,
    /// Whole sentences; may name another place, which only [`SyntaxError::detail`] can word.
    detail: String,
    /// Where; may be empty, at the end of a file.
    pub range: SourceRange,
    /// The place that stands for [`PLACE`] in the detail.
    place: Option<SourceRange>,
}

/// Stands in a detail for the place that it names: a file's name isn't known before the text is among [`Sources`].
pub(super) const PLACE: &str = "\u{1}";

impl SyntaxError {
    pub(super) fn new(summary: impl Into<String>, detail: impl Into<String>, range: SourceRange) -> Self {
        Self { summary: summary.into(), detail: detail.into(), range, place: None }
    }

    /// An error whose detail names another place as [`PLACE`].
    pub(super) fn naming(summary: impl Into<String>, detail: impl Into<String>, range: SourceRange, place: SourceRange) -> Self {
        Self { place: Some(place), ..Self::new(summary, detail, range) }
    }

    /// The detail as Terraform words it.
    #[must_use]
    pub fn detail(&self, sources: &Sources) -> String {
        match self.place {
            Some(place) => self.detail.replacen(PLACE, &sources.describe(place), 1),
            None => self.detail.clone(),
        }
    }
}
