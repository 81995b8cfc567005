//! From the value that a source gives to the one that expressions see: optional attributes, conversion, null.
//!
//! Source: hashicorp/terraform v1.11.4, `internal/terraform/eval_variable.go`, `prepareFinalInputVariableValue`.

use super::{Input, InputSource};
use crate::diagnostic::{Diagnostic, SourceRange, Sources};
use crate::terraform::finding::{NULLABLE_VARIABLE, VARIABLE_TYPE, error};
use crate::terraform::value::Value;
use crate::terraform::variable::Variable;

/// The value as the variable's type has it, or why Terraform refuses it.
pub(super) fn prepare(variable: &Variable, input: &Input, sources: &Sources) -> Result<Value, Box<Diagnostic>> {
    let name = &variable.name.text;
    let problem =
        |check, summary, detail, at| Box::new(error(check, summary, detail, at).about(name).hiding_value(variable.is_sensitive));
    let value = variable.constraint.convert(&input.value).map_err(|reason| {
        let (detail, at) = unsuitable(variable, input, &reason.to_string(), sources);
        problem(VARIABLE_TYPE, "Invalid value for input variable", detail, at)
    })?;
    if !value.is_null() || variable.is_nullable {
        return Ok(value);
    }
    if let Some(default) = &variable.default {
        return Ok(default.value.clone());
    }
    let reason = "required variable may not be set to null";
    let (detail, at) = match (outside_of_files(input.source, name), input.range) {
        (None, Some(range)) => {
            let declared = sources.describe(variable.header);
            (format!("The given value is not suitable for var.{name} defined at {declared}: {reason}."), range)
        }
        (how, _) => (format!("Unsuitable value for var.{name} {}: {reason}.", how.unwrap_or_default()), variable.header),
    };
    Err(problem(NULLABLE_VARIABLE, "Required variable not set", detail, at))
}

fn unsuitable(variable: &Variable, input: &Input, reason: &str, sources: &Sources) -> (String, SourceRange) {
    let name = &variable.name.text;
    match (outside_of_files(input.source, name), input.range) {
        (None, Some(range)) if variable.is_sensitive => {
            let place = sources.describe(range);
            let detail = format!(
                "The given value is not suitable for var.{name}, which is sensitive: {reason}. Invalid value defined at {place}."
            );
            (detail, variable.header)
        }
        (None, Some(range)) => {
            let declared = sources.describe(variable.header);
            (format!("The given value is not suitable for var.{name} declared at {declared}: {reason}."), range)
        }
        (how, _) => (format!("Unsuitable value for var.{name} {}: {reason}.", how.unwrap_or_default()), variable.header),
    }
}

/// How a value that stands in no file was set.
fn outside_of_files(source: InputSource, name: &str) -> Option<String> {
    match source {
        InputSource::Default | InputSource::File => None,
        InputSource::Environment => Some(format!("set using the TF_VAR_{name} environment variable")),
        InputSource::CommandLine => Some(format!("set using -var=\"{name}=...\"")),
    }
}
