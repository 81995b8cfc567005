//! `locals` blocks: named expressions of the root module.

use super::syntax::{Expression, Name};
use crate::diagnostic::SourceRange;

/// One attribute of a `locals` block.
#[derive(Debug, Clone, PartialEq)]
pub struct Local {
    /// The name.
    pub name: Name,
    /// What it stands for.
    pub expression: Expression,
    /// The whole attribute.
    pub range: SourceRange,
}
