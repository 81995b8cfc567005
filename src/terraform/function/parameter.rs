//! What a function says of its parameters, and what that admits before the function itself is asked.

use crate::terraform::value::Type;

/// A parameter of a function.
#[derive(Debug)]
pub struct Parameter {
    /// The name, as error messages have it.
    pub name: &'static str,
    /// The type that an argument is converted to.
    pub ty: fn() -> Type,
    /// Null reaches the function; otherwise it is an error.
    pub allows_null: bool,
    /// An unknown value reaches the function; otherwise the result is unknown.
    pub allows_unknown: bool,
    /// A value of unknown type reaches the function; otherwise the result is of unknown type.
    pub allows_dynamic: bool,
    /// A sensitive value reaches the function with its marks; otherwise they are taken off and put on the result.
    pub allows_sensitive: bool,
}

impl Parameter {
    /// A parameter that admits nothing but known values.
    #[must_use]
    pub const fn new(name: &'static str, ty: fn() -> Type) -> Self {
        Self { name, ty, allows_null: false, allows_unknown: false, allows_dynamic: false, allows_sensitive: false }
    }

    /// The parameter, admitting null.
    #[must_use]
    pub const fn null(self) -> Self {
        Self { allows_null: true, ..self }
    }

    /// The parameter, admitting unknown values.
    #[must_use]
    pub const fn unknown(self) -> Self {
        Self { allows_unknown: true, ..self }
    }

    /// The parameter, admitting values of unknown type.
    #[must_use]
    pub const fn dynamic(self) -> Self {
        Self { allows_dynamic: true, ..self }
    }

    /// The parameter, admitting sensitive values.
    #[must_use]
    pub const fn sensitive(self) -> Self {
        Self { allows_sensitive: true, ..self }
    }
}
