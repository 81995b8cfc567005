//! HCL source text as a small tree with byte ranges.
//!
//! The tree keeps no trivia: an edit splices the source text at a node's range, so every byte outside it stays.

mod body;
mod collection;
pub mod error;
mod expression;
mod for_expression;
pub mod identifier;
pub mod json;
pub(crate) mod lexer;
mod lexical_error;
pub mod literal;
mod parser;
mod template;
#[cfg(test)]
mod tests;
pub(crate) mod token;
mod traversal;
pub mod unfinished;

use std::sync::Arc;

use compact_str::CompactString;

use crate::diagnostic::{FileId, SourceRange};
use error::SyntaxError;
use lexer::Start;
use parser::Parser;

/// How deep expressions and blocks may nest, chains of operators counted in.
///
/// Terraform's own limit is the memory of its stack, 1 GB. Every level costs stack here and in the evaluator, and
/// `main` provides for this many.
pub const DEPTH_LIMIT: u32 = 20_000;

/// How many expressions one text may hold.
///
/// A file of 50 MB can hold 25 million, each of which takes some 200 bytes until it is evaluated.
pub(super) const EXPRESSION_LIMIT: u32 = 4_000_000;

/// What is said of a text that holds more.
fn too_many_values() -> String {
    format!("tfhelper reads at most {EXPRESSION_LIMIT} values of one text.")
}

/// How much stack it takes to parse and evaluate what nests to [`DEPTH_LIMIT`], in bytes.
///
/// It is address space: memory is used as far as something really nests.
pub const STACK_BYTES: usize = 1 << 30;

/// Parses a file; what could not be read is missing from the body, or stands in it as [`ExpressionKind::Malformed`].
#[must_use]
pub fn parse_body(text: &str, file: FileId) -> (Body, Vec<SyntaxError>) {
    parse_decoded_body(text, &[], file)
}

/// Parses a file of which some bytes were not UTF-8: each stands as U+FFFD at one of these offsets, ascending.
#[must_use]
pub fn parse_decoded_body(text: &str, broken: &[u32], file: FileId) -> (Body, Vec<SyntaxError>) {
    let mut parser = Parser::new(text, Start::Code, broken, SourceRange { file, start: 0, end: 0 });
    let body = parser.parse_file();
    (body, parser.finish())
}

/// Parses a text that is one expression; line ends count as blanks. There is no expression where there are errors.
#[must_use]
pub fn parse_expression(text: &str, file: FileId) -> (Option<Expression>, Vec<SyntaxError>) {
    let mut parser = Parser::new(text, Start::Code, &[], SourceRange { file, start: 0, end: 0 });
    parser.push_newlines(false);
    let expression = parser.parse_expression();
    parser.expect_end();
    parser.pop_newlines();
    let errors = parser.finish();
    (errors.is_empty().then_some(expression), errors)
}

/// Parses a text that is a template as a whole: a string of JSON syntax, or a file of `templatefile`.
///
/// The text's first byte stands at the start of `at`. There is no expression where there are errors.
#[must_use]
pub fn parse_template(text: &str, at: SourceRange) -> (Option<Expression>, Vec<SyntaxError>) {
    let mut parser = Parser::new(text, Start::Template, &[], at);
    let expression = parser.parse_bare_template();
    let errors = parser.finish();
    (errors.is_empty().then_some(expression), errors)
}

/// Decodes a file: bytes that are not UTF-8 become U+FFFD, and their offsets in the text are returned.
#[must_use]
pub fn decode(bytes: Vec<u8>) -> (String, Vec<u32>) {
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return (text, Vec::new()),
        Err(error) => error.into_bytes(),
    };
    let mut text = String::with_capacity(bytes.len());
    let mut broken = Vec::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for _ in chunk.invalid() {
            broken.push(u32::try_from(text.len()).unwrap_or(u32::MAX));
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    (text, broken)
}

/// An identifier or label with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Name {
    /// The text as written, without quotes and with escapes resolved.
    pub text: CompactString,
    /// Where it stands, quotes included.
    pub range: SourceRange,
}

/// The content of a file or block.
#[derive(Debug, Clone, PartialEq)]
pub struct Body {
    /// Attributes in the order of the text.
    pub attributes: Vec<Attribute>,
    /// Blocks in the order of the text.
    pub blocks: Vec<Block>,
    /// The whole content; for a block, braces included.
    pub range: SourceRange,
}

/// `name = value`.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    /// The name.
    pub name: Name,
    /// The value, shared with what is made of the body.
    pub value: Arc<Expression>,
    /// From the name's first byte to the value's last.
    pub range: SourceRange,
}

/// `type "label" { ... }`.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// The block type.
    pub block_type: Name,
    /// The labels, bare or quoted.
    pub labels: Vec<Name>,
    /// The content.
    pub body: Body,
    /// From the type to the last label: what Terraform points at.
    pub header: SourceRange,
}

/// An expression and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    /// What it is.
    pub kind: ExpressionKind,
    /// Its bytes; a heredoc's range ends behind the end marker.
    pub range: SourceRange,
}

/// The forms of an expression.
#[derive(Debug, Clone, PartialEq)]
pub enum ExpressionKind {
    /// `null`, `true`, `false`.
    Null,
    /// A truth value.
    Bool(bool),
    /// A number as written; [`crate::terraform::number::Number`] reads it.
    Number(String),
    /// A quoted string or heredoc without interpolation, escapes resolved, NFC-normalised.
    String(String),
    /// A template with at least one interpolation or directive; its value is a string.
    Template(Vec<TemplatePart>),
    /// A template that is nothing but one interpolation; its value is the inner one, whatever its type.
    TemplateWrap(Box<Expression>),
    /// `[a, b]`.
    Tuple(Vec<Expression>),
    /// `{ a = b }`.
    Object(Vec<ObjectItem>),
    /// `var.a.b[0]`: a root name and the steps behind it, every index among them a literal.
    Traversal(Box<Name>, Vec<Step>),
    /// Steps behind any other expression: `f(x).a`, `(x)[0]`, `a[*].b`, and what follows an index that is no literal.
    Relative(Box<Expression>, Vec<Step>),
    /// `-x`, `!x`.
    Unary(UnaryOperator, Box<Expression>),
    /// `a + b`.
    Binary(Box<Expression>, BinaryOperator, Box<Expression>),
    /// `c ? a : b`.
    Conditional(Box<Conditional>),
    /// `[for ...]` or `{for ...}`.
    For(Box<ForExpression>),
    /// `f(a, b...)`; a provider's function has `::` in its name.
    Call(Box<Call>),
    /// `(a)`; counts where a name in parentheses is a reference and not a key.
    Parentheses(Box<Expression>),
    /// Stands where no expression could be parsed; its value is unknown, and the error has been reported.
    Malformed,
}

/// `c ? a : b`.
#[derive(Debug, Clone, PartialEq)]
pub struct Conditional {
    /// What decides.
    pub condition: Expression,
    /// The value when true.
    pub then: Expression,
    /// The value when false.
    pub otherwise: Expression,
}

/// `f(a, b...)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The function.
    pub name: Name,
    /// The arguments.
    pub arguments: Vec<Expression>,
    /// The last argument is expanded with `...`.
    pub expands_last: bool,
    /// From the opening to the closing parenthesis.
    pub parentheses: SourceRange,
}

/// `[for k, v in c : value if condition]` or `{for k, v in c : key => value... if condition}`.
#[derive(Debug, Clone, PartialEq)]
pub struct ForExpression {
    /// Name of the key or index, where one is given.
    pub key_name: Option<Name>,
    /// Name of the element.
    pub value_name: Name,
    /// What is iterated.
    pub collection: Expression,
    /// The key of the result; present exactly in the object form.
    pub key: Option<Expression>,
    /// The value of the result.
    pub value: Expression,
    /// `if`.
    pub condition: Option<Expression>,
    /// `...` behind the value.
    pub is_grouped: bool,
}

/// One member of an object constructor.
#[derive(Debug, Clone, PartialEq)]
pub struct ObjectItem {
    /// The key: a bare name is [`ExpressionKind::String`] with `is_bare_key`.
    pub key: Expression,
    /// The key is a bare name, so a literal.
    pub is_bare_key: bool,
    /// The value.
    pub value: Expression,
}

/// A step of a traversal.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What it does.
    pub kind: StepKind,
    /// Its bytes, from the dot or bracket on.
    pub range: SourceRange,
}

/// The forms of a step.
#[derive(Debug, Clone, PartialEq)]
pub enum StepKind {
    /// `.name`.
    Attribute(CompactString),
    /// `[key]`.
    Index(Expression),
    /// `.0`: the number as written.
    LegacyIndex(String),
    /// `[*]` or `.*`: these steps are applied to each element; the step's range is the marker alone.
    ///
    /// Behind `[*]` all that follows is in here, behind `.*` the attributes alone.
    Splat(Vec<Step>),
}

/// One part of a template.
#[derive(Debug, Clone, PartialEq)]
pub enum TemplatePart {
    /// Text, escapes resolved and strip markers applied.
    Literal(String),
    /// `${ }`.
    Interpolation(Expression),
    /// `%{ if }`.
    If {
        /// What decides.
        condition: Expression,
        /// The parts when true.
        then: Vec<Self>,
        /// The parts when false.
        otherwise: Vec<Self>,
        /// From the opening directive to the closing one.
        range: SourceRange,
    },
    /// `%{ for }`.
    For {
        /// Name of the key or index, where one is given.
        key_name: Option<Name>,
        /// Name of the element.
        value_name: Name,
        /// What is iterated.
        collection: Expression,
        /// The parts repeated.
        body: Vec<Self>,
        /// From the opening directive to the closing one.
        range: SourceRange,
    },
}

/// Operators with one operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnaryOperator {
    /// `-`
    Negate,
    /// `!`
    Not,
}

/// Operators with two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryOperator {
    /// `||`
    Or,
    /// `&&`
    And,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Modulo,
}
