//! Reading arguments.
//!
//! The calling convention has converted and admitted them, so a string parameter holds a known string; what cannot be is
//! read as empty rather than checked again in every function.

use num_bigint::BigInt;

use super::{Call, FunctionError};
use crate::terraform::number::Number;
use crate::terraform::value::Value;

impl Call<'_> {
    /// The text of a string argument.
    pub(super) fn text(&self, index: usize) -> &str {
        self.arguments.get(index).and_then(Value::as_str).unwrap_or_default()
    }

    /// A number argument.
    pub(super) fn number(&self, index: usize) -> Number {
        self.arguments.get(index).and_then(Value::as_number).cloned().unwrap_or_else(|| Number::from(0_i64))
    }

    /// A whole number argument in the range of a machine integer; the error is about the call.
    pub(super) fn integer(&self, index: usize) -> Result<i64, String> {
        integer(&self.number(index))
    }

    /// A whole number argument of any size.
    pub(super) fn big_integer(&self, index: usize) -> Result<BigInt, String> {
        let number = self.number(index);
        match number.truncate() {
            Some(integer) if number.is_integer() => Ok(integer),
            _ => Err("value must be a whole number".to_owned()),
        }
    }

    /// The elements of a list, set or tuple argument.
    pub(super) fn elements(&self, index: usize) -> &[Value] {
        self.arguments.get(index).and_then(Value::as_sequence).unwrap_or_default()
    }

    /// The result, where it is not known.
    pub(super) fn unknown_result(&self) -> Value {
        Value::unknown(self.result_type.clone())
    }

    /// Whether one of the arguments is itself sensitive.
    pub(super) fn is_any_sensitive(&self) -> bool {
        self.arguments.iter().any(|argument| argument.is_sensitive)
    }

    /// Whether one of the arguments is itself unknown.
    pub(super) fn is_any_unknown(&self) -> bool {
        self.arguments.iter().any(|argument| !argument.is_known())
    }
}

/// A whole number in the range of a machine integer.
///
/// Source of the text: go-cty, `gocty.FromCtyValue`.
pub(super) fn integer(number: &Number) -> Result<i64, String> {
    number.to_i64().ok_or_else(|| format!("value must be a whole number, between {} and {}", i64::MIN, i64::MAX))
}

/// An error about one argument.
pub(super) fn unsuitable<T>(index: usize, message: impl Into<String>) -> Result<T, FunctionError> {
    Err(FunctionError::Argument(index, message.into()))
}
