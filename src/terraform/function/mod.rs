//! Terraform's built-in functions, one file a family, each a table of entries.
//!
//! `try`, `can`, `templatefile`, `templatestring` and the console's `type` are not in the tables: they need expressions,
//! not values, so the evaluator knows them. A caller finds a function, admits its number of arguments, evaluates them,
//! and calls: in this order Terraform reports errors.

mod parameter;
mod regexp;

pub use parameter::Parameter;

use super::value::{Type, Value};

/// A function.
#[derive(Debug)]
pub struct Function {
    /// The name, without namespace.
    pub name: &'static str,
    /// The parameters that must be given.
    pub parameters: &'static [Parameter],
    /// The parameter that the rest of the arguments belong to.
    pub variadic: Option<&'static Parameter>,
    /// The type of the result, for arguments that may be unknown; errors as `run` does.
    result_type: fn(&[Value]) -> Result<Type, CallError>,
    /// The result for arguments that were converted and admitted.
    run: fn(&Call) -> Result<Value, CallError>,
}

/// What a function gets to work with.
struct Call<'a> {
    /// One value a parameter, then those of the variadic one.
    arguments: &'a [Value],
    /// What `result_type` said of these arguments.
    result_type: Type,
    /// What may be seen of the disk.
    files: &'a dyn Files,
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
    /// No such function; the text is Terraform's.
    Unknown(String),
    /// A parameter without an argument.
    Missing {
        /// The number of arguments that are needed.
        needed: usize,
        /// More may be given.
        is_variadic: bool,
        /// The first parameter that has none.
        parameter: &'static str,
    },
    /// More arguments than parameters.
    TooMany {
        /// The number of arguments that are needed, and the zero-based index of the first that is too many.
        needed: usize,
    },
    /// An argument is unsuitable.
    Argument {
        /// Zero-based index of the argument; may lie past the last where the variadic parameter as a whole is meant.
        index: usize,
        /// The name of its parameter.
        parameter: &'static str,
        /// Terraform's text, without a period.
        message: String,
    },
    /// The call as a whole failed; Terraform's text, without a period.
    Call(String),
}

impl CallError {
    /// The summary that Terraform gives the error.
    #[must_use]
    pub fn summary(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "Call to unknown function",
            Self::Missing { .. } => "Not enough function arguments",
            Self::TooMany { .. } => "Too many function arguments",
            Self::Argument { .. } => "Invalid function argument",
            Self::Call(_) => "Error in function call",
        }
    }

    /// The detail that Terraform gives the error; `name` is the function's as the call has it.
    #[must_use]
    pub fn detail(&self, name: &str) -> String {
        match self {
            Self::Unknown(text) => text.clone(),
            Self::Missing { needed, is_variadic, parameter } => {
                let at_least = if *is_variadic { " at least" } else { "" };
                format!("Function \"{name}\" expects{at_least} {needed} argument(s). Missing value for \"{parameter}\".")
            }
            Self::TooMany { needed } => format!("Function \"{name}\" expects only {needed} argument(s)."),
            Self::Argument { parameter, message, .. } => {
                format!("Invalid value for \"{parameter}\" parameter: {message}.")
            }
            Self::Call(message) => format!("Call to function \"{name}\" failed: {message}."),
        }
    }
}

/// What the name of a function stands for.
#[derive(Debug, Clone, Copy)]
pub enum Callee {
    /// A function that is called with values.
    BuiltIn(&'static Function),
    /// A function of a provider, which is not asked: the result is unknown.
    Provider,
}

/// The families.
const TABLES: &[&[Function]] = &[];

/// The functions that the evaluator knows; here they only count among the names.
const OF_THE_EVALUATOR: &[&str] = &["can", "templatefile", "templatestring", "try"];

/// Finds a function by the name that a call has, `core::` included.
///
/// # Errors
///
/// [`CallError::Unknown`], with the nearest name.
pub fn find(name: &str) -> Result<Callee, CallError> {
    if name.starts_with("provider::") {
        return Ok(Callee::Provider);
    }
    let (namespace, plain) = name.rfind("::").map_or(("", name), |at| name.split_at(at + 2));
    if !matches!(namespace, "" | "core::") {
        return Err(CallError::Unknown(format!("There are no functions in namespace \"{namespace}\".")));
    }
    let functions = || TABLES.iter().copied().flatten();
    if let Some(function) = functions().find(|function| function.name == plain) {
        return Ok(Callee::BuiltIn(function));
    }
    let names = functions().map(|function| function.name).chain(OF_THE_EVALUATOR.iter().copied());
    let nearest = names.map(|known| (strsim::levenshtein(plain, known), known)).min();
    let nearest = nearest.filter(|(distance, _)| *distance <= SUGGESTION_DISTANCE).map(|(_, known)| known);
    Err(CallError::Unknown(match (namespace, nearest) {
        ("", None) => format!("There is no function named \"{plain}\"."),
        ("", Some(known)) => format!("There is no function named \"{plain}\". Did you mean \"{known}\"?"),
        (_, None) => format!("There is no function named \"{plain}\" in namespace {namespace}."),
        (_, Some(known)) => {
            format!("There is no function named \"{plain}\" in namespace {namespace}. Did you mean {namespace}{known}?")
        }
    }))
}

/// The number of edits up to which a name is suggested.
///
/// Source: hashicorp/hcl `hclsyntax/didyoumean.go`.
const SUGGESTION_DISTANCE: usize = 2;

impl Function {
    /// Says whether a call may have this many arguments.
    ///
    /// # Errors
    ///
    /// [`CallError::Missing`] or [`CallError::TooMany`].
    pub fn admit(&self, count: usize) -> Result<(), CallError> {
        let needed = self.parameters.len();
        if let Some(missing) = self.parameters.get(count) {
            return Err(CallError::Missing { needed, is_variadic: self.variadic.is_some(), parameter: missing.name });
        }
        if count > needed && self.variadic.is_none() {
            return Err(CallError::TooMany { needed });
        }
        Ok(())
    }
}
