//! Terraform's built-in functions, one file a family, each a table of entries.
//!
//! `try`, `can`, `templatefile`, `templatestring` and the console's `type` are not in the tables: they need expressions,
//! not values, so the evaluator knows them. A caller finds a function, admits its number of arguments, evaluates them,
//! and calls: in this order Terraform reports errors.

mod argument;
mod collection;
mod csv;
mod date;
mod encoding;
pub mod error;
mod filesystem;
mod format;
mod hash;
mod json;
mod mapping;
mod network;
mod numeric;
pub mod parameter;
mod pattern;
mod redaction;
mod regexp;
mod sequence;
mod set;
mod string;
mod type_conversion;
pub mod yaml;

use error::CallError;
use parameter::Parameter;

use super::conversion;
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
    result_type: ResultType,
    /// The result for arguments that were converted and admitted.
    run: fn(&Call) -> Result<Value, FunctionError>,
}

/// The type of a function's result.
#[derive(Debug, Clone, Copy)]
enum ResultType {
    Fixed(fn() -> Type),
    /// Depends on the arguments, which may be unknown; may refuse them.
    Derived(fn(&[Value]) -> Result<Type, FunctionError>),
}

/// What a function gets to work with.
struct Call<'a> {
    /// One value a parameter, then those of the variadic one.
    arguments: &'a [Value],
    /// The type that the result must have.
    result_type: Type,
    /// What may be seen of the disk.
    files: &'a dyn Files,
}

/// Why a function has no result; Terraform's text, without a period.
enum FunctionError {
    /// The argument of this zero-based index is unsuitable.
    Argument(usize, String),
    /// The call as a whole failed.
    Call(String),
}

impl From<String> for FunctionError {
    fn from(message: String) -> Self {
        Self::Call(message)
    }
}

impl From<&str> for FunctionError {
    fn from(message: &str) -> Self {
        Self::Call(message.to_owned())
    }
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
    /// When the path names a directory or another thing that is no file, the latter of [`std::io::ErrorKind::Other`], or when
    /// nobody can look.
    fn is_file(&self, path: &str) -> std::io::Result<bool>;
    /// The files below a directory, relative to it, in byte order.
    ///
    /// # Errors
    ///
    /// When the directory cannot be read.
    fn list(&self, directory: &str) -> std::io::Result<Vec<String>>;
    /// The home directory of whoever runs Terraform, where that is known.
    fn home(&self) -> Option<String> {
        None
    }
}

/// A disk with nothing on it.
#[derive(Debug, Clone, Copy)]
pub struct NoFiles;

impl Files for NoFiles {
    fn read(&self, _: &str) -> std::io::Result<Vec<u8>> {
        Err(std::io::ErrorKind::NotFound.into())
    }

    fn is_file(&self, _: &str) -> std::io::Result<bool> {
        Ok(false)
    }

    fn list(&self, _: &str) -> std::io::Result<Vec<String>> {
        Err(std::io::ErrorKind::NotFound.into())
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
const TABLES: &[&[Function]] = &[
    collection::TABLE,
    csv::TABLE,
    date::TABLE,
    encoding::TABLE,
    filesystem::TABLE,
    format::TABLE,
    hash::TABLE,
    json::TABLE,
    mapping::TABLE,
    network::TABLE,
    numeric::TABLE,
    pattern::TABLE,
    sequence::TABLE,
    set::TABLE,
    string::TABLE,
    type_conversion::TABLE,
    yaml::TABLE,
];

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
    let functions = || TABLES.iter().copied().flatten();
    let plain = name.strip_prefix("core::").unwrap_or(name);
    if let Some(function) = functions().find(|function| function.name == plain) {
        return Ok(Callee::BuiltIn(function));
    }
    // Terraform takes every namespaced name that it does not know for one of a provider.
    if let Some((namespace, _)) = name.split_once("::") {
        return Err(CallError::Unknown {
            summary: "Unknown provider function",
            detail: format!(
                "The function namespace \"{namespace}\" is not valid. Provider function calls must use the \"provider::\" namespace prefix."
            ),
        });
    }
    let names = functions().map(|function| function.name).chain(OF_THE_EVALUATOR.iter().copied());
    let nearest = names.map(|known| (strsim::levenshtein(plain, known), known)).min();
    let suggestion = match nearest {
        Some((distance, known)) if distance <= SUGGESTION_DISTANCE => format!(" Did you mean \"{known}\"?"),
        _ => String::new(),
    };
    Err(CallError::Unknown {
        summary: "Call to unknown function",
        detail: format!("There is no function named \"{plain}\".{suggestion}"),
    })
}

/// The number of edits up to which a name is suggested.
///
/// Source: hashicorp/hcl `hclsyntax/didyoumean.go`.
const SUGGESTION_DISTANCE: usize = 2;

impl Function {
    /// A function whose result always has the same type.
    const fn fixed(
        name: &'static str,
        parameters: &'static [Parameter],
        ty: fn() -> Type,
        run: fn(&Call) -> Result<Value, FunctionError>,
    ) -> Self {
        Self { name, parameters, variadic: None, result_type: ResultType::Fixed(ty), run }
    }

    /// A function whose result's type depends on the arguments.
    const fn derived(
        name: &'static str,
        parameters: &'static [Parameter],
        ty: fn(&[Value]) -> Result<Type, FunctionError>,
        run: fn(&Call) -> Result<Value, FunctionError>,
    ) -> Self {
        Self { name, parameters, variadic: None, result_type: ResultType::Derived(ty), run }
    }

    /// The function, taking any number of further arguments.
    const fn with_variadic(self, parameter: &'static Parameter) -> Self {
        Self { variadic: Some(parameter), ..self }
    }

    /// The parameter that an argument belongs to.
    #[must_use]
    pub fn parameter(&self, index: usize) -> Option<&'static Parameter> {
        self.parameters.get(index).or(self.variadic)
    }

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

    /// The argument as the parameter of its place takes it.
    ///
    /// # Errors
    ///
    /// [`CallError::Argument`] when it cannot be converted.
    pub fn convert(&self, index: usize, argument: &Value) -> Result<Value, CallError> {
        let Some(parameter) = self.parameter(index) else {
            return Ok(argument.clone());
        };
        conversion::convert(argument, &(parameter.ty)()).map_err(|error| CallError::Argument {
            index,
            parameter: parameter.name,
            message: error.message,
        })
    }

    /// Calls the function with arguments that were admitted and converted.
    ///
    /// # Errors
    ///
    /// [`CallError::Argument`] or [`CallError::Call`].
    pub fn call(&self, arguments: &[Value], files: &dyn Files) -> Result<Value, CallError> {
        self.call_converted(arguments, files).map_err(|error| match error {
            FunctionError::Call(message) => CallError::Call(message),
            FunctionError::Argument(index, message) => match self.parameter(index) {
                Some(parameter) => CallError::Argument { index, parameter: parameter.name, message },
                None => CallError::Call(message),
            },
        })
    }

    /// The calling convention.
    ///
    /// Source: go-cty, `function.Function.Call`.
    fn call_converted(&self, arguments: &[Value], files: &dyn Files) -> Result<Value, FunctionError> {
        let mut bare = Vec::with_capacity(arguments.len());
        let mut is_sensitive = false;
        let mut is_unknown = false;
        let mut is_dynamic = false;
        for (index, argument) in arguments.iter().enumerate() {
            let Some(parameter) = self.parameter(index) else { break };
            if is_dynamic {
                // Terraform does not look further, but for marks.
            } else if argument.is_null() && !parameter.allows_null {
                return Err(FunctionError::Argument(index, "argument must not be null".to_owned()));
            } else if argument.ty() == Type::Dynamic && !parameter.allows_dynamic {
                is_dynamic = true;
            }
            is_unknown |= !argument.is_known() && !parameter.allows_unknown;
            bare.push(if parameter.allows_sensitive {
                argument.clone()
            } else {
                let (argument, mark) = argument.clone().unmark_deep();
                is_sensitive |= mark;
                argument
            });
        }
        if is_dynamic {
            return Ok(Value::unknown(Type::Dynamic).with_mark(is_sensitive));
        }
        let result_type = match self.result_type {
            ResultType::Fixed(ty) => ty(),
            ResultType::Derived(ty) => ty(&bare)?,
        };
        if is_unknown {
            return Ok(Value::unknown(result_type).with_mark(is_sensitive));
        }
        let result = (self.run)(&Call { arguments: &bare, result_type, files })?;
        Ok(result.with_mark(is_sensitive))
    }
}

#[cfg(test)]
mod tests;
