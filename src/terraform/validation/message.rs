//! The `error_message` of a rule: what it says, and why it cannot be shown.
//!
//! Source: hashicorp/terraform v1.11.4, `internal/terraform/eval_variable.go`, `evalVariableValidation`.

use super::Judge;
use crate::diagnostic::Diagnostic;
use crate::terraform::conversion::convert;
use crate::terraform::expression::{Names, Problem, Scope, evaluate, has_valid_references};
use crate::terraform::finding::{self, VALIDATION_RULE, error};
use crate::terraform::syntax::Expression;
use crate::terraform::value::{Type, Value};
use crate::terraform::variable::Validation;

impl Judge<'_> {
    /// The value of the message. One of JSON that cannot be evaluated counts as it is written, with a warning.
    pub(super) fn evaluate_message(
        &self,
        rule: &Validation,
        scope: &Scope<'_>,
        about: &impl Fn(Diagnostic) -> Diagnostic,
        found: &mut Vec<Diagnostic>,
    ) -> (Value, Vec<Problem>) {
        let (message, problems) = evaluate(&rule.error_message, scope);
        let Some(written) = rule.json_message.as_ref().filter(|_| has_valid_references(&rule.error_message, scope)) else {
            return (message, problems);
        };
        let errors: Vec<Diagnostic> = problems.into_iter().map(|problem| finding::problem(VALIDATION_RULE, problem)).collect();
        match finding::message_taken_literally(&errors, self.around.sources, rule.error_message.range) {
            Some(warning) => {
                found.push(about(warning));
                (Value::string(written), Vec::new())
            }
            None => (message, Vec::new()),
        }
    }

    /// The text to show, empty where there is none; nothing is to be shown where that is not known.
    pub(super) fn message(
        &self,
        message: &Value,
        rule: &Validation,
        about: &impl Fn(Diagnostic) -> Diagnostic,
        found: &mut Vec<Diagnostic>,
    ) -> Option<String> {
        let at = rule.error_message.range;
        let mut report = |summary: &str, detail: String| found.push(about(error(VALIDATION_RULE, summary, detail, at)));
        if !message.is_known() {
            let reason = "expression refers to values that won't be known until the apply phase";
            report("Invalid error message", format!("Unsuitable value for error message: {reason}."));
            return None;
        }
        if message.contains_sensitive() {
            report("Error message refers to sensitive values", refers_to("sensitive", "nonsensitive"));
            return Some(HIDDEN_MESSAGE.to_owned());
        }
        if self.is_ephemeral(&rule.error_message) {
            report("Error message refers to ephemeral values", refers_to("ephemeral", "ephemeralasnull"));
            return Some(HIDDEN_MESSAGE.to_owned());
        }
        if message.is_null() {
            return Some(String::new());
        }
        Some(match convert(message, &Type::String) {
            Ok(text) => text_of(&text),
            Err(reason) => {
                report("Invalid error message", format!("Unsuitable value for error message: {reason}."));
                String::new()
            }
        })
    }

    fn is_ephemeral(&self, expression: &Expression) -> bool {
        let Names::Module(names) = self.known.names else { return false };
        names.ephemeral.taints(expression)
    }
}

const HIDDEN_MESSAGE: &str = "The error message included a sensitive value, so it will not be displayed.";

fn refers_to(kind: &str, function: &str) -> String {
    let data = if kind == "sensitive" { "sensitive data" } else { "ephemeral data" };
    format!(
        "The error expression used to explain this condition refers to {kind} values. Terraform will not display the resulting \
         message.\n\nYou can correct this by removing references to {kind} values, or by carefully using the {function}() \
         function if the expression will not reveal the {data}."
    )
}

fn text_of(message: &Value) -> String {
    message.as_str().unwrap_or_default().trim().to_owned()
}
