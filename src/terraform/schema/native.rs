//! Bodies of native syntax against a schema.
//!
//! Source of rules and texts: hashicorp/hcl v2.23.0, `hclsyntax/structure.go`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{Argument, Block, Body, Content, Schema, Written, opening};
use crate::diagnostic::Diagnostic;
use crate::terraform::finding::bad_declaration;
use crate::terraform::suggestion::did_you_mean;
use crate::terraform::syntax::{self, Name};

/// Every argument of a body.
pub(super) fn arguments(body: &syntax::Body) -> BTreeMap<&str, Argument<'_>> {
    body.attributes
        .iter()
        .map(|syntax::Attribute { name, value, range }| {
            (name.text.as_str(), Argument { name_range: name.range, range: *range, value: Written::Native(value) })
        })
        .collect()
}

/// What the schema knows of a body; the rest is a finding where the schema is all that the body may have.
pub(super) fn content<'a>(
    body: &'a syntax::Body,
    schema: &Schema,
    is_complete: bool,
    found: &mut Vec<Diagnostic>,
) -> Content<'a> {
    let mut arguments = self::arguments(body);
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
