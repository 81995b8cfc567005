//! A value from JSON text, with the errors of Go's decoder.
//!
//! The reader is our own because a value's numbers must keep every digit and the errors are part of the contract.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::terraform::go_quote::go_quoted_character;
use crate::terraform::number::Number;
use crate::terraform::value::{Type, Value, normalized};

/// Nesting past which a document is refused.
const MAX_DEPTH: usize = 512;

/// Reads one document; the error is Go's text.
pub(super) fn decode(text: &str) -> Result<Value, String> {
    let mut reader = Reader { text, at: 0 };
    reader.skip_space();
    let value = reader.value(0)?;
    reader.skip_space();
    match reader.peek() {
        None => Ok(value),
        // Closing brackets are not looked at any more.
        Some(']' | '}') => Ok(value),
        Some(_) => Err("extraneous data after JSON object".to_owned()),
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
    }

    /// The error about the next character, between values.
    fn unexpected(&self, context: &str) -> String {
        if self.rest().is_empty() { "EOF".to_owned() } else { self.invalid(context) }
    }

    /// The error about the next character, inside a word, number or string.
    fn invalid(&self, context: &str) -> String {
        match self.rest().bytes().next() {
            // Go looks at bytes.
            Some(byte) => format!("invalid character {}{context}", go_quoted_character(char::from(byte))),
            None => "unexpected EOF".to_owned(),
        }
    }

    fn value(&mut self, depth: usize) -> Result<Value, String> {
        if depth > MAX_DEPTH {
            return Err("exceeded max depth".to_owned());
        }
        match self.peek() {
            Some('{') => self.object(depth),
            Some('[') => self.array(depth),
            Some('"') => Ok(Value::string(&self.string()?)),
            Some('t') => self.word("true", Value::from(true)),
            Some('f') => self.word("false", Value::from(false)),
            Some('n') => self.word("null", Value::null(Type::Dynamic)),
            Some('-' | '0'..='9') => self.number(),
            _ => Err(self.unexpected(" looking for beginning of value")),
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, String> {
        self.at += 1;
        for expected in word.chars().skip(1) {
            if self.peek() != Some(expected) {
                return Err(self.invalid(&format!(" in literal {word} (expecting {})", go_quoted_character(expected))));
            }
            self.at += 1;
        }
        Ok(value)
    }

    fn array(&mut self, depth: usize) -> Result<Value, String> {
        self.at += 1;
        let mut elements = Vec::new();
        self.skip_space();
        if self.peek() == Some(']') {
            self.at += 1;
            return Ok(Value::tuple(elements));
        }
        loop {
            self.skip_space();
            elements.push(self.value(depth + 1)?);
            self.skip_space();
            match self.peek() {
                Some(',') => self.at += 1,
                Some(']') => break,
                _ => return Err(self.unexpected(" after array element")),
            }
        }
        self.at += 1;
        Ok(Value::tuple(elements))
    }

    fn object(&mut self, depth: usize) -> Result<Value, String> {
        self.at += 1;
        let mut attributes = BTreeMap::new();
        self.skip_space();
        if self.peek() == Some('}') {
            self.at += 1;
            return Ok(Value::object(attributes));
        }
        // Go has no words for what is no first key.
        let mut context = "";
        loop {
            self.skip_space();
            if self.peek() != Some('"') {
                return Err(self.unexpected(context));
            }
            let name: Arc<str> = normalized(&self.string()?);
            self.skip_space();
            if self.peek() != Some(':') {
                return Err(self.unexpected(" after object key"));
            }
            self.at += 1;
            self.skip_space();
            attributes.insert(name, self.value(depth + 1)?);
            self.skip_space();
            match self.peek() {
                Some(',') => self.at += 1,
                Some('}') => break,
                _ => return Err(self.unexpected(" after object key:value pair")),
            }
            context = " looking for beginning of object key string";
        }
        self.at += 1;
        Ok(Value::object(attributes))
    }

    fn number(&mut self) -> Result<Value, String> {
        let start = self.at;
        if self.peek() == Some('-') {
            self.at += 1;
        }
        match self.peek() {
            Some('0') => self.at += 1,
            Some('1'..='9') => self.digits(),
            _ => return Err(self.invalid(" in numeric literal")),
        }
        if self.peek() == Some('.') {
            self.at += 1;
            if !self.peek().is_some_and(|c| c.is_ascii_digit()) {
                return Err(self.invalid(" after decimal point in numeric literal"));
            }
            self.digits();
        }
        if matches!(self.peek(), Some('e' | 'E')) {
            self.at += 1;
            if matches!(self.peek(), Some('+' | '-')) {
                self.at += 1;
            }
            if !self.peek().is_some_and(|c| c.is_ascii_digit()) {
                return Err(self.invalid(" in exponent of numeric literal"));
            }
            self.digits();
        }
        let text = &self.text[start..self.at];
        Number::parse(text).map(Value::from).ok_or_else(|| format!("cannot parse {text} as a number"))
    }

    fn digits(&mut self) {
        let rest = self.rest();
        self.at += rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    }

    /// Takes a string; a surrogate without its other half becomes U+FFFD.
    fn string(&mut self) -> Result<String, String> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let Some(next) = self.peek() else {
                return Err("unexpected EOF".to_owned());
            };
            match next {
                '"' => {
                    self.at += 1;
                    return Ok(out);
                }
                '\\' => {
                    self.at += 1;
                    self.escape(&mut out)?;
                }
                '\0'..='\u{1f}' => return Err(self.invalid(" in string literal")),
                _ => {
                    out.push(next);
                    self.at += next.len_utf8();
                }
            }
        }
    }

    fn escape(&mut self, out: &mut String) -> Result<(), String> {
        let character = match self.peek() {
            Some(same @ ('"' | '\\' | '/')) => same,
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => {
                self.at += 1;
                out.push(self.code_point()?);
                return Ok(());
            }
            _ => return Err(self.invalid(" in string escape code")),
        };
        self.at += 1;
        out.push(character);
        Ok(())
    }

    /// The character of `\uXXXX`, with the second half of a surrogate pair.
    fn code_point(&mut self) -> Result<char, String> {
        let first = self.hexadecimal()?;
        let Some(character) = char::from_u32(first) else {
            let before_second = self.at;
            if (0xD800..0xDC00).contains(&first) && self.rest().starts_with("\\u") {
                self.at += 2;
                let second = self.hexadecimal()?;
                if (0xDC00..0xE000).contains(&second) {
                    let code = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
                    return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                }
                self.at = before_second;
            }
            return Ok(char::REPLACEMENT_CHARACTER);
        };
        Ok(character)
    }

    fn hexadecimal(&mut self) -> Result<u32, String> {
        let mut code = 0;
        for _ in 0..4 {
            let Some(digit) = self.peek().and_then(|c| c.to_digit(16)) else {
                return Err(self.invalid(" in \\u hexadecimal character escape"));
            };
            code = code * 16 + digit;
            self.at += 1;
        }
        Ok(code)
    }
}
