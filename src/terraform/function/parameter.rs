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

/// `any`
pub(super) fn any() -> Type {
    Type::Dynamic
}

/// `bool`
pub(super) fn bool() -> Type {
    Type::Bool
}

/// `number`
pub(super) fn number() -> Type {
    Type::Number
}

/// `string`
pub(super) fn string() -> Type {
    Type::String
}

/// `list(any)`
pub(super) fn list_of_any() -> Type {
    Type::list(Type::Dynamic)
}

/// `list(bool)`
pub(super) fn list_of_bools() -> Type {
    Type::list(Type::Bool)
}

/// `list(number)`
pub(super) fn list_of_numbers() -> Type {
    Type::list(Type::Number)
}

/// `list(string)`
pub(super) fn list_of_strings() -> Type {
    Type::list(Type::String)
}

/// `set(any)`
pub(super) fn set_of_any() -> Type {
    Type::set(Type::Dynamic)
}

/// `set(string)`
pub(super) fn set_of_strings() -> Type {
    Type::set(Type::String)
}

/// `map(list(string))`
pub(super) fn map_of_lists() -> Type {
    Type::map(list_of_strings())
}
