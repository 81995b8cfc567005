//! Which arguments and blocks a body may have, and what Terraform says where others stand.
//!
//! A body in JSON is an object: the schema alone tells which of its properties are blocks.
//!
//! Source of rules and texts: hashicorp/hcl v2.23.0, `hclsyntax/structure.go` and `json/structure.go`, `Content` and `JustAttributes`.

use std::collections::BTreeMap;

use super::finding::bad_declaration;
use super::syntax::{self, Expression, ExpressionKind, Name};
use crate::diagnostic::{Diagnostic, SourceRange, Sources};

/// What a body may hold.
#[derive(Clone, Copy)]
pub(super) struct Schema {
    pub(super) arguments: &'static [ArgumentSchema],
    pub(super) blocks: &'static [BlockSchema],
}

/// An argument that a body may have.
#[derive(Clone, Copy)]
pub(super) struct ArgumentSchema {
    pub(super) name: &'static str,
    pub(super) is_required: bool,
}

/// A block that a body may have.
#[derive(Clone, Copy)]
pub(super) struct BlockSchema {
    pub(super) block_type: &'static str,
    /// What Terraform calls each label.
    pub(super) labels: &'static [&'static str],
}

pub(super) const fn optional(name: &'static str) -> ArgumentSchema {
    ArgumentSchema { name, is_required: false }
}

pub(super) const fn required(name: &'static str) -> ArgumentSchema {
    ArgumentSchema { name, is_required: true }
}

pub(super) const fn block(block_type: &'static str, labels: &'static [&'static str]) -> BlockSchema {
    BlockSchema { block_type, labels }
}

/// A body in either syntax.
#[derive(Debug, Clone, Copy)]
pub(super) enum Body<'a> {
    Native(&'a syntax::Body),
    Json(&'a Expression),
}

/// What of a body the schema knows.
#[derive(Debug)]
pub(super) struct Content<'a> {
    pub(super) arguments: BTreeMap<&'a str, Argument<'a>>,
    pub(super) blocks: Vec<Block<'a>>,
}

/// An argument and its places.
#[derive(Debug, Clone, Copy)]
pub(super) struct Argument<'a> {
    pub(super) name_range: SourceRange,
    pub(super) range: SourceRange,
    pub(super) value: &'a Expression,
}

/// A block with as many labels as its schema has.
#[derive(Debug, Clone)]
pub(super) struct Block<'a> {
    pub(super) block_type: Name,
    pub(super) labels: Vec<Name>,
    /// What Terraform points at: type and labels, in JSON the opening bracket.
    pub(super) header: SourceRange,
    pub(super) body: Body<'a>,
}

impl<'a> Body<'a> {
    /// Is it written in JSON, where expressions are strings?
    pub(super) fn is_json(self) -> bool {
        matches!(self, Self::Json(_))
    }

    /// What the schema knows of the body, and findings about the rest.
    pub(super) fn content(self, schema: &Schema, sources: &Sources, found: &mut Vec<Diagnostic>) -> Content<'a> {
        self.read(schema, true, sources, found)
    }

    /// What the schema knows of the body; the rest is somebody else's.
    pub(super) fn partial_content(self, schema: &Schema, sources: &Sources, found: &mut Vec<Diagnostic>) -> Content<'a> {
        self.read(schema, false, sources, found)
    }

    fn read(self, schema: &Schema, is_complete: bool, sources: &Sources, found: &mut Vec<Diagnostic>) -> Content<'a> {
        let (content, missing_item) = match self {
            Self::Native(body) => (native_content(body, schema, is_complete, found), opening(body.range)),
            Self::Json(value) => (json_content(value, schema, is_complete, sources, found), missing_json_item(value)),
        };
        for argument in schema.arguments.iter().filter(|argument| argument.is_required) {
            if !content.arguments.contains_key(argument.name) {
                let detail = format!("The argument \"{}\" is required, but no definition was found.", argument.name);
                found.push(bad_declaration("Missing required argument", detail, missing_item));
            }
        }
        content
    }

    /// Every argument of a body that must not have blocks.
    pub(super) fn just_arguments(self, sources: &Sources, found: &mut Vec<Diagnostic>) -> BTreeMap<&'a str, Argument<'a>> {
        match self {
            Self::Native(body) => {
                if let Some(block) = body.blocks.first() {
                    let summary = format!("Unexpected \"{}\" block", block.block_type.text);
                    found.push(bad_declaration(summary, "Blocks are not allowed here.", block.block_type.range));
                }
                native_arguments(body)
            }
            Self::Json(value) => just_json_arguments(value, sources, found),
        }
    }
}

fn native_arguments(body: &syntax::Body) -> BTreeMap<&str, Argument<'_>> {
    let argument = |a: &'_ syntax::Attribute| (a.name.range, a.range);
    body.attributes
        .iter()
        .map(|attribute| {
            let (name_range, range) = argument(attribute);
            (attribute.name.text.as_str(), Argument { name_range, range, value: &attribute.value })
        })
        .collect()
}

fn native_content<'a>(body: &'a syntax::Body, schema: &Schema, is_complete: bool, found: &mut Vec<Diagnostic>) -> Content<'a> {
    let mut arguments = native_arguments(body);
    let used: Vec<&str> = arguments.keys().copied().collect();
    arguments.retain(|name, argument| {
        let is_known = schema.arguments.iter().any(|known| known.name == *name);
        if !is_known && is_complete {
            let unused = schema.arguments.iter().map(|known| known.name).filter(|known| !used.contains(known));
            let suggestion = match nearest(name, unused) {
                Some(known) => format!(" Did you mean \"{known}\"?"),
                None if schema.block(name).is_some() => format!(" Did you mean to define a block of type \"{name}\"?"),
                None => String::new(),
            };
            let detail = format!("An argument named \"{name}\" is not expected here.{suggestion}");
            found.push(bad_declaration("Unsupported argument", detail, argument.name_range));
        }
        is_known
    });

    let mut blocks = Vec::new();
    for block in &body.blocks {
        let name = block.block_type.text.as_str();
        let Some(known) = schema.block(name) else {
            if is_complete {
                found.push(unsupported_block(&block.block_type, schema));
            }
            continue;
        };
        if let Some(extraneous) = block.labels.get(known.labels.len()) {
            let detail = match known.labels.len() {
                0 => format!("No labels are expected for {name} blocks."),
                count => format!("Only {count} labels ({}) are expected for {name} blocks.", known.labels.join(", ")),
            };
            found.push(bad_declaration(format!("Extraneous label for {name}"), detail, extraneous.range));
            continue;
        }
        if let Some(missing) = known.labels.get(block.labels.len()) {
            let (count, labels) = (known.labels.len(), known.labels.join(", "));
            let detail = format!("All {name} blocks must have {count} labels ({labels}).");
            let mut brace = opening(block.body.range);
            brace.end += 1;
            found.push(bad_declaration(format!("Missing {missing} for {name}"), detail, brace));
            continue;
        }
        blocks.push(Block {
            block_type: block.block_type.clone(),
            labels: block.labels.clone(),
            header: block.header,
            body: Body::Native(&block.body),
        });
    }
    Content { arguments, blocks }
}

fn unsupported_block(block_type: &Name, schema: &Schema) -> Diagnostic {
    let name = &block_type.text;
    let suggestion = match nearest(name, schema.blocks.iter().map(|known| known.block_type)) {
        Some(known) => format!(" Did you mean \"{known}\"?"),
        None if schema.arguments.iter().any(|known| known.name == name) => {
            format!(" Did you mean to define argument \"{name}\"? If so, use the equals sign to assign it a value.")
        }
        None => String::new(),
    };
    let detail = format!("Blocks of type \"{name}\" are not expected here.{suggestion}");
    bad_declaration("Unsupported block type", detail, block_type.range)
}

impl Schema {
    fn block(&self, block_type: &str) -> Option<&'static BlockSchema> {
        self.blocks.iter().find(|known| known.block_type == block_type)
    }
}

/// The first name that is less than three edits away.
///
/// Source: hashicorp/hcl v2.23.0, `hclsyntax/didyoumean.go`.
fn nearest(given: &str, mut names: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    names.find(|name| strsim::levenshtein(given, name) < 3)
}

/// The place before the first byte.
fn opening(range: SourceRange) -> SourceRange {
    SourceRange { end: range.start, ..range }
}

/// A property of a JSON object.
struct Property<'a> {
    name: &'a str,
    argument: Argument<'a>,
}

fn json_content<'a>(
    value: &'a Expression,
    schema: &Schema,
    is_complete: bool,
    sources: &Sources,
    found: &mut Vec<Diagnostic>,
) -> Content<'a> {
    let mut arguments: BTreeMap<&str, Argument> = BTreeMap::new();
    let mut blocks = Vec::new();
    let properties = json_properties(value, None, found);
    let used: Vec<&str> = properties.iter().map(|property| property.name).collect();
    for Property { name, argument } in properties {
        if schema.arguments.iter().any(|known| known.name == name) {
            if let Some(earlier) = arguments.get(name) {
                let detail = format!("The argument \"{name}\" was already set at {}.", sources.describe(earlier.range));
                found.push(bad_declaration("Duplicate argument", detail, argument.name_range));
                continue;
            }
            arguments.insert(name, argument);
        } else if let Some(known) = schema.block(name) {
            let block_type = Name { text: name.to_owned(), range: argument.name_range };
            unpack_json_block(argument.value, &block_type, known.labels, &[], &mut blocks, found);
        } else if name != "//" && is_complete {
            let unused = schema.arguments.iter().map(|known| known.name).filter(|known| !used.contains(known));
            let names = unused.chain(schema.blocks.iter().map(|known| known.block_type));
            let suggestion = nearest(name, names).map(|known| format!(" Did you mean \"{known}\"?")).unwrap_or_default();
            let detail = format!("No argument or block type is named \"{name}\".{suggestion}");
            found.push(bad_declaration("Extraneous JSON object property", detail, argument.name_range));
        }
    }
    Content { arguments, blocks }
}

/// Peels the labels off, one level of objects each; an array below them is several blocks.
fn unpack_json_block<'a>(
    value: &'a Expression,
    block_type: &Name,
    labels_left: &'static [&'static str],
    labels: &[Name],
    blocks: &mut Vec<Block<'a>>,
    found: &mut Vec<Diagnostic>,
) {
    if let Some((label, labels_left)) = labels_left.split_first() {
        let properties = json_properties(value, Some(label), found);
        if properties.is_empty() {
            let detail = format!(
                "At least one object property is required, whose name represents the {} block's {label}.",
                block_type.text
            );
            found.push(bad_declaration("Missing block label", detail, start_of_json(value)));
        }
        for Property { name, argument } in properties {
            let mut labels = labels.to_vec();
            labels.push(Name { text: name.to_owned(), range: argument.name_range });
            unpack_json_block(argument.value, block_type, labels_left, &labels, blocks, found);
        }
        return;
    }
    let header = start_of_json(value);
    let block = |value| Block { block_type: block_type.clone(), labels: labels.to_vec(), header, body: Body::Json(value) };
    match &value.kind {
        ExpressionKind::Null => {}
        ExpressionKind::Object(_) => blocks.push(block(value)),
        ExpressionKind::Tuple(elements) => blocks.extend(elements.iter().map(block)),
        _ => {
            let detail = format!(
                "Either a JSON object or a JSON array is required, representing the contents of one or more \"{}\" blocks.",
                block_type.text
            );
            found.push(bad_declaration(WRONG_JSON_TYPE, detail, header));
        }
    }
}

const WRONG_JSON_TYPE: &str = "Incorrect JSON value type";

/// The properties of an object, or of every object in an array; `label` is the label that their names stand for.
fn json_properties<'a>(value: &'a Expression, label: Option<&str>, found: &mut Vec<Diagnostic>) -> Vec<Property<'a>> {
    match &value.kind {
        ExpressionKind::Null => Vec::new(),
        ExpressionKind::Object(_) => properties_of_object(value),
        ExpressionKind::Tuple(elements) => {
            let (objects, others): (Vec<_>, Vec<_>) =
                elements.iter().partition(|element| matches!(element.kind, ExpressionKind::Object(_)));
            let detail = match label {
                Some(label) => format!("A JSON object is required here, to specify {label} labels for this block."),
                None => "A JSON object is required here, to define arguments and child blocks.".to_owned(),
            };
            found.extend(others.into_iter().map(|other| bad_declaration(WRONG_JSON_TYPE, detail.clone(), start_of_json(other))));
            objects.into_iter().flat_map(properties_of_object).collect()
        }
        _ => {
            let purpose = match label {
                Some(label) => format!("to specify {label} labels for this block"),
                None => "to define arguments and child blocks".to_owned(),
            };
            let detail = format!("Either a JSON object or JSON array of objects is required here, {purpose}.");
            found.push(bad_declaration(WRONG_JSON_TYPE, detail, start_of_json(value)));
            Vec::new()
        }
    }
}

fn properties_of_object(value: &Expression) -> Vec<Property<'_>> {
    let ExpressionKind::Object(items) = &value.kind else { return Vec::new() };
    let property = |item: &'_ syntax::ObjectItem| (item.key.range, item.key.range.to(item.value.range));
    items
        .iter()
        .filter_map(|item| {
            let ExpressionKind::String(name) = &item.key.kind else { return None };
            let (name_range, range) = property(item);
            Some(Property { name, argument: Argument { name_range, range, value: &item.value } })
        })
        .collect()
}

fn just_json_arguments<'a>(
    value: &'a Expression,
    sources: &Sources,
    found: &mut Vec<Diagnostic>,
) -> BTreeMap<&'a str, Argument<'a>> {
    let mut arguments: BTreeMap<&str, Argument> = BTreeMap::new();
    if !matches!(value.kind, ExpressionKind::Object(_)) {
        let detail = "A JSON object is required here, setting the arguments for this block.";
        found.push(bad_declaration(WRONG_JSON_TYPE, detail, start_of_json(value)));
    }
    for Property { name, argument } in properties_of_object(value) {
        if name == "//" {
            continue;
        }
        if let Some(earlier) = arguments.get(name) {
            let detail = format!("The argument \"{name}\" was already set at {}.", sources.describe(earlier.range));
            found.push(bad_declaration("Duplicate attribute definition", detail, argument.name_range));
            continue;
        }
        arguments.insert(name, argument);
    }
    arguments
}

/// The opening bracket of an object or array, the whole of anything else.
fn start_of_json(value: &Expression) -> SourceRange {
    match value.kind {
        ExpressionKind::Object(_) | ExpressionKind::Tuple(_) => SourceRange { end: value.range.start + 1, ..value.range },
        _ => value.range,
    }
}

fn missing_json_item(value: &Expression) -> SourceRange {
    match value.kind {
        ExpressionKind::Object(_) => SourceRange { start: value.range.end.saturating_sub(1), ..value.range },
        _ => start_of_json(value),
    }
}
