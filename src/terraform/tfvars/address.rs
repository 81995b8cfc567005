//! Where a value stands in a variable definitions file: `a`, `a.b`, `a["b c"].d`, `a[0]`.

use std::fmt;
use std::str::FromStr;

use crate::diagnostic::Sources;
use crate::terraform::syntax::identifier::is_identifier;
use crate::terraform::syntax::literal::hcl_quoted;
use crate::terraform::syntax::{ExpressionKind, StepKind, parse_expression};
use crate::terraform::value::normalized;

/// A variable, or a part of its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The variable.
    pub name: String,
    /// The way from its value to the part.
    pub keys: Vec<Key>,
}

/// One step of the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// `.name` or `["name"]`
    Name(String),
    /// `[0]`, counted from zero; in an object the name that the number is written as.
    Index(usize),
}

impl Address {
    /// A variable as a whole.
    #[must_use]
    pub fn variable(name: impl Into<String>) -> Self {
        Self { name: name.into(), keys: Vec::new() }
    }

    /// This address and one more name.
    #[must_use]
    pub fn attribute(mut self, name: impl Into<String>) -> Self {
        self.keys.push(Key::Name(name.into()));
        self
    }
}

impl Key {
    /// The attribute of an object that the key means.
    #[must_use]
    pub fn attribute(&self) -> String {
        match self {
            Self::Name(name) => name.clone(),
            Self::Index(index) => index.to_string(),
        }
    }

    /// Whether this is how the attribute is written somewhere: the keys of a value are NFC-normalised, those of a text are not.
    #[must_use]
    pub fn is_written(&self, name: &str) -> bool {
        normalized(name) == normalized(&self.attribute())
    }

    /// The element of a list that the key means, where it is a number.
    #[must_use]
    pub fn element(&self) -> Option<usize> {
        match self {
            Self::Name(name) => name.parse().ok(),
            Self::Index(index) => Some(*index),
        }
    }
}

/// What a text is that is no address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidAddress(String);

impl fmt::Display for InvalidAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no address of a value", self.0)
    }
}

impl std::error::Error for InvalidAddress {}

impl FromStr for Address {
    type Err = InvalidAddress;

    fn from_str(text: &str) -> Result<Self, InvalidAddress> {
        let invalid = || InvalidAddress(text.to_owned());
        let file = Sources::default().add("address", text);
        let (expression, _) = parse_expression(text, file);
        let ExpressionKind::Traversal(name, steps) = expression.ok_or_else(invalid)?.kind else { return Err(invalid()) };
        let mut keys = Vec::with_capacity(steps.len());
        for step in steps {
            keys.push(match step.kind {
                StepKind::Attribute(name) => Key::Name(name.into_string()),
                StepKind::LegacyIndex(number) => Key::Index(number.parse().map_err(|_| invalid())?),
                StepKind::Index(key) => match key.kind {
                    ExpressionKind::String(name) => Key::Name(name),
                    ExpressionKind::Number(number) => Key::Index(number.parse().map_err(|_| invalid())?),
                    _ => return Err(invalid()),
                },
                StepKind::Splat(_) => return Err(invalid()),
            });
        }
        Ok(Self { name: name.text.into_string(), keys })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        for key in &self.keys {
            match key {
                Key::Name(name) if is_identifier(name) => write!(f, ".{name}")?,
                Key::Name(name) => write!(f, "[{}]", hcl_quoted(name))?,
                Key::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_address(text: &str, expected: Option<&str>) {
        assert_eq!(text.parse::<Address>().ok().map(|address| address.to_string()).as_deref(), expected);
    }

    #[test]
    fn accepts_a_traversal() {
        check_address("a[\"b c\"].d[0].1", Some("a[\"b c\"].d[0][1]"));
    }

    #[test]
    fn a_quoted_name_is_the_same_as_a_bare_one() {
        check_address("a[\"b\"]", Some("a.b"));
    }

    #[test]
    fn rejects_what_is_no_traversal() {
        for text in ["", "a b", "a + 1", "a[*]", "a[b]", "a[-1]", "a[1.5]", "\"a\"", "a."] {
            check_address(text, None);
        }
    }
}
