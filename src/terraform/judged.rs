//! A root module judged whole, for the tests of its parts.

use super::configuration::{Configuration, ConfigurationFile};
use super::expression::budget::Budget;
use super::function::NoFiles;
use super::input::file::{VariableFile, order_of_loading};
use super::input::{Given, Inputs, gather};
use super::validation::{Environment, judge, names};
use super::version::{NEWEST_KNOWN_TERRAFORM, Version};
use crate::diagnostic::{Diagnostic, Sources};

/// A judged root module.
pub(super) struct Judged {
    pub(super) sources: Sources,
    pub(super) inputs: Inputs,
    pub(super) found: Vec<Diagnostic>,
}

impl Judged {
    /// Judges files by their names, and what is given behind them, as the newest known Terraform does.
    pub(super) fn of(files: &[(&str, &str)], given: Vec<Given>) -> Self {
        Self::by(&NEWEST_KNOWN_TERRAFORM, files, given)
    }

    /// Judges as a version of Terraform does.
    pub(super) fn by(version: &Version, files: &[(&str, &str)], given: Vec<Given>) -> Self {
        let mut sources = Sources::default();
        let configuration = files
            .iter()
            .map(|(name, text)| ConfigurationFile { name: (*name).to_owned(), bytes: Some(text.as_bytes().to_vec()) });
        let configuration = Configuration::parse(configuration.collect(), &mut sources);
        let (root_module, mut found) = configuration.decode(version, &sources);

        let mut definitions: Vec<_> = files.iter().filter(|(name, _)| name.contains(".tfvars")).collect();
        definitions.sort_by_key(|(name, _)| order_of_loading(name));
        let loaded = definitions
            .into_iter()
            .map(|(name, text)| Given::File(VariableFile { name: (*name).to_owned(), content: Ok(text.as_bytes().to_vec()) }));
        let (from_command_line, from_environment) = given.into_iter().partition(|given| matches!(given, Given::Var(_)));
        let (mut all, last): (Vec<Given>, Vec<Given>) = (from_environment, from_command_line);
        all.extend(loaded);
        all.extend(last);
        let (inputs, more) = gather(&root_module, all, &mut sources);
        found.extend(more);

        let around = Environment {
            files: &NoFiles,
            sources: &sources,
            budget: &Budget::default(),
            version,
            workspace: "default",
            working_directory: "/work",
        };
        let (names, more) = names(&root_module, &inputs, around);
        found.extend(more);
        found.extend(judge(&root_module, &inputs, &names, around));
        Self { sources, inputs, found }
    }

    /// Each finding as `place summary`, in byte order.
    pub(super) fn summaries(&self) -> Vec<String> {
        let mut lines: Vec<String> = self
            .found
            .iter()
            .map(|finding| match finding.subject {
                Some(subject) => format!("{} {}", self.sources.describe(subject), finding.summary),
                None => finding.summary.clone(),
            })
            .collect();
        lines.sort_unstable();
        lines
    }
}
