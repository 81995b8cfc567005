//! Hashes, of text and of files, and what is made of them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest, Md5};
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use uuid::{Builder, Uuid};

use super::filesystem;
use super::parameter::{number, string};
use super::{Call, Function, FunctionError, Parameter};
use crate::terraform::go_quote::go_quoted;
use crate::terraform::value::{Type, Value};

pub(super) const TABLE: &[Function] = &[
    Function::fixed("base64sha256", STR, string, |call| Ok(of_text(call, sha256, in_base64))),
    Function::fixed("base64sha512", STR, string, |call| Ok(of_text(call, sha512, in_base64))),
    Function::fixed("bcrypt", STR, string, unpredictable).with_variadic(&Parameter::new("cost", number)),
    Function::fixed("filebase64sha256", PATH, string, |call| of_file(call, sha256, in_base64)),
    Function::fixed("filebase64sha512", PATH, string, |call| of_file(call, sha512, in_base64)),
    Function::fixed("filemd5", PATH, string, |call| of_file(call, md5, in_hexadecimal)),
    Function::fixed("filesha1", PATH, string, |call| of_file(call, sha1, in_hexadecimal)),
    Function::fixed("filesha256", PATH, string, |call| of_file(call, sha256, in_hexadecimal)),
    Function::fixed("filesha512", PATH, string, |call| of_file(call, sha512, in_hexadecimal)),
    Function::fixed("md5", STR, string, |call| Ok(of_text(call, md5, in_hexadecimal))),
    Function::fixed("sha1", STR, string, |call| Ok(of_text(call, sha1, in_hexadecimal))),
    Function::fixed("sha256", STR, string, |call| Ok(of_text(call, sha256, in_hexadecimal))),
    Function::fixed("sha512", STR, string, |call| Ok(of_text(call, sha512, in_hexadecimal))),
    Function::fixed("uuid", &[], string, unpredictable),
    Function::fixed("uuidv5", &[Parameter::new("namespace", string), Parameter::new("name", string)], string, |call| {
        let namespace = namespace(call.text(0))?;
        Ok(Value::string(&version_5(&namespace, call.text(1)).to_string()))
    }),
];

const STR: &[Parameter] = &[Parameter::new("str", string)];
const PATH: &[Parameter] = &[Parameter::new("path", string)];

/// What differs from run to run cannot be known before Terraform runs.
fn unpredictable(call: &Call) -> Result<Value, FunctionError> {
    Ok(call.unknown_result())
}

fn md5(content: &[u8]) -> Vec<u8> {
    Md5::digest(content).to_vec()
}

fn sha1(content: &[u8]) -> Vec<u8> {
    Sha1::digest(content).to_vec()
}

fn sha256(content: &[u8]) -> Vec<u8> {
    Sha256::digest(content).to_vec()
}

fn sha512(content: &[u8]) -> Vec<u8> {
    Sha512::digest(content).to_vec()
}

fn in_base64(digest: &[u8]) -> String {
    STANDARD.encode(digest)
}

fn in_hexadecimal(digest: &[u8]) -> String {
    hex::encode(digest)
}

fn of_text(call: &Call, hash: fn(&[u8]) -> Vec<u8>, encode: fn(&[u8]) -> String) -> Value {
    Value::string(&encode(&hash(call.text(0).as_bytes())))
}

fn of_file(call: &Call, hash: fn(&[u8]) -> Vec<u8>, encode: fn(&[u8]) -> String) -> Result<Value, FunctionError> {
    let Some(path) = filesystem::home::expand_to_read(call.text(0), call.files)? else {
        return Ok(Value::unknown(Type::String));
    };
    let content = call.files.read(&path).map_err(|error| filesystem::open_error(&path, &error))?;
    Ok(Value::string(&encode(&hash(&content))))
}

fn version_5(namespace: &Uuid, name: &str) -> Uuid {
    let mut digest = [0; 16];
    digest.copy_from_slice(&sha1(&[namespace.as_bytes(), name.as_bytes()].concat())[..16]);
    Builder::from_sha1_bytes(digest).into_uuid()
}

/// A well-known name or a UUID in one of the four forms that Go's package reads.
fn namespace(name: &str) -> Result<Uuid, String> {
    match name {
        "dns" => return Ok(Uuid::NAMESPACE_DNS),
        "url" => return Ok(Uuid::NAMESPACE_URL),
        "oid" => return Ok(Uuid::NAMESPACE_OID),
        "x500" => return Ok(Uuid::NAMESPACE_X500),
        _ => {}
    }
    let is_urn = name.get(..9).is_some_and(|prefix| prefix.eq_ignore_ascii_case("urn:uuid:"));
    let reason = match name.len() {
        32 | 36 | 38 => "invalid UUID format".to_owned(),
        45 if is_urn => "invalid UUID format".to_owned(),
        45 => format!("invalid urn prefix: {}", go_quoted(name.get(..9).unwrap_or_default())),
        other => format!("invalid UUID length: {other}"),
    };
    let digits = match name.len() {
        32 | 36 => name,
        // Go does not look at the braces.
        38 => name.get(1..37).unwrap_or_default(),
        45 if is_urn => name.get(9..).unwrap_or_default(),
        _ => "",
    };
    let is_valid = digits.len() != 36 || [8, 13, 18, 23].iter().all(|at| digits.as_bytes()[*at] == b'-');
    let uuid = if is_valid { Uuid::try_parse(digits).ok() } else { None };
    uuid.ok_or_else(|| format!("uuidv5() doesn't support namespace {name} ({reason})"))
}
