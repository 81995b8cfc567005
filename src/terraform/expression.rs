//! Evaluation of expressions, with the findings of HCL and Terraform in their words and at their places.
//!
//! An error does not stop evaluation: what failed is an unknown value, and the rest is looked at as well. References are
//! checked before anything is evaluated, so one to an undeclared variable fails even inside `try`.
//!
//! Source: hashicorp/hcl v2.23.0, `hclsyntax/expression.go` and `ops.go`; hashicorp/terraform v1.11.4, internal/lang/eval.go.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use budget::Budget;
use ephemeral::Ephemeral;

use super::function::{Files, NoFiles};
use super::syntax::{Expression, ExpressionKind};
use super::value::{Type, Value};
use crate::diagnostic::{SourceRange, Sources};

mod access;
pub mod budget;
mod call;
mod collection;
mod conditional;
pub mod ephemeral;
mod lazy_call;
mod operator;
mod reference;
mod start;
mod template;

/// What is wrong with an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Terraform's summary.
    pub summary: String,
    /// Terraform's detail.
    pub detail: String,
    /// Where.
    pub subject: SourceRange,
}

impl Problem {
    /// A problem in Terraform's words.
    #[must_use]
    pub fn new(summary: impl Into<String>, detail: impl Into<String>, subject: SourceRange) -> Self {
        Self { summary: summary.into(), detail: detail.into(), subject }
    }
}

/// What an expression is evaluated in.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// What the names stand for.
    pub names: Names<'a>,
    /// What functions such as `file` may see.
    pub files: &'a dyn Files,
    /// The texts that ranges lie in.
    pub sources: &'a Sources,
    /// What an expression may make; each begins anew.
    pub budget: &'a Budget,
    /// `&&` and `||` leave the right side alone where the left one decides: Terraform 1.12 and later.
    pub is_short_circuit: bool,
    /// The console's function `type` is there.
    pub is_console: bool,
}

/// What root names may be used.
#[derive(Clone, Copy)]
pub enum Names<'a> {
    /// Neither variables nor functions: a variable definitions file, a `default`.
    None,
    /// Those of a module.
    Module(&'a ModuleNames),
    /// Those of a template.
    Template(TemplateNames<'a>),
}

/// What a template that is rendered by a function may use.
#[derive(Debug, Clone, Copy)]
pub struct TemplateNames<'a> {
    /// The variables handed to the function.
    variables: &'a BTreeMap<Arc<str>, Value>,
    /// Functions that look at the disk may be called.
    allows_files: bool,
}

/// What the names of a module stand for.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ModuleNames {
    /// `var.`; the values of sensitive variables are marked.
    pub variables: BTreeMap<Arc<str>, Value>,
    /// `local.`
    pub locals: BTreeMap<Arc<str>, Value>,
    /// `path.module` and `path.root`.
    pub module_path: String,
    /// `path.cwd`
    pub working_directory: String,
    /// `terraform.workspace`
    pub workspace: String,
    /// `aws_instance.a`, `data.aws_ami.a`, `module.a`: what the module declares; none when that is not known.
    pub declared: Option<BTreeSet<String>>,
    /// Which of the names stand for ephemeral values.
    pub ephemeral: Ephemeral,
}

/// Evaluates an expression; the value is unknown where it could not be made.
#[must_use]
pub fn evaluate(expression: &Expression, scope: &Scope<'_>) -> (Value, Vec<Problem>) {
    if let Names::Module(names) = scope.names {
        let problems = reference::check(expression, names);
        if !problems.is_empty() {
            return (Value::unknown(Type::Dynamic), problems);
        }
    }
    scope.budget.renew();
    let mut problems = Vec::new();
    let value = scope.evaluate(expression, None, &mut problems);
    if scope.budget.is_spent() {
        // Not a problem of the part that came to it: `try` would pass over it, and take another value.
        let problem = Problem::new("Value too large", scope.budget.message(), expression.range);
        return (Value::unknown(Type::Dynamic), vec![problem]);
    }
    (value, problems)
}

/// Whether everything is declared that an expression refers to.
#[must_use]
pub fn has_valid_references(expression: &Expression, scope: &Scope<'_>) -> bool {
    let Names::Module(names) = scope.names else { return true };
    reference::check(expression, names).is_empty()
}

/// Evaluates an expression that may use neither variables nor functions.
#[must_use]
pub fn evaluate_constant(expression: &Expression, sources: &Sources) -> (Value, Vec<Problem>) {
    let budget = &Budget::default();
    let scope = Scope { names: Names::None, files: &NoFiles, sources, budget, is_short_circuit: false, is_console: false };
    evaluate(expression, &scope)
}

/// The names that a `for` brings in, and those around it.
#[derive(Clone, Copy)]
struct Locals<'a> {
    names: &'a [(&'a str, Value)],
    outer: Option<&'a Self>,
}

impl Locals<'_> {
    fn find(&self, name: &str) -> Option<&Value> {
        let own = self.names.iter().find(|(known, _)| *known == name).map(|(_, value)| value);
        own.or_else(|| self.outer?.find(name))
    }
}

/// What evaluation goes by.
type Outer<'a> = Option<&'a Locals<'a>>;

impl Scope<'_> {
    /// Kept small: deep expressions pass through here once a level.
    fn evaluate(&self, expression: &Expression, locals: Outer<'_>, problems: &mut Vec<Problem>) -> Value {
        if self.budget.is_spent() {
            return Value::unknown(Type::Dynamic);
        }
        match &expression.kind {
            ExpressionKind::Null => Value::null(Type::Dynamic),
            ExpressionKind::Bool(value) => Value::from(*value),
            ExpressionKind::Number(text) => number(text),
            ExpressionKind::String(text) => Value::string(text),
            ExpressionKind::Template(parts) => self.template(parts, locals, problems),
            ExpressionKind::TemplateWrap(inner) | ExpressionKind::Parentheses(inner) => self.evaluate(inner, locals, problems),
            ExpressionKind::Tuple(elements) => self.tuple(elements, locals, problems),
            ExpressionKind::Object(items) => self.object(items, locals, problems),
            ExpressionKind::Traversal(root, steps) => self.traversal(root, steps, locals, problems),
            ExpressionKind::Relative(source, steps) => {
                let value = self.evaluate(source, locals, problems);
                self.steps(value, source.range, steps, locals, problems)
            }
            ExpressionKind::Unary(operator, operand) => self.unary(*operator, operand, expression, locals, problems),
            ExpressionKind::Binary(left, operator, right) => self.binary(left, *operator, right, expression, locals, problems),
            ExpressionKind::Conditional(conditional) => self.conditional(conditional, locals, problems),
            ExpressionKind::For(for_expression) => self.for_expression(for_expression, locals, problems),
            ExpressionKind::Call(call) => self.call(call, expression.range, locals, problems),
            ExpressionKind::Malformed => Value::unknown(Type::Dynamic),
        }
    }
}

/// A number as written; the parser has seen to its form, only an exponent past all bounds is left.
fn number(text: &str) -> Value {
    super::number::Number::parse(text).map_or_else(|| Value::unknown(Type::Number), Value::from)
}

#[cfg(test)]
mod tests;
