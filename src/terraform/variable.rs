//! `variable` blocks.
//!
//! A variable is required when it has no `default` at all: `default = null` makes it optional. A bad default is an error even
//! where the variable is set.
//!
//! Source: hashicorp/terraform v1.11.4, `internal/configs/named_values.go` and `internal/configs/module_merge.go`.

use std::sync::Arc;

use super::constant;
use super::finding::{self, DECLARATION, bad_declaration};
use super::reference::references;
use super::schema::{self, ArgumentSchema, Block, BlockSchema, Schema, Written, optional, required};
use super::syntax::identifier::is_identifier;
use super::syntax::{Expression, Name};
use super::type_constraint::TypeConstraint;
use super::value::{Type, Value};
use super::version::Version;
use crate::diagnostic::{Diagnostic, SourceRange, Sources};

/// An input variable as the root module declares it.
#[derive(Debug, Clone, PartialEq)]
pub struct Variable {
    /// The label.
    pub name: Name,
    /// The block's type and label, what Terraform points at.
    pub header: SourceRange,
    /// `type`; any type where it is left out.
    pub constraint: TypeConstraint,
    /// How the text of an environment variable or a `-var` is read.
    pub parsing: Parsing,
    /// `default`
    pub default: Option<Default>,
    /// `description`
    pub description: Option<String>,
    /// `deprecated`, which Terraform knows from 1.15 on.
    pub deprecation: Option<String>,
    /// `sensitive = true`
    pub is_sensitive: bool,
    /// `nullable`, true where it is left out.
    pub is_nullable: bool,
    /// `ephemeral = true`
    pub is_ephemeral: bool,
    /// The `validation` blocks.
    pub validations: Vec<Validation>,
}

/// The `default` of a variable.
#[derive(Debug, Clone, PartialEq)]
pub struct Default {
    /// The value, converted to the variable's type; unknown where that failed.
    pub value: Value,
    /// Where the value stands.
    pub range: SourceRange,
}

/// How the text of an environment variable or a `-var` becomes a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parsing {
    /// The text is the string: primitive types, and variables without a type.
    Literal,
    /// The text is an expression: every other type, `any` included.
    Hcl,
}

/// A `validation` block.
#[derive(Debug, Clone, PartialEq)]
pub struct Validation {
    /// The block's type, what Terraform points at.
    pub header: SourceRange,
    /// `condition`
    pub condition: Arc<Expression>,
    /// `error_message`
    pub error_message: Arc<Expression>,
    /// `error_message` as JSON has it, which counts as it is written where it cannot be evaluated.
    pub json_message: Option<String>,
}

impl Variable {
    /// Must a value be given?
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.default.is_none()
    }

    /// The type that every value of it has.
    #[must_use]
    pub fn value_type(&self) -> Type {
        self.constraint.ty.without_optional()
    }
}

/// A `variable` block as it stands; an override file's block changes another one.
pub(super) struct Declaration {
    pub(super) name: Name,
    pub(super) header: SourceRange,
    constraint: Option<(TypeConstraint, Parsing)>,
    default: Option<Default>,
    description: Option<String>,
    deprecation: Option<String>,
    is_sensitive: Option<bool>,
    is_nullable: Option<bool>,
    is_ephemeral: Option<bool>,
    validations: Vec<Validation>,
}

/// Names that mean something in a `module` block, so that no variable may have them.
const RESERVED_NAMES: [&str; 8] = ["source", "version", "count", "for_each", "depends_on", "providers", "lifecycle", "locals"];

/// Reserved too, by blocks that no variable of a sane name collides with.
const RESERVED_BLOCKS: [&str; 2] = ["provider", "_"];

const VALIDATION: BlockSchema = schema::block("validation", &[]);

/// What a `variable` block may hold; each version of Terraform knows a beginning of this list.
const ARGUMENTS: [ArgumentSchema; 8] = [
    optional("description"),
    optional("default"),
    optional("type"),
    optional("sensitive"),
    optional("nullable"),
    optional("ephemeral"),
    optional("deprecated"),
    optional("const"),
];

fn schema_of(version: &Version) -> Schema<'static> {
    let unknown = match version {
        version if version.is_at_least(1, 15, 0) => 0,
        version if version.is_at_least(1, 10, 0) => 2,
        _ => 3,
    };
    Schema { arguments: &ARGUMENTS[..ARGUMENTS.len() - unknown], blocks: &[VALIDATION] }
}

/// What decoding a block needs to know of its surroundings.
#[derive(Clone, Copy)]
pub(super) struct Surroundings<'a> {
    pub(super) sources: &'a Sources,
    pub(super) version: &'a Version,
    /// The block stands in an override file.
    pub(super) is_override: bool,
}

/// Reads a block, and says what Terraform says of it.
pub(super) fn decode(block: &Block, around: Surroundings, found: &mut Vec<Diagnostic>) -> Option<Declaration> {
    let name = block.labels.first()?.clone();
    let content = block.body.content(&schema_of(around.version), around.sources, found);
    judge_name(&name, found);

    let argument = |name: &str| content.arguments.get(name).map(|argument| argument.value);
    let description = argument("description").and_then(|value| constant::text(value, around.sources, found));
    let constraint = argument("type").map(|value| decode_type(value, around.sources, found));
    let is_sensitive = argument("sensitive").and_then(|value| constant::truth(value, around.sources, found));
    let is_ephemeral = argument("ephemeral").and_then(|value| constant::truth(value, around.sources, found));
    let is_nullable = argument("nullable").and_then(|value| constant::truth(value, around.sources, found));
    let deprecation = argument("deprecated").and_then(|value| constant::text(value, around.sources, found));
    let default = argument("default").map(|value| {
        let expression = value.literal(DECLARATION, around.sources, found);
        let decoded = constant::value(&expression, DECLARATION, around.sources, found);
        Default { value: decoded.unwrap_or_else(|| Value::unknown(Type::Dynamic)), range: value.range() }
    });
    let validations = content.blocks.iter().filter_map(|block| decode_validation(block, &name.text, around, found)).collect();
    Some(Declaration {
        name,
        header: block.header,
        constraint,
        default,
        description,
        deprecation,
        is_sensitive,
        is_nullable,
        is_ephemeral,
        validations,
    })
}

fn judge_name(name: &Name, found: &mut Vec<Diagnostic>) {
    const INVALID: &str = "Invalid variable name";
    if !is_identifier(&name.text) {
        let detail =
            "A name must start with a letter or underscore and may contain only letters, digits, underscores, and dashes.";
        found.push(bad_declaration(INVALID, detail, name.range));
    }
    if RESERVED_NAMES.iter().chain(&RESERVED_BLOCKS).any(|reserved| *reserved == name.text) {
        let detail = format!("The variable name \"{}\" is reserved due to its special meaning inside module blocks.", name.text);
        found.push(bad_declaration(INVALID, detail, name.range));
    }
}

/// In JSON a type is the text of an expression.
fn decode_type(written: Written, sources: &Sources, found: &mut Vec<Diagnostic>) -> (TypeConstraint, Parsing) {
    let (constraint, problems) = match written {
        Written::Native(expression) => TypeConstraint::parse(expression, sources),
        Written::Json(node) => TypeConstraint::parse_json(node, sources),
    };
    let is_wrong = !problems.is_empty();
    found.extend(problems.into_iter().map(|problem| finding::problem(DECLARATION, problem)));
    if is_wrong {
        return (Type::Dynamic.into(), Parsing::Hcl);
    }
    let parsing = if constraint.ty.is_primitive() { Parsing::Literal } else { Parsing::Hcl };
    (constraint, parsing)
}

fn decode_validation(block: &Block, variable: &str, around: Surroundings, found: &mut Vec<Diagnostic>) -> Option<Validation> {
    const SCHEMA: Schema<'static> = Schema { arguments: &[required("condition"), required("error_message")], blocks: &[] };
    if around.is_override {
        let detail = "Override files cannot override \"validation\" blocks.";
        found.push(bad_declaration("Can't override validation blocks", detail, block.header));
        return None;
    }
    let content = block.body.content(&SCHEMA, around.sources, found);
    let written = |name: &str| content.arguments.get(name).map(|argument| argument.value);
    let condition = written("condition").map(|written| written.expression(around.sources, found));
    let error_message = written("error_message").map(|written| decode_message(written, around.sources, found));
    let json_message = written("error_message").and_then(Written::json_text).map(str::to_owned);
    if let Some(condition) = &condition {
        judge_condition(condition, variable, found);
    }
    if !around.version.is_at_least(1, 9, 0) {
        let parts = [("condition", &condition), ("error message", &error_message)];
        for (part, expression) in parts.into_iter().filter_map(|(part, expression)| Some((part, expression.as_ref()?))) {
            judge_references(part, expression, variable, found);
        }
    }
    Some(Validation { header: block.header, condition: condition?, error_message: error_message?, json_message })
}

/// The message of a rule; a string of JSON that is no template is just a string, with a warning.
fn decode_message(written: Written, sources: &Sources, found: &mut Vec<Diagnostic>) -> Arc<Expression> {
    let mut errors = Vec::new();
    let expression = written.expression(sources, &mut errors);
    if written.json_text().is_none() {
        found.append(&mut errors);
        return expression;
    }
    let Some(warning) = finding::message_taken_literally(&errors, sources, written.range()) else { return expression };
    found.push(warning);
    written.literal(DECLARATION, sources, &mut Vec::new())
}

fn judge_condition(condition: &Expression, variable: &str, found: &mut Vec<Diagnostic>) {
    let references = references(condition);
    if references.is_empty() {
        let detail = "The condition expression must refer to at least one object from elsewhere in the configuration, or else \
                      its result would not be checking anything.";
        found.push(bad_declaration("Invalid validation expression", detail, condition.range));
    }
    if !references.iter().any(|reference| reference.name_in("var") == Some(variable)) {
        let detail =
            format!("The condition for variable \"{variable}\" must refer to var.{variable} in order to test incoming values.");
        found.push(bad_declaration("Invalid variable validation condition", detail, condition.range));
    }
}

/// Before 1.9 a rule could know its own variable alone.
///
/// Source: hashicorp/terraform v1.8.5, `internal/configs/named_values.go`, `decodeVariableValidationBlock`.
fn judge_references(part: &str, expression: &Expression, variable: &str, found: &mut Vec<Diagnostic>) {
    for reference in references(expression) {
        if reference.name_in("var") != Some(variable) {
            let detail =
                format!("The {part} for variable \"{variable}\" can only refer to the variable itself, using var.{variable}.");
            found.push(bad_declaration("Invalid reference in variable validation", detail, reference.range()));
        }
    }
}

const INVALID_DEFAULT: &str = "Invalid default value for variable";
const NULL_DEFAULT: &str = "A null default value is not valid when nullable=false.";

impl Declaration {
    /// The variable of a declaration that overrides nothing.
    pub(super) fn into_variable(self, found: &mut Vec<Diagnostic>) -> Variable {
        let (constraint, parsing) = self.constraint.unwrap_or((Type::Dynamic.into(), Parsing::Literal));
        let is_nullable = self.is_nullable.unwrap_or(true);
        let default = self.default.map(|Default { value, range }| {
            let value = constraint.convert(&value).unwrap_or_else(|reason| {
                let reason = reason.with_path();
                let detail = format!("This default value is not compatible with the variable's type constraint: {reason}.");
                found.push(bad_declaration(INVALID_DEFAULT, detail, range).about(&self.name.text));
                Value::unknown(constraint.ty.without_optional())
            });
            if value.is_null() && !is_nullable {
                found.push(bad_declaration(INVALID_DEFAULT, NULL_DEFAULT, range).about(&self.name.text));
            }
            Default { value, range }
        });
        Variable {
            name: self.name,
            header: self.header,
            constraint,
            parsing,
            default,
            description: self.description,
            deprecation: self.deprecation,
            is_sensitive: self.is_sensitive.unwrap_or(false),
            is_nullable,
            is_ephemeral: self.is_ephemeral.unwrap_or(false),
            validations: self.validations,
        }
    }

    /// Changes the variable that an override file's block is for.
    pub(super) fn override_variable(self, variable: &mut Variable, found: &mut Vec<Diagnostic>) {
        let overridden = match (self.constraint.is_some(), self.default.is_some()) {
            (true, false) => "Overriding this variable's type constraint has made its default value invalid",
            (false, true) => {
                "The overridden default value for this variable is not compatible with the variable's type constraint"
            }
            (true, true) | (false, false) => "This variable's default value is not compatible with its type constraint",
        };
        if let Some((constraint, parsing)) = self.constraint {
            variable.constraint = constraint;
            variable.parsing = parsing;
        }
        variable.default = self.default.or(variable.default.take());
        variable.description = self.description.or(variable.description.take());
        variable.deprecation = self.deprecation.or(variable.deprecation.take());
        variable.is_sensitive = self.is_sensitive.unwrap_or(variable.is_sensitive);
        variable.is_nullable = self.is_nullable.unwrap_or(variable.is_nullable);
        variable.is_ephemeral = self.is_ephemeral.unwrap_or(variable.is_ephemeral);

        let Some(default) = &mut variable.default else { return };
        match variable.constraint.convert(&default.value) {
            Ok(value) => default.value = value,
            Err(reason) => {
                let detail = format!("{overridden}: {reason}.");
                found.push(bad_declaration(INVALID_DEFAULT, detail, self.header).about(&variable.name.text));
                default.value = Value::unknown(variable.constraint.ty.without_optional());
            }
        }
        if default.value.is_null() && !variable.is_nullable {
            found.push(bad_declaration(INVALID_DEFAULT, NULL_DEFAULT, self.header).about(&variable.name.text));
        }
    }
}
