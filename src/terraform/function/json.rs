//! `jsonencode` and `jsondecode`.

mod decode;
pub(super) mod encode;

use super::parameter::{any, string};
use super::{Function, Parameter};
use crate::terraform::value::{Type, Value};

pub(super) const TABLE: &[Function] = &[
    Function::derived(
        "jsondecode",
        &[Parameter::new("str", string)],
        |arguments| match arguments[0].as_str() {
            Some(text) => Ok(decode::decode(text)?.ty()),
            None => Ok(Type::Dynamic),
        },
        |call| Ok(decode::decode(call.text(0))?),
    ),
    Function::fixed("jsonencode", &[Parameter::new("val", any).unknown().dynamic().null()], string, |call| {
        let value = &call.arguments[0];
        if !value.is_wholly_known() {
            return Ok(Value::unknown(Type::String));
        }
        Ok(Value::string(&encode::encode(value)?))
    }),
];
