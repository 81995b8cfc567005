//! The values of input variables from every source, in Terraform's order of precedence.
//!
//! A later source replaces the whole value: maps are not merged. Null counts as a value.

pub mod arguments;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::syntax::Expression;
use super::value::Value;
use crate::diagnostic::SourceRange;

/// Where a value comes from, in rising precedence; files and the command line follow one another as given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum InputSource {
    /// `default` of the `variable` block.
    Default,
    /// `TF_VAR_name`
    Environment,
    /// A variable definitions file, loaded by its name or named with `-var-file`.
    File,
    /// `-var`
    CommandLine,
}

/// One value that a source gives to a variable.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// The value; the final one is converted to the variable's type, null replaced by the default of a variable that is not nullable.
    pub value: Value,
    /// Where it comes from.
    pub source: InputSource,
    /// Where the value stands, for a default and for a file.
    pub range: Option<SourceRange>,
    /// The whole attribute `name = value`, for a file: the subject of a diagnostic.
    pub attribute: Option<SourceRange>,
    /// The value as written, for a file: a nested key has its place in it.
    pub expression: Option<Arc<Expression>>,
}

/// The values of every variable, declared or not.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Inputs {
    given: BTreeMap<String, Vec<Input>>,
    finals: BTreeMap<String, Input>,
}

impl Inputs {
    /// The value that Terraform would use: converted to the declared type, the default where nothing else is given.
    ///
    /// None for a required variable that is unset, and for a name that is neither declared nor given.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&Input> {
        self.finals.get(name)
    }

    /// What the sources give for a name, in rising precedence: only the last counts.
    #[must_use]
    pub fn given(&self, name: &str) -> &[Input] {
        self.given.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// Every name that a source gives a value for, declared or not, in byte order.
    pub fn given_names(&self) -> impl Iterator<Item = &str> {
        self.given.keys().map(String::as_str)
    }
}
