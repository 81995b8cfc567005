//! Which arguments and blocks a body may have, and what Terraform says where others stand.
//!
//! A body in JSON is an object: the schema alone tells which of its properties are blocks.
//!
//! Source of rules and texts: hashicorp/hcl v2.23.0, `hclsyntax/structure.go` and `json/structure.go`, `Content` and `JustAttributes`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::finding::{self, DECLARATION, bad_declaration};
use super::suggestion::did_you_mean;
use super::syntax::json::{self, Member, Node, NodeKind, Strings};
use super::syntax::{self, Expression, Name};
use crate::diagnostic::{Diagnostic, SourceRange, Sources};

/// What a body may hold.
#[derive(Clone, Copy)]
pub(super) struct Schema<'s> {
    pub(super) arguments: &'s [ArgumentSchema],
    pub(super) blocks: &'s [BlockSchema],
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
    Json(&'a Node),
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
    pub(super) value: Written<'a>,
}

/// A value in either syntax.
#[derive(Debug, Clone, Copy)]
pub(super) enum Written<'a> {
    Native(&'a Expression),
    Json(&'a Node),
}

impl<'a> Written<'a> {
    /// Where it stands.
    pub(super) fn range(self) -> SourceRange {
        match self {
            Self::Native(expression) => expression.range,
            Self::Json(node) => node.range,
        }
    }

    /// The text of a JSON string.
    pub(super) fn json_text(self) -> Option<&'a str> {
        match self {
            Self::Json(Node { kind: NodeKind::String(text), .. }) => Some(text),
            Self::Native(_) | Self::Json(_) => None,
        }
    }

    /// The expression, where nothing may be referred to: the strings of JSON are just strings.
    pub(super) fn literal(self, check: &'static str, sources: &Sources, found: &mut Vec<Diagnostic>) -> Cow<'a, Expression> {
        self.read(Strings::Literal, check, sources, found)
    }

    /// The expression: the strings of JSON are templates.
    pub(super) fn expression(self, sources: &Sources, found: &mut Vec<Diagnostic>) -> Cow<'a, Expression> {
        self.read(Strings::Template, DECLARATION, sources, found)
    }

    fn read(self, strings: Strings, check: &'static str, sources: &Sources, found: &mut Vec<Diagnostic>) -> Cow<'a, Expression> {
        match self {
            Self::Native(expression) => Cow::Borrowed(expression),
            Self::Json(node) => {
                let (expression, errors) = node.expression(strings);
                found.extend(errors.iter().map(|e| finding::syntax_error(check, e, sources)));
                Cow::Owned(expression)
            }
        }
    }
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
            Self::Json(value) => {
                let (members, errors) = json::arguments(value);
                found.extend(errors.iter().map(|e| finding::syntax_error(DECLARATION, e, sources)));
                members.into_iter().map(|member| (member.name.as_str(), member_argument(member))).collect()
            }
        }
    }
}

fn native_arguments(body: &syntax::Body) -> BTreeMap<&str, Argument<'_>> {
    let argument = |a: &'_ syntax::Attribute| (a.name.range, a.range);
    body.attributes
        .iter()
        .map(|attribute| {
            let (name_range, range) = argument(attribute);
            (attribute.name.text.as_str(), Argument { name_range, range, value: Written::Native(&attribute.value) })
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
            let suggestion = match did_you_mean(name, unused) {
                Some(suggestion) => suggestion,
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
    let suggestion = match did_you_mean(name, schema.blocks.iter().map(|known| known.block_type)) {
        Some(suggestion) => suggestion,
        None if schema.arguments.iter().any(|known| known.name == name) => {
            format!(" Did you mean to define argument \"{name}\"? If so, use the equals sign to assign it a value.")
        }
        None => String::new(),
    };
    let detail = format!("Blocks of type \"{name}\" are not expected here.{suggestion}");
    bad_declaration("Unsupported block type", detail, block_type.range)
}

impl Schema<'_> {
    fn block(&self, block_type: &str) -> Option<&BlockSchema> {
        self.blocks.iter().find(|known| known.block_type == block_type)
    }
}

/// The place before the first byte.
fn opening(range: SourceRange) -> SourceRange {
    SourceRange { end: range.start, ..range }
}

fn member_argument(member: &Member) -> Argument<'_> {
    Argument {
        name_range: member.name_range,
        range: member.name_range.to(member.value.range),
        value: Written::Json(&member.value),
    }
}

fn json_content<'a>(
    value: &'a Node,
    schema: &Schema,
    is_complete: bool,
    sources: &Sources,
    found: &mut Vec<Diagnostic>,
) -> Content<'a> {
    let mut arguments: BTreeMap<&str, Argument> = BTreeMap::new();
    let mut blocks = Vec::new();
    let members = json_members(value, None, found);
    let used: Vec<&str> = members.iter().map(|member| member.name.as_str()).collect();
    for member in members {
        let name = member.name.as_str();
        if schema.arguments.iter().any(|known| known.name == name) {
            if let Some(earlier) = arguments.get(name) {
                let detail = format!("The argument \"{name}\" was already set at {}.", sources.describe(earlier.range));
                found.push(bad_declaration("Duplicate argument", detail, member.name_range));
                continue;
            }
            arguments.insert(name, member_argument(member));
        } else if let Some(known) = schema.block(name) {
            let block_type = Name { text: name.to_owned(), range: member.name_range };
            unpack_json_block(&member.value, &block_type, known.labels, &[], &mut blocks, found);
        } else if name != "//" && is_complete {
            let unused = schema.arguments.iter().map(|known| known.name).filter(|known| !used.contains(known));
            let names = unused.chain(schema.blocks.iter().map(|known| known.block_type));
            let suggestion = did_you_mean(name, names).unwrap_or_default();
            let detail = format!("No argument or block type is named \"{name}\".{suggestion}");
            found.push(bad_declaration("Extraneous JSON object property", detail, member.name_range));
        }
    }
    Content { arguments, blocks }
}

/// Peels the labels off, one level of objects each; an array below them is several blocks.
fn unpack_json_block<'a>(
    value: &'a Node,
    block_type: &Name,
    labels_left: &'static [&'static str],
    labels: &[Name],
    blocks: &mut Vec<Block<'a>>,
    found: &mut Vec<Diagnostic>,
) {
    if let Some((label, labels_left)) = labels_left.split_first() {
        let members = json_members(value, Some(label), found);
        if members.is_empty() {
            let detail = format!(
                "At least one object property is required, whose name represents the {} block's {label}.",
                block_type.text
            );
            found.push(bad_declaration("Missing block label", detail, value.start_range()));
        }
        for member in members {
            let mut labels = labels.to_vec();
            labels.push(Name { text: member.name.clone(), range: member.name_range });
            unpack_json_block(&member.value, block_type, labels_left, &labels, blocks, found);
        }
        return;
    }
    let header = value.start_range();
    let block = |value| Block { block_type: block_type.clone(), labels: labels.to_vec(), header, body: Body::Json(value) };
    match &value.kind {
        NodeKind::Null | NodeKind::Malformed => {}
        NodeKind::Object(_) => blocks.push(block(value)),
        NodeKind::Array(elements) => blocks.extend(elements.iter().map(block)),
        NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::String(_) => {
            let detail = format!(
                "Either a JSON object or a JSON array is required, representing the contents of one or more \"{}\" blocks.",
                block_type.text
            );
            found.push(bad_declaration(WRONG_JSON_TYPE, detail, header));
        }
    }
}

const WRONG_JSON_TYPE: &str = "Incorrect JSON value type";

/// The members of an object, or of every object in an array; `label` is the label that their names stand for.
fn json_members<'a>(value: &'a Node, label: Option<&str>, found: &mut Vec<Diagnostic>) -> Vec<&'a Member> {
    match &value.kind {
        NodeKind::Null | NodeKind::Malformed => Vec::new(),
        NodeKind::Object(members) => members.iter().collect(),
        NodeKind::Array(elements) => {
            let mut members = Vec::new();
            for element in elements {
                if let NodeKind::Object(own) = &element.kind {
                    members.extend(own);
                    continue;
                }
                let purpose = json_purpose(label);
                let detail = format!("A JSON object is required here, {purpose}.");
                found.push(bad_declaration(WRONG_JSON_TYPE, detail, element.start_range()));
            }
            members
        }
        NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::String(_) => {
            let purpose = json_purpose(label);
            let detail = format!("Either a JSON object or JSON array of objects is required here, {purpose}.");
            found.push(bad_declaration(WRONG_JSON_TYPE, detail, value.start_range()));
            Vec::new()
        }
    }
}

fn json_purpose(label: Option<&str>) -> String {
    match label {
        Some(label) => format!("to specify {label} labels for this block"),
        None => "to define arguments and child blocks".to_owned(),
    }
}

fn missing_json_item(value: &Node) -> SourceRange {
    match value.kind {
        NodeKind::Object(_) => SourceRange { start: value.range.end.saturating_sub(1), ..value.range },
        NodeKind::Null
        | NodeKind::Bool(_)
        | NodeKind::Number(_)
        | NodeKind::String(_)
        | NodeKind::Array(_)
        | NodeKind::Malformed => value.start_range(),
    }
}
