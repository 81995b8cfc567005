//! Local values and validation rules that wait for one another, which Terraform refuses whatever the values are.
//!
//! From 1.9 on whatever refers to a variable waits for its validation rules, too; so a rule must not refer to a local value
//! that refers to the rule's own variable.

use std::collections::{BTreeMap, BTreeSet};

use super::RootModule;
use super::finding::{LOCAL_VALUE, VALIDATION_RULE, error};
use super::order::in_order;
use super::reference::{Reference, references};
use super::version::Version;
use crate::diagnostic::Diagnostic;

/// What Terraform evaluates in an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Node<'a> {
    Local(&'a str),
    Rules(&'a str),
}

/// Finds what waits for itself.
pub(super) fn judge(root_module: &RootModule, version: &Version, found: &mut Vec<Diagnostic>) {
    let mut needs = needs(root_module, version);
    for (node, needed) in &mut needs {
        if let Node::Local(name) = *node
            && needed.remove(node)
        {
            found.extend(self_reference(root_module, name));
        }
    }
    let circular = circular(needs);
    if circular.is_empty() {
        return;
    }
    let named: Vec<String> = circular
        .iter()
        .map(|node| match node {
            Node::Local(name) => format!("local.{name} (expand)"),
            Node::Rules(name) => format!("var.{name} (validation)"),
        })
        .collect();
    let has_rules = circular.iter().any(|node| matches!(node, Node::Rules(_)));
    let check = if has_rules { VALIDATION_RULE } else { LOCAL_VALUE };
    found.push(error(check, format!("Cycle: {}", named.join(", ")), "", None));
}

/// What each node waits for; a node that waits for nothing is left out.
fn needs<'a>(root_module: &'a RootModule, version: &Version) -> BTreeMap<Node<'a>, BTreeSet<Node<'a>>> {
    let has_nodes_for_rules = version.is_at_least(1, 9, 0);
    let has_rules = |name: &str| root_module.variable(name).is_some_and(|variable| !variable.validations.is_empty());
    let node = |reference: Reference<'a>| match (reference.name_in("local"), reference.name_in("var")) {
        (Some(name), _) if root_module.locals.contains_key(name) => Some(Node::Local(name)),
        (_, Some(name)) if has_nodes_for_rules && has_rules(name) => Some(Node::Rules(name)),
        _ => None,
    };
    let mut needs = BTreeMap::new();
    let mut insert = |node, needed: BTreeSet<_>| {
        if !needed.is_empty() {
            needs.insert(node, needed);
        }
    };
    for (name, local) in &root_module.locals {
        insert(Node::Local(name), references(&local.expression).into_iter().filter_map(node).collect());
    }
    if has_nodes_for_rules {
        for (name, variable) in root_module.variables.iter().filter(|(_, variable)| !variable.validations.is_empty()) {
            let expressions = variable.validations.iter().flat_map(|rule| [&rule.condition, &rule.error_message]);
            let own = Node::Rules(name);
            let others =
                expressions.flat_map(|expression| references(expression)).filter_map(node).filter(|needed| *needed != own);
            insert(own, others.collect());
        }
    }
    needs
}

/// What is left when all that waits for nothing, and all that nothing waits for, is taken away until none is.
fn circular<'a>(mut needs: BTreeMap<Node<'a>, BTreeSet<Node<'a>>>) -> BTreeSet<Node<'a>> {
    for node in in_order(&needs) {
        needs.remove(&node);
    }
    let mut needed_by: BTreeMap<Node, BTreeSet<Node>> = needs.keys().map(|node| (*node, BTreeSet::new())).collect();
    for (node, needed) in &needs {
        for other in needed {
            if let Some(dependents) = needed_by.get_mut(other) {
                dependents.insert(*node);
            }
        }
    }
    for node in in_order(&needed_by) {
        needed_by.remove(&node);
    }
    needed_by.into_keys().collect()
}

fn self_reference(root_module: &RootModule, name: &str) -> Option<Diagnostic> {
    let local = root_module.locals.get(name)?;
    let own = references(&local.expression).into_iter().find(|reference| reference.name_in("local") == Some(name))?;
    let at = own.steps.first().map_or(own.root.range, |step| own.root.range.to(step.range));
    let detail = format!("Local value local.{name} cannot use its own result as part of its expression.");
    Some(error(LOCAL_VALUE, "Self-referencing local value", detail, at))
}
