//! Numeric functions.

mod float;

use std::cmp::Ordering;

use num_bigint::{BigInt, BigUint, Sign};

use super::argument::{integer, unsuitable};
use super::parameter::{any, list_of_numbers, number};
use super::redaction::{redacted, redacted_number};
use super::{Call, Function, FunctionError, Parameter};
use crate::terraform::number::Number;
use crate::terraform::value::{Type, Value};

/// The most elements that `range` gives.
///
/// Source: go-cty, `stdlib.RangeFunc`.
const RANGE_LIMIT: usize = 1024;

pub(super) const TABLE: &[Function] = &[
    Function::fixed("abs", &[Parameter::new("num", number).dynamic()], number, |call| Ok(Value::from(call.number(0).absolute()))),
    Function::fixed("ceil", &[Parameter::new("num", number)], number, |call| Ok(rounded(&call.number(0), Ordering::Greater))),
    Function::fixed("floor", &[Parameter::new("num", number)], number, |call| Ok(rounded(&call.number(0), Ordering::Less))),
    Function::fixed("log", &[Parameter::new("num", number), Parameter::new("base", number)], number, |call| {
        from_float(float::ln(machine_float(&call.number(0))?) / float::ln(machine_float(&call.number(1))?))
    }),
    Function::fixed("max", &[], number, |call| extreme(call, Ordering::Greater)).with_variadic(NUMBERS),
    Function::fixed("min", &[], number, |call| extreme(call, Ordering::Less)).with_variadic(NUMBERS),
    Function::derived(
        "parseint",
        &[Parameter::new("number", any).sensitive().unknown(), Parameter::new("base", number).sensitive().unknown()],
        |arguments| match arguments[0].ty() {
            Type::String => Ok(Type::Number),
            other => unsuitable(0, format!("first argument must be a string, not {}", other.friendly_name())),
        },
        parse_integer,
    ),
    Function::fixed("pow", &[Parameter::new("num", number), Parameter::new("power", number)], number, |call| {
        from_float(float::pow(machine_float(&call.number(0))?, machine_float(&call.number(1))?))
    }),
    Function::fixed("range", &[], list_of_numbers, range).with_variadic(&Parameter::new("params", number)),
    Function::fixed("signum", &[Parameter::new("num", number)], number, |call| Ok(Value::from(call.integer(0)?.signum()))),
];

const NUMBERS: &Parameter = &Parameter::new("numbers", number).dynamic();

/// The next whole number in a direction; an infinity stays, and no zero is negative.
fn rounded(number: &Number, direction: Ordering) -> Value {
    if number.sign() == Ordering::Equal {
        return Value::from(0_i64);
    }
    if number.is_integer() {
        return Value::from(number.clone());
    }
    let Some(mut whole) = number.truncate() else {
        return Value::from(number.clone());
    };
    if number.sign() == direction {
        whole += if direction == Ordering::Greater { 1 } else { -1 };
    }
    // Through text, so that the number has the precision of a literal.
    Value::from(Number::parse(&whole.to_string()).unwrap_or_else(|| number.clone()))
}

/// The first of the numbers that no other lies beyond.
fn extreme(call: &Call, beyond: Ordering) -> Result<Value, FunctionError> {
    if call.arguments.is_empty() {
        return Err("must pass at least one number".into());
    }
    let mut extreme = Number::infinity(beyond == Ordering::Greater);
    for index in 0..call.arguments.len() {
        let number = call.number(index);
        if number.compare(&extreme) == beyond {
            extreme = number;
        }
    }
    Ok(Value::from(extreme))
}

/// The machine's floating-point number, as long as that makes no infinity of a finite number.
fn machine_float(number: &Number) -> Result<f64, String> {
    let float = number.to_f64();
    if float.is_infinite() && !number.is_infinite() {
        return Err(format!("value must be between {:.6} and {:.6} inclusive", f64::MIN, f64::MAX));
    }
    Ok(float)
}

fn from_float(float: f64) -> Result<Value, FunctionError> {
    if float.is_nan() {
        return Err("the result is not a number".into());
    }
    Ok(Value::from(Number::from(float)))
}

fn parse_integer(call: &Call) -> Result<Value, FunctionError> {
    let is_sensitive = call.is_any_sensitive();
    if call.is_any_unknown() {
        return Ok(Value::unknown(Type::Number).with_mark(is_sensitive));
    }
    let base = integer(&call.number(1)).map_err(|message| FunctionError::Argument(1, message))?;
    if !(2..=62).contains(&base) {
        return unsuitable(1, "base must be a whole number between 2 and 62 inclusive");
    }
    let Some(parsed) = parse_digits(call.text(0), base) else {
        let number = redacted(call.text(0), call.arguments[0].is_sensitive);
        let base = redacted_number(base, call.arguments[1].is_sensitive);
        return unsuitable(0, format!("cannot parse {number} as a base {base} integer"));
    };
    Ok(Value::from(Number::from(&parsed)).with_mark(is_sensitive))
}

/// A signed integer; letters count from ten, and capitals go on after `z` in bases over 36.
fn parse_digits(text: &str, base: i64) -> Option<BigInt> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (Sign::Minus, digits),
        None => (Sign::Plus, text.strip_prefix('+').unwrap_or(text)),
    };
    let base = u8::try_from(base).ok()?;
    let digit = |byte: u8| {
        let value = match byte {
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'z' => byte - b'a' + 10,
            b'A'..=b'Z' if base <= 36 => byte - b'A' + 10,
            b'A'..=b'Z' => byte - b'A' + 36,
            _ => return None,
        };
        (value < base).then_some(value)
    };
    let digits: Vec<u8> = digits.bytes().map(digit).collect::<Option<_>>()?;
    if digits.is_empty() {
        return None;
    }
    Some(BigInt::from_biguint(sign, BigUint::from_radix_be(&digits, u32::from(base))?))
}

fn range(call: &Call) -> Result<Value, FunctionError> {
    let zero = || Number::from(0_i64);
    let unit = |end: &Number, start: &Number| Number::from(if end.compare(start) == Ordering::Less { -1_i64 } else { 1 });
    let (start, end, step) = match call.arguments.len() {
        1 => (zero(), call.number(0), unit(&call.number(0), &zero())),
        2 => (call.number(0), call.number(1), unit(&call.number(1), &call.number(0))),
        3 => (call.number(0), call.number(1), call.number(2)),
        _ => return Err("must have one, two, or three arguments".into()),
    };
    let is_downward = step.sign() == Ordering::Less;
    let beyond = if is_downward { Ordering::Less } else { Ordering::Greater };
    if end.compare(&start) == beyond.reverse() {
        let text = if is_downward {
            "end must be less than start when step is negative"
        } else {
            "end must be greater than start when step is positive"
        };
        return unsuitable(1, text);
    }
    let mut elements = Vec::new();
    let mut next = start;
    while next.compare(&end) == beyond.reverse() {
        if elements.len() >= RANGE_LIMIT {
            return Err("more than 1024 values were generated; either decrease the difference between start and end or use a smaller step".into());
        }
        elements.push(Value::from(next.clone()));
        let Some(sum) = next.add(&step) else { break };
        next = sum;
    }
    Ok(Value::list(Type::Number, elements))
}
