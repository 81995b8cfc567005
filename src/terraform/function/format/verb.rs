//! Format strings: text with verbs such as `%-5.2f` and `%[2]s`.
//!
//! Source of the rules and the errors: go-cty, `stdlib/format.go` and `format_fsm.rl`.

use super::number;
use crate::diagnostic::grapheme::graphemes;
use crate::terraform::conversion::convert;
use crate::terraform::function::FunctionError;
use crate::terraform::function::json::encode::encode;
use crate::terraform::go_quote::{go_quoted, go_quoted_character};
use crate::terraform::value::{Type, Value, ValueKind};

/// The greatest width and precision: past that, Terraform would run out of memory.
const LARGEST_FIELD: usize = 1 << 20;

/// A verb with its flags.
pub(super) struct Verb<'f> {
    /// The verb as it is written.
    raw: &'f str,
    /// Its place in the format, in bytes.
    offset: usize,
    pub(super) letter: char,
    pub(super) pads_with_zeros: bool,
    pub(super) is_sharp: bool,
    pub(super) has_plus: bool,
    pub(super) is_left_justified: bool,
    pub(super) has_space: bool,
    pub(super) width: Option<usize>,
    pub(super) precision: Option<usize>,
    /// One-based number of the argument.
    argument: usize,
}

/// Formats arguments.
pub(super) fn format(format: &str, arguments: &[Value]) -> Result<String, FunctionError> {
    let mut out = String::new();
    let mut next_argument = 1;
    let mut highest_argument = 0;
    let mut at = 0;
    while let Some(found) = format[at..].find('%') {
        let start = at + found;
        out.push_str(&format[at..start]);
        if format[start + 1..].starts_with('%') {
            out.push('%');
            at = start + 2;
            continue;
        }
        let verb = Scanner { format, at: start + 1 }.verb(start, next_argument)?;
        highest_argument = highest_argument.max(verb.argument);
        next_argument = verb.argument + 1;
        at = start + verb.raw.len();
        out.push_str(&verb.apply(arguments)?);
    }
    out.push_str(&format[at..]);
    if highest_argument < arguments.len() {
        let message = match highest_argument {
            0 => "too many arguments; no verbs in format string".to_owned(),
            used => format!("too many arguments; only {used} used by format string"),
        };
        return Err(FunctionError::Argument(highest_argument + 1, message));
    }
    Ok(out)
}

struct Scanner<'f> {
    format: &'f str,
    at: usize,
}

impl<'f> Scanner<'f> {
    fn peek(&self) -> Option<char> {
        self.format[self.at..].chars().next()
    }

    /// Takes what comes behind the percent sign at `start`.
    fn verb(mut self, start: usize, next_argument: usize) -> Result<Verb<'f>, String> {
        let mut verb = Verb {
            raw: "",
            offset: start,
            letter: ' ',
            pads_with_zeros: false,
            is_sharp: false,
            has_plus: false,
            is_left_justified: false,
            has_space: false,
            width: None,
            precision: None,
            argument: next_argument,
        };
        while let Some(flag) = self.peek() {
            match flag {
                '0' => verb.pads_with_zeros = true,
                '#' => verb.is_sharp = true,
                '+' => verb.has_plus = true,
                '-' => verb.is_left_justified = true,
                ' ' => verb.has_space = true,
                _ => break,
            }
            self.at += 1;
        }
        if matches!(self.peek(), Some('1'..='9')) {
            verb.width = Some(self.number()?);
        }
        if self.peek() == Some('.') {
            self.at += 1;
            verb.precision = Some(self.number()?);
        }
        if self.peek() == Some('[') {
            self.at += 1;
            if !matches!(self.peek(), Some('1'..='9')) {
                return Err(self.unexpected());
            }
            verb.argument = self.number()?;
            if self.peek() != Some(']') {
                return Err(self.unexpected());
            }
            self.at += 1;
        }
        verb.letter = self.peek().filter(char::is_ascii_alphabetic).ok_or_else(|| self.unexpected())?;
        verb.raw = &self.format[start..=self.at];
        Ok(verb)
    }

    /// Takes digits; none are zero.
    fn number(&mut self) -> Result<usize, String> {
        let rest = &self.format[self.at..];
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        self.at += end;
        let number = if end == 0 { 0 } else { rest[..end].parse().unwrap_or(usize::MAX) };
        if number > LARGEST_FIELD { Err("a number in the format is too large".to_owned()) } else { Ok(number) }
    }

    fn unexpected(&self) -> String {
        match self.peek() {
            Some(other) => {
                format!("unrecognized format character {} at offset {}", go_quoted_character(other), self.at)
            }
            None => format!("invalid format string starting at offset {}", self.at),
        }
    }
}

impl Verb<'_> {
    fn apply(&self, arguments: &[Value]) -> Result<String, String> {
        let Some(argument) = arguments.get(self.argument - 1) else {
            return Err(format!(
                "not enough arguments for {} at {}: need index {} but have {} total",
                go_quoted(self.raw),
                self.offset,
                self.argument,
                arguments.len()
            ));
        };
        if self.letter != 'v' && argument.is_null() {
            return Err(self.unsupported("null value cannot be formatted"));
        }
        match self.letter {
            'v' => self.as_is(argument),
            't' => Ok(self.converted(argument, &Type::Bool)?.as_bool().unwrap_or_default().to_string()),
            'b' | 'd' | 'o' | 'x' | 'X' => {
                let converted = self.converted(argument, &Type::Number)?;
                let integer = converted.as_number().filter(|number| number.is_integer()).and_then(|n| n.truncate());
                let integer = integer.ok_or_else(|| self.unsupported("an integer is required"))?;
                Ok(number::integer(self, &integer))
            }
            'e' | 'E' | 'f' | 'g' | 'G' => {
                let converted = self.converted(argument, &Type::Number)?;
                let float = converted.as_number().and_then(|number| number::float(self, number));
                float.ok_or_else(|| self.unsupported("the number has too many digits"))
            }
            's' | 'q' => self.text(argument),
            other => Err(format!(
                "unsupported format verb {} in {} at offset {}",
                go_quoted_character(other),
                go_quoted(self.raw),
                self.offset
            )),
        }
    }

    fn unsupported(&self, reason: &str) -> String {
        format!("unsupported value for {} at {}: {reason}", go_quoted(self.raw), self.offset)
    }

    fn converted(&self, argument: &Value, ty: &Type) -> Result<Value, String> {
        convert(argument, ty).map_err(|error| self.unsupported(&error.message))
    }

    /// Text and numbers plainly, all else as JSON; with `#`, everything as JSON.
    fn as_is(&self, argument: &Value) -> Result<String, String> {
        let text = match &argument.kind {
            ValueKind::String(text) if !self.is_sharp => text.to_string(),
            ValueKind::Number(number) if !self.is_sharp => number::shortest(number),
            _ => encode(argument).map_err(|message| self.unsupported(&message))?,
        };
        Ok(self.padded(text))
    }

    /// A precision of zero does not cut.
    fn text(&self, argument: &Value) -> Result<String, String> {
        let converted = self.converted(argument, &Type::String)?;
        let text = converted.as_str().unwrap_or_default();
        let text = match self.precision {
            Some(precision) if precision > 0 => graphemes(text).take(precision).collect(),
            _ => text.to_owned(),
        };
        let text = if self.letter == 'q' { encode(&Value::string(&text))? } else { text };
        Ok(self.padded(text))
    }

    fn padded(&self, text: String) -> String {
        let Some(width) = self.width else { return text };
        let missing = width.saturating_sub(graphemes(&text).count());
        let padding = if self.pads_with_zeros { "0" } else { " " }.repeat(missing);
        if self.is_left_justified { text + &padding } else { padding + &text }
    }
}
