//! A variable definitions file: its values, and edits that leave every other byte as it is.
//!
//! An edit is planned as ranges of bytes to replace, applied, and then verified: the new text is parsed again, and its
//! values have to be the old ones but for the one that was meant.

pub mod address;
mod edit;
mod json_edit;
mod native_edit;
mod part;
mod render;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;

use super::expression::evaluate_constant;
use super::syntax::error::SyntaxError;
use super::syntax::json::{Node, Strings};
use super::syntax::{Attribute, Expression, decode, json, parse_decoded_body, parse_expression};
use super::value::json::to_json;
use super::value::{Type, Value, ValueKind, normalized};
use crate::diagnostic::{FileId, SourceRange, Sources};
use crate::terraform::go_quote::go_quoted;
use address::{Address, Key};
use edit::{Edit, apply, line_end};
use json_edit::JsonPlan;
use native_edit::NativePlan;
use part::with_part;

/// A variable definitions file that Terraform would read; an edit uses it up.
#[derive(Debug, Clone)]
pub struct Tfvars {
    sources: Sources,
    file: FileId,
    content: Content,
    values: Vec<(String, Value)>,
}

#[derive(Debug, Clone)]
enum Content {
    Native(Vec<Attribute>),
    Json(Node),
}

/// A file that Terraform would refuse: one message a line, with the place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused(pub Vec<String>);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for Refused {}

/// A value to set.
#[derive(Debug, Clone, PartialEq)]
pub struct NewValue {
    value: Value,
    /// How it is written in HCL.
    hcl: String,
}

impl NewValue {
    /// A string.
    #[must_use]
    pub fn string(text: &str) -> Self {
        Self { value: Value::string(text), hcl: super::syntax::literal::hcl_quoted(text) }
    }

    /// An HCL expression without variables and functions, written into the file as it is.
    ///
    /// # Errors
    ///
    /// When it is no such expression; the message says what is wrong and where.
    pub fn expression(text: &str) -> Result<Self, Refused> {
        let text = text.trim();
        let mut sources = Sources::default();
        let file = sources.add("value", text);
        let (expression, errors) = parse_expression(text, file);
        let expression = expression.ok_or_else(|| refused(&sources, &errors))?;
        let mut problems = Vec::new();
        let value = constant(&expression, &sources, &mut problems);
        if problems.is_empty() { Ok(Self { value, hcl: text.to_owned() }) } else { Err(Refused(problems)) }
    }
}

/// Why an edit cannot be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EditError {
    /// Nothing is there to remove.
    NotThere,
    /// The list has only so many elements: one that is there can be replaced, none added.
    NoElement(usize),
    /// A part of the address is neither an object nor a list that is written out.
    NoContainer,
    /// The value has no form in JSON: an infinite number.
    NoJson,
    /// The key `for` would come first, where it begins a `for` expression.
    ForFirst,
    /// The edited text would not say what was meant; the layout of the file is beyond the planner.
    Unverified,
}

impl fmt::Display for EditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotThere => "there is nothing at this address",
            Self::NoElement(0) => "there is no list with elements",
            Self::NoElement(1) => "the list has one element, which is [0]",
            Self::NoElement(length) => return write!(f, "the list has {length} elements, [0] to [{}]", length - 1),
            Self::NoContainer => "a part of the address is no object or list that is written out; set that part as a whole",
            Self::NoJson => "the value cannot be written in JSON",
            Self::ForFirst => {
                "then the key `for` would come first and begin a `for` expression; write it in quotes, and try again"
            }
            Self::Unverified => "the edited file would not read as meant; edit it by hand",
        })
    }
}

impl std::error::Error for EditError {}

impl Tfvars {
    /// Reads a file; its name decides on the syntax, as with Terraform.
    ///
    /// # Errors
    ///
    /// When Terraform would refuse the file or one of its values.
    pub fn parse(name: &str, bytes: Vec<u8>) -> Result<Self, Refused> {
        let (text, broken) = decode(bytes);
        let mut sources = Sources::default();
        let file = sources.add(name, text);
        let mut problems = Vec::new();
        let mut values = Vec::new();
        let content = if name.ends_with(".json") {
            let (root, mut errors) = json::parse(&sources.file(file).text, file);
            let (arguments, more) = json::arguments(&root);
            errors.extend(more);
            if !errors.is_empty() {
                return Err(refused(&sources, &errors));
            }
            for argument in arguments {
                let (expression, errors) = argument.value.expression(Strings::Literal);
                problems.extend(errors.iter().map(|error| in_words(&sources, error)));
                values.push((argument.name.clone(), constant(&expression, &sources, &mut problems)));
            }
            Content::Json(root)
        } else {
            let (body, errors) = parse_decoded_body(&sources.file(file).text, &broken, file);
            if !errors.is_empty() {
                return Err(refused(&sources, &errors));
            }
            if let Some(block) = body.blocks.first() {
                let summary = format!("Unexpected {} block", go_quoted(&block.block_type.text));
                problems.push(worded(&sources, &summary, "Blocks are not allowed here.", block.block_type.range));
            }
            for attribute in &body.attributes {
                values.push((attribute.name.text.to_string(), constant(&attribute.value, &sources, &mut problems)));
            }
            Content::Native(body.attributes)
        };
        if problems.is_empty() { Ok(Self { sources, file, content, values }) } else { Err(Refused(problems)) }
    }

    /// The file's text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.sources.file(self.file).text
    }

    /// The variables that are set, in the order of the file.
    #[must_use]
    pub fn values(&self) -> &[(String, Value)] {
        &self.values
    }

    /// The value at an address.
    #[must_use]
    pub fn get(&self, address: &Address) -> Option<&Value> {
        let (_, value) = self.values.iter().find(|(name, _)| *name == address.name)?;
        address.keys.iter().try_fold(value, |value, key| match &value.kind {
            ValueKind::Object(members) => members.get(&normalized(&key.attribute())),
            ValueKind::Tuple(elements) => elements.get(key.element()?),
            _ => None,
        })
    }

    /// The text with a value set; the same text where it is set already.
    ///
    /// # Errors
    ///
    /// When the address leads through something that is no object or list.
    pub fn set(self, address: &Address, new: &NewValue) -> Result<String, EditError> {
        if self.get(address) == Some(&new.value) {
            return Ok(self.text().to_owned());
        }
        let line_end = line_end(self.text());
        let edits = match &self.content {
            Content::Native(attributes) => NativePlan::new(self.text(), line_end).set(attributes, address, &new.hcl)?,
            Content::Json(root) => {
                let value = to_json(&new.value).ok_or(EditError::NoJson)?;
                let plan = JsonPlan { text: self.text(), line_end };
                vec![plan.set(root, &whole_path(address), &value)?]
            }
        };
        self.verified(edits, &address.name, |before| {
            let before = before.unwrap_or_else(|| Value::null(Type::Dynamic));
            with_part(before, &address.keys, Some(&new.value)).map(Some).ok_or(EditError::NoContainer)
        })
    }

    /// The text with a value removed.
    ///
    /// # Errors
    ///
    /// When there is nothing at the address.
    pub fn unset(self, address: &Address) -> Result<String, EditError> {
        if self.get(address).is_none() {
            return Err(EditError::NotThere);
        }
        let edits = match &self.content {
            Content::Native(attributes) => NativePlan::new(self.text(), line_end(self.text())).unset(attributes, address)?,
            Content::Json(root) => {
                let plan = JsonPlan { text: self.text(), line_end: line_end(self.text()) };
                vec![plan.unset(root, &whole_path(address))?]
            }
        };
        self.verified(edits, &address.name, |before| match before {
            Some(before) if !address.keys.is_empty() => {
                with_part(before, &address.keys, None).map(Some).ok_or(EditError::NotThere)
            }
            _ => Ok(None),
        })
    }

    /// The edited text, if its values are the old ones but for one variable's, which is to be what `meant` makes of it.
    fn verified(
        self,
        edits: Vec<Edit>,
        variable: &str,
        meant: impl FnOnce(Option<Value>) -> Result<Option<Value>, EditError>,
    ) -> Result<String, EditError> {
        let text = apply(self.text(), edits);
        let Self { sources, file, content, values } = self;
        // The edited text gets a tree of its own, and a tree takes more memory than its text.
        drop(content);
        let mut expected: BTreeMap<_, _> = values.into_iter().collect();
        let before = expected.remove(variable);
        expected.extend(meant(before)?.map(|after| (variable.to_owned(), after)));

        let edited = Self::parse(&sources.file(file).name, text.clone().into_bytes()).map_err(|_| EditError::Unverified)?;
        let found: BTreeMap<_, _> = edited.values.into_iter().collect();
        if found == expected { Ok(text) } else { Err(EditError::Unverified) }
    }
}

/// The value of an expression without variables and functions; what is wrong with it is worded.
fn constant(expression: &Expression, sources: &Sources, problems: &mut Vec<String>) -> Value {
    let (value, found) = evaluate_constant(expression, sources);
    problems.extend(found.iter().map(|problem| worded(sources, &problem.summary, &problem.detail, problem.subject)));
    value
}

fn refused(sources: &Sources, errors: &[SyntaxError]) -> Refused {
    Refused(errors.iter().map(|error| in_words(sources, error)).collect())
}

fn in_words(sources: &Sources, error: &SyntaxError) -> String {
    worded(sources, &error.summary, &error.detail(sources), error.range)
}

fn worded(sources: &Sources, summary: &str, detail: &str, range: SourceRange) -> String {
    let (start, _) = sources.positions(range);
    format!("{}:{}:{}: {summary}: {detail}", sources.file(range.file).name, start.line, start.column)
}

/// The address as keys from the root of a JSON file.
fn whole_path(address: &Address) -> Vec<Key> {
    let mut keys = vec![Key::Name(address.name.clone())];
    keys.extend(address.keys.iter().cloned());
    keys
}

/// The value as HCL, on one line but for lists and objects.
#[must_use]
pub fn to_hcl(value: &Value) -> String {
    let mut text = String::new();
    render::write_value(value, "", &mut text);
    text
}
