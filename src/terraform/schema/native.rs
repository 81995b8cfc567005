//! Bodies of native syntax against a schema.
//!
//! Source of rules and texts: hashicorp/hcl v2.23.0, `hclsyntax/structure.go`.

use std::borrow::Cow;
use std::cell::LazyCell;
use std::collections::BTreeMap;

use super::{Argument, Block, Body, Content, Schema, Written, opening};
use crate::diagnostic::Diagnostic;
use crate::terraform::finding::bad_declaration;
use crate::terraform::suggestion::did_you_mean;
use crate::terraform::syntax::{self, Name};

/// Every argument of a body.
pub(super) fn arguments(body: &syntax::Body) -> BTreeMap<&str, Argument<'_>> {
    body.attributes.iter().map(|attribute| (attribute.name.text.as_str(), argument(attribute))).collect()
}

fn argument(attribute: &syntax::Attribute) -> Argument<'_> {
    Argument { name_range: attribute.name.range, range: attribute.range, value: Written::Native(&attribute.value) }
}

/// What the schema knows of a body; the rest is a finding where the schema is all that the body may have.
pub(super) fn content<'a>(
    body: &'a syntax::Body,
    schema: &Schema,
    is_complete: bool,
    found: &mut Vec<Diagnostic>,
) -> Content<'a> {
    let unused = LazyCell::new(|| unused(body, schema));
    let mut arguments = BTreeMap::new();
    for attribute in &body.attributes {
        let name = attribute.name.text.as_str();
        if schema.arguments.iter().any(|known| known.name == name) {
            arguments.insert(name, argument(attribute));
        } else if is_complete {
            found.push(unsupported_argument(&attribute.name, &unused, schema));
        }
    }

    let mut blocks = Vec::with_capacity(body.blocks.len());
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
            block_type: Cow::Borrowed(&block.block_type),
            labels: Cow::Borrowed(&block.labels),
            header: block.header,
            body: Body::Native(&block.body),
        });
    }
    Content { arguments, blocks }
}

/// The arguments that the schema knows and the body does not have.
fn unused(body: &syntax::Body, schema: &Schema) -> Vec<&'static str> {
    let is_used = |known: &str| body.attributes.iter().any(|attribute| attribute.name.text == known);
    schema.arguments.iter().map(|known| known.name).filter(|known| !is_used(known)).collect()
}

fn unsupported_argument(name: &Name, unused: &[&'static str], schema: &Schema) -> Diagnostic {
    let Name { text: name, range } = name;
    let suggestion = match did_you_mean(name, unused.iter().copied()) {
        Some(suggestion) => suggestion,
        None if schema.block(name).is_some() => format!(" Did you mean to define a block of type \"{name}\"?"),
        None => String::new(),
    };
    bad_declaration("Unsupported argument", format!("An argument named \"{name}\" is not expected here.{suggestion}"), *range)
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
