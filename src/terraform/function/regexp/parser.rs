//! From Go's syntax to Rust's.
//!
//! The parser keeps its own stack, so that depth costs no recursion, and writes every group with the flags that hold
//! there. Source of the rules: Go `regexp/syntax/parse.go`, with the flags of `syntax.Perl`.

use super::class;
use super::error::{
    INVALID_NAMED_CAPTURE, INVALID_PERL_SYNTAX, INVALID_REPEAT_COUNT, INVALID_REPEAT_OPERATOR, MISSING_PAREN,
    MISSING_REPEAT_ARGUMENT, NESTS_TOO_DEEPLY, SyntaxError, UNEXPECTED_PAREN,
};
use super::escape::{self, Rune};

/// The greatest repeat count, alone and as product of nested ones.
const MAX_REPEAT: u32 = 1000;
/// The greatest height of the syntax tree.
const MAX_HEIGHT: u32 = 1000;

/// A pattern for Rust's engine.
pub(super) struct Translation {
    /// The pattern; its groups have no names.
    pub(super) pattern: String,
    /// The names of the groups in order; empty where there is none.
    pub(super) groups: Vec<String>,
}

/// The flags that hold at a place.
#[derive(Debug, Clone, Copy, Default)]
struct Flags {
    ignores_case: bool,
    is_multi_line: bool,
    dot_matches_newline: bool,
    prefers_fewer: bool,
}

/// A translated part.
struct Part {
    text: String,
    /// The product of the repeat counts along the path that has the greatest.
    repeats: u32,
    height: u32,
}

/// A group that is open.
struct Group {
    /// What is written before its content.
    opening: &'static str,
    /// The flags that hold after it.
    outer_flags: Flags,
    /// The alternatives that are done.
    alternatives: Vec<Part>,
    /// The current alternative.
    parts: Vec<Part>,
}

impl Group {
    fn new(opening: &'static str, outer_flags: Flags) -> Self {
        Self { opening, outer_flags, alternatives: Vec::new(), parts: Vec::new() }
    }

    fn end_alternative(&mut self) {
        let parts = std::mem::take(&mut self.parts);
        self.alternatives.push(join(parts, ""));
    }

    fn close(mut self) -> Part {
        self.end_alternative();
        let content = join(self.alternatives, "|");
        Part { text: format!("{}{})", self.opening, content.text), repeats: content.repeats, height: content.height + 1 }
    }
}

fn join(parts: Vec<Part>, separator: &str) -> Part {
    let repeats = parts.iter().map(|part| part.repeats).max().unwrap_or(1);
    let height = parts.iter().map(|part| part.height).max().unwrap_or(0) + u32::from(parts.len() > 1);
    let texts: Vec<String> = parts.into_iter().map(|part| part.text).collect();
    Part { text: texts.join(separator), repeats, height }
}

/// Translates a pattern.
pub(super) fn translate(pattern: &str) -> Result<Translation, SyntaxError> {
    let mut parser = Parser {
        pattern,
        flags: Flags::default(),
        open: Vec::new(),
        current: Group::new("(?:", Flags::default()),
        groups: Vec::new(),
    };
    let mut rest = pattern;
    let mut last_repeat = None;
    while let Some(next) = rest.chars().next() {
        let before = rest;
        (rest, last_repeat) = match parser.repetition(next, before, last_repeat)? {
            Some(after) => (after, Some(before)),
            None => (parser.step(next, before)?, None),
        };
    }
    if !parser.open.is_empty() {
        return Err(SyntaxError::new(MISSING_PAREN, pattern));
    }
    Ok(Translation { pattern: parser.current.close().text, groups: parser.groups })
}

struct Parser<'p> {
    pattern: &'p str,
    flags: Flags,
    /// The groups around the current one.
    open: Vec<Group>,
    current: Group,
    groups: Vec<String>,
}

impl<'p> Parser<'p> {
    /// Takes what is no repetition, and returns the rest.
    fn step(&mut self, next: char, text: &'p str) -> Result<&'p str, SyntaxError> {
        let after = &text[next.len_utf8()..];
        match next {
            '(' if text.starts_with("(?") => return self.perl_group(text),
            '(' => self.open_group("(", Some("")),
            '|' => self.current.end_alternative(),
            ')' => self.close_group()?,
            '^' => self.push(if self.flags.is_multi_line { "(?m:^)" } else { r"\A" }),
            '$' => self.push(if self.flags.is_multi_line { "(?m:$)" } else { r"\z" }),
            '.' => self.push(if self.flags.dot_matches_newline { "(?s:.)" } else { "(?-s:.)" }),
            '[' => {
                let (class, after) = class::parse(text)?;
                self.push_class(&class);
                return Ok(after);
            }
            '\\' => return self.escaped(text),
            _ => self.push_character(Rune::from(next)),
        }
        Ok(after)
    }

    fn escaped(&mut self, text: &'p str) -> Result<&'p str, SyntaxError> {
        let zero_width = match text.as_bytes().get(1) {
            Some(b'A') => Some(r"\A"),
            Some(b'z') => Some(r"\z"),
            Some(b'b') => Some(r"(?-u:\b)"),
            Some(b'B') => Some(r"(?-u:\B)"),
            _ => None,
        };
        if let Some(zero_width) = zero_width {
            self.push(zero_width);
            return Ok(&text[2..]);
        }
        if let Some(quoted) = text.strip_prefix(r"\Q") {
            let (literal, rest) = quoted.split_once(r"\E").unwrap_or((quoted, ""));
            for character in literal.chars() {
                self.push_character(Rune::from(character));
            }
            return Ok(rest);
        }
        if let Some((class, rest)) = class::parse_escaped(text)? {
            self.push_class(&class);
            return Ok(rest);
        }
        let (character, rest) = escape::parse(text)?;
        self.push_character(character);
        Ok(rest)
    }

    /// Takes a repetition operator, where one stands, and returns the rest.
    fn repetition(&mut self, next: char, text: &'p str, last_repeat: Option<&'p str>) -> Result<Option<&'p str>, SyntaxError> {
        let (operator, count, after) = match next {
            '*' | '+' | '?' => (next.to_string(), None, &text[1..]),
            '{' => match count(text) {
                Some((count, after)) => (count.to_string(), Some(count), after),
                None => return Ok(None),
            },
            _ => return Ok(None),
        };
        if count.is_some_and(|count| !count.is_in_bounds()) {
            return Err(SyntaxError::new(INVALID_REPEAT_COUNT, consumed(text, after)));
        }
        let (is_swapped, after) = match after.strip_prefix('?') {
            Some(after) => (true, after),
            None => (false, after),
        };
        if let Some(last_repeat) = last_repeat {
            return Err(SyntaxError::new(INVALID_REPEAT_OPERATOR, consumed(last_repeat, after)));
        }
        let Some(part) = self.current.parts.pop() else {
            return Err(SyntaxError::new(MISSING_REPEAT_ARGUMENT, consumed(text, after)));
        };
        let repeats = part.repeats.saturating_mul(count.map_or(1, |count| count.factor()));
        if count.is_some_and(|count| count.is_checked()) && repeats > MAX_REPEAT {
            return Err(SyntaxError::new(INVALID_REPEAT_COUNT, consumed(text, after)));
        }
        let fewer = if self.flags.prefers_fewer == is_swapped { "" } else { "?" };
        let height = part.height + 1;
        if height > MAX_HEIGHT {
            return Err(SyntaxError::new(NESTS_TOO_DEEPLY, self.pattern));
        }
        self.current.parts.push(Part { text: format!("(?:{}){operator}{fewer}", part.text), repeats, height });
        Ok(Some(after))
    }

    /// Takes `(?`: a named group, or flags with or without a group.
    fn perl_group(&mut self, text: &'p str) -> Result<&'p str, SyntaxError> {
        if let Some(named) = text.strip_prefix("(?P<").or_else(|| text.strip_prefix("(?<")) {
            let Some((name, rest)) = named.split_once('>') else {
                return Err(SyntaxError::new(INVALID_NAMED_CAPTURE, text));
            };
            if name.is_empty() || !name.bytes().all(|b| b == b'_' || b.is_ascii_alphanumeric()) {
                return Err(SyntaxError::new(INVALID_NAMED_CAPTURE, consumed(text, rest)));
            }
            self.open_group("(", Some(name));
            return Ok(rest);
        }
        let mut flags = self.flags;
        let mut is_set = true;
        let mut is_flag_missing = false;
        let mut chars = text[2..].chars();
        while let Some(next) = chars.next() {
            match next {
                'i' => flags.ignores_case = is_set,
                'm' => flags.is_multi_line = is_set,
                's' => flags.dot_matches_newline = is_set,
                'U' => flags.prefers_fewer = is_set,
                '-' if is_set => {
                    is_set = false;
                    is_flag_missing = true;
                    continue;
                }
                ':' | ')' if !is_flag_missing => {
                    if next == ':' {
                        self.open_group("(?:", None);
                    }
                    self.flags = flags;
                    return Ok(chars.as_str());
                }
                _ => break,
            }
            is_flag_missing = false;
        }
        Err(SyntaxError::new(INVALID_PERL_SYNTAX, consumed(text, chars.as_str())))
    }

    fn open_group(&mut self, opening: &'static str, capture: Option<&str>) {
        self.groups.extend(capture.map(str::to_owned));
        let outer = std::mem::replace(&mut self.current, Group::new(opening, self.flags));
        self.open.push(outer);
    }

    fn close_group(&mut self) -> Result<(), SyntaxError> {
        let Some(outer) = self.open.pop() else {
            return Err(SyntaxError::new(UNEXPECTED_PAREN, self.pattern));
        };
        let inner = std::mem::replace(&mut self.current, outer);
        self.flags = inner.outer_flags;
        let part = inner.close();
        if part.height > MAX_HEIGHT {
            return Err(SyntaxError::new(NESTS_TOO_DEEPLY, self.pattern));
        }
        self.current.parts.push(part);
        Ok(())
    }

    fn push(&mut self, text: &str) {
        self.current.parts.push(Part { text: text.to_owned(), repeats: 1, height: 1 });
    }

    fn push_class(&mut self, class: &str) {
        if self.flags.ignores_case {
            self.push(&format!("(?i:{class})"));
        } else {
            self.push(class);
        }
    }

    fn push_character(&mut self, character: Rune) {
        match char::from_u32(character) {
            Some(character) => self.push_class(&regex::escape(character.encode_utf8(&mut [0; 4]))),
            None => self.push(class::NOTHING),
        }
    }
}

/// The part of a text that was taken.
fn consumed<'t>(text: &'t str, rest: &str) -> &'t str {
    &text[..text.len() - rest.len()]
}

/// `{least}`, `{least,}` or `{least,most}`; a number that is far too great is `u32::MAX`.
#[derive(Debug, Clone, Copy)]
struct Count {
    least: u32,
    most: Option<u32>,
}

impl Count {
    fn is_in_bounds(self) -> bool {
        self.least <= MAX_REPEAT && self.most.is_none_or(|most| most <= MAX_REPEAT && self.least <= most)
    }

    /// Go looks at the product of nested counts only where one repeats.
    fn is_checked(self) -> bool {
        self.least >= 2 || self.most.is_some_and(|most| most >= 2)
    }

    fn factor(self) -> u32 {
        self.most.unwrap_or(self.least).max(1)
    }
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.most {
            Some(most) => write!(f, "{{{},{most}}}", self.least),
            None => write!(f, "{{{},}}", self.least),
        }
    }
}

/// The count that a text starts with, and the rest; none where the brace is literal.
fn count(text: &str) -> Option<(Count, &str)> {
    let (least, rest) = number(text.strip_prefix('{')?)?;
    if let Some(rest) = rest.strip_prefix('}') {
        return Some((Count { least, most: Some(least) }, rest));
    }
    let rest = rest.strip_prefix(',')?;
    if let Some(rest) = rest.strip_prefix('}') {
        return Some((Count { least, most: None }, rest));
    }
    let (most, rest) = number(rest)?;
    Some((Count { least, most: Some(most) }, rest.strip_prefix('}')?))
}

/// A number without a leading zero.
fn number(text: &str) -> Option<(u32, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    if digits.is_empty() || (digits.len() > 1 && digits.starts_with('0')) {
        return None;
    }
    Some((digits.parse().unwrap_or(u32::MAX), rest))
}
