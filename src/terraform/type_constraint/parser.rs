//! Reads type expressions: `object({ a = optional(list(string), []) })`.
//!
//! Source of the rules and of every message: hashicorp/hcl v2.23.0, `ext/typeexpr/get_type.go`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::TypeConstraint;
use super::defaults::{Defaults, Parts};
use crate::diagnostic::{SourceRange, Sources};
use crate::terraform::conversion::convert;
use crate::terraform::expression::{Problem, evaluate_constant};
use crate::terraform::syntax::{Call, Expression, ExpressionKind, ObjectItem};
use crate::terraform::value::{ObjectType, Type, Value};

const INVALID_TYPE: &str = "Invalid type specification";

/// Reads one type expression and keeps what it finds wrong.
pub(super) struct Parser<'a> {
    pub(super) sources: &'a Sources,
    pub(super) problems: Vec<Problem>,
}

impl Parser<'_> {
    fn problem(&mut self, detail: impl Into<String>, range: SourceRange) -> TypeConstraint {
        self.problems.push(Problem::new(INVALID_TYPE, detail, range));
        Type::Dynamic.into()
    }

    pub(super) fn constraint(&mut self, expression: &Expression) -> TypeConstraint {
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

/// An attribute of an object type.
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

fn call(expression: &Expression) -> Option<&Call> {
    match &expression.kind {
        ExpressionKind::Call(call) => Some(call),
        _ => None,
    }
}

/// A bare word, as a type or an attribute's name is one.
pub(super) fn keyword(expression: &Expression) -> Option<&str> {
    match &expression.kind {
        ExpressionKind::Traversal(root, steps) if steps.is_empty() => Some(&root.text),
        ExpressionKind::Null => Some("null"),
        ExpressionKind::Bool(true) => Some("true"),
        ExpressionKind::Bool(false) => Some("false"),
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
