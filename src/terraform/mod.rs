//! The Terraform language: text in, models out, no I/O.
pub mod configuration;
mod constant;
pub mod conversion;
mod cycle;
pub mod expression;
pub mod file_name;
pub mod finding;
pub mod function;
mod go_quote;
pub mod input;
#[cfg(test)]
mod judged;
pub mod local;
pub mod module_call;
pub mod number;
mod order;
pub mod plan;
pub mod provider_block;
pub mod reference;
mod schema;
mod source_file;
mod suggestion;
pub mod syntax;
pub mod tfvars;
pub mod type_constraint;
pub mod validation;
pub mod value;
pub mod variable;
pub mod version;

use std::collections::{BTreeMap, BTreeSet};

use local::Local;
use module_call::{Host, ModuleCall, PsoxyModule};
use provider_block::ProviderBlock;
use variable::Variable;
use version::Version;

/// What the `.tf` and `.tf.json` files of a directory say.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RootModule {
    /// Input variables by name; in boxes, because the nodes of a map that grows are half empty.
    pub variables: BTreeMap<String, Box<Variable>>,
    /// Local values by name.
    pub locals: BTreeMap<String, Local>,
    /// `module` blocks in the order of the files.
    pub module_calls: Vec<ModuleCall>,
    /// Local names of the providers that are configured or required.
    pub providers: BTreeSet<String>,
    /// `provider` blocks in the order of the files, with what override files change.
    pub provider_blocks: Vec<ProviderBlock>,
    /// Resources and data sources: their names, which the evaluator takes for unknown values.
    pub resources: BTreeSet<ResourceName>,
}

/// A resource, as expressions refer to it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ResourceName {
    /// Empty for a managed resource, `data` or `ephemeral` for the others.
    pub mode: &'static str,
    /// First label.
    pub resource_type: String,
    /// Second label.
    pub name: String,
}

impl RootModule {
    /// The input variable of this name.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&Variable> {
        self.variables.get(name).map(|variable| &**variable)
    }

    /// Calls of psoxy's modules, in the order of the files.
    pub fn psoxy_calls(&self) -> impl Iterator<Item = (&ModuleCall, &PsoxyModule)> {
        self.module_calls.iter().filter_map(|call| Some((call, call.psoxy.as_ref()?)))
    }

    /// The release of psoxy whose connectors are deployed.
    ///
    /// Where the calls disagree, that of the module that knows the connectors counts.
    #[must_use]
    pub fn psoxy_release(&self) -> Option<&Version> {
        let released = || self.psoxy_calls().filter_map(|(_, module)| Some((module, module.release.as_ref()?)));
        let connectors = released().find(|(module, _)| module.name == "worklytics-connectors");
        connectors.or_else(|| released().next()).map(|(_, release)| release)
    }

    /// Where the proxy runs.
    #[must_use]
    pub fn host(&self) -> Option<Host> {
        let of_calls = self.psoxy_calls().find_map(|(_, module)| module.host());
        // The AWS example configures the Google provider too, for Google Workspace; the GCP example has no AWS provider.
        let of_providers = || match (self.providers.contains("aws"), self.providers.contains("google")) {
            (true, _) => Some(Host::Aws),
            (false, true) => Some(Host::Gcp),
            (false, false) => None,
        };
        of_calls.or_else(of_providers)
    }

    /// The call of psoxy's module for the host, which names and keeps the secrets.
    #[must_use]
    pub fn host_call(&self) -> Option<&ModuleCall> {
        self.psoxy_calls().find(|(_, module)| module.host().is_some()).map(|(call, _)| call)
    }

    /// The block of the provider that resources use where they name no other.
    #[must_use]
    pub fn default_provider(&self, name: &str) -> Option<&ProviderBlock> {
        self.provider_blocks.iter().find(|block| block.name == name && block.is_default())
    }

    /// What expressions may refer to beside variables and local values: `aws_instance.a`, `data.aws_ami.a`, `module.a`.
    #[must_use]
    pub fn declared_names(&self) -> BTreeSet<String> {
        let resources = self.resources.iter().map(|ResourceName { mode, resource_type, name }| match *mode {
            "" => format!("{resource_type}.{name}"),
            mode => format!("{mode}.{resource_type}.{name}"),
        });
        resources.chain(self.module_calls.iter().map(|call| format!("module.{}", call.name.text))).collect()
    }
}
