//! What a reference names, and references that name nothing.
//!
//! Source: hashicorp/terraform v1.11.4, `internal/addrs/parse_ref.go`.

use crate::diagnostic::SourceRange;
use crate::terraform::expression::Problem;
use crate::terraform::reference::Reference;
use crate::terraform::syntax::{Name, Step, StepKind};

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

/// What a reference names, and the part of it that does so: `var.a` of `var.a.b[0]`.
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
            let module = single(Subject::Module)?;
            check_module_step(&steps[1..])?;
            Ok(module)
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

/// What may follow the name of a module: an attribute, or an index and an attribute.
fn check_module_step(steps: &[Step]) -> Result<(), Problem> {
    let rest = match steps {
        [Step { kind: StepKind::Index(_), .. }, rest @ ..] => rest,
        _ => steps,
    };
    match rest.first() {
        None | Some(Step { kind: StepKind::Attribute(_), .. }) => Ok(()),
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
        Some(Step { kind: StepKind::Attribute(name), range }) => Ok((name, start.to(*range))),
        Some(step) => Err(Problem::new(INVALID_REFERENCE, detail, step.range)),
        None => Err(Problem::new(INVALID_REFERENCE, detail, start)),
    }
}
