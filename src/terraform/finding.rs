//! What the core finds in the user's Terraform files, under the identifiers of the checks that report it.

use super::expression::Problem;
use super::syntax::error::SyntaxError;
use crate::diagnostic::{Diagnostic, Group, Severity, SourceRange, Sources};

/// A file that cannot be parsed.
pub const SYNTAX: &str = "syntax";
/// A declaration that Terraform refuses: of a variable, a local value, a module call, or a block as a whole.
pub const DECLARATION: &str = "declaration";
/// A Terraform that `required_version` does not admit.
pub const REQUIRED_VERSION: &str = "required-version";
/// A `-var` or `-var-file` that cannot be taken.
pub const VARIABLE_SOURCE: &str = "variable-source";
/// A value for a variable that is not declared.
pub const UNDECLARED_VARIABLE: &str = "undeclared-variable";
/// A value for a variable that is not declared, under a name that resembles a declared one.
pub const SIMILAR_VARIABLE: &str = "similar-variable";
/// A variable without default and without value.
pub const REQUIRED_VARIABLE: &str = "required-variable";
/// A value that cannot be evaluated, or does not suit the variable's type.
pub const VARIABLE_TYPE: &str = "variable-type";
/// Null for a variable that takes none.
pub const NULLABLE_VARIABLE: &str = "nullable-variable";
/// A value that a validation rule refuses.
pub const VALIDATION_RULE: &str = "validation-rule";
/// A local value that fails, or fails on purpose.
pub const LOCAL_VALUE: &str = "local-value";

/// An error of group `terraform`, in Terraform's words.
pub(super) fn error(
    check: &'static str,
    summary: impl Into<String>,
    detail: impl Into<String>,
    at: impl Into<Option<SourceRange>>,
) -> Diagnostic {
    Diagnostic::new(check, Group::Terraform, Severity::Error, summary, detail).at(at)
}

/// A bad declaration.
pub(super) fn bad_declaration(summary: impl Into<String>, detail: impl Into<String>, at: SourceRange) -> Diagnostic {
    error(DECLARATION, summary, detail, at)
}

/// What the parser says.
pub(super) fn syntax_error(check: &'static str, found: &SyntaxError, sources: &Sources) -> Diagnostic {
    error(check, found.summary.as_str(), found.detail(sources), found.range)
}

/// What evaluation says.
pub(super) fn problem(check: &'static str, found: Problem) -> Diagnostic {
    error(check, found.summary, found.detail, found.subject)
}

/// A message of a rule in JSON that counts as it is written, because of these errors.
///
/// Source: hashicorp/terraform v1.11.4, `internal/terraform/eval_variable.go`: versions before 1.2 took it so always.
pub(super) fn message_taken_literally(errors: &[Diagnostic], sources: &Sources, at: SourceRange) -> Option<Diagnostic> {
    let (first, others) = errors.split_first()?;
    let place = first.subject.map(|subject| sources.describe(subject)).unwrap_or_default();
    let more = if others.is_empty() { String::new() } else { format!(", and {} other diagnostic(s)", others.len()) };
    let detail = format!(
        "The error message provided could not be evaluated as an expression, so Terraform is interpreting it as a string \
         literal.\n\nIn future versions of Terraform, this will be considered an error. Please file a GitHub issue if this would \
         break your workflow.\n\n{place}: {}; {}{more}",
        first.summary, first.detail
    );
    let summary = "Validation error message expression is invalid";
    Some(Diagnostic::new(VALIDATION_RULE, Group::Terraform, Severity::Warning, summary, detail).at(at))
}

/// An environment variable of arguments that no shell would split.
#[must_use]
pub fn bad_arguments(variable: &str) -> Diagnostic {
    let summary = format!("Error parsing extra CLI args from \"{variable}\"");
    error(VARIABLE_SOURCE, summary, "invalid command line string", None)
}
