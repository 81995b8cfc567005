//! Who may use whom: the import table of the house, read from the source text.
//!
//! A module may use what its row lists and nothing else in the crate. A new module without a row fails.

#![expect(clippy::unwrap_used, reason = "a test that cannot read the source must stop")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use regex::Regex;

/// A module, and the modules that it and everything below it may use; the first row whose module is a prefix counts.
///
/// `=name` stands for the items of that module itself, without the modules below it.
const TABLE: &[(&str, &[&str])] = &[
    // Words.
    ("diagnostic", &[]),
    // Core: text and models in, models out; no I/O.
    ("terraform", &["terraform", "diagnostic"]),
    ("connector", &["connector", "terraform"]),
    ("secret::name", &["connector"]),
    ("secret::state", &["=secret", "connector"]),
    ("atlassian::authorization", &["=secret"]),
    ("atlassian::data_center", &["atlassian::authorization"]),
    ("atlassian::personal_access_token", &["atlassian::token_family"]),
    ("atlassian::site", &["atlassian::authorization"]),
    ("atlassian::token_family", &["atlassian::authorization"]),
    (
        "check",
        &[
            "check",
            "diagnostic",
            "terraform",
            "connector",
            "atlassian::authorization",
            "atlassian::personal_access_token",
            "atlassian::site",
            "atlassian::token_family",
            "secret::name",
            "secret::state",
        ],
    ),
    ("report", &["report", "diagnostic"]),
    ("test_script", &["connector", "terraform::version"]),
    // Edge: I/O.
    ("secret", &["secret", "connector", "terraform::module_call", "disk", "request_log"]),
    ("disk", &["terraform::file_name"]),
    ("discovery", &["diagnostic", "terraform"]),
    ("repository", &[]),
    ("request_log", &["report"]),
    ("atlassian", &["atlassian", "connector", "request_log", "=secret"]),
    // Program.
    ("cli", &["report", "connector", "secret"]),
    ("command", &[""]),
    ("main", &["cli", "command", "terraform::function", "terraform::syntax"]),
    ("lib", &[]),
];

/// `crate::a::b`.
static PATHS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\b(?:crate|tfhelper)::([a-z_]+(?:::[a-z_]+)*)").unwrap());

/// `super::super::a`.
static CLIMBS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\b((?:super::)+)([a-z_]+(?:::[a-z_]+)*)?").unwrap());

/// `pub use` in any visibility.
static REEXPORT: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^\s*pub(?:\([^)]*\))?\s+use\s").unwrap());

#[test]
fn modules_use_only_what_their_row_lists() {
    let mut wrong = Vec::new();
    for file in source_files(Path::new("src")) {
        let module = module_of(&file);
        let Some((row, allowed)) = TABLE.iter().find(|(name, _)| is_below(&module, name)) else {
            wrong.push(format!("{}: module `{module}` has no row in the table", file.display()));
            continue;
        };
        for used in used_modules(&file, &module) {
            let is_allowed = |entry: &str| match entry.strip_prefix('=') {
                Some(exact) => used == exact,
                None => entry.is_empty() || is_below(&used, entry),
            };
            if !is_below(&used, row) && !allowed.iter().any(|entry| is_allowed(entry)) {
                wrong.push(format!("{}: `{module}` must not use `{used}`", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_item_has_one_path() {
    let mut wrong = Vec::new();
    for file in source_files(Path::new("src")) {
        let text = fs::read_to_string(&file).unwrap();
        let found = text.lines().enumerate().filter(|(_, line)| REEXPORT.is_match(line));
        wrong.extend(found.map(|(index, line)| format!("{}:{}: {line}", file.display(), index + 1)));
    }
    assert!(
        wrong.is_empty(),
        "callers name the module that an item stands in, so nothing is exported twice:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn no_row_is_without_a_module() {
    let modules: BTreeSet<String> = source_files(Path::new("src")).iter().map(|file| module_of(file)).collect();
    for (row, _) in TABLE {
        assert!(modules.iter().any(|module| is_below(module, row)), "row `{row}` names no module");
    }
}

fn is_below(module: &str, ancestor: &str) -> bool {
    module == ancestor || module.strip_prefix(ancestor).is_some_and(|rest| rest.starts_with("::"))
}

fn source_files(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(source_files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// `src/a/b.rs` and `src/a/b/mod.rs` are `a::b`.
fn module_of(file: &Path) -> String {
    let relative = file.strip_prefix("src").unwrap().with_extension("");
    let mut parts: Vec<&str> = relative.iter().map(|part| part.to_str().unwrap()).collect();
    if parts.len() > 1 && parts.last() == Some(&"mod") {
        parts.pop();
    }
    parts.join("::")
}

/// The modules of the crate that a file names: `crate::a::b`, `tfhelper::a`, and what `super::` climbs to.
fn used_modules(file: &Path, module: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(file).unwrap();
    let product = text.split("#[cfg(test)]\nmod tests").next().unwrap();
    let code: String = product.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    assert!(!code.contains("use crate::{"), "{}: one `use crate::` a module, so that the table can be checked", file.display());
    let mut used = BTreeSet::new();
    for found in PATHS.captures_iter(&code) {
        used.insert(found[1].to_owned());
    }
    for found in CLIMBS.captures_iter(&code) {
        let mut parts: Vec<&str> = module.split("::").collect();
        parts.truncate(parts.len().saturating_sub(found[1].matches("super::").count()));
        let tail = found.get(2).map_or("", |m| m.as_str());
        let path = parts.into_iter().chain(tail.split("::")).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("::");
        if !path.is_empty() {
            used.insert(path);
        }
    }
    used
}
