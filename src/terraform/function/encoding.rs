//! Base64, percent encoding, character sets, gzip, and RSA.

mod character_set;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::argument::unsuitable;
use super::parameter::string;
use super::redaction::redacted;
use super::{Call, Function, FunctionError, Parameter};
use crate::terraform::go_quote::go_quoted;
use crate::terraform::value::{Type, Value};
use character_set::{CharacterSet, Lookup};

/// Base64 as Go's `StdEncoding` reads it: padding is needed, and the bits behind the end do not matter.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireCanonical),
);

/// What `urlencode` writes as `%XX`; the space becomes `+`.
const ESCAPED_IN_QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b' ');

pub(super) const TABLE: &[Function] = &[
    Function::fixed("base64decode", &[STR.sensitive().unknown()], string, base64_decode),
    Function::fixed("base64encode", &[STR], string, |call| Ok(Value::string(&BASE64.encode(call.text(0))))),
    Function::fixed("base64gzip", &[STR], string, |call| {
        if call.text(0).is_empty() {
            return Ok(Value::string(GZIP_OF_NOTHING));
        }
        // Terraform's compressor writes other bytes than any of ours for the same text.
        Ok(Value::unknown(Type::String))
    }),
    // Not decrypted: the result is a secret that no check of the variables needs, so it stays with Terraform.
    Function::fixed("rsadecrypt", &[Parameter::new("ciphertext", string), Parameter::new("privatekey", string)], string, |_| {
        Ok(Value::unknown(Type::String))
    }),
    Function::fixed("textdecodebase64", &[Parameter::new("source", string), ENCODING], string, text_decode),
    Function::fixed("textencodebase64", &[Parameter::new("string", string), ENCODING], string, text_encode),
    Function::fixed("urlencode", &[STR], string, |call| {
        Ok(Value::string(&utf8_percent_encode(call.text(0), ESCAPED_IN_QUERY).to_string().replace(' ', "+")))
    }),
];

const STR: Parameter = Parameter::new("str", string);
const ENCODING: Parameter = Parameter::new("encoding", string);

/// What Terraform makes of an empty text.
const GZIP_OF_NOTHING: &str = "H4sIAAAAAAAA/wAAAP//AQAA//8AAAAAAAAAAA==";

/// Decodes; the error is the offset of the first byte that is wrong. Line ends do not count.
fn decode(text: &str) -> Result<Vec<u8>, usize> {
    let symbols: String = text.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
    BASE64.decode(&symbols).map_err(|_| corrupt_offset(text))
}

/// Where Go's decoder finds a text wrong.
fn corrupt_offset(text: &str) -> usize {
    let is_symbol = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let mut in_group = 0;
    let mut bytes = text.bytes().enumerate().filter(|(_, byte)| !matches!(byte, b'\r' | b'\n'));
    while let Some((offset, byte)) = bytes.next() {
        if is_symbol(byte) {
            in_group = (in_group + 1) % 4;
            continue;
        }
        if byte != b'=' || in_group < 2 {
            return offset;
        }
        if in_group == 2 {
            match bytes.next() {
                Some((_, b'=')) => {}
                Some((second, _)) => return second - 1,
                None => return text.len(),
            }
        }
        return bytes.next().map_or(offset, |(trailing, _)| trailing);
    }
    text.len() - in_group
}

fn base64_decode(call: &Call) -> Result<Value, FunctionError> {
    let is_sensitive = call.is_any_sensitive();
    if call.is_any_unknown() {
        return Ok(Value::unknown(Type::String).with_mark(is_sensitive));
    }
    let bytes =
        decode(call.text(0)).map_err(|_| format!("failed to decode base64 data {}", redacted(call.text(0), is_sensitive)))?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Value::string(&text).with_mark(is_sensitive)),
        Err(_) => Err("the result of decoding the provided string is not valid UTF-8".into()),
    }
}

/// The set that the second argument names; none for one that is not known here.
fn character_set(call: &Call) -> Result<Option<CharacterSet>, FunctionError> {
    match character_set::find(call.text(1)) {
        Lookup::Found(set) => Ok(Some(set)),
        Lookup::Foreign => Ok(None),
        Lookup::Unsupported => unsuitable(
            1,
            format!("{} is not a supported IANA encoding name or alias in this Terraform version", go_quoted(call.text(1))),
        ),
    }
}

fn text_encode(call: &Call) -> Result<Value, FunctionError> {
    let Some(set) = character_set(call)? else {
        return Ok(Value::unknown(Type::String));
    };
    match set.encode(call.text(0)) {
        Some(bytes) => Ok(Value::string(&BASE64.encode(bytes))),
        None => unsuitable(0, format!("the given string contains characters that cannot be represented in {}", set.name())),
    }
}

fn text_decode(call: &Call) -> Result<Value, FunctionError> {
    let Some(set) = character_set(call)? else {
        return Ok(Value::unknown(Type::String));
    };
    let bytes = match decode(call.text(0)) {
        Ok(bytes) => bytes,
        Err(offset) => {
            return unsuitable(0, format!("the given value is has an invalid base64 symbol at offset {offset}"));
        }
    };
    match set.decode(&bytes).filter(|text| !text.contains(char::REPLACEMENT_CHARACTER)) {
        Some(text) => Ok(Value::string(&text)),
        None => unsuitable(0, format!("the given string contains symbols that are not defined for {}", set.name())),
    }
}
