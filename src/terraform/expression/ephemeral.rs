//! Which values are ephemeral, told by the names that they are made of: values have no mark for it.
//!
//! `ephemeralasnull` turns them into null. Where only a part of a value may be ephemeral, the result is unknown.

use std::collections::BTreeSet;

use super::call::{Argument, Call};
use super::{Names, Outer, Scope};
use crate::terraform::RootModule;
use crate::terraform::reference::{Reference, references_outside};
use crate::terraform::syntax::{Expression, ExpressionKind};
use crate::terraform::value::Value;

/// The function that makes null of what is ephemeral.
pub(super) const AS_NULL: &str = "ephemeralasnull";

/// The names of a root module that stand for ephemeral values.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ephemeral {
    variables: BTreeSet<String>,
    /// Local values made of them.
    locals: BTreeSet<String>,
}

impl Ephemeral {
    /// Those of a root module.
    #[must_use]
    pub fn of(root_module: &RootModule) -> Self {
        let variables = root_module.variables.iter().filter(|(_, variable)| variable.is_ephemeral);
        let mut ephemeral = Self { variables: variables.map(|(name, _)| name.clone()).collect(), locals: BTreeSet::new() };
        // One local value may be made of another one, whatever their order.
        while !ephemeral.is_empty() {
            let before = ephemeral.locals.len();
            for (name, local) in &root_module.locals {
                if !ephemeral.locals.contains(name) && ephemeral.taints(&local.expression) {
                    ephemeral.locals.insert(name.clone());
                }
            }
            if ephemeral.locals.len() == before {
                break;
            }
        }
        ephemeral
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.variables.is_empty()
    }

    /// Whether the value of an expression is made of one of them.
    #[must_use]
    pub fn taints(&self, expression: &Expression) -> bool {
        !self.is_empty() && references_outside(expression, AS_NULL).iter().any(|reference| self.has(reference))
    }

    fn has(&self, reference: &Reference<'_>) -> bool {
        let is_in = |names: &BTreeSet<String>, root: &str| reference.name_in(root).is_some_and(|name| names.contains(name));
        is_in(&self.variables, "var") || is_in(&self.locals, "local")
    }

    /// Whether an expression is nothing but an ephemeral variable, or a part of one.
    fn is_variable(&self, expression: &Expression) -> bool {
        match &expression.kind {
            ExpressionKind::Parentheses(inner) => self.is_variable(inner),
            ExpressionKind::Traversal(root, steps) => {
                Reference { root, steps }.name_in("var").is_some_and(|name| self.variables.contains(name))
            }
            _ => false,
        }
    }
}

impl Scope<'_> {
    /// What `ephemeralasnull` makes of its argument's value.
    pub(super) fn without_ephemeral(&self, value: Value, call: &Call<'_>, locals: Outer<'_>) -> Value {
        let Names::Module(names) = self.names else { return value };
        let Some(Argument::Expression(argument)) = call.arguments.first() else { return value };
        if names.ephemeral.is_empty() {
            return value;
        }
        let ty = value.ty();
        // All of a variable is ephemeral, and all of what is made of an ephemeral value, where it has no parts.
        if names.ephemeral.is_variable(argument) || (names.ephemeral.taints(argument) && ty.is_primitive()) {
            return Value::null(ty).with_mark(value.is_sensitive);
        }
        // A name that a `for` brings in may stand for anything.
        let is_doubtful = names.ephemeral.taints(argument) || locals.is_some();
        if is_doubtful { Value::unknown(ty).with_mark(value.is_sensitive) } else { value }
    }
}
