//! Bodies of JSON syntax against a schema, which alone tells blocks from arguments.
//!
//! Source of rules and texts: hashicorp/hcl v2.23.0, `json/structure.go`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{Argument, Block, Body, Content, Schema, Written};
use crate::diagnostic::{Diagnostic, SourceRange, Sources};
use crate::terraform::finding::bad_declaration;
use crate::terraform::go_quote::go_quoted;
use crate::terraform::suggestion::did_you_mean;
use crate::terraform::syntax::Name;
use crate::terraform::syntax::json::{Member, Node, NodeKind};

const WRONG_TYPE: &str = "Incorrect JSON value type";

/// A member as an argument.
pub(super) fn argument(member: &Member) -> Argument<'_> {
    Argument {
        name_range: member.name_range,
        range: member.name_range.to(member.value.range),
        value: Written::Json(&member.value),
    }
}

/// What the schema knows of a body; the rest is a finding where the schema is all that the body may have.
pub(super) fn content<'a>(
    value: &'a Node,
    schema: &Schema,
    is_complete: bool,
    sources: &Sources,
    found: &mut Vec<Diagnostic>,
) -> Content<'a> {
    let mut arguments: BTreeMap<&str, Argument> = BTreeMap::new();
    let mut blocks = Vec::new();
    let members = members_of(value, None, found);
    let is_used = |known: &str| members.iter().any(|member| member.name == known);
    let unused: Vec<_> = schema.arguments.iter().map(|known| known.name).filter(|known| !is_used(known)).collect();
    for member in &members {
        let name = member.name.as_str();
        if schema.arguments.iter().any(|known| known.name == name) {
            if let Some(earlier) = arguments.get(name) {
                let detail = format!("The argument \"{name}\" was already set at {}.", sources.describe(earlier.range));
                found.push(bad_declaration("Duplicate argument", detail, member.name_range));
                continue;
            }
            arguments.insert(name, argument(member));
        } else if let Some(known) = schema.block(name) {
            let block_type = Name { text: name.into(), range: member.name_range };
            unpack_block(&member.value, &block_type, known.labels, &[], &mut blocks, found);
        } else if name != "//" && is_complete {
            let names = unused.iter().copied().chain(schema.blocks.iter().map(|known| known.block_type));
            let suggestion = did_you_mean(name, names).unwrap_or_default();
            let detail = format!("No argument or block type is named {}.{suggestion}", go_quoted(name));
            found.push(bad_declaration("Extraneous JSON object property", detail, member.name_range));
        }
    }
    Content { arguments, blocks }
}

/// Peels the labels off, one level of objects each; an array below them is several blocks.
fn unpack_block<'a>(
    value: &'a Node,
    block_type: &Name,
    labels_left: &'static [&'static str],
    labels: &[Name],
    blocks: &mut Vec<Block<'a>>,
    found: &mut Vec<Diagnostic>,
) {
    if let Some((label, labels_left)) = labels_left.split_first() {
        let members = members_of(value, Some(label), found);
        if members.is_empty() {
            let detail = format!(
                "At least one object property is required, whose name represents the {} block's {label}.",
                block_type.text
            );
            found.push(bad_declaration("Missing block label", detail, value.start_range()));
        }
        for member in members {
            let mut labels = labels.to_vec();
            labels.push(Name { text: member.name.as_str().into(), range: member.name_range });
            unpack_block(&member.value, block_type, labels_left, &labels, blocks, found);
        }
        return;
    }
    let header = value.start_range();
    let block = |value| Block {
        block_type: Cow::Owned(block_type.clone()),
        labels: Cow::Owned(labels.to_vec()),
        header,
        body: Body::Json(value),
    };
    match &value.kind {
        NodeKind::Null | NodeKind::Malformed => {}
        NodeKind::Object(_) => blocks.push(block(value)),
        NodeKind::Array(elements) => blocks.extend(elements.iter().map(block)),
        NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::String(_) => {
            let detail = format!(
                "Either a JSON object or a JSON array is required, representing the contents of one or more \"{}\" blocks.",
                block_type.text
            );
            found.push(bad_declaration(WRONG_TYPE, detail, header));
        }
    }
}

/// The members of an object, or of every object in an array; `label` is the label that their names stand for.
fn members_of<'a>(value: &'a Node, label: Option<&str>, found: &mut Vec<Diagnostic>) -> Vec<&'a Member> {
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
                let purpose = purpose(label);
                let detail = format!("A JSON object is required here, {purpose}.");
                found.push(bad_declaration(WRONG_TYPE, detail, element.start_range()));
            }
            members
        }
        NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::String(_) => {
            let purpose = purpose(label);
            let detail = format!("Either a JSON object or JSON array of objects is required here, {purpose}.");
            found.push(bad_declaration(WRONG_TYPE, detail, value.start_range()));
            Vec::new()
        }
    }
}

fn purpose(label: Option<&str>) -> String {
    match label {
        Some(label) => format!("to specify {label} labels for this block"),
        None => "to define arguments and child blocks".to_owned(),
    }
}

/// Where HCL says that something is missing: at the closing brace.
pub(super) fn missing_item(value: &Node) -> SourceRange {
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
