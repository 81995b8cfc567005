//! Character classes.

use std::fmt::Write as _;

use super::error::{INVALID_CHAR_RANGE, MISSING_BRACKET, SyntaxError};
use super::escape::{self, Rune};
use super::unicode;

/// Writes a class that matches nothing.
pub(super) const NOTHING: &str = r"[^\x{0}-\x{10FFFF}]";

/// The names between `[:` and `:]`; the engines agree on their members.
const POSIX: &[&str] = &[
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "word", "xdigit",
];

/// A class that stands outside of brackets, such as `\d` and `\p{Greek}`; none when the text starts with no such class.
pub(super) fn parse_escaped(text: &str) -> Result<Option<(String, &str)>, SyntaxError> {
    if let Some((class, rest)) = perl(text) {
        return Ok(Some((class.to_owned(), rest)));
    }
    unicode_class(text)
}

/// The class in brackets that a text starts with.
pub(super) fn parse(text: &str) -> Result<(String, &str), SyntaxError> {
    let mut class = String::from("[");
    let mut rest = &text[1..];
    if let Some(after) = rest.strip_prefix('^') {
        class.push('^');
        rest = after;
    }
    let opening = class.len();
    let mut is_first = true;
    while is_first || !rest.starts_with(']') {
        is_first = false;
        if let Some((member, after)) = posix(rest)? {
            class.push_str(&member);
            rest = after;
            continue;
        }
        if let Some((member, after)) = parse_escaped(rest)? {
            class.push_str(&member);
            rest = after;
            continue;
        }
        let (low, after) = character(rest, text)?;
        let (high, after) = match after.strip_prefix('-') {
            Some(end) if !end.is_empty() && !end.starts_with(']') => character(end, text)?,
            _ => (low, after),
        };
        if high < low {
            return Err(SyntaxError::new(INVALID_CHAR_RANGE, &rest[..rest.len() - after.len()]));
        }
        push_range(&mut class, low, high);
        rest = after;
    }
    if class.len() == opening {
        class.push_str(NOTHING);
    }
    class.push(']');
    Ok((class, &rest[1..]))
}

/// A character of a class; `class` is the text from its bracket on.
fn character<'t>(text: &'t str, class: &str) -> Result<(Rune, &'t str), SyntaxError> {
    if text.starts_with('\\') {
        return escape::parse(text);
    }
    let mut chars = text.chars();
    let Some(next) = chars.next() else {
        return Err(SyntaxError::new(MISSING_BRACKET, class));
    };
    Ok((Rune::from(next), chars.as_str()))
}

/// Appends a range without its surrogates.
fn push_range(class: &mut String, low: Rune, high: Rune) {
    let is_surrogate = |rune| (0xD800..=0xDFFF).contains(&rune);
    let low = if is_surrogate(low) { 0xE000 } else { low };
    let high = if is_surrogate(high) { 0xD7FF } else { high };
    if low <= high {
        // Writing to a String cannot fail.
        let _ = write!(class, r"\x{{{low:X}}}-\x{{{high:X}}}");
    }
}

/// `[:name:]`
fn posix(text: &str) -> Result<Option<(String, &str)>, SyntaxError> {
    let Some(end) = text.strip_prefix("[:").and_then(|_| text.find(":]")) else {
        return Ok(None);
    };
    let (class, rest) = text.split_at(end + 2);
    let name = class.get(2..end).unwrap_or_default();
    if !POSIX.contains(&name.strip_prefix('^').unwrap_or(name)) {
        return Err(SyntaxError::new(INVALID_CHAR_RANGE, class));
    }
    Ok(Some((class.to_owned(), rest)))
}

/// `\d` and its like, which are ASCII.
fn perl(text: &str) -> Option<(&'static str, &str)> {
    let class = match text.get(..2)? {
        r"\d" => "[0-9]",
        r"\D" => "[^0-9]",
        r"\s" => r"[\t\n\f\r ]",
        r"\S" => r"[^\t\n\f\r ]",
        r"\w" => "[0-9A-Za-z_]",
        r"\W" => "[^0-9A-Za-z_]",
        _ => return None,
    };
    Some((class, &text[2..]))
}

/// `\pN`, `\p{Greek}`, `\P{^Greek}`
fn unicode_class(text: &str) -> Result<Option<(String, &str)>, SyntaxError> {
    let Some(after) = text.strip_prefix(r"\p").or_else(|| text.strip_prefix(r"\P")) else {
        return Ok(None);
    };
    let invalid = |class: &str| SyntaxError::new(INVALID_CHAR_RANGE, class);
    let (name, rest) = match after.strip_prefix('{') {
        Some(braced) => braced.split_once('}').ok_or_else(|| invalid(text))?,
        None => after.split_at(after.chars().next().map_or(0, char::len_utf8)),
    };
    let is_negated = text.starts_with(r"\P") != name.starts_with('^');
    let class =
        unicode::class(name.strip_prefix('^').unwrap_or(name)).ok_or_else(|| invalid(&text[..text.len() - rest.len()]))?;
    Ok(Some((if is_negated { format!("[^{class}]") } else { class }, rest)))
}
