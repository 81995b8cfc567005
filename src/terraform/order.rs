//! An order for local values, which wait for one another.

use std::collections::{BTreeMap, BTreeSet};

/// The nodes in an order in which each comes behind those that it needs.
///
/// What needs itself in the end, and what needs such a node, is left out. A need that is no node counts as met.
pub(super) fn in_order<N: Copy + Ord>(needs: &BTreeMap<N, BTreeSet<N>>) -> Vec<N> {
    let mut missing: BTreeMap<N, usize> = BTreeMap::new();
    let mut needed_by: BTreeMap<N, Vec<N>> = BTreeMap::new();
    for (node, needed) in needs {
        let needed: Vec<N> = needed.iter().copied().filter(|other| needs.contains_key(other)).collect();
        missing.insert(*node, needed.len());
        for other in needed {
            needed_by.entry(other).or_default().push(*node);
        }
    }
    let mut ready: Vec<N> = missing.iter().filter(|(_, count)| **count == 0).map(|(node, _)| *node).collect();
    let mut ordered = Vec::new();
    while let Some(node) = ready.pop() {
        ordered.push(node);
        for dependent in needed_by.remove(&node).into_iter().flatten() {
            if let Some(count) = missing.get_mut(&dependent) {
                *count -= 1;
                if *count == 0 {
                    ready.push(dependent);
                }
            }
        }
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_order(needs: &[(char, &str)], expected: &str) {
        let needs = needs.iter().map(|(node, needed)| (*node, needed.chars().collect())).collect();
        assert_eq!(in_order(&needs).into_iter().collect::<String>(), expected);
    }

    #[test]
    fn a_node_comes_behind_all_that_it_needs() {
        check_order(&[('a', "bc"), ('b', "c"), ('c', "")], "cba");
    }

    #[test]
    fn a_need_that_is_no_node_is_met() {
        check_order(&[('a', "x")], "a");
    }

    #[test]
    fn nodes_of_a_cycle_and_behind_it_are_left_out() {
        check_order(&[('a', "b"), ('b', "a"), ('c', "a"), ('d', "d"), ('e', "")], "e");
    }
}
