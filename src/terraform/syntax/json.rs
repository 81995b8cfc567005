//! JSON syntax: `.tf.json` and `.tfvars.json`, as a tree of nodes with byte ranges.
//!
//! The same text means different things by place: in a variable definitions file a string is just a string, in `.tf.json`
//! it is a template. So a node is turned into an expression only where it is known which.
//!
//! Source of the rules and of every message: hashicorp/hcl v2.23.0, `json/parser.go`, `json/scanner.go`, `json/structure.go`.

use std::collections::HashMap;

use super::error::{PLACE, SyntaxError};
use crate::diagnostic::{FileId, SourceRange};
use crate::terraform::go_quote::go_quoted;
use parser::Parser;
use scanner::TokenKind;

mod expression;
mod literal;
mod parser;
mod scanner;
#[cfg(test)]
mod tests;

/// A JSON value and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Its bytes.
    pub range: SourceRange,
}

/// The forms of a JSON value.
#[derive(Debug, Clone, PartialEq)]
pub enum NodeKind {
    /// `null`
    Null,
    /// A truth value.
    Bool(bool),
    /// A number as written, sign included.
    Number(String),
    /// A string, escapes resolved.
    String(String),
    /// An array.
    Array(Vec<Node>),
    /// An object; members in the order of the text, duplicates included.
    Object(Vec<Member>),
    /// Stands where no value could be parsed; the error has been reported.
    Malformed,
}

/// A member of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// The name, escapes resolved.
    pub name: String,
    /// Where the name stands, quotes included.
    pub name_range: SourceRange,
    /// The value.
    pub value: Node,
}

/// What the strings of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strings {
    /// Just strings, as in a variable definitions file.
    Literal,
    /// Templates, as in `.tf.json`.
    Template,
}

/// Parses a file, whose root has to be an object or an array.
#[must_use]
pub fn parse(text: &str, file: FileId) -> (Node, Vec<SyntaxError>) {
    let mut parser = Parser::new(text, file);
    let node = parser.parse_value();
    if parser.errors.is_empty() {
        let next = parser.scanner.peek();
        if next.kind != TokenKind::End {
            parser.error("Extraneous data after value", "Extra characters appear after the JSON value.", next);
        }
    }
    if !matches!(node.kind, NodeKind::Object(_) | NodeKind::Array(_)) {
        parser.errors.push(SyntaxError::new(
            "Root value must be object",
            "The root value in a JSON-based configuration must be either a JSON object or a JSON array of objects.",
            node.start_range(),
        ));
    }
    (node, parser.errors)
}

/// The members of a node that is a body of nothing but arguments, such as a variable definitions file; `//` is a comment.
#[must_use]
pub fn arguments(body: &Node) -> (Vec<&Member>, Vec<SyntaxError>) {
    let NodeKind::Object(members) = &body.kind else {
        // A root that could not be parsed has its error already.
        let errors = match body.kind {
            NodeKind::Array(_) => vec![SyntaxError::new(
                "Incorrect JSON value type",
                "A JSON object is required here, setting the arguments for this block.",
                body.start_range(),
            )],
            _ => Vec::new(),
        };
        return (Vec::new(), errors);
    };
    let mut seen: HashMap<&str, &Member> = HashMap::new();
    let mut errors = Vec::new();
    let mut arguments = Vec::new();
    for member in members.iter().filter(|member| member.name != "//") {
        if let Some(first) = seen.get(member.name.as_str()) {
            errors.push(SyntaxError::naming(
                "Duplicate attribute definition",
                format!("The argument {} was already set at {PLACE}.", go_quoted(&member.name)),
                member.name_range,
                first.name_range.to(first.value.range),
            ));
            continue;
        }
        seen.insert(&member.name, member);
        arguments.push(member);
    }
    (arguments, errors)
}

impl Node {
    /// The range of the opening bracket, or of the whole value where it has none.
    #[must_use]
    pub fn start_range(&self) -> SourceRange {
        match self.kind {
            NodeKind::Array(_) | NodeKind::Object(_) => SourceRange { end: self.range.start + 1, ..self.range },
            NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::String(_) | NodeKind::Malformed => self.range,
        }
    }
}
