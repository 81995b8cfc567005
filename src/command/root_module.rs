//! Reads the root module that a command works on: files, environment and arguments in, models out.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Context as _;

use super::{Context, ExitStatus, Failure};
use crate::cli::{VariableArg, VariableArgs};
use crate::diagnostic::{Diagnostic, Sources};
use crate::terraform::RootModule;
use crate::terraform::configuration::{Configuration, ConfigurationFile, is_configuration};
use crate::terraform::expression::ModuleNames;
use crate::terraform::finding;
use crate::terraform::function::Files;
use crate::terraform::input::arguments::{self, Argument};
use crate::terraform::input::file::{FileError, VariableFile, auto_loaded};
use crate::terraform::input::{Given, Inputs, gather};
use crate::terraform::validation::{self, Environment};
use crate::terraform::version::{Constraints, NEWEST_KNOWN_TERRAFORM, Version};

/// A root module and everything that Terraform would say of its input variables.
pub struct Loaded {
    /// The files that ranges lie in.
    pub sources: Sources,
    /// What the `.tf` files say.
    pub root_module: RootModule,
    /// The values of the input variables.
    pub inputs: Inputs,
    /// Whose semantics count.
    pub version: Version,
    /// What the names of the root module stand for.
    pub names: ModuleNames,
    /// What was found, each under the check that reports it.
    pub found: Vec<Diagnostic>,
}

/// Reads and evaluates the root module in the context's directory.
///
/// # Errors
///
/// When the directory cannot be read; broken files are findings.
pub fn load(ctx: &Context, variables: &VariableArgs, version: Option<Version>) -> anyhow::Result<Loaded> {
    let directory = &ctx.directory;
    let names = file_names(directory)?;
    let mut sources = Sources::default();

    let configuration_files = names
        .iter()
        .filter(|name| is_configuration(name))
        .map(|name| ConfigurationFile { name: name.clone(), bytes: fs::read(directory.join(name)).ok() });
    let configuration = Configuration::parse(configuration_files.collect(), &mut sources);
    let version = match version {
        Some(version) => version,
        None => choose_version(&configuration.required_versions(&sources), directory),
    };
    let (root_module, mut found) = configuration.decode(&version, &sources);

    let (given, bad_arguments) = given(ctx, &names, variables);
    found.extend(bad_arguments);
    let (inputs, found_in_inputs) = gather(&root_module, given, &mut sources);
    found.extend(found_in_inputs);

    let working_directory = std::env::current_dir().unwrap_or_default().to_string_lossy().into_owned();
    let environment = Environment {
        files: &ModuleFiles { directory: directory.clone() },
        sources: &sources,
        version: &version,
        workspace: &workspace(ctx),
        working_directory: &working_directory,
    };
    let (names, found_in_locals) = validation::names(&root_module, &inputs, environment);
    found.extend(found_in_locals);
    found.extend(validation::judge(&root_module, &inputs, &names, environment));
    Ok(Loaded { sources, root_module, inputs, version, names, found })
}

/// The names in the directory, in byte order; directories that are named as files count, except as configuration.
fn file_names(directory: &Path) -> anyhow::Result<Vec<String>> {
    let unread = || format!("cannot read the root module's directory `{}`", directory.display());
    let mut names = Vec::new();
    for entry in fs::read_dir(directory).with_context(unread)? {
        let entry = entry.with_context(unread)?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let is_directory = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if !(is_directory && is_configuration(&name)) {
            names.push(name);
        }
    }
    names.sort_unstable();
    Ok(names)
}

/// Every source of values, in Terraform's order of precedence.
fn given(ctx: &Context, names: &[String], variables: &VariableArgs) -> (Vec<Given>, Option<Diagnostic>) {
    let mut given: Vec<Given> = ctx
        .environment
        .iter()
        .filter_map(|(name, text)| {
            Some(Given::Environment { name: name.strip_prefix("TF_VAR_")?.to_owned(), text: text.clone() })
        })
        .collect();
    let file = |name: &str| Given::File(read_variable_file(&ctx.directory, name));
    given.extend(auto_loaded(names.iter().map(String::as_str)).into_iter().map(file));

    let (from_environment, bad) = match arguments::from_environment(&ctx.environment) {
        Ok(arguments) => (arguments, None),
        Err(name) => (Vec::new(), Some(finding::bad_arguments(name))),
    };
    let explicit = variables.in_order.iter().map(|argument| match argument {
        VariableArg::Var(text) => Argument::Var(text.clone()),
        VariableArg::File(path) => Argument::VarFile(path.to_string_lossy().into_owned()),
    });
    given.extend(from_environment.into_iter().chain(explicit).map(|argument| match argument {
        Argument::Var(text) => Given::Var(text),
        Argument::VarFile(name) => file(&name),
    }));
    (given, bad)
}

/// Reads a variable definitions file; a failure is put as Go puts it, because Terraform shows that text.
fn read_variable_file(directory: &Path, name: &str) -> VariableFile {
    let path = directory.join(name);
    let content = fs::read(&path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => FileError::Missing,
        io::ErrorKind::IsADirectory => FileError::Unreadable(format!("read {name}: is a directory")),
        io::ErrorKind::PermissionDenied => FileError::Unreadable(format!("open {name}: permission denied")),
        _ => FileError::Unreadable(format!("open {name}: {error}")),
    });
    VariableFile { name: name.to_owned(), content }
}

/// The selected workspace: of the environment, else of the data directory.
fn workspace(ctx: &Context) -> String {
    if let Some(name) = ctx.variable("TF_WORKSPACE") {
        return name.to_owned();
    }
    let data_directory = ctx.variable("TF_DATA_DIR").unwrap_or(".terraform");
    let selected = fs::read_to_string(ctx.directory.join(data_directory).join("environment")).unwrap_or_default();
    let selected = selected.trim();
    if selected.is_empty() { "default".to_owned() } else { selected.to_owned() }
}

/// Whose semantics count where the user names none: the only version that is admitted, that of the terraform on `PATH`, or
/// the newest known that is admitted.
fn choose_version(required: &[Constraints], directory: &Path) -> Version {
    if let Some(exact) = required.iter().find_map(Constraints::exact) {
        return exact.clone();
    }
    installed_version(directory).unwrap_or_else(|| {
        let newest = required.iter().fold(NEWEST_KNOWN_TERRAFORM, |version, constraints| constraints.nearest(version));
        if required.iter().all(|constraints| constraints.admits(&newest)) { newest } else { NEWEST_KNOWN_TERRAFORM }
    })
}

/// The version of the terraform on `PATH`; none where there is none, or it says nothing that can be read.
fn installed_version(directory: &Path) -> Option<Version> {
    let output = Command::new("terraform")
        .args(["version", "-json"])
        .current_dir(directory)
        .env("CHECKPOINT_DISABLE", "1")
        .env_remove("TF_CLI_ARGS")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).ok()?;
    Version::parse(answer.get("terraform_version")?.as_str()?)
}

/// Reads `--terraform-version`.
///
/// # Errors
///
/// When the text is no version.
pub fn parse_version(text: &str) -> anyhow::Result<Version> {
    Version::parse(text).ok_or_else(|| {
        Failure::new(ExitStatus::Usage, format!("cannot read `{text}` as a version of Terraform"))
            .hint("give it as three numbers, such as --terraform-version 1.11.4")
            .into()
    })
}

/// The disk as functions such as `file` see it.
struct ModuleFiles {
    directory: PathBuf,
}

impl Files for ModuleFiles {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        fs::read(self.directory.join(path))
    }

    fn is_file(&self, path: &str) -> io::Result<bool> {
        match fs::metadata(self.directory.join(path)) {
            Ok(metadata) if metadata.is_file() => Ok(true),
            Ok(metadata) if metadata.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
            Ok(_) => Err(io::Error::other("is not a regular file")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn list(&self, directory: &str) -> io::Result<Vec<String>> {
        let top = self.directory.join(directory);
        let mut found = Vec::new();
        let mut waiting = vec![top.clone()];
        while let Some(directory) = waiting.pop() {
            for entry in fs::read_dir(directory)? {
                let path = entry?.path();
                if path.is_dir() {
                    waiting.push(path);
                } else if let Ok(relative) = path.strip_prefix(&top) {
                    found.push(relative.to_string_lossy().into_owned());
                }
            }
        }
        found.sort_unstable();
        Ok(found)
    }
}
