//! Which arguments and blocks a body may have, and what Terraform says where others stand.
//!
//! A body in JSON is an object: the schema alone tells which of its properties are blocks.
//!
//! Source of rules and texts: hashicorp/hcl v2.23.0, `hclsyntax/structure.go` and `json/structure.go`, `Content` and `JustAttributes`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::finding::{self, DECLARATION, bad_declaration};
use super::syntax::json::{Node, NodeKind, Strings};
use super::syntax::{self, Expression, Name};
use crate::diagnostic::{Diagnostic, SourceRange, Sources};

mod json;
mod native;
#[cfg(test)]
mod tests;

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
    Native(&'a Arc<Expression>),
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
    pub(super) fn literal(self, check: &'static str, sources: &Sources, found: &mut Vec<Diagnostic>) -> Arc<Expression> {
        self.read(Strings::Literal, check, sources, found)
    }

    /// The expression: the strings of JSON are templates.
    pub(super) fn expression(self, sources: &Sources, found: &mut Vec<Diagnostic>) -> Arc<Expression> {
        self.read(Strings::Template, DECLARATION, sources, found)
    }

    fn read(self, strings: Strings, check: &'static str, sources: &Sources, found: &mut Vec<Diagnostic>) -> Arc<Expression> {
        match self {
            Self::Native(expression) => Arc::clone(expression),
            Self::Json(node) => {
                let (expression, errors) = node.expression(strings);
                found.extend(errors.iter().map(|e| finding::syntax_error(check, e, sources)));
                Arc::new(expression)
            }
        }
    }
}

/// A block with as many labels as its schema has.
#[derive(Debug, Clone)]
pub(super) struct Block<'a> {
    pub(super) block_type: Cow<'a, Name>,
    pub(super) labels: Cow<'a, [Name]>,
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
            Self::Native(body) => (native::content(body, schema, is_complete, found), opening(body.range)),
            Self::Json(value) => (json::content(value, schema, is_complete, sources, found), json::missing_item(value)),
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
                native::arguments(body)
            }
            Self::Json(value) => {
                let (members, errors) = syntax::json::arguments(value);
                found.extend(errors.iter().map(|e| finding::syntax_error(DECLARATION, e, sources)));
                members.into_iter().map(|member| (member.name.as_str(), json::argument(member))).collect()
            }
        }
    }
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
