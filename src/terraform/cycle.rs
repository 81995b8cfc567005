//! Local values and validation rules that wait for one another, which Terraform refuses whatever the values are.
//!
//! From 1.9 on whatever refers to a variable waits for its validation rules, too; so a rule must not refer to a local value
//! that refers to the rule's own variable.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use petgraph::algo::kosaraju_scc;
use petgraph::graphmap::DiGraphMap;

use super::RootModule;
use super::finding::{LOCAL_VALUE, VALIDATION_RULE, error};
use super::reference::{Reference, references};
use super::version::Version;
use crate::diagnostic::Diagnostic;

/// What Terraform evaluates in an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Node<'a> {
    Local(&'a str),
    Rules(&'a str),
}

impl fmt::Display for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Local(name) => write!(f, "local.{name} (expand)"),
            Self::Rules(name) => write!(f, "var.{name} (validation)"),
        }
    }
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
    for cycle in cycles(&needs) {
        let has_rules = cycle.iter().any(|node| matches!(node, Node::Rules(_)));
        let check = if has_rules { VALIDATION_RULE } else { LOCAL_VALUE };
        let named: Vec<String> = cycle.iter().map(ToString::to_string).collect();
        found.push(error(check, format!("Cycle: {}", named.join(", ")), "", None));
    }
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

/// The nodes that wait for one another, each group in order.
fn cycles<'a>(needs: &BTreeMap<Node<'a>, BTreeSet<Node<'a>>>) -> Vec<Vec<Node<'a>>> {
    let edges = needs.iter().flat_map(|(node, needed)| needed.iter().map(|other| (*node, *other)));
    let graph: DiGraphMap<Node, ()> = edges.collect();
    let mut cycles = kosaraju_scc(&graph);
    cycles.retain(|nodes| nodes.len() > 1);
    cycles.iter_mut().for_each(|nodes| nodes.sort_unstable());
    cycles.sort_unstable();
    cycles
}

fn self_reference(root_module: &RootModule, name: &str) -> Option<Diagnostic> {
    let local = root_module.locals.get(name)?;
    let own = references(&local.expression).into_iter().find(|reference| reference.name_in("local") == Some(name))?;
    let at = own.steps.first().map_or(own.root.range, |step| own.root.range.to(step.range));
    let detail = format!("Local value local.{name} cannot use its own result as part of its expression.");
    Some(error(LOCAL_VALUE, "Self-referencing local value", detail, at))
}
