//! An identity for a finding that stays the same when lines move, so that a viewer can tell a new finding from an old one.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::ModuleReport;

/// One fingerprint a finding, in the findings' order: 64 hexadecimal digits, unique within the module's path.
///
/// It is made of the check, the path and the variable, never of a line or a value; findings alike in all three are
/// numbered.
#[must_use]
pub fn fingerprints(module: &ModuleReport) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut all = Vec::with_capacity(module.diagnostics.len());
    for diagnostic in &module.diagnostics {
        let path = module.location(diagnostic).path;
        let variable = diagnostic.variable.as_deref().unwrap_or_default();
        let identity = [diagnostic.check, &path, &diagnostic.summary, variable].join("\0");
        let ordinal = seen.entry(identity.clone()).or_default();
        all.push(hex::encode(Sha256::digest(format!("{identity}\0{ordinal}"))));
        *ordinal += 1;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Diagnostic, Group, Severity, SourceRange};

    fn module(text: &str, starts: &[u32]) -> ModuleReport {
        let mut module = ModuleReport::default();
        let file = module.sources.add("terraform.tfvars", text);
        for start in starts {
            module.diagnostics.push(
                Diagnostic::new("a-check", Group::Terraform, Severity::Error, "S", "D").about("x").at(SourceRange {
                    file,
                    start: *start,
                    end: start + 1,
                }),
            );
        }
        module
    }

    #[test]
    fn fingerprint_stays_when_lines_move() {
        assert_eq!(fingerprints(&module("x = 1\n", &[0])), fingerprints(&module("\n\nx = 1\n", &[2])));
    }

    #[test]
    fn fingerprints_of_findings_alike_differ() {
        let found = fingerprints(&module("x = 1\nx = 2\n", &[0, 6]));
        assert_ne!(found[0], found[1]);
    }
}
