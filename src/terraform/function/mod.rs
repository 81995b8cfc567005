//! Terraform's built-in functions, one file a family, each a table of entries.
//!
//! `try` and `can` are not here: they get their arguments unevaluated, so the evaluator knows them.

use super::value::{Type, Value};

/// A parameter of a function, with what it admits before the function itself is asked.
pub struct Parameter {
    /// The name, as error messages have it.
    pub name: &'static str,
    /// The type that an argument is converted to.
    pub ty: fn() -> Type,
    /// Null reaches the function.
    pub allows_null: bool,
    /// An unknown value reaches the function; otherwise the result is unknown.
    pub allows_unknown: bool,
    /// A sensitive value reaches the function with its mark; otherwise the mark is taken off and put on the result.
    pub allows_sensitive: bool,
}

/// A function.
pub struct Function {
    /// The name.
    pub name: &'static str,
    /// The parameters that must be given.
    pub parameters: &'static [Parameter],
    /// The parameter that the rest of the arguments belong to.
    pub variadic: Option<&'static Parameter>,
    /// The type of the result, for arguments that may be unknown. Errors as `run` does.
    pub result_type: fn(&[Value]) -> Result<Type, CallError>,
    /// The result for arguments that were converted and admitted.
    pub run: fn(&[Value], &dyn Files) -> Result<Value, CallError>,
}

/// What functions such as `file` may see of the disk; handed in, so that the language itself does no I/O.
pub trait Files {
    /// The content of a file; a relative path is relative to the root module.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    fn read(&self, path: &str) -> std::io::Result<Vec<u8>>;
    /// Whether a regular file is there; an error where something else is.
    ///
    /// # Errors
    ///
    /// When the path names a directory or another thing that is no file.
    fn is_file(&self, path: &str) -> std::io::Result<bool>;
    /// The files below a directory, relative to it, in byte order.
    ///
    /// # Errors
    ///
    /// When the directory cannot be read.
    fn list(&self, directory: &str) -> std::io::Result<Vec<String>>;
}

/// Why a call has no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallError {
    /// No such function.
    Unknown,
    /// Too few or too many arguments.
    ArgumentCount {
        /// The name of the first parameter without an argument; none when there are too many.
        missing: Option<&'static str>,
    },
    /// An argument is unsuitable.
    Argument {
        /// Zero-based index of the argument.
        index: usize,
        /// Terraform's text.
        message: String,
    },
    /// The call as a whole failed.
    Call(String),
}
