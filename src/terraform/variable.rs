//! `variable` blocks.
//!
//! A variable is required when it has no `default` at all: `default = null` makes it optional.

use super::syntax::{Expression, Name};
use super::value::{Type, Value};
use crate::diagnostic::SourceRange;

/// An input variable as the root module declares it.
#[derive(Debug, Clone, PartialEq)]
pub struct Variable {
    /// The label.
    pub name: Name,
    /// The block's type and label, what Terraform points at.
    pub header: SourceRange,
    /// `type`, optional attributes included; [`Type::Dynamic`] where it is left out.
    pub constraint: Type,
    /// The `type` argument, or none where it is left out.
    pub type_expression: Option<Expression>,
    /// How the text of an environment variable or a `-var` is read.
    pub parsing: Parsing,
    /// `default`, converted to the type.
    pub default: Option<Default>,
    /// `description`
    pub description: Option<String>,
    /// `sensitive = true`
    pub is_sensitive: bool,
    /// `nullable`, true where it is left out.
    pub is_nullable: bool,
    /// `ephemeral = true`
    pub is_ephemeral: bool,
    /// The `validation` blocks.
    pub validations: Vec<Validation>,
}

/// The `default` of a variable.
#[derive(Debug, Clone, PartialEq)]
pub struct Default {
    /// The value, converted to the variable's type; unknown where that failed.
    pub value: Value,
    /// Where the value stands.
    pub range: SourceRange,
}

/// How the text of an environment variable or a `-var` becomes a value.
///
/// Source: hashicorp/terraform v1.11.4, internal/configs/named_values.go, `VariableParsingMode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parsing {
    /// The text is the string: primitive types, and variables without a type.
    Literal,
    /// The text is an expression: every other type, `any` included.
    Hcl,
}

/// A `validation` block.
#[derive(Debug, Clone, PartialEq)]
pub struct Validation {
    /// The block's type, what Terraform points at.
    pub header: SourceRange,
    /// `condition`
    pub condition: Expression,
    /// `error_message`
    pub error_message: Expression,
}

impl Variable {
    /// Must a value be given?
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.default.is_none()
    }
}
