//! Finds the root modules below a directory.
//!
//! A directory with `.tf` files is a module; it is a root module when something in it says that Terraform is run there,
//! and no other module that was found calls it by a local path. `.terraform` and its like are never looked into: the
//! modules in them are copies.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ffi::OsStr;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Mutex;

use ignore::{WalkBuilder, WalkState};

use crate::diagnostic::Sources;
use crate::terraform::file_name::is_configuration;
use crate::terraform::syntax::{Body, ExpressionKind, decode, parse_decoded_body};

/// Directories that hold no module of the user's.
const NEVER_LOOKED_INTO: [&str; 4] = [".git", ".terraform", ".terragrunt-cache", "node_modules"];

/// What was found.
#[derive(Debug, Default)]
pub struct Discovery {
    modules: BTreeMap<PathBuf, Module>,
    /// Directories that could not be read, and why.
    pub unreadable: Vec<(PathBuf, io::Error)>,
}

/// A directory with `.tf` files.
#[derive(Debug, Default)]
struct Module {
    /// A backend, a provider's configuration, a lock file or a variable definitions file: Terraform is run here.
    is_run: bool,
    /// Directories of the modules that it calls by a local path.
    calls: BTreeSet<PathBuf>,
}

impl Discovery {
    /// Looks below a directory; `.gitignore` is honoured for directories, not for files.
    #[must_use]
    pub fn below(top: &Path) -> Self {
        let found = Mutex::new(Self::default());
        let walk = WalkBuilder::new(top)
            // A repository's `.gitignore` counts below a directory that is no repository's top too.
            .require_git(false)
            .hidden(false)
            .filter_entry(|entry| entry.file_name().to_str().is_none_or(|name| !NEVER_LOOKED_INTO.contains(&name)))
            .build_parallel();
        walk.run(|| {
            Box::new(|entry| {
                let Ok(entry) = entry else { return WalkState::Continue };
                if !entry.file_type().is_some_and(|kind| kind.is_dir()) {
                    return WalkState::Continue;
                }
                let directory = tidied(entry.path());
                let module = read_module(&directory);
                if let Ok(mut found) = found.lock() {
                    match module {
                        Ok(Some(module)) => {
                            found.modules.insert(directory, module);
                        }
                        Ok(None) => {}
                        Err(error) => found.unreadable.push((directory, error)),
                    }
                }
                WalkState::Continue
            })
        });
        let mut found = found.into_inner().unwrap_or_default();
        found.unreadable.sort_by(|a, b| a.0.cmp(&b.0));
        found
    }

    /// The root modules, in the order of their paths.
    #[must_use]
    pub fn root_modules(&self) -> Vec<&Path> {
        let called: BTreeSet<&PathBuf> = self.modules.values().flat_map(|module| &module.calls).collect();
        self.modules
            .iter()
            .filter(|(directory, module)| module.is_run && !called.contains(directory))
            .map(|(directory, _)| directory.as_path())
            .collect()
    }

    /// How many modules were found that are no root modules.
    #[must_use]
    pub fn other_modules(&self) -> usize {
        self.modules.len() - self.root_modules().len()
    }

    /// The root modules that a change of these files may concern: those whose own directory holds one of them, or that of
    /// a module that they call, directly or not.
    #[must_use]
    pub fn concerned_by(&self, files: &[PathBuf]) -> Vec<&Path> {
        // A module that was deleted is called all the same.
        let modules: BTreeSet<&Path> =
            self.modules.iter().flat_map(|(at, module)| module.calls.iter().chain([at])).map(PathBuf::as_path).collect();
        // A file belongs to the nearest directory above it that is a module.
        let module_of = |file: &PathBuf| tidied(file).ancestors().skip(1).find_map(|above| modules.get(&*tidied(above)).copied());
        let changed: BTreeSet<&Path> = files.iter().filter_map(module_of).collect();
        self.root_modules().into_iter().filter(|root| !self.closure(root).is_disjoint(&changed)).collect()
    }

    /// A module and all that it calls by local paths, however deep, there or not.
    fn closure<'a>(&'a self, root: &'a Path) -> BTreeSet<&'a Path> {
        let mut reached = BTreeSet::new();
        let mut waiting: VecDeque<&Path> = VecDeque::from([root]);
        while let Some(directory) = waiting.pop_front() {
            if reached.insert(directory) {
                waiting.extend(self.modules.get(directory).into_iter().flat_map(|module| &module.calls).map(PathBuf::as_path));
            }
        }
        reached
    }
}

/// Reads a directory as a module; none when it has no `.tf` file.
fn read_module(directory: &Path) -> io::Result<Option<Module>> {
    let mut module = Module::default();
    let mut is_module = false;
    for entry in std::fs::read_dir(directory)? {
        let entry = entry?;
        // As Terraform does: a directory is passed over whatever its name.
        let is_directory = entry.file_type()?.is_dir();
        let Some(kind) = kind_of(&entry.file_name()).filter(|_| !is_directory) else { continue };
        if matches!(kind, FileKind::Marker) {
            module.is_run = true;
            continue;
        }
        is_module = true;
        let Ok(bytes) = std::fs::read(entry.path()) else {
            // The check says why it cannot be read; nothing may hide it here.
            module.is_run = true;
            continue;
        };
        if matches!(kind, FileKind::JsonConfiguration) {
            if let Ok(document) = serde_json::from_slice(&bytes) {
                read_json(&document, directory, &mut module);
            }
        } else {
            let (text, broken) = decode(bytes);
            let file = Sources::default().add("", "");
            read_body(&parse_decoded_body(&text, &broken, file).0, directory, &mut module);
        }
    }
    Ok(is_module.then_some(module))
}

enum FileKind {
    Configuration,
    JsonConfiguration,
    Marker,
}

/// What a file's name says; a variable definitions file counts whatever it is called, for it is written to be given.
fn kind_of(name: &OsStr) -> Option<FileKind> {
    let name = name.to_str()?;
    if name == ".terraform.lock.hcl" || name.ends_with(".tfvars") || name.ends_with(".tfvars.json") {
        return Some(FileKind::Marker);
    }
    if !is_configuration(name) {
        return None;
    }
    Some(if name.ends_with(".json") { FileKind::JsonConfiguration } else { FileKind::Configuration })
}

fn read_body(body: &Body, directory: &Path, module: &mut Module) {
    for block in &body.blocks {
        match block.block_type.text.as_str() {
            "provider" => module.is_run = true,
            "terraform" => {
                module.is_run |=
                    block.body.blocks.iter().any(|inner| matches!(inner.block_type.text.as_str(), "backend" | "cloud"));
            }
            "module" => {
                let source = block.body.attributes.iter().find(|attribute| attribute.name.text == "source");
                if let Some(ExpressionKind::String(source)) = source.map(|attribute| &attribute.value.kind) {
                    module.calls.extend(local_module(directory, source));
                }
            }
            _ => {}
        }
    }
}

fn read_json(document: &serde_json::Value, directory: &Path, module: &mut Module) {
    let terraform = &document["terraform"];
    module.is_run |= !document["provider"].is_null() || !terraform["backend"].is_null() || !terraform["cloud"].is_null();
    let calls = document["module"].as_object().into_iter().flat_map(|calls| calls.values());
    module.calls.extend(calls.filter_map(|call| local_module(directory, call["source"].as_str()?)));
}

/// The directory that a local `source` names.
fn local_module(directory: &Path, source: &str) -> Option<PathBuf> {
    (source.starts_with("./") || source.starts_with("../")).then(|| tidied(&directory.join(source)))
}

/// A path without `.`, and without `..` where something stands before it, so that one directory has one name.
fn tidied(path: &Path) -> PathBuf {
    let mut tidy = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if matches!(tidy.components().next_back(), Some(Component::Normal(_))) => {
                tidy.pop();
            }
            other => tidy.push(other),
        }
    }
    if tidy.as_os_str().is_empty() { PathBuf::from(".") } else { tidy }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: &str = "provider \"aws\" {}\n";

    fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
        let top = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = top.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        top
    }

    #[track_caller]
    fn check_roots(files: &[(&str, &str)], expected: &[&str]) {
        let top = tree(files);
        let found = Discovery::below(top.path());
        let roots: Vec<_> =
            found.root_modules().into_iter().map(|root| root.strip_prefix(top.path()).unwrap().to_path_buf()).collect();
        assert_eq!(roots, expected.iter().map(PathBuf::from).collect::<Vec<_>>());
    }

    #[test]
    fn provider_backend_lock_file_and_tfvars_each_make_a_root_module() {
        check_roots(
            &[
                ("backend/main.tf", "terraform {\n  backend \"s3\" {}\n}\n"),
                ("json/main.tf.json", r#"{"terraform": {"cloud": {}}}"#),
                ("library/main.tf", "variable \"x\" {}\n"),
                ("lock/.terraform.lock.hcl", ""),
                ("lock/main.tf", ""),
                ("provider/main.tf", ROOT),
                ("tfvars/main.tf", ""),
                ("tfvars/prod.tfvars", ""),
                ("values-alone/prod.tfvars", ""),
            ],
            &["backend", "json", "lock", "provider", "tfvars"],
        );
    }

    #[test]
    fn module_that_another_calls_is_no_root_module() {
        let call = "provider \"aws\" {}\nmodule \"m\" {\n  source = \"../shared/\"\n}\n";
        check_roots(&[("live/main.tf", call), ("shared/main.tf", ROOT), ("other/main.tf", ROOT)], &["live", "other"]);
    }

    #[test]
    fn copies_of_modules_are_not_looked_into() {
        check_roots(&[("a/main.tf", ROOT), ("a/.terraform/modules/m/main.tf", ROOT), ("node_modules/b/main.tf", ROOT)], &["a"]);
    }

    #[test]
    fn ignored_directory_is_passed_over_and_ignored_tfvars_count() {
        check_roots(
            &[(".gitignore", "old/\n*.tfvars\n"), ("a/main.tf", ""), ("a/terraform.tfvars", ""), ("old/main.tf", ROOT)],
            &["a"],
        );
    }

    #[test]
    fn broken_file_hides_no_root_module() {
        check_roots(&[("a/main.tf", "provider \"aws\" {}\nvariable \"x\" {\n  default = = 1\n"), ("a/b.tf.json", "{")], &["a"]);
    }

    #[track_caller]
    fn check_concerned(changed: &str, expected: &[&str]) {
        let call = |source: &str| format!("{ROOT}module \"m\" {{\n  source = \"{source}\"\n}}\n");
        let top = tree(&[
            ("a/main.tf", &call("../modules/one")),
            ("b/main.tf", ROOT),
            ("modules/one/main.tf", &call("../two")),
            ("modules/two/main.tf", ""),
            ("modules/two/templates/x.json", ""),
        ]);
        let found = Discovery::below(top.path());
        let concerned: Vec<_> = found.concerned_by(&[top.path().join(changed)]);
        assert_eq!(concerned, expected.iter().map(|root| top.path().join(root)).collect::<Vec<_>>());
    }

    #[test]
    fn change_concerns_its_own_root_module() {
        check_concerned("b/terraform.tfvars", &["b"]);
    }

    #[test]
    fn change_in_a_module_concerns_those_that_call_it_however_deep() {
        check_concerned("modules/two/templates/x.json", &["a"]);
    }

    #[test]
    fn module_that_was_deleted_concerns_those_that_call_it() {
        let top = tree(&[("a/main.tf", "provider \"aws\" {}\nmodule \"m\" {\n  source = \"../gone\"\n}\n"), ("b/main.tf", ROOT)]);
        let found = Discovery::below(top.path());
        assert_eq!(found.concerned_by(&[top.path().join("gone/main.tf")]), [top.path().join("a")]);
    }

    #[test]
    fn change_elsewhere_concerns_nothing() {
        check_concerned("README.md", &[]);
    }
}
