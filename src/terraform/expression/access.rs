//! References, attribute access and indexing.

use super::{Names, Outer, Problem, Scope};
use crate::diagnostic::SourceRange;
use crate::terraform::conversion::convert;
use crate::terraform::suggestion::did_you_mean;
use crate::terraform::syntax::{ExpressionKind, Name, Step, StepKind};
use crate::terraform::value::{Type, Value, ValueKind};

const INVALID_INDEX: &str = "Invalid index";
const UNSUPPORTED_ATTRIBUTE: &str = "Unsupported attribute";

/// A failed step is unknown, and says why.
type Access = Result<Value, (&'static str, String)>;

/// Whether the key of an index has to be evaluated; a literal one belongs to the reference itself.
pub(super) fn is_computed(step: &Step) -> bool {
    match &step.kind {
        StepKind::Attribute(_) | StepKind::LegacyIndex(_) | StepKind::Splat(_) => false,
        StepKind::Index(key) => !matches!(key.kind, ExpressionKind::Number(_) | ExpressionKind::String(_)),
    }
}

impl Scope<'_> {
    #[inline(never)]
    pub(super) fn traversal(&self, root: &Name, steps: &[Step], locals: Outer<'_>, problems: &mut Vec<Problem>) -> Value {
        if let Some(value) = locals.and_then(|locals| locals.find(&root.text)) {
            return self.steps(value.clone(), root.range, steps, locals, problems);
        }
        match self.names {
            Names::None if locals.is_none() => {
                problems.push(Problem::new("Variables not allowed", "Variables may not be used here.", root.range));
                Value::unknown(Type::Dynamic)
            }
            Names::None => self.unknown_variable(root, std::iter::empty(), locals, problems),
            Names::Template(template) => match template.variables.get(root.text.as_str()) {
                Some(value) => self.steps(value.clone(), root.range, steps, locals, problems),
                None => self.unknown_variable(root, template.variables.keys().map(|name| &**name), locals, problems),
            },
            Names::Module(names) => {
                let (value, rest) = names.look_up(&root.text, steps);
                self.steps(value, root.range, rest, locals, problems)
            }
        }
    }

    fn unknown_variable<'n>(
        &self,
        root: &Name,
        names: impl Iterator<Item = &'n str>,
        locals: Outer<'_>,
        problems: &mut Vec<Problem>,
    ) -> Value {
        let mut known: Vec<&str> = names.collect();
        let mut frame = locals;
        while let Some(inner) = frame {
            known.extend(inner.names.iter().map(|(name, _)| *name));
            frame = inner.outer;
        }
        known.sort_unstable();
        let suggestion = did_you_mean(&root.text, known).unwrap_or_default();
        let detail = format!("There is no variable named \"{}\".{suggestion}", root.text);
        problems.push(Problem::new("Unknown variable", detail, root.range));
        Value::unknown(Type::Dynamic)
    }

    /// Applies steps to a value; `source` is the place of what they are applied to.
    pub(super) fn steps(
        &self,
        value: Value,
        source: SourceRange,
        steps: &[Step],
        locals: Outer<'_>,
        problems: &mut Vec<Problem>,
    ) -> Value {
        let mut current = value;
        let mut range = source;
        for step in steps {
            let result = match &step.kind {
                StepKind::Attribute(name) => attribute(&current, name),
                StepKind::LegacyIndex(key) => index(&current, &super::number(key)),
                StepKind::Index(key) => index(&current, &self.evaluate(key, locals, problems)),
                StepKind::Splat(each) => Ok(self.splat(current, range, each, locals, problems)),
            };
            // What is behind a failed step applies to an unknown value, and so says nothing more.
            current = result.unwrap_or_else(|(summary, detail)| {
                problems.push(Problem::new(summary, detail, step.range));
                Value::unknown(Type::Dynamic)
            });
            range = range.to(step.range);
        }
        current
    }
}

/// `value.name`
fn attribute(value: &Value, name: &str) -> Access {
    let is_sensitive = value.is_sensitive;
    let unsupported = |detail: String| Err((UNSUPPORTED_ATTRIBUTE, detail));
    match &value.kind {
        ValueKind::Null(_) => Err((
            "Attempt to get attribute from null value",
            "This value is null, so it does not have any attributes.".to_owned(),
        )),
        ValueKind::Object(attributes) => match attributes.get(name) {
            Some(found) => Ok(found.clone().with_mark(is_sensitive)),
            None => unsupported(no_attribute(name)),
        },
        ValueKind::Map(_, elements) => match elements.get(name) {
            Some(found) => Ok(found.clone().with_mark(is_sensitive)),
            None => Err(("Missing map element", format!("This map does not have an element with the key \"{name}\"."))),
        },
        ValueKind::Unknown(Type::Dynamic) => Ok(value.clone()),
        ValueKind::Unknown(Type::Map(element)) => Ok(Value::unknown((**element).clone()).with_mark(is_sensitive)),
        ValueKind::Unknown(Type::Object(object)) => match object.attributes.get(name) {
            Some(ty) => Ok(Value::unknown(ty.clone()).with_mark(is_sensitive)),
            None => unsupported(no_attribute(name)),
        },
        ValueKind::Unknown(_)
        | ValueKind::Bool(_)
        | ValueKind::Number(_)
        | ValueKind::String(_)
        | ValueKind::List(..)
        | ValueKind::Set(..)
        | ValueKind::Tuple(_) => unsupported(no_attributes(&value.ty(), name)),
    }
}

fn no_attribute(name: &str) -> String {
    format!("This object does not have an attribute named \"{name}\".")
}

/// Why a value of this type has no attributes.
fn no_attributes(ty: &Type, name: &str) -> String {
    match ty {
        Type::Bool | Type::Number | Type::String => {
            format!("Can't access attributes on a primitive-typed value ({}).", ty.friendly_name())
        }
        Type::List(element) => match &**element {
            Type::Object(object) => {
                let which = if object.attributes.contains_key(name) {
                    format!("attribute \"{name}\"")
                } else {
                    "an attribute".to_owned()
                };
                format!(
                    "Can't access attributes on a list of objects. Did you mean to access {which} for a specific element of \
                     the list, or across all elements of the list?"
                )
            }
            _ => "This value does not have any attributes.".to_owned(),
        },
        Type::Set(element) if matches!(**element, Type::Object(_)) => {
            "Can't access attributes on a set of objects. Did you mean to access an attribute across all elements of the set?"
                .to_owned()
        }
        Type::Dynamic | Type::Set(_) | Type::Map(_) | Type::Tuple(_) | Type::Object(_) => {
            "This value does not have any attributes.".to_owned()
        }
    }
}

/// `collection[key]`
fn index(collection: &Value, key: &Value) -> Access {
    if collection.is_null() {
        let detail = "This value is null, so it does not have any indices.";
        return Err(("Attempt to index null value", detail.to_owned()));
    }
    if key.is_null() {
        return Err((INVALID_INDEX, "Can't use a null value as an indexing key.".to_owned()));
    }
    let is_dynamic = |value: &Value| matches!(value.kind, ValueKind::Unknown(Type::Dynamic));
    if is_dynamic(key) || is_dynamic(collection) {
        return Ok(Value::unknown(Type::Dynamic).with_mark(collection.is_sensitive));
    }
    let found = match &collection.kind {
        ValueKind::List(element, elements) => in_sequence(elements, element, key),
        ValueKind::Tuple(elements) => in_sequence(elements, &Type::Dynamic, key),
        ValueKind::Map(element, elements) => {
            let key = converted(key, &Type::String)?;
            match key.as_str() {
                Some(text) => elements.get(text).cloned().ok_or_else(|| no_element("")),
                None => Ok(Value::unknown(element.clone())),
            }
        }
        ValueKind::Object(attributes) => {
            let was_number = matches!(key.kind, ValueKind::Number(_));
            let key = converted(key, &Type::String)?;
            match key.as_str() {
                Some(text) => attributes.get(text).cloned().ok_or_else(|| no_attribute_by_index(was_number)),
                None => Ok(Value::unknown(Type::Dynamic)),
            }
        }
        ValueKind::Unknown(ty) => in_unknown(ty, key),
        ValueKind::Set(..) => Err((INVALID_INDEX, SET_HAS_NO_INDEX.to_owned())),
        ValueKind::Null(_) | ValueKind::Bool(_) | ValueKind::Number(_) | ValueKind::String(_) => {
            Err((INVALID_INDEX, "This value does not have any indices.".to_owned()))
        }
    };
    // The key of an object tells nothing: its attributes are no secret.
    let is_key_secret = key.is_sensitive && collection.is_known() && !matches!(collection.kind, ValueKind::Object(_));
    found.map(|found| found.with_mark(collection.is_sensitive || is_key_secret))
}

const SET_HAS_NO_INDEX: &str = "Elements of a set are identified only by their value and don't have any separate index or key to \
    select with, so it's only possible to perform operations across all elements of the set.";

fn in_unknown(ty: &Type, key: &Value) -> Access {
    match ty {
        Type::List(element) => converted(key, &Type::Number).map(|_| Value::unknown((**element).clone())),
        Type::Map(element) => converted(key, &Type::String).map(|_| Value::unknown((**element).clone())),
        Type::Tuple(elements) => {
            let key = converted(key, &Type::Number)?;
            let Some(number) = key.as_number() else { return Ok(Value::unknown(Type::Dynamic)) };
            let at = number.to_i64().and_then(|index| usize::try_from(index).ok());
            match at.and_then(|index| elements.get(index)) {
                Some(element) => Ok(Value::unknown(element.clone())),
                None => Err(no_element("")),
            }
        }
        Type::Object(_) => converted(key, &Type::String).map(|_| Value::unknown(Type::Dynamic)),
        Type::Set(_) => Err((INVALID_INDEX, SET_HAS_NO_INDEX.to_owned())),
        Type::Dynamic | Type::Bool | Type::Number | Type::String => {
            Err((INVALID_INDEX, "This value does not have any indices.".to_owned()))
        }
    }
}

fn in_sequence(elements: &[Value], element: &Type, key: &Value) -> Access {
    let key = converted(key, &Type::Number)?;
    let Some(number) = key.as_number() else { return Ok(Value::unknown(element.clone())) };
    let at = number.to_i64().and_then(|index| usize::try_from(index).ok());
    if let Some(found) = at.and_then(|index| elements.get(index)) {
        return Ok(found.clone());
    }
    Err(no_element(if !number.is_integer() {
        ": indexing a sequence requires a whole number, but the given index has a fractional part"
    } else if number.sign().is_lt() {
        ": a negative number is not a valid index for a sequence"
    } else if elements.is_empty() && number.sign().is_eq() {
        ": the collection has no elements"
    } else if at == Some(elements.len()) {
        // Terraform compares the wrong way round: of every index past the end, only the first one is called so.
        ": the given index is greater than or equal to the length of the collection"
    } else {
        ""
    }))
}

fn no_element(reason: &str) -> (&'static str, String) {
    (INVALID_INDEX, format!("The given key does not identify an element in this collection value{reason}."))
}

fn no_attribute_by_index(was_number: bool) -> (&'static str, String) {
    let (summary, mut detail) = no_element("");
    if was_number {
        detail.push_str(" An object only supports looking up attributes by name, not by numeric index.");
    }
    (summary, detail)
}

fn converted(key: &Value, wanted: &Type) -> Access {
    convert(key, wanted).map_err(|error| no_element(&format!(": {}", error.message)))
}
