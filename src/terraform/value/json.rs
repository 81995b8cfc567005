//! Values and types as JSON, in the shape of `terraform show -json`; numbers keep every digit.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Number as JsonNumber, Value as Json};

use super::{Number, Type, Value, ValueKind, normalized};

/// The type: `"string"`, `["list", "string"]`, `["object", {"a": "string"}]`.
#[must_use]
pub fn type_to_json(ty: &Type) -> Json {
    let pair = |kind: &str, inner: Json| Json::Array(vec![Json::from(kind), inner]);
    match ty {
        Type::Dynamic => Json::from("dynamic"),
        Type::Bool => Json::from("bool"),
        Type::Number => Json::from("number"),
        Type::String => Json::from("string"),
        Type::List(element) => pair("list", type_to_json(element)),
        Type::Set(element) => pair("set", type_to_json(element)),
        Type::Map(element) => pair("map", type_to_json(element)),
        Type::Tuple(elements) => pair("tuple", elements.iter().map(type_to_json).collect()),
        Type::Object(object) => {
            let attributes: Map<String, Json> =
                object.attributes.iter().map(|(name, ty)| (name.to_string(), type_to_json(ty))).collect();
            pair("object", Json::Object(attributes))
        }
    }
}

/// The value, its marks dropped; none where a part is unknown or infinite, which JSON cannot say.
#[must_use]
pub fn to_json(value: &Value) -> Option<Json> {
    match &value.kind {
        ValueKind::Unknown(_) => None,
        ValueKind::Null(_) => Some(Json::Null),
        ValueKind::Bool(value) => Some(Json::Bool(*value)),
        ValueKind::Number(number) => number_to_json(number),
        ValueKind::String(text) => Some(Json::from(&**text)),
        ValueKind::List(_, elements) | ValueKind::Set(_, elements) | ValueKind::Tuple(elements) => {
            elements.iter().map(to_json).collect()
        }
        ValueKind::Map(_, elements) | ValueKind::Object(elements) => {
            let members: Option<Map<String, Json>> =
                elements.iter().map(|(name, element)| Some((name.to_string(), to_json(element)?))).collect();
            Some(Json::Object(members?))
        }
    }
}

fn number_to_json(number: &Number) -> Option<Json> {
    if number.is_infinite() {
        return None;
    }
    Some(Json::Number(JsonNumber::from_string_unchecked(number.to_string())))
}

/// The value that JSON stands for: objects and tuples, never maps and lists; duplicate keys: the last counts.
#[must_use]
pub fn from_json(json: &Json) -> Value {
    match json {
        Json::Null => Value::null(Type::Dynamic),
        Json::Bool(value) => Value::from(*value),
        // What JSON calls a number is one of Terraform's spellings; only an exponent past all bounds is not.
        Json::Number(number) => Number::parse(&number.to_string()).map_or_else(|| Value::unknown(Type::Number), Value::from),
        Json::String(text) => Value::string(text),
        Json::Array(elements) => Value::tuple(elements.iter().map(from_json).collect()),
        Json::Object(members) => {
            let attributes: BTreeMap<Arc<str>, Value> =
                members.iter().map(|(name, member)| (normalized(name), from_json(member))).collect();
            Value::object(attributes)
        }
    }
}
