//! Hides the lines of files that could not be parsed where they may hold the value of a sensitive variable.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, FileId, SourceFile, Sources};
use crate::terraform::RootModule;
use crate::terraform::syntax::identifier;

/// Marks each finding whose line may show a secret.
///
/// In native syntax the assignment tells that starts at or before the place; a JSON file may be one line.
pub(super) fn hide_secret_lines(root_module: &RootModule, sources: &Sources, found: &mut [Diagnostic]) {
    if !root_module.variables.values().any(|variable| variable.is_sensitive) {
        return;
    }
    let mut files: BTreeMap<FileId, Vec<Stretch>> = BTreeMap::new();
    for finding in found {
        let Some(at) = finding.subject else { continue };
        let stretches = files.entry(at.file).or_insert_with(|| stretches(root_module, sources.file(at.file)));
        let first_behind = stretches.partition_point(|stretch| stretch.start <= at.start as usize);
        finding.is_sensitive = first_behind.checked_sub(1).is_some_and(|before| stretches[before].is_sensitive);
    }
}

/// The text from here to the next stretch.
struct Stretch {
    start: usize,
    is_sensitive: bool,
}

/// What belongs to each declared variable, as far as the beginnings of the lines tell.
fn stretches(root_module: &RootModule, file: &SourceFile) -> Vec<Stretch> {
    if file.name.ends_with(".json") {
        let mut sensitive = root_module.variables.values().filter(|variable| variable.is_sensitive);
        let is_sensitive = sensitive.any(|variable| file.text.contains(variable.name.text.as_str()));
        return vec![Stretch { start: 0, is_sensitive }];
    }
    let lines = file.text.split('\n').scan(0, |next, line| {
        let start = *next;
        *next += line.len() + 1;
        Some((start, line))
    });
    let declared = lines.filter_map(|(start, line)| Some((start, root_module.variable(assigned_name(line)?)?)));
    declared.map(|(start, variable)| Stretch { start, is_sensitive: variable.is_sensitive }).collect()
}

/// The name that a line gives a value to, in quotes or bare.
fn assigned_name(line: &str) -> Option<&str> {
    const AROUND: [char; 4] = [' ', '\t', '"', '\u{feff}'];
    let line = line.trim_start_matches(AROUND);
    let (name, rest) = line.split_at_checked(identifier::length(line))?;
    rest.trim_start_matches(AROUND).starts_with('=').then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_assigned_name(line: &str, expected: Option<&str>) {
        assert_eq!(assigned_name(line), expected, "{line}");
    }

    #[test]
    fn name_stands_before_the_equals_sign() {
        check_assigned_name("token = \"x", Some("token"));
        check_assigned_name("  \"token\"= 1", Some("token"));
        check_assigned_name("token", None);
        check_assigned_name("a b = 1", None);
        check_assigned_name("# token = 1", None);
        check_assigned_name("", None);
    }
}
