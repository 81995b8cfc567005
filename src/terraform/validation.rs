//! Judges values by the `validation` blocks of their variables.
//!
//! Terraform judges twice. Before it looks at a value it evaluates each condition with every variable unknown: a condition
//! that is false all the same, such as `var.x == 5` for a string, fails at the declaration. Then it judges the value itself.
//!
//! Source: hashicorp/terraform v1.11.4, `internal/terraform/eval_variable.go`, `evalVariableValidations`.

mod message;

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::RootModule;
use super::conversion::convert;
use super::cycle;
use super::expression::budget::Budget;
use super::expression::ephemeral::Ephemeral;
use super::expression::{ModuleNames, Names, Problem, Scope, evaluate, has_valid_references};
use super::finding::{self, VALIDATION_RULE, error};
use super::function::Files;
use super::input::{InputSource, Inputs};
use super::local;
use super::reference::{Reference, references, references_outside};
use super::syntax::Expression;
use super::value::{Type, Value};
use super::variable::{Validation, Variable};
use super::version::Version;
use crate::diagnostic::{Diagnostic, Group, Severity, SourceRange, Sources};

/// What expressions may know beside the root module's own values.
#[derive(Clone, Copy)]
pub struct Environment<'a> {
    /// What functions such as `file` may see of the disk.
    pub files: &'a dyn Files,
    /// The texts that ranges lie in.
    pub sources: &'a Sources,
    /// What each expression may make.
    pub budget: &'a Budget,
    /// Whose semantics count.
    pub version: &'a Version,
    /// `terraform.workspace`
    pub workspace: &'a str,
    /// `path.cwd`
    pub working_directory: &'a str,
}

impl Environment<'_> {
    /// The scope of the root module's expressions.
    #[must_use]
    pub fn scope<'s>(&'s self, names: &'s ModuleNames) -> Scope<'s> {
        Scope {
            names: Names::Module(names),
            files: self.files,
            sources: self.sources,
            budget: self.budget,
            is_short_circuit: self.version.is_at_least(1, 12, 0),
            is_console: false,
        }
    }
}

/// What the names of the root module stand for, and what Terraform says of its local values.
#[must_use]
pub fn names(root_module: &RootModule, inputs: &Inputs, around: Environment) -> (ModuleNames, Vec<Diagnostic>) {
    names_with(root_module, around, |variable| {
        let value = inputs.value(&variable.name.text).map(|input| input.value.clone());
        value.unwrap_or_else(|| Value::unknown(variable.value_type()).with_mark(variable.is_sensitive))
    })
}

fn names_with(
    root_module: &RootModule,
    around: Environment,
    value_of: impl Fn(&Variable) -> Value,
) -> (ModuleNames, Vec<Diagnostic>) {
    let variables = root_module.variables.iter().map(|(name, variable)| (Arc::from(name.as_str()), value_of(variable)));
    let mut names = ModuleNames {
        variables: variables.collect(),
        locals: BTreeMap::new(),
        module_path: ".".to_owned(),
        working_directory: around.working_directory.to_owned(),
        workspace: around.workspace.to_owned(),
        declared: Some(root_module.declared_names()),
        ephemeral: Ephemeral::of(root_module),
    };
    let found = local::evaluate_all(root_module, around, &mut names);
    (names, found)
}

/// Judges every value; `names` are those that [`names`] returned.
#[must_use]
pub fn judge(root_module: &RootModule, inputs: &Inputs, names: &ModuleNames, around: Environment) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    cycle::judge(root_module, around.version, &mut found);
    let validated = || root_module.variables.values().filter(|variable| !variable.validations.is_empty());
    if validated().next().is_none() {
        return found;
    }
    let judge = Judge { root_module, known: around.scope(names), around, unknown_names: OnceCell::new() };
    for variable in validated() {
        let input = inputs.value(&variable.name.text).filter(|input| input.value.is_known());
        let value_at = input.map(|input| match (input.source, input.range) {
            (InputSource::File, Some(range)) => range,
            _ => variable.header,
        });
        for rule in &variable.validations {
            judge.rule(variable, rule, value_at, &mut found);
        }
    }
    found
}

struct Judge<'a> {
    root_module: &'a RootModule,
    /// Every value as it is.
    known: Scope<'a>,
    around: Environment<'a>,
    /// What the names stand for when every variable is unknown; most root modules do not come to need it.
    unknown_names: OnceCell<ModuleNames>,
}

impl Judge<'_> {
    /// Judges the value that stands at a place; without one, because it is wrong or missing, the rule alone.
    fn rule(&self, variable: &Variable, rule: &Validation, value_at: Option<SourceRange>, found: &mut Vec<Diagnostic>) {
        let name = &variable.name.text;
        let about = |diagnostic: Diagnostic| diagnostic.about(name).hiding_value(variable.is_sensitive);

        let unknown = || self.around.scope(self.unknown_names());
        let (scope, (condition, problems)) = match value_at {
            Some(_) => (self.known, self.condition(variable, rule)),
            None => (unknown(), evaluate(&rule.condition, &unknown())),
        };
        // What holds for the value cannot be false for every value.
        if truth(&condition) != Some(true) && self.fails_without_values(variable, rule, &about, found) {
            return;
        }
        let (message, message_problems) = self.evaluate_message(rule, &scope, &about, found);
        let has_no_condition = !problems.is_empty();
        let has_no_message = !message_problems.is_empty();
        let problems = problems.into_iter().chain(message_problems);
        found.extend(problems.map(|problem| about(finding::problem(VALIDATION_RULE, problem))));
        let are_declared = |expression| has_valid_references(expression, &scope);
        if (has_no_condition || has_no_message) && !(are_declared(&rule.condition) && are_declared(&rule.error_message)) {
            return;
        }

        let (condition, _) = condition.unmark();
        let invalid = |detail: &str| error(VALIDATION_RULE, "Invalid variable validation result", detail, rule.condition.range);
        if !condition.is_known() {
            if value_at.is_some() && !has_no_condition {
                found.extend(self.not_evaluated(variable, rule).map(about));
            }
            return;
        }
        if condition.is_null() {
            found.push(about(invalid("Validation condition expression must return either true or false, not null.")));
            return;
        }
        let holds = match convert(&condition, &Type::Bool) {
            Ok(value) => value.as_bool(),
            Err(reason) => {
                found.push(about(invalid(&format!("Invalid validation condition result value: {reason}."))));
                return;
            }
        };
        if holds != Some(false) {
            return;
        }
        let text = if has_no_message { Some(String::new()) } else { self.message(&message, rule, &about, found) };
        let at = value_at.unwrap_or(variable.header);
        found.extend(text.map(|text| about(self.failure(rule, &text, at))));
    }

    /// What the names stand for when every variable is unknown.
    fn unknown_names(&self) -> &ModuleNames {
        let unknown = |variable: &Variable| Value::unknown(variable.value_type());
        self.unknown_names.get_or_init(|| names_with(self.root_module, self.around, unknown).0)
    }

    /// What the condition says of the values.
    ///
    /// Before Terraform 1.16 a variable's own rules see its value without the mark, which `issensitive` alone can tell.
    ///
    /// Source: hashicorp/terraform v1.11.4 and v1.15.0, `internal/terraform/eval_variable.go`: the value of the variable
    /// itself, which has no mark yet, stands in for the marked one; from v1.16.0 on only while validating.
    fn condition(&self, variable: &Variable, rule: &Validation) -> (Value, Vec<Problem>) {
        let asks_for_marks = || references_outside(&rule.condition, "issensitive").len() < references(&rule.condition).len();
        if let Names::Module(names) = self.known.names
            && variable.is_sensitive
            && !self.around.version.is_at_least(1, 16, 0)
            && asks_for_marks()
        {
            let mut names = names.clone();
            if let Some(own) = names.variables.get_mut(variable.name.text.as_str()) {
                own.is_sensitive = false;
            }
            return evaluate(&rule.condition, &self.around.scope(&names));
        }
        evaluate(&rule.condition, &self.known)
    }

    /// Reports a condition that is false whatever the values are, where its message is known without them too.
    fn fails_without_values(
        &self,
        variable: &Variable,
        rule: &Validation,
        about: &impl Fn(Diagnostic) -> Diagnostic,
        found: &mut Vec<Diagnostic>,
    ) -> bool {
        let scope = self.around.scope(self.unknown_names());
        if truth(&evaluate(&rule.condition, &scope).0) != Some(false) {
            return false;
        }
        let (message, problems) = self.evaluate_message(rule, &scope, about, &mut Vec::new());
        if !problems.is_empty() || !message.is_known() {
            return false;
        }
        let text = self.message(&message, rule, about, found);
        found.extend(text.map(|text| about(self.failure(rule, &text, variable.header))));
        true
    }

    fn failure(&self, rule: &Validation, message: &str, at: SourceRange) -> Diagnostic {
        let message = if message.is_empty() { "Failed to evaluate condition error message." } else { message };
        let place = self.around.sources.describe(rule.header);
        let detail = format!("{message}\n\nThis was checked by the validation rule at {place}.");
        error(VALIDATION_RULE, "Invalid value for variable", detail, at)
    }

    /// Why the condition is unknown; none where the reason is an error that stands elsewhere.
    fn not_evaluated(&self, variable: &Variable, rule: &Validation) -> Option<Diagnostic> {
        let references = self.references_behind(&rule.condition);
        let unknown = references.iter().find(|reference| !matches!(reference.root.text.as_str(), "var" | "path" | "terraform"));
        let reason = match unknown {
            Some(reference) => format!("it refers to `{}`", described(reference)),
            None if self.is_unknown_for_want_of_a_variable(&references) => return None,
            None => "a value in it is not known before".to_owned(),
        };
        let detail = format!(
            "The condition for `var.{}` is known only to `terraform plan` or `terraform apply`: {reason}. Run `terraform plan` to \
             have it judged.",
            variable.name.text
        );
        let summary = "Validation rule cannot be evaluated";
        let severity = Severity::NotEvaluated;
        Some(Diagnostic::new(VALIDATION_RULE, Group::Terraform, severity, summary, detail).at(rule.condition.range))
    }

    fn is_unknown_for_want_of_a_variable(&self, references: &[Reference]) -> bool {
        let Names::Module(names) = self.known.names else { return false };
        references.iter().filter_map(|r| r.name_in("var")).any(|name| names.variables.get(name).is_some_and(|v| !v.is_known()))
    }

    /// The references of an expression, those of the local values that it refers to in their place.
    fn references_behind<'e>(&'e self, expression: &'e Expression) -> Vec<Reference<'e>> {
        let mut found = Vec::new();
        let mut seen: Vec<&str> = Vec::new();
        let mut waiting = references(expression);
        while let Some(reference) = waiting.pop() {
            match reference.name_in("local").and_then(|name| self.root_module.locals.get(name)) {
                None => found.push(reference),
                Some(local) if seen.contains(&local.name.text.as_str()) => {}
                Some(local) => {
                    seen.push(&local.name.text);
                    waiting.extend(references(&local.expression));
                }
            }
        }
        found
    }
}

/// `aws_instance.a`
fn described(reference: &Reference) -> String {
    match reference.attribute() {
        Some(attribute) => format!("{}.{attribute}", reference.root.text),
        None => reference.root.text.to_string(),
    }
}

/// The result of a condition, where it is one.
fn truth(condition: &Value) -> Option<bool> {
    convert(&condition.clone().unmark().0, &Type::Bool).ok()?.as_bool()
}

#[cfg(test)]
mod tests;
