//! What an expression refers to, and whether it is there.
//!
//! Source: hashicorp/terraform v1.11.4, `internal/addrs/parse_ref.go` and `internal/terraform/evaluate.go`.

use super::{ModuleNames, Problem};
use crate::diagnostic::SourceRange;
use crate::terraform::syntax::{Expression, ExpressionKind, Name, Step, StepKind, TemplatePart};
use crate::terraform::value::{Type, Value};

const INVALID_REFERENCE: &str = "Invalid reference";

/// A reference to something of the module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// What is referred to.
    pub subject: Subject,
    /// The part of the expression that names it: `var.a` of `var.a.b[0]`.
    pub range: SourceRange,
}

/// What can be referred to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// `var.name`
    Variable(String),
    /// `local.name`
    Local(String),
    /// `type.name`, `data.type.name`, `ephemeral.type.name`; the address without `resource.`.
    Resource(String),
    /// `module.name`; the name.
    Module(String),
    /// `path.name`
    Path(String),
    /// `terraform.name`
    Terraform(String),
    /// `count.name`
    Count(String),
    /// `each.name`
    Each(String),
    /// `self`
    Itself,
}

/// The references of an expression in the order of the text, and those that are malformed.
#[must_use]
pub fn references(expression: &Expression) -> (Vec<Reference>, Vec<Problem>) {
    let mut found = Vec::new();
    let mut problems = Vec::new();
    for (root, steps) in traversals(expression) {
        match parse(root, steps) {
            Ok(reference) => found.push(reference),
            Err(problem) => problems.push(problem),
        }
    }
    (found, problems)
}

/// The root names of an expression, those left out that a `for` around them brings in.
#[must_use]
pub fn roots(expression: &Expression) -> Vec<&Name> {
    traversals(expression).into_iter().map(|(root, _)| root).collect()
}

/// The names of the functions that an expression calls.
#[must_use]
pub fn functions(expression: &Expression) -> Vec<&Name> {
    let mut walk = Walk::default();
    walk.expression(expression);
    walk.calls
}

fn traversals(expression: &Expression) -> Vec<(&Name, &[Step])> {
    let mut walk = Walk::default();
    walk.expression(expression);
    walk.traversals
}

#[derive(Default)]
struct Walk<'a> {
    traversals: Vec<(&'a Name, &'a [Step])>,
    calls: Vec<&'a Name>,
    /// Names that the `for`s around bring in.
    locals: Vec<&'a str>,
}

impl<'a> Walk<'a> {
    fn expression(&mut self, expression: &'a Expression) {
        match &expression.kind {
            ExpressionKind::Null
            | ExpressionKind::Bool(_)
            | ExpressionKind::Number(_)
            | ExpressionKind::String(_)
            | ExpressionKind::Malformed => {}
            ExpressionKind::Template(parts) => self.parts(parts),
            ExpressionKind::TemplateWrap(inner) | ExpressionKind::Parentheses(inner) | ExpressionKind::Unary(_, inner) => {
                self.expression(inner);
            }
            ExpressionKind::Tuple(elements) => self.all(elements),
            ExpressionKind::Object(items) => {
                for item in items {
                    self.expression(&item.key);
                    self.expression(&item.value);
                }
            }
            ExpressionKind::Traversal(root, steps) => {
                if !self.locals.contains(&root.text.as_str()) {
                    self.traversals.push((root, steps));
                }
            }
            ExpressionKind::Relative(source, steps) => {
                self.expression(source);
                self.steps(steps);
            }
            ExpressionKind::Binary(left, _, right) => {
                self.expression(left);
                self.expression(right);
            }
            ExpressionKind::Conditional(conditional) => {
                self.expression(&conditional.condition);
                self.expression(&conditional.then);
                self.expression(&conditional.otherwise);
            }
            ExpressionKind::For(inner) => {
                self.expression(&inner.collection);
                self.within(inner.key_name.as_ref(), &inner.value_name, |walk| {
                    inner.key.iter().for_each(|key| walk.expression(key));
                    walk.expression(&inner.value);
                    inner.condition.iter().for_each(|condition| walk.expression(condition));
                });
            }
            ExpressionKind::Call(call) => {
                self.calls.push(&call.name);
                self.all(&call.arguments);
            }
        }
    }

    fn all(&mut self, expressions: &'a [Expression]) {
        for expression in expressions {
            self.expression(expression);
        }
    }

    fn steps(&mut self, steps: &'a [Step]) {
        for step in steps {
            match &step.kind {
                StepKind::Attribute(_) | StepKind::LegacyIndex(_) => {}
                StepKind::Index(key) => self.expression(key),
                StepKind::Splat(each) => self.steps(each),
            }
        }
    }

    fn parts(&mut self, parts: &'a [TemplatePart]) {
        for part in parts {
            match part {
                TemplatePart::Literal(_) => {}
                TemplatePart::Interpolation(inner) => self.expression(inner),
                TemplatePart::If { condition, then, otherwise, .. } => {
                    self.expression(condition);
                    self.parts(then);
                    self.parts(otherwise);
                }
                TemplatePart::For { key_name, value_name, collection, body, .. } => {
                    self.expression(collection);
                    self.within(key_name.as_ref(), value_name, |walk| walk.parts(body));
                }
            }
        }
    }

    fn within(&mut self, key: Option<&'a Name>, value: &'a Name, go: impl FnOnce(&mut Self)) {
        let outer = self.locals.len();
        self.locals.extend(key.map(|name| name.text.as_str()));
        self.locals.push(&value.text);
        go(self);
        self.locals.truncate(outer);
    }
}

/// What a traversal refers to.
fn parse(root: &Name, steps: &[Step]) -> Result<Reference, Problem> {
    let single = |subject: fn(String) -> Subject| {
        let (name, range) = single_attribute(root, steps)?;
        Ok(Reference { subject: subject(name.to_owned()), range })
    };
    match root.text.as_str() {
        "var" => single(Subject::Variable),
        "local" => single(Subject::Local),
        "path" => single(Subject::Path),
        "terraform" => single(Subject::Terraform),
        "count" => single(Subject::Count),
        "each" => single(Subject::Each),
        "module" => {
            let reference = single(Subject::Module)?;
            check_module_step(&steps[1..])?;
            Ok(reference)
        }
        "self" => Ok(Reference { subject: Subject::Itself, range: root.range }),
        "data" => resource("data.", "data", "the data source type and the resource name", root, steps),
        "resource" => resource("", "resource", "the resource type and the resource name", root, steps),
        "ephemeral" => resource("ephemeral.", "ephemeral", "the ephemeral resource type and the resource name", root, steps),
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
            Ok(Reference { subject: Subject::Resource(format!("{}.{name}", root.text)), range })
        }
    }
}

fn whole(root: &Name, steps: &[Step]) -> SourceRange {
    steps.last().map_or(root.range, |last| root.range.to(last.range))
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
    let rest = match steps.first() {
        Some(Step { kind: StepKind::Index(_), .. }) => &steps[1..],
        Some(_) | None => steps,
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
fn resource(prefix: &str, object: &str, names: &str, root: &Name, steps: &[Step]) -> Result<Reference, Problem> {
    if steps.len() < 2 {
        let detail = format!("The \"{object}\" object must be followed by two attribute names: {names}.");
        return Err(Problem::new(INVALID_REFERENCE, detail, whole(root, steps)));
    }
    let Some(Step { kind: StepKind::Attribute(resource_type), .. }) = steps.first() else {
        let detail = format!("The \"{object}\" object does not support this operation.");
        return Err(Problem::new(INVALID_REFERENCE, detail, steps[0].range));
    };
    let what = match object {
        "data" => "a data source",
        "ephemeral" => "an ephemeral resource type",
        _ => "a resource type",
    };
    let (name, range) = resource_name(what, root.range, &steps[1..])?;
    Ok(Reference { subject: Subject::Resource(format!("{prefix}{resource_type}.{name}")), range })
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

/// What is wrong with the references of an expression.
pub(super) fn check(expression: &Expression, names: &ModuleNames) -> Vec<Problem> {
    let (found, mut problems) = references(expression);
    problems.extend(found.iter().filter_map(|reference| names.judge(reference)));
    problems
}

impl ModuleNames {
    fn judge(&self, reference: &Reference) -> Option<Problem> {
        let problem = |summary: &str, detail: String| Some(Problem::new(summary, detail, reference.range));
        let is_declared = |address: &str| self.declared.as_ref().is_none_or(|declared| declared.contains(address));
        match &reference.subject {
            Subject::Variable(name) if !self.variables.contains_key(name.as_str()) => {
                let suggestion = match suggestion(name, self.variables.keys().map(|name| &**name)) {
                    none if none.is_empty() => {
                        format!(" This variable can be declared with a variable \"{name}\" {{}} block.")
                    }
                    suggestion => suggestion,
                };
                problem(
                    "Reference to undeclared input variable",
                    format!("An input variable with the name \"{name}\" has not been declared.{suggestion}"),
                )
            }
            Subject::Local(name) if !self.locals.contains_key(name.as_str()) => {
                let suggestion = suggestion(name, self.locals.keys().map(|name| &**name));
                problem(
                    "Reference to undeclared local value",
                    format!("A local value with the name \"{name}\" has not been declared.{suggestion}"),
                )
            }
            Subject::Resource(address) if !is_declared(address) => {
                problem("Reference to undeclared resource", undeclared_resource(address))
            }
            Subject::Module(name) if !is_declared(&format!("module.{name}")) => problem(
                "Reference to undeclared module",
                format!("No module call named \"{name}\" is declared in the root module."),
            ),
            Subject::Path(name) if !matches!(name.as_str(), "cwd" | "module" | "root") => {
                let suggestion = match suggestion(name, ["cwd", "module", "root"].into_iter()) {
                    none if none.is_empty() => String::new(),
                    suggestion => suggestion,
                };
                problem(
                    "Invalid \"path\" attribute",
                    format!("The \"path\" object does not have an attribute named \"{name}\".{suggestion}"),
                )
            }
            Subject::Terraform(name) if name == "env" => problem(
                "Invalid \"terraform\" attribute",
                "The terraform.env attribute was deprecated in v0.10 and removed in v0.12. The \"state environment\" concept \
                 was renamed to \"workspace\" in v0.12, and so the workspace name can now be accessed using the \
                 terraform.workspace attribute."
                    .to_owned(),
            ),
            Subject::Terraform(name) if !matches!(name.as_str(), "workspace" | "applying") => problem(
                "Invalid \"terraform\" attribute",
                format!(
                    "The \"terraform\" object does not have an attribute named \"{name}\". The only supported attributes \
                     are terraform.workspace, the name of the currently-selected workspace, and terraform.applying, a boolean \
                     which is true only during apply."
                ),
            ),
            Subject::Count(name) if name == "index" => problem(
                "Reference to \"count\" in non-counted context",
                "The \"count\" object can only be used in \"module\", \"resource\", and \"data\" blocks, and only when the \
                 \"count\" argument is set."
                    .to_owned(),
            ),
            Subject::Count(name) => problem(
                "Invalid \"count\" attribute",
                format!(
                    "The \"count\" object does not have an attribute named \"{name}\". The only supported attribute is \
                     count.index, which is the index of each instance of a resource block that has the \"count\" argument set."
                ),
            ),
            Subject::Each(name) if name == "value" => problem(
                "each.value cannot be used in this context",
                "A reference to \"each.value\" has been used in a context in which it is unavailable, such as when the \
                 configuration no longer contains the value in its \"for_each\" expression. Remove this reference to \
                 each.value in your configuration to work around this error."
                    .to_owned(),
            ),
            Subject::Each(name) if name == "key" => problem(
                "Reference to \"each\" in context without for_each",
                "The \"each\" object can be used only in \"module\" or \"resource\" blocks, and only when the \"for_each\" \
                 argument is set."
                    .to_owned(),
            ),
            Subject::Each(name) => problem(
                "Invalid \"each\" attribute",
                format!(
                    "The \"each\" object does not have an attribute named \"{name}\". The supported attributes are each.key and \
                     each.value, the current key and value pair of the \"for_each\" attribute set."
                ),
            ),
            Subject::Itself => problem(
                "Invalid \"self\" reference",
                "The \"self\" object is not available in this context. This object can be used only in resource provisioner, \
                 connection, and postcondition blocks."
                    .to_owned(),
            ),
            Subject::Variable(_)
            | Subject::Local(_)
            | Subject::Resource(_)
            | Subject::Module(_)
            | Subject::Path(_)
            | Subject::Terraform(_) => None,
        }
    }

    /// The value of a root name, and the steps that were not needed to find it; for references that were judged good.
    pub(super) fn look_up<'s>(&self, root: &str, steps: &'s [Step]) -> (Value, &'s [Step]) {
        let unknown = || Value::unknown(Type::Dynamic);
        let Some((Step { kind: StepKind::Attribute(name), .. }, rest)) = steps.split_first() else {
            return (unknown(), &[]);
        };
        let value = match root {
            "var" => self.variables.get(name.as_str()).cloned(),
            "local" => self.locals.get(name.as_str()).cloned(),
            "path" if name == "cwd" => Some(Value::from(self.working_directory.as_str())),
            "path" => Some(Value::from(self.module_path.as_str())),
            "terraform" if name == "workspace" => Some(Value::from(self.workspace.as_str())),
            // Of resources, data and modules nothing is known before apply, their type included.
            _ => None,
        };
        (value.unwrap_or_else(unknown), rest)
    }
}

fn undeclared_resource(address: &str) -> String {
    let (mode, rest) = match address.split_once('.') {
        Some(("data", rest)) => ("data", rest),
        Some(("ephemeral", rest)) => ("ephemeral", rest),
        Some(_) | None => ("managed", address),
    };
    let (resource_type, name) = rest.split_once('.').unwrap_or((rest, ""));
    let what = match mode {
        "data" => "data",
        "ephemeral" => "ephemeral",
        _ => "managed",
    };
    let article = if what == "ephemeral" { "An" } else { "A" };
    format!("{article} {what} resource \"{resource_type}\" \"{name}\" has not been declared in the root module.")
}

/// ` Did you mean "x"?` for the first name that is like this one.
pub(super) fn suggestion<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    /// Edits from which on two names are not alike.
    ///
    /// Source: hashicorp/hcl v2.23.0, didyoumean.go.
    const TOO_FAR: usize = 3;
    let mut sorted: Vec<&str> = known.collect();
    sorted.sort_unstable();
    let alike = sorted.into_iter().find(|known| strsim::levenshtein(name, known) < TOO_FAR);
    alike.map_or_else(String::new, |known| format!(" Did you mean \"{known}\"?"))
}
