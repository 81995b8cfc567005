//! What is wrong with a call, in Terraform's words.

/// Why a call has no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallError {
    /// No such function.
    Unknown {
        /// Terraform's summary.
        summary: &'static str,
        /// Terraform's detail.
        detail: String,
    },
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
            Self::Unknown { summary, .. } => summary,
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
            Self::Unknown { detail, .. } => detail.clone(),
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
