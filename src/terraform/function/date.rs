//! Date and time functions.

mod duration;
mod format;
pub(super) mod timestamp;

use std::cmp::Ordering;

use super::parameter::{number, string};
use super::{Call, Function, FunctionError, Parameter};
use crate::terraform::value::Value;

pub(super) const TABLE: &[Function] = &[
    Function::fixed("formatdate", &[Parameter::new("format", string), Parameter::new("time", string)], string, |call| {
        let time = timestamp::parse_strict(call.text(1)).map_err(|message| FunctionError::Argument(1, message))?;
        let text = format::format(call.text(0), &time).map_err(|message| FunctionError::Argument(0, message))?;
        Ok(Value::string(&text))
    }),
    Function::fixed("plantimestamp", &[], string, now),
    Function::fixed("timeadd", &[Parameter::new("timestamp", string), Parameter::new("duration", string)], string, |call| {
        let time = timestamp::parse_strict(call.text(0))?;
        let nanoseconds = duration::parse(call.text(1))?;
        let sum = time.add(nanoseconds).ok_or("the result is too far away for a date")?;
        Ok(Value::string(&sum))
    }),
    Function::fixed("timecmp", &[Parameter::new("timestamp_a", string), Parameter::new("timestamp_b", string)], number, |call| {
        let a = timestamp::parse(call.text(0)).map_err(|message| FunctionError::Argument(0, message))?;
        let b = timestamp::parse(call.text(1)).map_err(|message| FunctionError::Argument(1, message))?;
        Ok(Value::from(match a.compare(&b) {
            Ordering::Less => -1_i64,
            Ordering::Equal => 0,
            Ordering::Greater => 1,
        }))
    }),
    Function::fixed("timestamp", &[], string, now),
];

/// The clock is not asked: the value is known once Terraform runs.
fn now(call: &Call) -> Result<Value, FunctionError> {
    Ok(call.unknown_result())
}
