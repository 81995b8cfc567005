//! `locals` blocks: named expressions of the root module, evaluated in the order of their references.
//!
//! psoxy uses some as checks: a `regex` call whose pattern is the message, and whose subject is the message only while all is
//! well. Terraform then fails at the call and never shows the message.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::RootModule;
use super::expression::{ModuleNames, Problem, Scope, evaluate};
use super::finding::{self, LOCAL_VALUE};
use super::order::in_order;
use super::reference::{Reference, references};
use super::syntax::{Call, Expression, ExpressionKind, Name, TemplatePart};
use super::validation::Environment;
use super::value::{Type, Value};
use crate::diagnostic::{Diagnostic, SourceRange};

/// One attribute of a `locals` block.
#[derive(Debug, Clone, PartialEq)]
pub struct Local {
    /// The name.
    pub name: Name,
    /// What it stands for.
    pub expression: Arc<Expression>,
    /// The whole attribute.
    pub range: SourceRange,
}

/// The local values that each refers to.
fn needs(locals: &BTreeMap<String, Local>) -> BTreeMap<&str, BTreeSet<&str>> {
    let needed = |local| references(local).into_iter().filter_map(|reference| reference.name_in("local")).collect();
    locals.iter().map(|(name, local)| (name.as_str(), needed(&local.expression))).collect()
}

/// Evaluates every local value into the scope's names; those that cannot be evaluated are unknown.
pub(super) fn evaluate_all(root_module: &RootModule, around: Environment, names: &mut ModuleNames) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for name in root_module.locals.keys() {
        names.locals.insert(Arc::from(name.as_str()), Value::unknown(Type::Dynamic));
    }
    for name in in_order(&needs(&root_module.locals)) {
        let Some(local) = root_module.locals.get(name) else { continue };
        let scope = around.scope(names);
        let (value, problems) = evaluate(&local.expression, &scope);
        found.extend(problems.into_iter().map(|problem| describe(problem, local, &scope)));
        names.locals.insert(Arc::from(name), value);
    }
    found
}

fn describe(problem: Problem, local: &Local, scope: &Scope) -> Diagnostic {
    Diagnostic { note: note(local, scope), ..finding::problem(LOCAL_VALUE, problem) }
}

/// What a check in disguise would say, were Terraform to show it.
fn note(local: &Local, scope: &Scope) -> Option<String> {
    let CheckInDisguise { message, subject } = check_in_disguise(&local.expression)?;
    let (message, is_sensitive) = evaluate(message, scope).0.unmark();
    let message = message.as_str().filter(|_| !is_sensitive)?.trim();
    let subject = evaluate(subject, scope).0.unmark().0;
    let name = &local.name.text;
    // With the message as the subject the check has passed, but the message is no pattern that matches itself.
    Some(if subject.as_str().is_some_and(|subject| subject.trim() == message) {
        format!(
            "`local.{name}` is a check that passes, but its message holds characters that mean something in a pattern, so that \
             it fails for every value. Change the message: {message}"
        )
    } else {
        format!("{message}\n\nThis is the message of `local.{name}`, a check in disguise; Terraform does not show it.")
    })
}

/// `regex("^${message}$", subject)`.
struct CheckInDisguise<'a> {
    message: &'a Expression,
    subject: &'a Expression,
}

/// Recognizes the form: the message is interpolated between the anchors, and stands in one branch of the subject too.
fn check_in_disguise(expression: &Expression) -> Option<CheckInDisguise<'_>> {
    let ExpressionKind::Call(call) = &bare(expression).kind else { return None };
    let Call { name, arguments, .. } = call.as_ref();
    let [pattern, subject] = arguments.as_slice() else { return None };
    let ExpressionKind::Template(parts) = &bare(pattern).kind else { return None };
    let [TemplatePart::Literal(start), TemplatePart::Interpolation(message), TemplatePart::Literal(end)] = parts.as_slice()
    else {
        return None;
    };
    let ExpressionKind::Conditional(conditional) = &bare(subject).kind else { return None };
    let path = |expression| path_of(bare(expression));
    let is_in_a_branch =
        path(message).is_some() && (path(&conditional.then) == path(message) || path(&conditional.otherwise) == path(message));
    (name.text == "regex" && start == "^" && end == "$" && is_in_a_branch).then_some(CheckInDisguise { message, subject })
}

/// The expression without parentheses around it.
fn bare(mut expression: &Expression) -> &Expression {
    while let ExpressionKind::Parentheses(inner) = &expression.kind {
        expression = inner;
    }
    expression
}

/// `local.a` as its two names.
fn path_of(expression: &Expression) -> Option<(&str, &str)> {
    let ExpressionKind::Traversal(root, steps) = &expression.kind else { return None };
    Some((&root.text, Reference { root, steps }.attribute()?))
}
