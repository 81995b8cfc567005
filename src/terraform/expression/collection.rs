//! Tuples, objects, `for` and splats.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use super::{Locals, Outer, Problem, Scope};
use crate::diagnostic::SourceRange;
use crate::terraform::conversion::convert;
use crate::terraform::syntax::{Expression, ExpressionKind, ForExpression, ObjectItem, Step};
use crate::terraform::value::{Type, Value, ValueKind};

impl Scope<'_> {
    #[inline(never)]
    pub(super) fn tuple(&self, elements: &[Expression], locals: Outer<'_>, problems: &mut Vec<Problem>) -> Value {
        Value::tuple(elements.iter().map(|element| self.evaluate(element, locals, problems)).collect())
    }

    #[inline(never)]
    pub(super) fn object(&self, items: &[ObjectItem], locals: Outer<'_>, problems: &mut Vec<Problem>) -> Value {
        let mut attributes = BTreeMap::new();
        let mut is_sensitive = false;
        let mut is_known = true;
        for item in items {
            let key = self.object_key(item, locals, problems);
            let value = self.evaluate(&item.value, locals, problems);
            match key.and_then(|key| self.key_text(key, item, problems)) {
                Some(key) => {
                    is_sensitive |= key.is_sensitive;
                    match key.kind {
                        ValueKind::String(name) => {
                            attributes.insert(name, value);
                        }
                        _ => is_known = false,
                    }
                }
                None => is_known = false,
            }
        }
        if is_known { Value::object(attributes).with_mark(is_sensitive) } else { Value::unknown(Type::Dynamic) }
    }

    /// None when the key's evaluation failed.
    fn object_key(&self, item: &ObjectItem, locals: Outer<'_>, problems: &mut Vec<Problem>) -> Option<Value> {
        if let ExpressionKind::Traversal(_, steps) = &item.key.kind
            && !steps.is_empty()
        {
            let detail = "If this expression is intended to be a reference, wrap it in parentheses. If it's instead intended \
                          as a literal name containing periods, wrap it in quotes to create a string literal.";
            problems.push(Problem::new("Ambiguous attribute key", detail, item.key.range));
            return None;
        }
        let before = problems.len();
        let key = self.evaluate(&item.key, locals, problems);
        (problems.len() == before).then_some(key)
    }

    fn key_text(&self, key: Value, item: &ObjectItem, problems: &mut Vec<Problem>) -> Option<Value> {
        if key.is_null() {
            problems.push(Problem::new("Null value as key", "Can't use a null value as a key.", item.value.range));
            return None;
        }
        convert(&key, &Type::String)
            .map_err(|error| {
                let detail = format!("Can't use this value as a key: {}.", error.message);
                problems.push(Problem::new("Incorrect key type", detail, item.key.range));
            })
            .ok()
    }

    #[inline(never)]
    pub(super) fn for_expression(&self, expression: &ForExpression, locals: Outer<'_>, problems: &mut Vec<Problem>) -> Value {
        let iteration = Iteration {
            scope: self,
            key_name: expression.key_name.as_ref().map(|name| name.text.as_str()),
            value_name: &expression.value_name.text,
            condition: expression.condition.as_ref(),
            locals,
        };
        let (elements, is_sensitive) = match iteration.elements(&expression.collection, problems) {
            Ok(found) => found,
            Err(unknown) => return unknown,
        };
        let mut state = Collected { is_known: true, is_sensitive, ..Collected::default() };
        for (key, value) in elements {
            self.budget.spend(size_of::<Value>());
            iteration.with(key, value, |inner| {
                if state.includes(&iteration, inner, problems) {
                    state.take(self, expression, inner, problems);
                }
            });
        }
        state.finish(expression)
    }

    /// `value[*]` with the steps behind it.
    #[inline(never)]
    pub(super) fn splat(
        &self,
        value: Value,
        source: SourceRange,
        each: &[Step],
        locals: Outer<'_>,
        problems: &mut Vec<Problem>,
    ) -> Value {
        let before = problems.len();
        let ty = match &value.kind {
            ValueKind::Unknown(ty) | ValueKind::Null(ty) => ty.clone(),
            _ => value.ty(),
        };
        let is_sequence = matches!(ty, Type::List(_) | Type::Set(_) | Type::Tuple(_));
        if value.is_null() {
            if !is_sequence {
                return Value::tuple(Vec::new()).with_mark(value.is_sensitive);
            }
            let detail = "Splat expressions (with the * symbol) cannot be applied to null sequences.";
            problems.push(Problem::new("Splat of null value", detail, source));
            return Value::unknown(Type::Dynamic);
        }
        if ty == Type::Dynamic {
            return Value::unknown(Type::Dynamic).with_mark(value.is_sensitive);
        }
        if !is_sequence {
            // A single value counts as a tuple of one; where it may still turn out null, the length is open.
            let is_sensitive = value.is_sensitive;
            let is_known = value.is_known();
            let element = self.steps(value, source, each, locals, problems);
            let result = if is_known { Value::tuple(vec![element]) } else { Value::unknown(Type::Dynamic) };
            return result.with_mark(is_sensitive);
        }
        if !value.is_known() {
            return Value::unknown(self.splat_type(&ty, source, each, locals, problems)).with_mark(value.is_sensitive);
        }
        let elements = value.as_sequence().unwrap_or_default();
        let results: Vec<Value> =
            elements.iter().map(|element| self.steps(element.clone(), source, each, locals, problems)).collect();
        let result = if problems.len() > before {
            Value::unknown(self.splat_type(&ty, source, each, locals, &mut Vec::new()))
        } else if let Type::Tuple(_) = ty {
            Value::tuple(results)
        } else {
            let element = match results.iter().map(Value::ty).find(|ty| *ty != Type::Dynamic) {
                Some(element) => element,
                None => self.splat_type(&ty, source, each, locals, problems).element().cloned().unwrap_or(Type::Dynamic),
            };
            Value::list(element, results)
        };
        result.with_mark(value.is_sensitive)
    }

    /// The type that a splat of a value of this type has.
    fn splat_type(&self, ty: &Type, source: SourceRange, each: &[Step], locals: Outer<'_>, problems: &mut Vec<Problem>) -> Type {
        let mut of = |element: &Type| self.steps(Value::unknown(element.clone()), source, each, locals, problems).ty();
        match ty {
            Type::List(element) | Type::Set(element) => Type::list(of(element)),
            Type::Tuple(elements) => Type::tuple(elements.iter().map(of).collect()),
            Type::Dynamic | Type::Bool | Type::Number | Type::String | Type::Map(_) | Type::Object(_) => Type::Dynamic,
        }
    }
}

/// A walk over a collection with names for key and value.
pub(super) struct Iteration<'a, 's> {
    pub(super) scope: &'a Scope<'s>,
    pub(super) key_name: Option<&'a str>,
    pub(super) value_name: &'a str,
    pub(super) condition: Option<&'a Expression>,
    pub(super) locals: Outer<'a>,
}

impl Iteration<'_, '_> {
    /// Runs with the names of one element in scope.
    pub(super) fn with<T>(&self, key: Value, value: Value, run: impl FnOnce(&Locals<'_>) -> T) -> T {
        let value = (self.value_name, value);
        match self.key_name {
            Some(name) => run(&Locals { names: &[value, (name, key)], outer: self.locals }),
            None => run(&Locals { names: &[value], outer: self.locals }),
        }
    }

    /// The elements and the collection's mark, or the unknown result where there are none to be had.
    pub(super) fn elements(
        &self,
        collection: &Expression,
        problems: &mut Vec<Problem>,
    ) -> Result<(Vec<(Value, Value)>, bool), Value> {
        let unknown = || Value::unknown(Type::Dynamic);
        let value = self.scope.evaluate(collection, self.locals, problems);
        if value.is_null() {
            let detail = "A null value cannot be used as the collection in a 'for' expression.";
            problems.push(Problem::new("Iteration over null value", detail, collection.range));
            return Err(unknown());
        }
        let ty = match &value.kind {
            ValueKind::Unknown(Type::Dynamic) => return Err(unknown()),
            ValueKind::Unknown(ty) => ty.clone(),
            _ => value.ty(),
        };
        if ty.is_primitive() {
            let detail =
                format!("A value of type {} cannot be used as the collection in a 'for' expression.", ty.friendly_name());
            problems.push(Problem::new("Iteration over non-iterable value", detail, collection.range));
            return Err(unknown());
        }
        let is_condition_sensitive = self.probe_condition(problems).map_err(|()| unknown())?;
        let is_sensitive = value.is_sensitive;
        match value.elements() {
            Some(elements) => Ok((elements, is_sensitive)),
            None => Err(unknown().with_mark(is_sensitive || is_condition_sensitive)),
        }
    }

    /// Evaluates the condition for an unknown element, so that a wrong one is reported once and not for each element.
    fn probe_condition(&self, problems: &mut Vec<Problem>) -> Result<bool, ()> {
        let Some(condition) = self.condition else { return Ok(false) };
        let before = problems.len();
        let unknown = || Value::unknown(Type::Dynamic);
        let result = self.with(unknown(), unknown(), |inner| self.scope.evaluate(condition, Some(inner), problems));
        if result.is_null() {
            let detail = "The value of the 'if' clause must not be null.";
            problems.push(Problem::new("Condition is null", detail, condition.range));
            return Err(());
        }
        if let Err(error) = convert(&result, &Type::Bool) {
            problems.push(invalid_condition(condition, &error.message));
            return Err(());
        }
        if problems.len() > before { Err(()) } else { Ok(result.is_sensitive) }
    }
}

fn invalid_condition(condition: &Expression, message: &str) -> Problem {
    let detail = format!("The 'if' clause value is invalid: {message}.");
    Problem::new("Invalid 'for' condition", detail, condition.range)
}

/// What a `for` expression has collected.
#[derive(Default)]
struct Collected {
    elements: Vec<Value>,
    attributes: BTreeMap<Arc<str>, Value>,
    groups: BTreeMap<Arc<str>, Vec<Value>>,
    is_known: bool,
    is_sensitive: bool,
}

impl Collected {
    /// Whether the `if` clause lets the element in.
    fn includes(&mut self, iteration: &Iteration<'_, '_>, inner: &Locals<'_>, problems: &mut Vec<Problem>) -> bool {
        let Some(condition) = iteration.condition else { return true };
        let result = iteration.scope.evaluate(condition, Some(inner), problems);
        if result.is_null() {
            let detail = "The value of the 'if' clause must not be null.";
            self.give_up(Problem::new("Invalid 'for' condition", detail, condition.range), problems);
            return false;
        }
        self.is_sensitive |= result.is_sensitive;
        if !result.is_known() {
            self.is_known = false;
            return false;
        }
        match convert(&result, &Type::Bool) {
            Ok(converted) => converted.as_bool() == Some(true),
            Err(error) => {
                self.give_up(invalid_condition(condition, &error.message), problems);
                false
            }
        }
    }

    /// Reports the first element that fails; the result is unknown then.
    fn give_up(&mut self, problem: Problem, problems: &mut Vec<Problem>) {
        if self.is_known {
            problems.push(problem);
        }
        self.is_known = false;
    }

    fn take(&mut self, scope: &Scope<'_>, expression: &ForExpression, inner: &Locals<'_>, problems: &mut Vec<Problem>) {
        let Some(key_expression) = &expression.key else {
            self.elements.push(scope.evaluate(&expression.value, Some(inner), problems));
            return;
        };
        let key = scope.evaluate(key_expression, Some(inner), problems);
        if key.is_null() {
            let detail = "Key expression in 'for' expression must not produce a null value.";
            self.give_up(Problem::new("Invalid object key", detail, key_expression.range), problems);
            return;
        }
        self.is_sensitive |= key.is_sensitive;
        let key = match convert(&key, &Type::String) {
            _ if !key.is_known() => {
                self.is_known = false;
                return;
            }
            Ok(key) => key,
            Err(error) => {
                let detail = format!("The key expression produced an invalid result: {}.", error.message);
                self.give_up(Problem::new("Invalid object key", detail, key_expression.range), problems);
                return;
            }
        };
        let value = scope.evaluate(&expression.value, Some(inner), problems);
        let ValueKind::String(name) = key.kind else {
            self.is_known = false;
            return;
        };
        if expression.is_grouped {
            self.groups.entry(name).or_default().push(value);
            return;
        }
        match self.attributes.entry(name) {
            Entry::Vacant(entry) => {
                entry.insert(value);
            }
            Entry::Occupied(entry) => {
                let detail = format!(
                    "Two different items produced the key \"{}\" in this 'for' expression. If duplicates are expected, use \
                     the ellipsis (...) after the value expression to enable grouping by key.",
                    entry.key()
                );
                problems.push(Problem::new("Duplicate object key", detail, key_expression.range));
            }
        }
    }

    fn finish(self, expression: &ForExpression) -> Value {
        let result = if !self.is_known {
            Value::unknown(Type::Dynamic)
        } else if expression.key.is_none() {
            Value::tuple(self.elements)
        } else if expression.is_grouped {
            Value::object(self.groups.into_iter().map(|(name, values)| (name, Value::tuple(values))).collect())
        } else {
            Value::object(self.attributes)
        };
        result.with_mark(self.is_sensitive)
    }
}
