//! References of expressions to the names of a module: whether they are good, and what they stand for.

use super::{ModuleNames, Problem};
use crate::terraform::reference::references;
use crate::terraform::syntax::{Expression, Step, StepKind};
use crate::terraform::value::{Type, Value};

mod judgement;
mod subject;

/// What is wrong with the references of an expression: first those that name nothing, then those to what is not there.
pub(super) fn check(expression: &Expression, names: &ModuleNames) -> Vec<Problem> {
    let mut malformed = Vec::new();
    let mut missing = Vec::new();
    for reference in references(expression) {
        match subject::parse(reference) {
            Ok((subject, range)) => missing.extend(names.judge(&subject, range)),
            Err(problem) => malformed.push(problem),
        }
    }
    malformed.extend(missing);
    malformed
}

impl ModuleNames {
    /// The value of a root name, and the steps that were not needed to find it; for references that were judged good.
    pub(super) fn look_up<'s>(&self, root: &str, steps: &'s [Step]) -> (Value, &'s [Step]) {
        let unknown = || Value::unknown(Type::Dynamic);
        let Some((Step { kind: StepKind::Attribute(name), .. }, rest)) = steps.split_first() else {
            return (unknown(), &[]);
        };
        let value = match root {
            "var" => self.variables.get(name.as_str()).cloned(),
            "local" => self.locals.get(name.as_str()).cloned(),
            "path" if name == "cwd" => Some(Value::from(self.working_directory.as_str())),
            "path" => Some(Value::from(self.module_path.as_str())),
            "terraform" if name == "workspace" => Some(Value::from(self.workspace.as_str())),
            // Of resources, data and modules nothing is known before apply, their type included.
            _ => None,
        };
        (value.unwrap_or_else(unknown), rest)
    }
}
