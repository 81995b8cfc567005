//! What a reference names, and references that name nothing.
//!
//! Source: hashicorp/terraform v1.11.4, `internal/addrs/parse_ref.go`.

use crate::diagnostic::SourceRange;
use crate::terraform::expression::Problem;
use crate::terraform::number::Number;
use crate::terraform::reference::Reference;
use crate::terraform::syntax::{Expression, ExpressionKind, Name, Step, StepKind};

const INVALID_REFERENCE: &str = "Invalid reference";

/// What can be referred to.
pub(super) enum Subject<'a> {
    /// `var.name`
    Variable(&'a str),
    /// `local.name`
    Local(&'a str),
    /// `type.name`, `data.type.name`, `ephemeral.type.name`; the address without `resource.`.
    Resource(String),
    /// `module.name`
    Module(&'a str),
    /// `path.name`
    Path(&'a str),
    /// `terraform.name`
    Terraform(&'a str),
    /// `count.name`
    Count(&'a str),
    /// `each.name`
    Each(&'a str),
    /// `self`
    Itself,
}

/// What a reference names, and the part of it that does so: `var.a` of `var.a.b[0]`, `type.name[0]` of `type.name[0].b`.
pub(super) fn parse<'a>(Reference { root, steps }: Reference<'a>) -> Result<(Subject<'a>, SourceRange), Problem> {
    let single = |subject: fn(&'a str) -> Subject<'a>| {
        let (name, range) = single_attribute(root, steps)?;
        Ok((subject(name), range))
    };
    match root.text.as_str() {
        "var" => single(Subject::Variable),
        "local" => single(Subject::Local),
        "path" => single(Subject::Path),
        "terraform" => single(Subject::Terraform),
        "count" => single(Subject::Count),
        "each" => single(Subject::Each),
        "module" => {
            let (module, range) = single(Subject::Module)?;
            let rest = &steps[1..];
            let index = instance_key(rest, "module instance")?;
            let output = module_output(&rest[index.iter().len()..])?;
            Ok((module, index.into_iter().chain(output).fold(range, SourceRange::to)))
        }
        "self" => Ok((Subject::Itself, root.range)),
        "data" | "resource" | "ephemeral" => resource(root, steps),
        reserved @ ("template" | "lazy" | "arg") => {
            let detail = format!(
                "The symbol name \"{reserved}\" is reserved for use in a future Terraform version. If you are using a provider \
                 that already uses this as a resource type name, add the prefix \"resource.\" to force interpretation as a \
                 resource type name."
            );
            Err(Problem::new("Reserved symbol name", detail, root.range))
        }
        _ => {
            let (name, range) = resource_name("a resource type", root.range, steps)?;
            Ok((Subject::Resource(format!("{}.{name}", root.text)), range))
        }
    }
}

/// The attribute that must follow a name such as `var`.
fn single_attribute<'a>(root: &Name, steps: &'a [Step]) -> Result<(&'a str, SourceRange), Problem> {
    match steps.first() {
        Some(Step { kind: StepKind::Attribute(name), range }) => Ok((name, root.range.to(*range))),
        Some(step) => {
            let detail = format!("The \"{}\" object does not support this operation.", root.text);
            Err(Problem::new(INVALID_REFERENCE, detail, step.range))
        }
        None => {
            let detail =
                format!("The \"{}\" object cannot be accessed directly. Instead, access one of its attributes.", root.text);
            Err(Problem::new(INVALID_REFERENCE, detail, root.range))
        }
    }
}

/// The index behind the name of a resource or module, which is a part of the reference to it.
fn instance_key(steps: &[Step], what: &str) -> Result<Option<SourceRange>, Problem> {
    let Some(step) = steps.first() else { return Ok(None) };
    let is_whole = |text: &str| Number::parse(text).is_some_and(|number| number.to_i64().is_some());
    let wanted = match &step.kind {
        StepKind::Attribute(_) | StepKind::Splat(_) => return Ok(None),
        StepKind::LegacyIndex(text) | StepKind::Index(Expression { kind: ExpressionKind::Number(text), .. }) => {
            if is_whole(text) {
                return Ok(Some(step.range));
            }
            format!("value must be a whole number, between {} and {}", i64::MIN, i64::MAX)
        }
        StepKind::Index(Expression { kind: ExpressionKind::Null | ExpressionKind::Bool(_), .. }) => {
            "either a string or an integer is required".to_owned()
        }
        StepKind::Index(_) => return Ok(Some(step.range)),
    };
    Err(Problem::new("Invalid index key", format!("Invalid index for {what}: {wanted}."), step.range))
}

/// The attribute that follows the name of a module or its index, where one does.
fn module_output(steps: &[Step]) -> Result<Option<SourceRange>, Problem> {
    match steps.first() {
        None => Ok(None),
        Some(Step { kind: StepKind::Attribute(_), range }) => Ok(Some(*range)),
        Some(step) => {
            let detail = "Module instance objects do not support this operation.";
            Err(Problem::new(INVALID_REFERENCE, detail, step.range))
        }
    }
}

/// `data.type.name` and its kin.
fn resource<'a>(root: &'a Name, steps: &'a [Step]) -> Result<(Subject<'a>, SourceRange), Problem> {
    let object = root.text.as_str();
    let (prefix, kind, what) = match object {
        "data" => ("data.", "data source", "a data source"),
        "ephemeral" => ("ephemeral.", "ephemeral resource", "an ephemeral resource type"),
        _ => ("", "resource", "a resource type"),
    };
    let Some((first, rest)) = steps.split_first().filter(|(_, rest)| !rest.is_empty()) else {
        let detail =
            format!("The \"{object}\" object must be followed by two attribute names: the {kind} type and the resource name.");
        return Err(Problem::new(INVALID_REFERENCE, detail, Reference { root, steps }.range()));
    };
    let StepKind::Attribute(resource_type) = &first.kind else {
        let detail = format!("The \"{object}\" object does not support this operation.");
        return Err(Problem::new(INVALID_REFERENCE, detail, first.range));
    };
    let (name, range) = resource_name(what, root.range, rest)?;
    Ok((Subject::Resource(format!("{prefix}{resource_type}.{name}")), range))
}

fn resource_name<'a>(what: &str, start: SourceRange, steps: &'a [Step]) -> Result<(&'a str, SourceRange), Problem> {
    let detail =
        format!("A reference to {what} must be followed by at least one attribute access, specifying the resource name.");
    match steps.first() {
        Some(Step { kind: StepKind::Attribute(name), range }) => {
            let index = instance_key(&steps[1..], "resource instance")?;
            Ok((name, index.into_iter().fold(start.to(*range), SourceRange::to)))
        }
        Some(step) => Err(Problem::new(INVALID_REFERENCE, detail, step.range)),
        None => Err(Problem::new(INVALID_REFERENCE, detail, start)),
    }
}
