//! `type = ...`: a type, which attributes may be left out, and what stands in for them.
//!
//! A default replaces an attribute that is missing, and one that is null, too.
//!
//! Source: hashicorp/hcl v2.23.0, `ext/typeexpr`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::conversion::{self, ConversionError, convert};
use super::expression::{Problem, evaluate_constant};
use super::syntax::{Call, Expression, ExpressionKind, ObjectItem};
use super::value::{ObjectType, Type, Value, ValueKind};
use crate::diagnostic::{SourceRange, Sources};

const INVALID_TYPE: &str = "Invalid type specification";

/// A type and the defaults of its optional attributes.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeConstraint {
    /// The type; optional attributes are marked.
    pub ty: Type,
    defaults: Option<Arc<Defaults>>,
}

/// The defaults of a type, shaped as the type is.
#[derive(Debug, Clone, PartialEq)]
struct Defaults {
    /// Defaults of this object's attributes, converted.
    values: BTreeMap<Arc<str>, Value>,
    parts: Parts,
}

/// The defaults below.
#[derive(Debug, Clone, PartialEq)]
enum Parts {
    /// Those of every element of a list, set or map.
    Elements(Arc<Defaults>),
    /// Those of an object's attributes.
    Attributes(BTreeMap<Arc<str>, Arc<Defaults>>),
    /// Those of a tuple's elements, by index.
    Positions(BTreeMap<usize, Arc<Defaults>>),
}

impl From<Type> for TypeConstraint {
    fn from(ty: Type) -> Self {
        Self { ty, defaults: None }
    }
}

impl TypeConstraint {
    /// Reads the `type` argument of a `variable` block; where it is wrong, the type is `any`.
    #[must_use]
    pub fn parse(expression: &Expression, sources: &Sources) -> (Self, Vec<Problem>) {
        let any = || Self::from(Type::Dynamic);
        if let ExpressionKind::String(text) = &expression.kind {
            return (any(), vec![quoted_type(text, expression.range)]);
        }
        match keyword(expression) {
            Some("list") => return (Type::list(Type::Dynamic).into(), Vec::new()),
            Some("map") => return (Type::map(Type::Dynamic).into(), Vec::new()),
            _ => {}
        }
        let mut parser = Parser { sources, problems: Vec::new() };
        let constraint = parser.constraint(expression);
        if parser.problems.is_empty() { (constraint, Vec::new()) } else { (any(), parser.problems) }
    }

    /// Puts the defaults in, then converts.
    ///
    /// # Errors
    ///
    /// When the value does not suit the type, with Terraform's text.
    pub fn convert(&self, value: &Value) -> Result<Value, ConversionError> {
        convert(&self.with_defaults(value), &self.ty)
    }

    /// The value with the defaults of missing and null attributes put in; not yet converted.
    #[must_use]
    pub fn with_defaults(&self, value: &Value) -> Value {
        self.defaults.as_ref().map_or_else(|| value.clone(), |defaults| defaults.apply(value))
    }
}

/// Types in quotes, as Terraform had them before 0.12.
fn quoted_type(text: &str, range: SourceRange) -> Problem {
    let instead = match text {
        "string" => "",
        "list" => " and write list(string) instead to explicitly indicate that the list elements are strings",
        "map" => " and write map(string) instead to explicitly indicate that the map elements are strings",
        _ => {
            let detail =
                "To provide a full type expression, remove the surrounding quotes and give the type expression directly.";
            return Problem::new("Invalid legacy variable type hint", detail, range);
        }
    };
    let detail = format!(
        "Terraform 0.11 and earlier required type constraints to be given in quotes, but that form is now deprecated and \
         will be removed in a future version of Terraform. Remove the quotes around \"{text}\"{instead}."
    );
    Problem::new("Invalid quoted type constraints", detail, range)
}

/// A bare word, as a type or an attribute's name is one.
fn keyword(expression: &Expression) -> Option<&str> {
    match &expression.kind {
        ExpressionKind::Traversal(root, steps) if steps.is_empty() => Some(&root.text),
        ExpressionKind::Null => Some("null"),
        ExpressionKind::Bool(true) => Some("true"),
        ExpressionKind::Bool(false) => Some("false"),
        _ => None,
    }
}

fn call(expression: &Expression) -> Option<&Call> {
    match &expression.kind {
        ExpressionKind::Call(call) => Some(call),
        _ => None,
    }
}

/// What a constructor wants for its one argument.
fn requirement(constructor: &str) -> Option<String> {
    match constructor {
        "list" | "set" | "map" => {
            Some(format!("The {constructor} type constructor requires one argument specifying the element type."))
        }
        "object" => Some(
            "The object type constructor requires one argument specifying the attribute types and values as a map.".to_owned(),
        ),
        "tuple" => Some("The tuple type constructor requires one argument specifying the element types as a list.".to_owned()),
        _ => None,
    }
}

struct Parser<'a> {
    sources: &'a Sources,
    problems: Vec<Problem>,
}

impl Parser<'_> {
    fn problem(&mut self, detail: impl Into<String>, range: SourceRange) -> TypeConstraint {
        self.problems.push(Problem::new(INVALID_TYPE, detail, range));
        Type::Dynamic.into()
    }

    fn constraint(&mut self, expression: &Expression) -> TypeConstraint {
        match keyword(expression) {
            Some("bool") => return Type::Bool.into(),
            Some("string") => return Type::String.into(),
            Some("number") => return Type::Number.into(),
            Some("any") => return Type::Dynamic.into(),
            Some(word) => {
                let detail =
                    requirement(word).unwrap_or_else(|| format!("The keyword \"{word}\" is not a valid type specification."));
                return self.problem(detail, expression.range);
            }
            None => {}
        }
        let Some(call) = call(expression) else {
            let detail = "A type specification is either a primitive type keyword (bool, number, string) or a complex type \
                          constructor call, like list(string).";
            return self.problem(detail, expression.range);
        };
        let constructor = call.name.text.as_str();
        match constructor {
            "bool" | "string" | "number" => {
                let detail = format!("Primitive type keyword \"{constructor}\" does not expect arguments.");
                return self.problem(detail, call.parentheses);
            }
            "any" => {
                let detail = "Type constraint keyword \"any\" does not expect arguments.";
                return self.problem(detail, call.parentheses);
            }
            _ => {}
        }
        if let (Some(detail), true) = (requirement(constructor), call.arguments.len() != 1) {
            let range = match call.arguments.as_slice() {
                [_, first, .., last] => first.range.to(last.range),
                [_, second] => second.range,
                _ => call.parentheses,
            };
            return self.problem(detail, range);
        }
        match (constructor, call.arguments.as_slice()) {
            ("list", [element]) => self.collection(Type::list, element),
            ("set", [element]) => self.collection(Type::set, element),
            ("map", [element]) => self.collection(Type::map, element),
            ("object", [attributes]) => self.object(attributes),
            ("tuple", [elements]) => self.tuple(elements),
            ("optional", _) => {
                let detail = "Keyword \"optional\" is valid only as a modifier for object type attributes.";
                self.problem(detail, call.name.range)
            }
            _ => {
                let detail = format!("Keyword \"{constructor}\" is not a valid type constructor.");
                self.problem(detail, expression.range)
            }
        }
    }

    fn collection(&mut self, constructor: fn(Type) -> Type, element: &Expression) -> TypeConstraint {
        let element = self.constraint(element);
        let defaults =
            element.defaults.map(|inner| Arc::new(Defaults { values: BTreeMap::new(), parts: Parts::Elements(inner) }));
        TypeConstraint { ty: constructor(element.ty), defaults }
    }

    fn tuple(&mut self, elements: &Expression) -> TypeConstraint {
        let ExpressionKind::Tuple(elements) = &elements.kind else {
            return self.problem("Tuple type constructor requires a list of element types.", elements.range);
        };
        let mut types = Vec::with_capacity(elements.len());
        let mut positions = BTreeMap::new();
        for (index, element) in elements.iter().enumerate() {
            let element = self.constraint(element);
            types.push(element.ty);
            if let Some(defaults) = element.defaults {
                positions.insert(index, defaults);
            }
        }
        let defaults =
            (!positions.is_empty()).then(|| Arc::new(Defaults { values: BTreeMap::new(), parts: Parts::Positions(positions) }));
        TypeConstraint { ty: Type::tuple(types), defaults }
    }

    fn object(&mut self, attributes: &Expression) -> TypeConstraint {
        let ExpressionKind::Object(items) = &attributes.kind else {
            let detail = "Object type constructor requires a map whose keys are attribute names and whose values are the \
                          corresponding attribute types.";
            return self.problem(detail, attributes.range);
        };
        let mut object = ObjectType::default();
        let (mut values, mut parts) = (BTreeMap::new(), BTreeMap::new());
        for item in items {
            let Some(name) = attribute_name(item) else {
                self.problem("Object constructor map keys must be attribute names.", item.key.range);
                continue;
            };
            if object.attributes.contains_key(&name) {
                self.problem("Object constructor map keys must be unique.", item.key.range);
                continue;
            }
            let Some(attribute) = self.attribute(&item.value) else { continue };
            if attribute.is_optional {
                object.optional.insert(Arc::clone(&name));
            }
            if let Some(default) = attribute.default {
                values.insert(Arc::clone(&name), default);
            }
            if let Some(defaults) = attribute.constraint.defaults {
                parts.insert(Arc::clone(&name), defaults);
            }
            object.attributes.insert(name, attribute.constraint.ty);
        }
        let has_defaults = !(values.is_empty() && parts.is_empty());
        let defaults = has_defaults.then(|| Arc::new(Defaults { values, parts: Parts::Attributes(parts) }));
        TypeConstraint { ty: Type::Object(Arc::new(object)), defaults }
    }

    /// The type of an attribute, `optional(type, default)` taken apart.
    fn attribute(&mut self, expression: &Expression) -> Option<Attribute> {
        let Some(call) = call(expression).filter(|call| call.name.text == "optional") else {
            return Some(Attribute { constraint: self.constraint(expression), is_optional: false, default: None });
        };
        let (ty, default) = match call.arguments.as_slice() {
            [] => {
                let detail = "Optional attribute modifier requires the attribute type as its argument.";
                self.problem(detail, call.parentheses);
                return None;
            }
            [ty] => (ty, None),
            [ty, default] => (ty, Some(default)),
            [ty, ..] => {
                let detail =
                    "Optional attribute modifier expects at most two arguments: the attribute type, and a default value.";
                self.problem(detail, call.parentheses);
                (ty, None)
            }
        };
        let value = default.and_then(|default| {
            let (value, problems) = evaluate_constant(default, self.sources);
            let is_good = problems.is_empty();
            self.problems.extend(problems);
            is_good.then_some((value, default.range))
        });
        let constraint = self.constraint(ty);
        let default = value.and_then(|(value, range)| match convert(&value, &constraint.ty) {
            Ok(converted) => Some(converted),
            Err(error) => {
                let detail =
                    format!("This default value is not compatible with the attribute's type constraint: {}.", error.message);
                self.problems.push(Problem::new("Invalid default value for optional attribute", detail, range));
                None
            }
        });
        Some(Attribute { constraint, is_optional: true, default })
    }
}

struct Attribute {
    constraint: TypeConstraint,
    is_optional: bool,
    default: Option<Value>,
}

fn attribute_name(item: &ObjectItem) -> Option<Arc<str>> {
    match &item.key.kind {
        ExpressionKind::String(name) if item.is_bare_key => Some(Arc::from(name.as_str())),
        _ => None,
    }
}

impl Defaults {
    fn apply(&self, value: &Value) -> Value {
        let applied = match &value.kind {
            ValueKind::Unknown(_) | ValueKind::Null(_) | ValueKind::Bool(_) | ValueKind::Number(_) | ValueKind::String(_) => {
                return value.clone();
            }
            ValueKind::Tuple(elements) => Value::tuple(self.apply_to_sequence(elements)),
            ValueKind::List(element, elements) if elements.is_empty() => Value::list(element.clone(), Vec::new()),
            ValueKind::Set(element, elements) if elements.is_empty() => Value::set(element.clone(), Vec::new()),
            ValueKind::List(_, elements) => {
                let elements = self.apply_to_sequence(elements);
                unified(&elements).map_or_else(|| Value::tuple(elements), |(ty, elements)| Value::list(ty, elements))
            }
            ValueKind::Set(_, elements) => {
                let elements = self.apply_to_sequence(elements);
                unified(&elements).map_or_else(|| Value::tuple(elements), |(ty, elements)| Value::set(ty, elements))
            }
            ValueKind::Object(attributes) => Value::object(self.apply_to_mapping(attributes)),
            ValueKind::Map(element, elements) => {
                let elements = self.apply_to_mapping(elements);
                if elements.is_empty() {
                    return Value::map(element.clone(), elements).with_mark(value.is_sensitive);
                }
                let values: Vec<Value> = elements.values().cloned().collect();
                match unified(&values) {
                    Some((ty, values)) => Value::map(ty, elements.into_keys().zip(values).collect()),
                    None => Value::object(elements),
                }
            }
        };
        applied.with_mark(value.is_sensitive)
    }

    fn apply_to_sequence(&self, elements: &[Value]) -> Vec<Value> {
        let part = |index| match &self.parts {
            Parts::Elements(defaults) => Some(defaults),
            Parts::Positions(positions) => positions.get(&index),
            Parts::Attributes(_) => None,
        };
        let apply = |(index, element)| part(index).map_or_else(|| Value::clone(element), |defaults| defaults.apply(element));
        elements.iter().enumerate().map(apply).collect()
    }

    fn apply_to_mapping(&self, elements: &BTreeMap<Arc<str>, Value>) -> BTreeMap<Arc<str>, Value> {
        let part = |name: &Arc<str>| match &self.parts {
            Parts::Elements(defaults) => Some(defaults),
            Parts::Attributes(attributes) => attributes.get(name),
            Parts::Positions(_) => None,
        };
        let apply = |name, element| part(name).map_or_else(|| Value::clone(element), |defaults| defaults.apply(element));
        let mut applied: BTreeMap<Arc<str>, Value> =
            elements.iter().map(|(name, element)| (Arc::clone(name), apply(name, element))).collect();
        for (name, default) in &self.values {
            if applied.get(name).is_none_or(Value::is_null) {
                applied.insert(Arc::clone(name), apply(name, default));
            }
        }
        applied
    }
}

/// The elements converted to what they have in common.
fn unified(elements: &[Value]) -> Option<(Type, Vec<Value>)> {
    conversion::unify_values(elements)?.ok()
}

#[cfg(test)]
mod tests;
