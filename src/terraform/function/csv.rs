//! `csvdecode`.
//!
//! The reader is our own: Terraform refuses what the usual ones let pass, such as a quotation mark inside a plain field.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::parameter::string;
use super::{Call, Function, FunctionError, Parameter};
use crate::terraform::go_quote::go_quoted;
use crate::terraform::value::{Type, Value, normalized};

pub(super) const TABLE: &[Function] = &[Function::derived(
    "csvdecode",
    &[Parameter::new("str", string)],
    |arguments| match arguments[0].as_str() {
        Some(text) => Ok(Type::list(row_type(&header(&mut Reader::new(text))?))),
        None => Ok(Type::Dynamic),
    },
    decode,
)];

/// The column names.
fn header(reader: &mut Reader<'_>) -> Result<Vec<Arc<str>>, FunctionError> {
    let names = reader.record()?.ok_or("missing header line")?;
    let mut seen = BTreeSet::new();
    for name in &names {
        if !seen.insert(name) {
            return Err(format!("duplicate column name {}", go_quoted(name)).into());
        }
    }
    Ok(names.iter().map(|name| normalized(name)).collect())
}

fn row_type(names: &[Arc<str>]) -> Type {
    Type::object(names.iter().map(|name| (Arc::clone(name), Type::String)).collect())
}

fn decode(call: &Call) -> Result<Value, FunctionError> {
    let mut reader = Reader::new(call.text(0));
    let names = header(&mut reader)?;
    let mut rows = Vec::new();
    while let Some(fields) = reader.record()? {
        if fields.len() != names.len() {
            return Err(parse_error(reader.record_line, "wrong number of fields").into());
        }
        let fields = fields.iter().map(|field| Value::string(field));
        rows.push(Value::object(names.iter().cloned().zip(fields).collect::<BTreeMap<_, _>>()));
    }
    Ok(Value::list(row_type(&names), rows))
}

/// Source of the texts: Go, `encoding/csv`.
fn parse_error(line: usize, problem: &str) -> String {
    format!("CSV parse error on line {line}: {problem}")
}

/// Reads records by the rules of Go's `encoding/csv`.
struct Reader<'t> {
    rest: &'t str,
    /// One-based number of the line that was read last.
    line: usize,
    /// The line that the last record started on.
    record_line: usize,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Self {
        Self { rest: text, line: 0, record_line: 0 }
    }

    /// The next line without its line end, and whether it had one.
    fn next_line(&mut self) -> Option<(&'t str, bool)> {
        if self.rest.is_empty() {
            return None;
        }
        self.line += 1;
        let (line, has_end) = match self.rest.split_once('\n') {
            Some((line, rest)) => {
                self.rest = rest;
                (line, true)
            }
            None => (std::mem::take(&mut self.rest), false),
        };
        Some((line.strip_suffix('\r').unwrap_or(line), has_end))
    }

    /// The next record; none at the end.
    fn record(&mut self) -> Result<Option<Vec<String>>, String> {
        let (mut line, mut has_end) = loop {
            match self.next_line() {
                Some(("", _)) => {}
                Some(line) => break line,
                None => return Ok(None),
            }
        };
        self.record_line = self.line;
        let mut fields = Vec::new();
        loop {
            let Some(quoted) = line.strip_prefix('"') else {
                let (field, after) = match line.split_once(',') {
                    Some((field, after)) => (field, Some(after)),
                    None => (line, None),
                };
                if field.contains('"') {
                    return Err(parse_error(self.line, "bare \" in non-quoted-field"));
                }
                fields.push(field.to_owned());
                match after {
                    Some(after) => line = after,
                    None => return Ok(Some(fields)),
                }
                continue;
            };
            line = quoted;
            let mut field = String::new();
            loop {
                let Some((part, after)) = line.split_once('"') else {
                    field.push_str(line);
                    if has_end {
                        field.push('\n');
                    }
                    match self.next_line() {
                        Some((next, next_has_end)) => (line, has_end) = (next, next_has_end),
                        None => return Err(parse_error(self.line, "extraneous or missing \" in quoted-field")),
                    }
                    continue;
                };
                field.push_str(part);
                if let Some(after) = after.strip_prefix('"') {
                    field.push('"');
                    line = after;
                } else if let Some(after) = after.strip_prefix(',') {
                    fields.push(field);
                    line = after;
                    break;
                } else if after.is_empty() {
                    fields.push(field);
                    return Ok(Some(fields));
                } else {
                    return Err(parse_error(self.line, "extraneous or missing \" in quoted-field"));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_records(text: &str, expected: Result<&[&[&str]], &str>) {
        let mut reader = Reader::new(text);
        let mut records = Vec::new();
        let result = loop {
            match reader.record() {
                Ok(Some(record)) => records.push(record),
                Ok(None) => break Ok(records),
                Err(error) => break Err(error),
            }
        };
        let expected = expected.map_err(str::to_owned);
        assert_eq!(result, expected.map(|records| records.iter().map(|r| r.iter().map(|f| (*f).to_owned()).collect()).collect()));
    }

    #[test]
    fn quoted_fields_may_hold_anything() {
        check_records("a,\"b\"\"c\nd,\"\n", Ok(&[&["a", "b\"c\nd,"]]));
    }

    #[test]
    fn empty_lines_do_not_count() {
        check_records("a\r\n\n\nb", Ok(&[&["a"], &["b"]]));
    }

    #[test]
    fn a_quotation_mark_in_a_plain_field_is_an_error() {
        check_records("a\nb\"c", Err("CSV parse error on line 2: bare \" in non-quoted-field"));
    }

    #[test]
    fn a_quoted_field_must_end() {
        check_records("a\n\"b", Err("CSV parse error on line 2: extraneous or missing \" in quoted-field"));
        check_records("\"b\"c", Err("CSV parse error on line 1: extraneous or missing \" in quoted-field"));
    }
}
