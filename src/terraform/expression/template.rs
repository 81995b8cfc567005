//! Templates: text, interpolations, `%{ if }` and `%{ for }`.

use super::collection::Iteration;
use super::conditional::Branch;
use super::{Outer, Problem, Scope};
use crate::diagnostic::SourceRange;
use crate::terraform::conversion::convert;
use crate::terraform::syntax::{Expression, TemplatePart};
use crate::terraform::value::{Type, Value};

const INVALID_VALUE: &str = "Invalid template interpolation value";

impl Scope<'_> {
    #[inline(never)]
    pub(super) fn template(&self, parts: &[TemplatePart], locals: Outer<'_>, problems: &mut Vec<Problem>) -> Value {
        let mut text = String::new();
        let mut is_known = true;
        let mut is_sensitive = false;
        for part in parts {
            let (value, range) = match part {
                TemplatePart::Literal(literal) => {
                    text.push_str(literal);
                    continue;
                }
                TemplatePart::Interpolation(inner) => (self.evaluate(inner, locals, problems), inner.range),
                TemplatePart::If { condition, then, otherwise, range } => {
                    let branch = |parts: &[TemplatePart]| self.template_branch(parts, *range, locals);
                    (self.choose(condition, branch(then), branch(otherwise), locals, problems), *range)
                }
                TemplatePart::For { key_name, value_name, collection, body, range } => {
                    let iteration = Iteration {
                        scope: self,
                        key_name: key_name.as_ref().map(|name| name.text.as_str()),
                        value_name: &value_name.text,
                        condition: None,
                        locals,
                    };
                    (self.template_loop(&iteration, collection, body, problems), *range)
                }
            };
            if value.is_null() {
                let detail = "The expression result is null. Cannot include a null value in a string template.";
                problems.push(Problem::new(INVALID_VALUE, detail, range));
                continue;
            }
            is_sensitive |= value.is_sensitive;
            if !value.is_known() {
                is_known = false;
                continue;
            }
            match convert(&value, &Type::String) {
                Ok(converted) => {
                    let converted = converted.as_str().unwrap_or_default();
                    self.budget.spend(converted.len());
                    if !self.budget.is_spent() {
                        text.push_str(converted);
                    }
                }
                Err(error) => {
                    let detail = format!("Cannot include the given value in a string template: {}.", error.message);
                    problems.push(Problem::new(INVALID_VALUE, detail, range));
                }
            }
        }
        let result = if is_known { Value::string(&text) } else { Value::unknown(Type::String) };
        result.with_mark(is_sensitive)
    }

    fn template_branch(&self, parts: &[TemplatePart], range: SourceRange, locals: Outer<'_>) -> Branch {
        let mut problems = Vec::new();
        let value = self.template(parts, locals, &mut problems);
        Branch { value, problems, range }
    }

    fn template_loop(
        &self,
        iteration: &Iteration<'_, '_>,
        collection: &Expression,
        body: &[TemplatePart],
        problems: &mut Vec<Problem>,
    ) -> Value {
        let Ok((elements, is_sensitive)) = iteration.elements(collection, problems) else {
            return Value::unknown(Type::String);
        };
        let mut render = |(key, value)| iteration.with(key, value, |inner| self.template(body, Some(inner), problems));
        let texts: Vec<Value> = elements.into_iter().map(&mut render).collect();
        join(&texts).with_mark(is_sensitive)
    }
}

fn join(texts: &[Value]) -> Value {
    let is_sensitive = texts.iter().any(|text| text.is_sensitive);
    let joined: Option<String> = texts.iter().map(Value::as_str).collect();
    joined.map_or_else(|| Value::unknown(Type::String), Value::from).with_mark(is_sensitive)
}
