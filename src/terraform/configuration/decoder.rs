//! Builds a root module up from its blocks.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{TERRAFORM, version_constraints};
use crate::diagnostic::{Diagnostic, SourceRange, Sources};
use crate::terraform::constant;
use crate::terraform::finding::{REQUIRED_VERSION, bad_declaration, error};
use crate::terraform::local::Local;
use crate::terraform::module_call::{ModuleCall, PsoxyModule};
use crate::terraform::provider_block::ProviderBlock;
use crate::terraform::schema::{Argument, Block, Body, Schema, block, optional, required};
use crate::terraform::syntax::identifier::is_identifier;
use crate::terraform::syntax::{self, Expression};
use crate::terraform::variable::{self, Surroundings};
use crate::terraform::version::Version;
use crate::terraform::version::constraint::Constraints;
use crate::terraform::{ResourceName, RootModule};

/// Of a provider's blocks those that say on whose behalf it works.
const PROVIDER: Schema<'static> = Schema { arguments: &[], blocks: &[block("assume_role", &[])] };

const MODULE: Schema<'static> = Schema { arguments: &[required("source"), optional("version")], blocks: &[] };
const MODULE_OVERRIDE: Schema<'static> = Schema { arguments: &[optional("source"), optional("version")], blocks: &[] };

/// Builds the root module up, block by block.
pub(super) struct Decoder<'a> {
    sources: &'a Sources,
    version: &'a Version,
    pub(super) found: Vec<Diagnostic>,
    pub(super) root_module: RootModule,
}

impl<'a> Decoder<'a> {
    pub(super) fn new(sources: &'a Sources, version: &'a Version, found: Vec<Diagnostic>) -> Self {
        Self { sources, version, found, root_module: RootModule::default() }
    }

    /// Takes in what a block declares.
    pub(super) fn decode(&mut self, block: &Block, is_override: bool) {
        match block.block_type.text.as_str() {
            "variable" => self.variable(block, is_override),
            "locals" => self.locals(block, is_override),
            "module" => self.module(block, is_override),
            "terraform" => self.terraform(block),
            "provider" => self.provider(block, is_override),
            "resource" => self.resource("", block),
            "data" => self.resource("data", block),
            "ephemeral" => self.resource("ephemeral", block),
            "required_providers" => self.found.push(bad_declaration(
                "Invalid required_providers block",
                "A \"required_providers\" block must be nested inside a \"terraform\" block.",
                block.block_type.range,
            )),
            _ => {}
        }
    }

    fn variable(&mut self, block: &Block, is_override: bool) {
        let around = Surroundings { sources: self.sources, version: self.version, is_override };
        let Some(declaration) = variable::decode(block, around, &mut self.found) else { return };
        let name = declaration.name.text.to_string();
        if is_override {
            match self.root_module.variables.get_mut(&name) {
                Some(variable) => declaration.override_variable(variable, &mut self.found),
                None => {
                    self.found.push(missing_base("variable declaration", "a variable", "declared", &name, declaration.header))
                }
            }
            return;
        }
        let variable = Box::new(declaration.into_variable(&mut self.found));
        // Terraform keeps the last declaration, and its messages name the one before.
        if let Some(earlier) = self.root_module.variables.insert(name.clone(), variable) {
            let what = format!("A variable named \"{name}\" was already declared");
            let rule = "Variable names must be unique";
            self.report_duplicate("Duplicate variable declaration", &what, rule, earlier.header, block.header);
        }
    }

    fn locals(&mut self, block: &Block, is_override: bool) {
        for (name, argument) in block.body.just_arguments(self.sources, &mut self.found) {
            let name = syntax::Name { text: name.into(), range: argument.name_range };
            if !is_identifier(&name.text) {
                self.found.push(bad_declaration("Invalid local value name", BAD_IDENTIFIER, name.range));
            }
            if is_override && !self.root_module.locals.contains_key(name.text.as_str()) {
                let missing = missing_base("local value definition", "a local value", "defined", &name.text, argument.range);
                self.found.push(missing);
                continue;
            }
            let expression = argument.value.expression(self.sources, &mut self.found);
            let (name, local) = (name.text.to_string(), Local { name, expression, range: argument.range });
            let earlier = self.root_module.locals.insert(name.clone(), local).filter(|_| !is_override);
            if let Some(earlier) = earlier {
                let what = format!("A local value named \"{name}\" was already defined");
                let rule = "Local value names must be unique";
                self.report_duplicate("Duplicate local value definition", &what, rule, earlier.range, argument.range);
            }
        }
    }

    fn module(&mut self, block: &Block, is_override: bool) {
        let Some(name) = block.labels.first().cloned() else { return };
        let schema = if is_override { &MODULE_OVERRIDE } else { &MODULE };
        let content = block.body.partial_content(schema, self.sources, &mut self.found);
        if !is_identifier(&name.text) {
            self.found.push(bad_declaration("Invalid module instance name", BAD_IDENTIFIER, name.range));
        }
        let source_argument = content.arguments.get("source");
        let source = source_argument.and_then(|argument| constant::text(argument.value, self.sources, &mut self.found));
        let version = content.arguments.get("version").and_then(|argument| {
            version_constraints(argument, self.sources, &mut self.found)?;
            constant::text(argument.value, self.sources, &mut Vec::new())
        });
        let call = ModuleCall {
            header: block.header,
            psoxy: source.as_deref().and_then(|source| PsoxyModule::from_source(source, version.as_deref())),
            source,
            source_range: source_argument.map(|argument| argument.value.range()),
            arguments: self.expressions(block.body),
            name,
        };
        let base = self.root_module.module_calls.iter_mut().find(|base| base.name.text == call.name.text);
        match base {
            Some(base) if is_override => {
                let mut arguments = std::mem::take(&mut base.arguments);
                arguments.extend(call.arguments.clone());
                if call.source.is_some() {
                    *base = ModuleCall { name: base.name.clone(), header: base.header, ..call };
                }
                base.arguments = arguments;
            }
            None if is_override => {
                let detail = format!(
                    "There is no module call named \"{}\". An override file can only override a module call that was defined in a \
                     primary configuration file.",
                    call.name.text
                );
                self.found.push(bad_declaration("Missing module call to override", detail, call.header));
            }
            base => {
                if let Some(first) = base.map(|base| base.header) {
                    let what = format!("A module call named \"{}\" was already defined", call.name.text);
                    let rule = "Module calls must have unique names";
                    self.report_duplicate("Duplicate module call", &what, rule, first, call.header);
                }
                self.root_module.module_calls.push(call);
            }
        }
    }

    fn provider(&mut self, block: &Block, is_override: bool) {
        let Some(name) = block.labels.first().map(|label| label.text.to_string()) else { return };
        let mut arguments = self.expressions(block.body);
        for inner in block.body.partial_content(&PROVIDER, self.sources, &mut Vec::new()).blocks {
            let inner_type = &inner.block_type.text;
            arguments
                .extend(self.expressions(inner.body).into_iter().map(|(name, value)| (format!("{inner_type}.{name}"), value)));
        }
        self.root_module.providers.insert(name.clone());
        let block = ProviderBlock { name, arguments };
        let mut blocks = self.root_module.provider_blocks.iter_mut();
        match blocks.find(|base| is_override && base.name == block.name && base.is_default() == block.is_default()) {
            Some(base) => base.arguments.extend(block.arguments),
            None => self.root_module.provider_blocks.push(block),
        }
    }

    /// Every argument of a body whose schema belongs to a provider or a module, so that nothing is found in it here.
    fn expressions(&self, body: Body<'_>) -> BTreeMap<String, Arc<Expression>> {
        let arguments = body.just_arguments(self.sources, &mut Vec::new());
        let expression = |argument: Argument<'_>| argument.value.expression(self.sources, &mut Vec::new());
        arguments.into_iter().map(|(name, argument)| (name.to_owned(), expression(argument))).collect()
    }

    fn terraform(&mut self, block: &Block) {
        // From 1.14 on a `terraform` block may hold what is not known here.
        let content = if self.version.is_at_least(1, 14, 0) {
            block.body.partial_content(&TERRAFORM, self.sources, &mut self.found)
        } else {
            block.body.content(&TERRAFORM, self.sources, &mut self.found)
        };
        if let Some(argument) = content.arguments.get("required_version")
            && let Some(constraints) = version_constraints(argument, self.sources, &mut self.found)
        {
            self.judge_version(&constraints, argument.range);
        }
        for inner in content.blocks.iter().filter(|inner| inner.block_type.text == "required_providers") {
            let names = inner.body.just_arguments(self.sources, &mut self.found);
            self.root_module.providers.extend(names.into_keys().map(str::to_owned));
        }
    }

    fn judge_version(&mut self, constraints: &Constraints, at: SourceRange) {
        let prereleases = constraints.prereleases();
        for prerelease in &prereleases {
            let detail = format!(
                "Prerelease version constraints are not supported: {prerelease}. Remove the prerelease information from the \
                 constraint. Prerelease versions of terraform will match constraints using their version core only."
            );
            self.found.push(error(REQUIRED_VERSION, "Invalid required_version constraint", detail, at));
        }
        let core = Version { prerelease: String::new(), ..self.version.clone() };
        if prereleases.is_empty() && !constraints.admits(&core) {
            let detail = format!(
                "This configuration does not support Terraform version {}. To proceed, either choose another supported Terraform \
                 version or update this version constraint. Version constraints are normally set for good reason, so updating \
                 the constraint may lead to other errors or unexpected behavior.",
                self.version
            );
            self.found.push(error(REQUIRED_VERSION, "Unsupported Terraform Core version", detail, at));
        }
    }

    fn resource(&mut self, mode: &'static str, block: &Block) {
        let [resource_type, name] = &*block.labels else { return };
        self.root_module.resources.insert(ResourceName {
            mode,
            resource_type: resource_type.text.to_string(),
            name: name.text.to_string(),
        });
    }

    fn report_duplicate(&mut self, summary: &str, what: &str, rule: &str, first: SourceRange, at: SourceRange) {
        let place = self.sources.describe(first);
        self.found.push(bad_declaration(summary, format!("{what} at {place}. {rule} within a module."), at));
    }
}

const BAD_IDENTIFIER: &str =
    "A name must start with a letter or underscore and may contain only letters, digits, underscores, and dashes.";

fn missing_base(kind: &str, what: &str, verb: &str, name: &str, at: SourceRange) -> Diagnostic {
    let detail = format!(
        "There is no {} named \"{name}\". An override file can only override {what} that was already {verb} in a primary \
         configuration file.",
        what.trim_start_matches("a ")
    );
    bad_declaration(format!("Missing base {kind} to override"), detail, at)
}
