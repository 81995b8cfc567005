//! A value from the events of a YAML document.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use libyaml_safer::{ErrorKind, Event, EventData, Mark, Parser, ScalarStyle};

use super::guard;
use super::scalar::{self, Scalar};
use crate::terraform::conversion::convert;
use crate::terraform::go_quote::go_quoted;
use crate::terraform::value::{Type, Value};

/// Nesting past which a document is refused.
const MAX_DEPTH: usize = 256;
/// The most values that a document may stand for: aliases multiply them.
const MAX_VALUES: usize = 1 << 20;

/// Ends a last line that has no end: the parser panics where such a line belongs to a block scalar. Of all line breaks this one is
/// kept as it is, so that it can be told from the document's own and taken away again.
const LINE_END: char = '\u{2029}';

/// Reads one document; the error is Terraform's text.
pub(super) fn decode(text: &str) -> Result<Value, String> {
    let source = match text {
        "" => Cow::Borrowed("\n"),
        _ if ends_in_block_scalar(text) => Cow::Owned(format!("{text}{LINE_END}")),
        _ => Cow::Borrowed(text),
    };
    let mut bytes = source.as_bytes();
    let mut parser = Parser::new();
    parser.set_input_string(&mut bytes);
    let mut decoder = Decoder {
        parser,
        length: text.len(),
        cut_off: if text.ends_with('\\') { "found unknown escape character" } else { "found unexpected end of stream" },
        pending: BTreeMap::new(),
        anchors: BTreeMap::new(),
        values: 0,
        depth: 0,
    };
    decoder.next()?;
    let start = decoder.next()?;
    if !matches!(start.data, EventData::DocumentStart { .. }) {
        return Err(at(&start, "missing start of document"));
    }
    let first = decoder.next()?;
    let value = decoder.value(first)?;
    let end = decoder.next()?;
    match &end.data {
        EventData::DocumentEnd { .. } => {}
        EventData::DocumentStart { .. } => return Err(at(&end, "only a single document is allowed")),
        _ => return Err(at(&end, "unexpected extra content after value")),
    }
    let end = decoder.next()?;
    match &end.data {
        EventData::StreamEnd => Ok(value),
        _ => Err(at(&end, "unexpected extra content after value")),
    }
}

/// Whether the last line has no end, and a line before it ends as the header of a block scalar does.
fn ends_in_block_scalar(text: &str) -> bool {
    let is_header = |line: &str| {
        let line = line.split(" #").next().unwrap_or_default().trim_end();
        line.trim_end_matches(|c: char| matches!(c, '+' | '-' | '0'..='9')).ends_with(['|', '>'])
    };
    let is_break = |c| matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | LINE_END);
    !text.ends_with(is_break) && text.split(is_break).any(is_header)
}

struct Decoder<'t, 'b> {
    parser: Parser<&'b mut &'t [u8]>,
    /// Of the document, in bytes.
    length: usize,
    /// What to say where the document ends in the middle of a token.
    cut_off: &'static str,
    /// Anchors whose value is being read, and how often.
    pending: BTreeMap<String, usize>,
    anchors: BTreeMap<String, Value>,
    values: usize,
    depth: usize,
}

/// A text with the place of an event; Terraform leaves the place away on the first line.
fn at(event: &Event, message: &str) -> String {
    positioned(event.start_mark.line, event.start_mark.column, message)
}

fn positioned(line: u64, column: u64, message: &str) -> String {
    if line == 0 {
        return message.to_owned();
    }
    format!("on line {line}, column {}: {message}", column + 1)
}

impl Decoder<'_, '_> {
    fn next(&mut self) -> Result<Event, String> {
        let parsed = guard::run(|| self.parser.parse()).ok_or_else(|| self.cut_off.to_owned())?;
        parsed.map_err(|error| {
            let problem = error.problem();
            let line_of = |mark: Option<Mark>| mark.filter(|mark| mark.line != 0);
            if let Some(mark) = line_of(error.problem_mark()) {
                // The scanner has not counted the line that it is in.
                let (line, column) =
                    if error.kind() == ErrorKind::Scanner { (mark.line + 1, 0) } else { (mark.line, mark.column) };
                return positioned(line, column, problem);
            }
            match line_of(error.context_mark()) {
                Some(mark) => positioned(mark.line, mark.column, problem),
                None => problem.to_owned(),
            }
        })
    }

    /// The value that starts with an event.
    fn value(&mut self, event: Event) -> Result<Value, String> {
        self.values += 1;
        if self.values > MAX_VALUES || self.depth > MAX_DEPTH {
            return Err(at(&event, "the document is too large"));
        }
        match &event.data {
            EventData::Scalar { anchor, tag, value, style, .. } => {
                self.begin(anchor.as_deref());
                let is_last = event.end_mark.index > self.length as u64;
                let value = if is_last { value.strip_suffix(LINE_END).unwrap_or(value) } else { value };
                let value = match scalar::resolve(tag.as_deref().unwrap_or_default(), value, is_quoted(*style)) {
                    Ok(Scalar::Value(value)) if tag.is_none() && is_block(*style) => as_string(&value),
                    Ok(Scalar::Value(value)) => value,
                    Ok(Scalar::Merge) => Value::string("<<"),
                    Err(message) => return Err(at(&event, &message)),
                };
                self.complete(anchor.as_deref(), &value);
                Ok(value)
            }
            EventData::Alias { anchor } => self.alias(anchor).map_err(|message| at(&event, &message)),
            EventData::MappingStart { anchor, tag, .. } => {
                refuse_tag(&event, tag.as_deref(), "mapping", "tag:yaml.org,2002:map")?;
                self.begin(anchor.as_deref());
                self.depth += 1;
                let mapping = Value::object(self.mapping()?);
                self.depth -= 1;
                self.complete(anchor.as_deref(), &mapping);
                Ok(mapping)
            }
            EventData::SequenceStart { anchor, tag, .. } => {
                refuse_tag(&event, tag.as_deref(), "sequence", "tag:yaml.org,2002:seq")?;
                self.begin(anchor.as_deref());
                self.depth += 1;
                let mut elements = Vec::new();
                loop {
                    let next = self.next()?;
                    if matches!(next.data, EventData::SequenceEnd) {
                        break;
                    }
                    elements.push(self.value(next)?);
                }
                self.depth -= 1;
                let sequence = Value::tuple(elements);
                self.complete(anchor.as_deref(), &sequence);
                Ok(sequence)
            }
            EventData::StreamEnd => Err(at(&event, "expecting value but found end of stream")),
            EventData::DocumentStart { .. } => Err(at(&event, "only a single document is allowed")),
            EventData::StreamStart { .. } | EventData::DocumentEnd { .. } | EventData::MappingEnd | EventData::SequenceEnd => {
                Err(at(&event, "unexpected parser event"))
            }
        }
    }

    fn mapping(&mut self) -> Result<BTreeMap<Arc<str>, Value>, String> {
        let mut attributes = BTreeMap::new();
        loop {
            let key = self.next()?;
            let EventData::Scalar { tag, value, style, .. } = &key.data else {
                if matches!(key.data, EventData::MappingEnd) {
                    return Ok(attributes);
                }
                return Err(at(&key, "only strings are allowed as mapping keys"));
            };
            let name = match scalar::resolve(tag.as_deref().unwrap_or_default(), value, is_quoted(*style))? {
                Scalar::Value(name) => {
                    convert(&name, &Type::String).map_err(|_| at(&key, "only strings are allowed as mapping keys"))?
                }
                Scalar::Merge => {
                    let next = self.next()?;
                    let merged = self.value(next)?;
                    let Some(more) = merged.as_mapping() else {
                        let name = merged.ty().friendly_name();
                        return Err(at(&key, &format!("cannot merge {name} into mapping")));
                    };
                    attributes.extend(more.clone());
                    continue;
                }
            };
            let Some(name) = name.as_str() else {
                return Err(at(&key, "mapping key cannot be null"));
            };
            let next = self.next()?;
            attributes.insert(Arc::from(name), self.value(next)?);
        }
    }

    fn begin(&mut self, anchor: Option<&str>) {
        if let Some(anchor) = anchor {
            *self.pending.entry(anchor.to_owned()).or_default() += 1;
        }
    }

    fn complete(&mut self, anchor: Option<&str>, value: &Value) {
        let Some(anchor) = anchor else { return };
        if let Some(count) = self.pending.get_mut(anchor) {
            *count -= 1;
            if *count == 0 {
                self.pending.remove(anchor);
            }
        }
        self.anchors.insert(anchor.to_owned(), value.clone());
    }

    fn alias(&mut self, anchor: &str) -> Result<Value, String> {
        if self.pending.contains_key(anchor) {
            return Err(format!("cannot refer to anchor {} from inside its own definition", go_quoted(anchor)));
        }
        let value =
            self.anchors.get(anchor).cloned().ok_or_else(|| format!("reference to undefined anchor {}", go_quoted(anchor)))?;
        self.values = self.values.saturating_add(size(&value));
        Ok(value)
    }
}

fn is_quoted(style: ScalarStyle) -> bool {
    matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted)
}

fn is_block(style: ScalarStyle) -> bool {
    matches!(style, ScalarStyle::Literal | ScalarStyle::Folded)
}

/// A block scalar is a string, and is understood as if it were none: `y` is "true".
fn as_string(value: &Value) -> Value {
    convert(value, &Type::String).unwrap_or_else(|_| value.clone())
}

fn refuse_tag(event: &Event, tag: Option<&str>, what: &str, admitted: &str) -> Result<(), String> {
    match tag {
        Some(tag) if !tag.is_empty() && tag != admitted => Err(at(event, &format!("can't interpret {what} as {tag}"))),
        _ => Ok(()),
    }
}

/// The number of values in a value.
fn size(value: &Value) -> usize {
    1 + value.children().map(size).sum::<usize>()
}
