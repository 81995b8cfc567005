//! `yamldecode` and `yamlencode`.
//!
//! The parser of events is a port of the library that Terraform's own is a port of, so anchors, tags and styles are seen
//! as Terraform sees them. What plain text means is decided in `scalar`.

mod decode;
mod encode;
pub mod guard;
mod scalar;

use super::parameter::{any, string};
use super::{Function, Parameter};
use crate::terraform::value::{Type, Value};

pub(super) const TABLE: &[Function] = &[
    Function::derived(
        "yamldecode",
        &[Parameter::new("src", string)],
        |arguments| match arguments[0].as_str() {
            Some(text) => Ok(decode::decode(text)?.ty()),
            None => Ok(Type::Dynamic),
        },
        |call| Ok(decode::decode(call.text(0))?),
    ),
    Function::fixed("yamlencode", &[Parameter::new("value", any).null().dynamic()], string, |call| {
        let value = &call.arguments[0];
        if !value.is_wholly_known() {
            return Ok(Value::unknown(Type::String));
        }
        Ok(Value::string(&encode::encode(value)))
    }),
];
