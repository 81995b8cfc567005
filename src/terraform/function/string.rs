//! String functions, but for patterns and formats.
//!
//! A character is a grapheme cluster where Terraform counts (`substr`, `strrev`), and a code point where it matches
//! (`trim`).

use super::argument::unsuitable;
use super::parameter::{bool, list_of_strings, number, string};
use super::{Call, Function, FunctionError, Parameter};
use crate::diagnostic::grapheme::graphemes;
use crate::terraform::value::{Type, Value};

pub(super) const TABLE: &[Function] = &[
    Function::fixed("chomp", &[STR], string, |call| Ok(Value::string(call.text(0).trim_end_matches(['\r', '\n'])))),
    Function::fixed("endswith", &[STR, Parameter::new("suffix", string)], bool, |call| {
        Ok(Value::from(call.text(0).ends_with(call.text(1))))
    }),
    Function::fixed("indent", &[Parameter::new("spaces", number), STR], string, indent),
    Function::fixed("join", &[Parameter::new("separator", string)], string, join)
        .with_variadic(&Parameter::new("lists", list_of_strings)),
    Function::fixed("lower", &[STR.dynamic()], string, |call| Ok(Value::string(&lower(call.text(0))))),
    Function::fixed("split", &[Parameter::new("separator", string), STR], list_of_strings, split),
    Function::fixed("startswith", &[STR.unknown(), Parameter::new("prefix", string)], bool, |call| {
        if call.text(1).is_empty() {
            return Ok(Value::from(true));
        }
        if call.is_any_unknown() {
            return Ok(Value::unknown(Type::Bool));
        }
        Ok(Value::from(call.text(0).starts_with(call.text(1))))
    }),
    Function::fixed("strcontains", &[STR, Parameter::new("substr", string)], bool, |call| {
        Ok(Value::from(call.text(0).contains(call.text(1))))
    }),
    Function::fixed("strrev", &[STR.dynamic()], string, |call| {
        let clusters: Vec<&str> = graphemes(call.text(0)).collect();
        Ok(Value::string(&clusters.into_iter().rev().collect::<String>()))
    }),
    Function::fixed(
        "substr",
        &[STR.dynamic(), Parameter::new("offset", number).dynamic(), Parameter::new("length", number).dynamic()],
        string,
        substr,
    ),
    Function::fixed("title", &[STR], string, |call| Ok(Value::string(&title(call.text(0))))),
    Function::fixed("trim", &[STR, Parameter::new("cutset", string)], string, |call| {
        Ok(Value::string(call.text(0).trim_matches(|c| call.text(1).contains(c))))
    }),
    Function::fixed("trimprefix", &[STR, Parameter::new("prefix", string)], string, |call| {
        Ok(Value::string(call.text(0).strip_prefix(call.text(1)).unwrap_or(call.text(0))))
    }),
    Function::fixed("trimspace", &[STR], string, |call| Ok(Value::string(call.text(0).trim()))),
    Function::fixed("trimsuffix", &[STR, Parameter::new("suffix", string)], string, |call| {
        Ok(Value::string(call.text(0).strip_suffix(call.text(1)).unwrap_or(call.text(0))))
    }),
    Function::fixed("upper", &[STR.dynamic()], string, |call| Ok(Value::string(&upper(call.text(0))))),
];

const STR: Parameter = Parameter::new("str", string);

fn indent(call: &Call) -> Result<Value, FunctionError> {
    let spaces = usize::try_from(call.integer(0)?).map_err(|_| "strings: negative Repeat count")?;
    let text = call.text(1);
    let lines = text.matches('\n').count();
    if lines == 0 {
        return Ok(Value::string(text));
    }
    if spaces.saturating_mul(lines) > LARGEST_TEXT {
        return Err(TOO_LARGE.into());
    }
    Ok(Value::string(&text.replace('\n', &format!("\n{}", " ".repeat(spaces)))))
}

/// The longest text that a function makes, in bytes: far past it, Terraform would run out of memory.
pub(super) const LARGEST_TEXT: usize = 1 << 28;

/// What is said of a longer one.
pub(super) const TOO_LARGE: &str = "the result is too large";

fn join(call: &Call) -> Result<Value, FunctionError> {
    let lists = call.arguments.get(1..).unwrap_or_default();
    if lists.is_empty() {
        return Err("at least one list is required".into());
    }
    if !lists.iter().all(Value::is_wholly_known) {
        return Ok(Value::unknown(Type::String));
    }
    let mut parts = Vec::new();
    for list in 1..=lists.len() {
        for (index, element) in call.elements(list).iter().enumerate() {
            let Some(text) = element.as_str() else {
                let of_list = if lists.len() > 1 { format!(" of list {list}") } else { String::new() };
                return unsuitable(list, format!("element {index}{of_list} is null; cannot concatenate null values"));
            };
            parts.push(text);
        }
    }
    let separator = call.text(0);
    let length = parts.iter().fold(0, |length: usize, part| length.saturating_add(part.len() + separator.len()));
    if length > LARGEST_TEXT {
        return Err(TOO_LARGE.into());
    }
    Ok(Value::string(&parts.join(separator)))
}

fn split(call: &Call) -> Result<Value, FunctionError> {
    let (separator, text) = (call.text(0), call.text(1));
    let parts: Vec<Value> = if separator.is_empty() {
        text.chars().map(|c| Value::string(c.encode_utf8(&mut [0; 4]))).collect()
    } else {
        text.split(separator).map(Value::string).collect()
    };
    Ok(Value::list(Type::String, parts))
}

fn substr(call: &Call) -> Result<Value, FunctionError> {
    let (offset, length) = (call.integer(1)?, call.integer(2)?);
    if offset >= 0 && length == 0 {
        return Ok(Value::string(""));
    }
    let clusters: Vec<&str> = graphemes(call.text(0)).collect();
    // An offset before the start counts as the start, but does not shorten the length.
    let from_start = if offset < 0 { offset.saturating_add_unsigned(clusters.len() as u64) } else { offset };
    let start = usize::try_from(from_start).unwrap_or(0).min(clusters.len());
    let rest = &clusters[start..];
    // Terraform takes a length of zero as all the rest when the offset is negative.
    let taken = if length > 0 { usize::try_from(length).unwrap_or(usize::MAX).min(rest.len()) } else { rest.len() };
    Ok(Value::string(&rest[..taken].concat()))
}

/// Each code point that has a capital of one code point becomes it, as Go has it: `ß` stays.
fn upper(text: &str) -> String {
    text.chars().map(|c| single(c, c.to_uppercase())).collect()
}

fn lower(text: &str) -> String {
    text.chars().map(|c| if c == 'İ' { 'i' } else { single(c, c.to_lowercase()) }).collect()
}

/// The mapping of a character, where it is one character.
fn single(character: char, mut mapped: impl Iterator<Item = char>) -> char {
    match (mapped.next(), mapped.next()) {
        (Some(mapped), None) => mapped,
        _ => character,
    }
}

/// Words with a capital; a word begins behind a space or what is neither letter, digit nor underscore.
///
/// Source: Go, `strings.Title`.
fn title(text: &str) -> String {
    let mut before = ' ';
    text.chars()
        .map(|c| {
            let starts_word = is_separator(before);
            before = c;
            if starts_word { title_case(c) } else { c }
        })
        .collect()
}

fn is_separator(character: char) -> bool {
    if character.is_ascii() {
        return !character.is_ascii_alphanumeric() && character != '_';
    }
    !character.is_alphanumeric() && character.is_whitespace()
}

/// The title case, which differs from the capital for the digraphs alone.
fn title_case(character: char) -> char {
    match character {
        'Ǆ'..='ǆ' => 'ǅ',
        'Ǉ'..='ǉ' => 'ǈ',
        'Ǌ'..='ǌ' => 'ǋ',
        'Ǳ'..='ǳ' => 'ǲ',
        _ => single(character, character.to_uppercase()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Callee, NoFiles, find};
    use super::*;

    /// The length of the text that a call gives, or nothing where it is refused as too large.
    #[track_caller]
    fn check_length(name: &str, arguments: &[Value], expected: Option<usize>) {
        let Ok(Callee::BuiltIn(function)) = find(name) else { panic!("{name} is no function") };
        let result = function.call(arguments, &NoFiles);
        assert!(result.is_ok() || result.as_ref().is_err_and(|error| error.detail(name).contains(TOO_LARGE)), "{result:?}");
        assert_eq!(result.ok().and_then(|value| Some(value.as_str()?.len())), expected);
    }

    #[test]
    fn text_without_a_second_line_is_not_indented_however_far() {
        check_length("indent", &[Value::from(10_000_000_000_i64), Value::from("a")], Some(1));
        check_length("indent", &[Value::from(10_000_000_000_i64), Value::from("a\nb")], None);
    }

    #[test]
    fn text_that_would_take_all_memory_is_not_made() {
        let long = Value::string(&"a".repeat(1 << 16));
        let list = |length: usize| Value::list(Type::String, vec![Value::from("b"); length]);
        check_length("join", &[long.clone(), list(2)], Some((1 << 16) + 2));
        check_length("join", &[long.clone(), list(1 << 13)], None);
        check_length("replace", &[Value::from("ab"), Value::from("a"), long.clone()], Some((1 << 16) + 1));
        check_length("replace", &[long.clone(), Value::from("a"), long.clone()], None);
        check_length("replace", &[Value::from("ab"), Value::from("/a/"), long.clone()], Some((1 << 16) + 1));
        check_length("replace", &[long.clone(), Value::from("/a/"), long], None);
    }
}
