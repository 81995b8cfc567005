//! Files as they were read: decoded, taken among the sources, parsed.

use super::finding::{self, SYNTAX};
use super::syntax::json::Node;
use super::syntax::{self, Body};
use crate::diagnostic::{Diagnostic, Sources};

/// Parses a file in native syntax; what can be read of a broken one is there.
pub(super) fn parse_native(name: String, bytes: Vec<u8>, sources: &mut Sources, found: &mut Vec<Diagnostic>) -> Body {
    let (text, broken) = syntax::decode(bytes);
    let file = sources.add(name, text);
    let (body, errors) = syntax::parse_decoded_body(&sources.file(file).text, &broken, file);
    found.extend(errors.iter().map(|e| finding::syntax_error(SYNTAX, e, sources)));
    body
}

/// Parses a file in JSON; what can be read of a broken one is there.
pub(super) fn parse_json(name: String, bytes: Vec<u8>, sources: &mut Sources, found: &mut Vec<Diagnostic>) -> Node {
    let (text, _) = syntax::decode(bytes);
    let file = sources.add(name, text);
    let (node, errors) = syntax::json::parse(&sources.file(file).text, file);
    found.extend(errors.iter().map(|e| finding::syntax_error(SYNTAX, e, sources)));
    node
}
