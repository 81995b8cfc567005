//! What a scalar stands for, by its tag and its text.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use num_bigint::BigInt;
use num_traits::Num as _;
use regex::Regex;

use crate::terraform::function::date::timestamp::Timestamp;
use crate::terraform::go_quote::go_quoted;
use crate::terraform::number::Number;
use crate::terraform::value::{Type, Value};

const STR: &str = "tag:yaml.org,2002:str";
const BOOL: &str = "tag:yaml.org,2002:bool";
const INT: &str = "tag:yaml.org,2002:int";
const FLOAT: &str = "tag:yaml.org,2002:float";
const NULL: &str = "tag:yaml.org,2002:null";
const TIMESTAMP: &str = "tag:yaml.org,2002:timestamp";
const BINARY: &str = "tag:yaml.org,2002:binary";

/// Numbers of YAML 1.2.
///
/// Source: go-cty-yaml, `resolve.go`.
static INTEGER: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\A([-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)\z").ok());
static DECIMAL: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\A[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z").ok());

/// A scalar that was understood.
pub(super) enum Scalar {
    Value(Value),
    /// `<<`, which as a key merges another mapping in.
    Merge,
}

/// Understands a scalar; `tag` is empty where there is none. The error is Terraform's text.
pub(super) fn resolve(tag: &str, text: &str, is_quoted: bool) -> Result<Scalar, String> {
    if !matches!(tag, "" | STR | BOOL | INT | FLOAT | NULL | TIMESTAMP | BINARY) {
        return Err(format!("unsupported tag {}", go_quoted(tag)));
    }
    let mut tag = tag;
    let value = |value| Ok(Scalar::Value(value));
    let first = text.bytes().next();
    let may_be_special = first.is_none_or(|b| b"+-.0123456789yYnNtTfFoO~".contains(&b));
    if may_be_special && !matches!(tag, STR | BINARY) {
        if is_quoted {
            return value(Value::string(text));
        }
        if let Some(special) = special(text) {
            return value(special);
        }
        if tag.is_empty() && matches!(text, ".nan" | ".NaN" | ".NAN") {
            return Err("floating point NaN is not supported".to_owned());
        }
        match first {
            Some(b'.') => {
                if let Some(number) = Number::parse(text) {
                    return value(Value::from(number));
                }
            }
            Some(b'+' | b'-' | b'0'..=b'9') => {
                if let (Some(time), "" | TIMESTAMP) = (Timestamp::parse_yaml(text), tag) {
                    return value(Value::string(&time.to_string()));
                }
                let matches = |pattern: &Option<Regex>| pattern.as_ref().is_some_and(|p| p.is_match(text));
                if matches(&INTEGER) {
                    tag = INT;
                } else if matches(&DECIMAL) {
                    tag = FLOAT;
                }
            }
            _ => {}
        }
    }
    if tag.is_empty() && text == "<<" {
        return Ok(Scalar::Merge);
    }
    let unfit = || format!("cannot parse {} as {tag}", go_quoted(text));
    match tag {
        BINARY if STANDARD.decode(text).is_err() => Err(format!("{}: not valid base64", unfit())),
        "" | STR | BINARY => value(Value::string(text)),
        BOOL => special(text).filter(|special| special.ty() == Type::Bool).map(Scalar::Value).ok_or_else(unfit),
        FLOAT | INT => number(text).map(|number| Scalar::Value(Value::from(number))).ok_or_else(unfit),
        TIMESTAMP => match Timestamp::parse_yaml(text) {
            Some(time) => value(Value::string(&time.to_string())),
            None => Err(unfit()),
        },
        _ => value(Value::null(Type::Dynamic)),
    }
}

/// Words that are no text when they stand plainly.
fn special(text: &str) -> Option<Value> {
    Some(match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Value::from(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Value::from(false),
        "" | "~" | "null" | "Null" | "NULL" => Value::null(Type::Dynamic),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Value::from(Number::infinity(false)),
        "-.inf" | "-.Inf" | "-.INF" => Value::from(Number::infinity(true)),
        _ => return None,
    })
}

/// A decimal number, or a whole number in the base that its prefix says; underscores do not count.
fn number(text: &str) -> Option<Number> {
    let plain = text.replace('_', "");
    if let Some(number) = Number::parse(&plain) {
        return Some(number);
    }
    let (is_negative, unsigned) = match plain.strip_prefix('-') {
        Some(unsigned) => (true, unsigned),
        None => (false, plain.strip_prefix('+').unwrap_or(&plain)),
    };
    let (radix, digits) = match unsigned.get(..2)?.to_ascii_lowercase().as_str() {
        "0x" => (16, &unsigned[2..]),
        "0o" => (8, &unsigned[2..]),
        "0b" => (2, &unsigned[2..]),
        _ => return None,
    };
    if digits.starts_with(['+', '-']) {
        return None;
    }
    let magnitude = BigInt::from_str_radix(digits, radix).ok()?;
    let integer = if is_negative { -magnitude } else { magnitude };
    // Terraform reads these into 64 bits.
    let fits = i64::try_from(&integer).is_ok() || u64::try_from(&integer).is_ok();
    fits.then(|| Number::from(&integer))
}
