//! Reads the root module that a command works on: files, environment and arguments in, models out.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use super::context::Context;
use super::failure::{ExitStatus, Failure};
use super::module_files::ModuleFiles;
use crate::cli::variable::{VariableArg, VariableArgs};
use crate::diagnostic::{Diagnostic, Group, Severity, Sources};
use crate::disk::{self, RootFile};
use crate::terraform::RootModule;
use crate::terraform::configuration::{Configuration, ConfigurationFile};
use crate::terraform::expression::budget::Budget;
use crate::terraform::expression::{ModuleNames, Names, Scope, evaluate};
use crate::terraform::file_name::is_configuration;
use crate::terraform::finding;
use crate::terraform::input::arguments::{self, Argument};
use crate::terraform::input::file::{FileError, VariableFile, order_of_loading};
use crate::terraform::input::{Given, Inputs, gather};
use crate::terraform::plan::Plan;
use crate::terraform::syntax::Expression;
use crate::terraform::validation::{self, Environment};
use crate::terraform::value::{Value, json};
use crate::terraform::version::constraint::Constraints;
use crate::terraform::version::{NEWEST_KNOWN_TERRAFORM, Version};

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
    /// What functions such as `file` see of the disk.
    pub files: ModuleFiles,
    /// What was found, each under the check that reports it.
    pub found: Vec<Diagnostic>,
}

impl Loaded {
    /// The value of an expression of the root module, without its mark; unknown where it cannot be evaluated.
    #[must_use]
    pub fn evaluate(&self, expression: &Expression) -> Value {
        let scope = Scope {
            names: Names::Module(&self.names),
            files: &self.files,
            sources: &self.sources,
            budget: &Budget::default(),
            is_short_circuit: self.version.is_at_least(1, 12, 0),
            is_console: false,
        };
        evaluate(expression, &scope).0.unmark().0
    }
}

/// Loads root modules in one environment.
pub struct Loader<'a> {
    environment: &'a BTreeMap<String, String>,
    /// The environment variable with the arguments of Terraform's own command.
    own_arguments: &'static str,
    /// Whose semantics the user asked for.
    version: Option<Version>,
    /// The plan whose values of the variables count.
    plan: Option<&'a Plan>,
    /// That of the terraform on `PATH`: asked for when the first root module needs it.
    installed: OnceLock<Option<Version>>,
}

impl<'a> Loader<'a> {
    /// A loader for this environment; without a version each root module decides whose semantics count.
    #[must_use]
    pub fn new(environment: &'a BTreeMap<String, String>, version: Option<Version>) -> Self {
        Self { environment, own_arguments: "TF_CLI_ARGS_plan", version, plan: None, installed: OnceLock::new() }
    }

    /// The loader with the arguments of `terraform console` in place of those of `terraform plan`.
    #[must_use]
    pub fn for_console(self) -> Self {
        Self { own_arguments: "TF_CLI_ARGS_console", ..self }
    }

    /// The loader with the values that a plan was made with: they count where the files and the environment of today say
    /// something else, or nothing.
    #[must_use]
    pub fn with_values_of(self, plan: Option<&'a Plan>) -> Self {
        Self { plan, ..self }
    }

    /// Reads and evaluates the root module in a directory.
    ///
    /// # Errors
    ///
    /// When the directory cannot be read; broken files are findings.
    pub fn load(&self, directory: &Path, variables: &VariableArgs) -> anyhow::Result<Loaded> {
        let (configuration_files, definitions): (Vec<_>, Vec<_>) =
            disk::read_root_module(directory)?.into_iter().partition(|file| is_configuration(&file.name));
        let mut sources = Sources::default();
        let configuration_files =
            configuration_files.into_iter().map(|file| ConfigurationFile { name: file.name, bytes: file.content.ok() }).collect();
        let configuration = Configuration::parse(configuration_files, &mut sources);
        let version = match &self.version {
            Some(version) => version.clone(),
            None => self.choose_version(&configuration.required_versions(&sources), directory),
        };
        let (root_module, mut found) = configuration.decode(&version, &sources);

        let (mut given, bad_arguments) = self.given(directory, definitions, variables);
        found.extend(bad_arguments);
        if let Some(plan) = self.plan {
            let (today, _) = gather(&root_module, given.clone(), &mut sources.clone());
            given.extend(planned_values(plan, &root_module, &today).map(Given::File));
        }
        let (inputs, found_in_inputs) = gather(&root_module, given, &mut sources);
        found.extend(found_in_inputs);

        let working_directory = std::env::current_dir().unwrap_or_default().to_string_lossy().into_owned();
        let home = self.environment.get("HOME").filter(|home| !home.is_empty());
        let files = ModuleFiles::new(directory, home.cloned());
        let environment = Environment {
            files: &files,
            sources: &sources,
            budget: &Budget::default(),
            version: &version,
            workspace: &self.workspace(directory),
            working_directory: &working_directory,
        };
        let (names, found_in_locals) = validation::names(&root_module, &inputs, environment);
        found.extend(found_in_locals);
        found.extend(validation::judge(&root_module, &inputs, &names, environment));
        limit(&mut found);
        Ok(Loaded { sources, root_module, inputs, version, names, files, found })
    }

    /// Every source of values, in Terraform's order of precedence.
    fn given(&self, directory: &Path, definitions: Vec<RootFile>, variables: &VariableArgs) -> (Vec<Given>, Option<Diagnostic>) {
        let mut given: Vec<Given> = self
            .environment
            .iter()
            .filter_map(|(name, text)| {
                Some(Given::Environment { name: name.strip_prefix("TF_VAR_")?.to_owned(), text: text.clone() })
            })
            .collect();
        given.extend(in_order(definitions).into_iter().map(|file| {
            let content = file.content.map_err(|error| why_unread(&file.name, &error));
            Given::File(VariableFile { name: file.name, content })
        }));

        let (from_environment, bad) = match arguments::from_environment(self.environment, self.own_arguments) {
            Ok(arguments) => (arguments, None),
            Err(name) => (Vec::new(), Some(finding::bad_arguments(name))),
        };
        let explicit = variables.in_order.iter().map(|argument| match argument {
            VariableArg::Var(text) => Argument::Var(text.clone()),
            VariableArg::File(path) => Argument::VarFile(path.to_string_lossy().into_owned()),
        });
        given.extend(from_environment.into_iter().chain(explicit).map(|argument| match argument {
            Argument::Var(text) => Given::Var(text),
            Argument::VarFile(name) => {
                let content = disk::read(&directory.join(&name)).map_err(|error| why_unread(&name, &error));
                Given::File(VariableFile { name, content })
            }
        }));
        (given, bad)
    }

    /// The selected workspace: of the environment, else of the data directory.
    fn workspace(&self, directory: &Path) -> String {
        let set = |name: &str| self.environment.get(name).map(String::as_str).filter(|value| !value.is_empty());
        if let Some(name) = set("TF_WORKSPACE") {
            return name.to_owned();
        }
        let data_directory = set("TF_DATA_DIR").unwrap_or(".terraform");
        let selected = fs::read_to_string(directory.join(data_directory).join("environment")).unwrap_or_default();
        let selected = selected.trim();
        if selected.is_empty() { "default".to_owned() } else { selected.to_owned() }
    }

    /// Whose semantics count where the user names none: the only version that is admitted, that of the terraform on `PATH`, or
    /// the newest known that is admitted.
    fn choose_version(&self, required: &[Constraints], directory: &Path) -> Version {
        if let Some(exact) = required.iter().find_map(Constraints::exact) {
            return exact.clone();
        }
        self.installed.get_or_init(|| installed_version(directory)).clone().unwrap_or_else(|| {
            let newest = required.iter().fold(NEWEST_KNOWN_TERRAFORM, |version, constraints| constraints.nearest(version));
            if required.iter().all(|constraints| constraints.admits(&newest)) { newest } else { NEWEST_KNOWN_TERRAFORM }
        })
    }
}

/// How many findings of one root module are shown; only a file that a program wrote has more.
const MOST_FOUND: usize = 10_000;

/// Counts the findings that are too many to be shown.
fn limit(found: &mut Vec<Diagnostic>) {
    if found.len() <= MOST_FOUND {
        return;
    }
    let left_out = found.split_off(MOST_FOUND);
    let severity = left_out.iter().map(|finding| finding.severity).min().unwrap_or(Severity::Error);
    let detail =
        format!("tfhelper shows at most {MOST_FOUND} findings, and there are {} more. Correct these first.", left_out.len());
    found.push(Diagnostic::new(finding::SYNTAX, Group::Terraform, severity, "Too many findings", detail));
}

/// Reads and evaluates the root module in the context's directory.
///
/// # Errors
///
/// When the directory cannot be read; broken files are findings.
pub fn load(ctx: &Context, variables: &VariableArgs, version: Option<Version>) -> anyhow::Result<Loaded> {
    Loader::new(&ctx.environment, version).load(&ctx.directory, variables)
}

/// The values that the plan was made with, as a file of their own, where they are not those of today.
///
/// An ephemeral variable's value is in no plan: what stands there is its default.
fn planned_values(plan: &Plan, root_module: &RootModule, today: &Inputs) -> Option<VariableFile> {
    let is_same = |name: &str, planned: &serde_json::Value| {
        let known = today.given(name).last().into_iter().chain(today.value(name));
        known.filter_map(|input| json::to_json(&input.value)).any(|value| value == *planned)
    };
    let differing: serde_json::Map<String, serde_json::Value> = plan
        .variables
        .iter()
        .filter(|(name, _)| root_module.variable(name).is_some_and(|variable| !variable.is_ephemeral))
        .filter(|(name, planned)| !is_same(name, planned))
        .map(|(name, planned)| (name.clone(), planned.clone()))
        .collect();
    if differing.is_empty() {
        return None;
    }
    // One line each, so that the excerpt of one shows nothing of another.
    let text = format!("{:#}", serde_json::Value::Object(differing));
    Some(VariableFile { name: "<variables of the plan>.json".to_owned(), content: Ok(text.into_bytes()) })
}

/// The files that are loaded by their names, in the order of precedence.
fn in_order(mut files: Vec<RootFile>) -> Vec<RootFile> {
    files.sort_by(|a, b| order_of_loading(&a.name).cmp(&order_of_loading(&b.name)));
    files
}

/// Why a variable definitions file cannot be read, as Go puts it, because Terraform shows that text.
fn why_unread(name: &str, error: &anyhow::Error) -> FileError {
    let Some(cause) = error.root_cause().downcast_ref::<io::Error>() else {
        return FileError::Unreadable(format!("open {name}: {error:#}"));
    };
    match cause.kind() {
        io::ErrorKind::NotFound => FileError::Missing,
        io::ErrorKind::IsADirectory => FileError::Unreadable(format!("read {name}: is a directory")),
        io::ErrorKind::PermissionDenied => FileError::Unreadable(format!("open {name}: permission denied")),
        _ => FileError::Unreadable(format!("open {name}: {cause}")),
    }
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
