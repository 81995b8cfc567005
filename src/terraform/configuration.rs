//! From the `.tf` and `.tf.json` files of a directory to a [`RootModule`].
//!
//! Broken files are findings, all of them in one run; what can be read of them counts. Override files change what the others
//! declare, after them. Blocks that declare no input are looked at only as far as their names go.
//!
//! Source: hashicorp/terraform v1.11.4, `internal/configs/{parser_config,parser_config_dir,module,module_call}.go`.

use std::collections::BTreeMap;

use super::constant;
use super::file_name::{is_configuration, is_override};
use super::finding::{DECLARATION, REQUIRED_VERSION, SYNTAX, bad_declaration, error};
use super::local::Local;
use super::module_call::{ModuleCall, PsoxyModule};
use super::provider_block::ProviderBlock;
use super::schema::{Argument, Block, BlockSchema, Body, Schema, block, optional, required};
use super::source_file;
use super::syntax::identifier::is_identifier;
use super::syntax::json::Node;
use super::syntax::{self, Expression};
use super::variable::{self, Surroundings};
use super::version::{Constraints, Version};
use super::{ResourceName, RootModule};
use crate::diagnostic::{Diagnostic, SourceRange, Sources};

/// A file of the root module.
#[derive(Debug, Clone)]
pub struct ConfigurationFile {
    /// The name in the root module's directory.
    pub name: String,
    /// What it holds; none where it cannot be read.
    pub bytes: Option<Vec<u8>>,
}

/// The parsed files of a root module, the overriding ones last.
#[derive(Debug)]
pub struct Configuration {
    files: Vec<File>,
    found: Vec<Diagnostic>,
}

#[derive(Debug)]
struct File {
    body: ParsedBody,
    is_override: bool,
}

#[derive(Debug)]
enum ParsedBody {
    Native(syntax::Body),
    Json(Node),
}

impl File {
    fn body(&self) -> Body<'_> {
        match &self.body {
            ParsedBody::Native(body) => Body::Native(body),
            ParsedBody::Json(value) => Body::Json(value),
        }
    }
}

const NAME: &[&str] = &["name"];
const TYPE_AND_NAME: &[&str] = &["type", "name"];

/// What a file may hold, with the version that brought it.
const TOP_LEVEL: [(BlockSchema, (u64, u64)); 15] = [
    (block("terraform", &[]), (0, 0)),
    (block("required_providers", &[]), (0, 0)),
    (block("provider", NAME), (0, 0)),
    (block("variable", NAME), (0, 0)),
    (block("locals", &[]), (0, 0)),
    (block("output", NAME), (0, 0)),
    (block("module", NAME), (0, 0)),
    (block("resource", TYPE_AND_NAME), (0, 0)),
    (block("data", TYPE_AND_NAME), (0, 0)),
    (block("moved", &[]), (1, 1)),
    (block("import", &[]), (1, 5)),
    (block("check", NAME), (1, 5)),
    (block("removed", &[]), (1, 7)),
    (block("ephemeral", TYPE_AND_NAME), (1, 10)),
    (block("action", TYPE_AND_NAME), (1, 14)),
];

const TERRAFORM: Schema<'static> = Schema {
    arguments: &[optional("required_version"), optional("experiments"), optional("language")],
    blocks: &[
        block("backend", &["type"]),
        block("cloud", &[]),
        block("required_providers", &[]),
        block("provider_meta", &["provider"]),
    ],
};

/// Of a provider's blocks those that say on whose behalf it works.
const PROVIDER: Schema<'static> = Schema { arguments: &[], blocks: &[block("assume_role", &[])] };

const MODULE: Schema<'static> = Schema { arguments: &[required("source"), optional("version")], blocks: &[] };
const MODULE_OVERRIDE: Schema<'static> = Schema { arguments: &[optional("source"), optional("version")], blocks: &[] };

impl Configuration {
    /// Parses the files that Terraform reads as configuration; others are passed over.
    #[must_use]
    pub fn parse(mut files: Vec<ConfigurationFile>, sources: &mut Sources) -> Self {
        files.retain(|file| is_configuration(&file.name));
        files.sort_by(|a, b| (is_override(&a.name), &a.name).cmp(&(is_override(&b.name), &b.name)));
        let mut found = Vec::new();
        let mut parsed = Vec::new();
        if files.is_empty() {
            found.push(bad_module(
                "No configuration files",
                "Plan requires configuration to be present. Planning without a configuration would mark everything for \
                 destruction, which is normally not what is desired. If you would like to destroy everything, run plan with the \
                 -destroy option. Otherwise, create a Terraform configuration file (.tf file) and try again.",
            ));
        }
        for file in files {
            let is_override = is_override(&file.name);
            let Some(bytes) = file.bytes else {
                found.push(bad_module("Failed to read file", format!("The file {:?} could not be read.", file.name)));
                continue;
            };
            let body = if file.name.ends_with(".json") {
                ParsedBody::Json(source_file::parse_json(file.name, bytes, sources, &mut found))
            } else {
                ParsedBody::Native(source_file::parse_native(file.name, bytes, sources, &mut found))
            };
            parsed.push(File { body, is_override });
        }
        Self { files: parsed, found }
    }

    /// `required_version` of every `terraform` block that has a valid one.
    #[must_use]
    pub fn required_versions(&self, sources: &Sources) -> Vec<Constraints> {
        const ROOT: Schema<'static> = Schema { arguments: &[], blocks: &[block("terraform", &[])] };
        let mut ignored = Vec::new();
        let mut constraints = Vec::new();
        for file in &self.files {
            for block in file.body().partial_content(&ROOT, sources, &mut ignored).blocks {
                let content = block.body.partial_content(&TERRAFORM, sources, &mut ignored);
                let argument = content.arguments.get("required_version");
                constraints.extend(argument.and_then(|argument| version_constraints(argument, sources, &mut ignored)));
            }
        }
        constraints
    }

    /// The root module as this version of Terraform understands it, and what that version says of it.
    #[must_use]
    pub fn decode(self, version: &Version, sources: &Sources) -> (RootModule, Vec<Diagnostic>) {
        let known: Vec<BlockSchema> = TOP_LEVEL
            .iter()
            .filter(|(_, (major, minor))| version.is_at_least(*major, *minor, 0))
            .map(|(schema, _)| *schema)
            .collect();
        let schema = Schema { arguments: &[], blocks: &known };
        let mut decoder =
            Decoder { sources, version, found: self.found, root_module: RootModule::default(), first: BTreeMap::new() };
        for file in self.files {
            let content = file.body().content(&schema, sources, &mut decoder.found);
            for block in &content.blocks {
                decoder.decode(block, file.is_override);
            }
        }
        (decoder.root_module, decoder.found)
    }
}

/// Builds the root module up, block by block.
struct Decoder<'a> {
    sources: &'a Sources,
    version: &'a Version,
    found: Vec<Diagnostic>,
    root_module: RootModule,
    /// Where each name was declared first, for the message about the second time.
    first: BTreeMap<(&'static str, String), SourceRange>,
}

impl Decoder<'_> {
    fn decode(&mut self, block: &Block, is_override: bool) {
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
        let name = declaration.name.text.clone();
        if is_override {
            match self.root_module.variables.get_mut(&name) {
                Some(variable) => declaration.override_variable(variable, &mut self.found),
                None => {
                    self.found.push(missing_base("variable declaration", "a variable", "declared", &name, declaration.header))
                }
            }
            return;
        }
        let what = "A variable named";
        self.judge_duplicate("Duplicate variable declaration", what, "declared", "Variable names", &name, block.header);
        self.root_module.variables.insert(name, declaration.into_variable(&mut self.found));
    }

    fn locals(&mut self, block: &Block, is_override: bool) {
        for (name, argument) in block.body.just_arguments(self.sources, &mut self.found) {
            let name = syntax::Name { text: name.to_owned(), range: argument.name_range };
            if !is_identifier(&name.text) {
                self.found.push(bad_declaration("Invalid local value name", BAD_IDENTIFIER, name.range));
            }
            if is_override && !self.root_module.locals.contains_key(&name.text) {
                let missing = missing_base("local value definition", "a local value", "defined", &name.text, argument.range);
                self.found.push(missing);
                continue;
            }
            if !is_override {
                let what = "A local value named";
                self.judge_duplicate(
                    "Duplicate local value definition",
                    what,
                    "defined",
                    "Local value names",
                    &name.text,
                    argument.range,
                );
            }
            let expression = argument.value.expression(self.sources, &mut self.found).into_owned();
            self.root_module.locals.insert(name.text.clone(), Local { name, expression, range: argument.range });
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
            Some(_) | None => {
                let name = call.name.text.clone();
                let first = *self.first.entry(("module", name.clone())).or_insert(call.header);
                if first != call.header {
                    let detail = format!(
                        "A module call named \"{name}\" was already defined at {}. Module calls must have unique names within a module.",
                        self.sources.describe(first)
                    );
                    self.found.push(bad_declaration("Duplicate module call", detail, call.header));
                }
                self.root_module.module_calls.push(call);
            }
        }
    }

    fn provider(&mut self, block: &Block, is_override: bool) {
        let Some(name) = block.labels.first().map(|label| label.text.clone()) else { return };
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
    fn expressions(&self, body: Body<'_>) -> BTreeMap<String, Expression> {
        let arguments = body.just_arguments(self.sources, &mut Vec::new());
        let expression = |argument: Argument<'_>| argument.value.expression(self.sources, &mut Vec::new()).into_owned();
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
            resource_type: resource_type.text.clone(),
            name: name.text.clone(),
        });
    }

    fn judge_duplicate(&mut self, summary: &'static str, what: &str, verb: &str, names: &str, name: &str, at: SourceRange) {
        let first = *self.first.entry((summary, name.to_owned())).or_insert(at);
        if first != at {
            let place = self.sources.describe(first);
            let detail = format!("{what} \"{name}\" was already {verb} at {place}. {names} must be unique within a module.");
            self.found.push(bad_declaration(summary, detail, at));
            // Terraform keeps the last declaration, and its messages name that one.
            self.first.insert((summary, name.to_owned()), at);
        }
    }
}

fn bad_module(summary: &str, detail: impl Into<String>) -> Diagnostic {
    error(SYNTAX, summary, detail, None)
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

/// A constraint in a literal; none for null, and where it is wrong.
fn version_constraints(argument: &Argument, sources: &Sources, found: &mut Vec<Diagnostic>) -> Option<Constraints> {
    const INVALID: &str = "Invalid version constraint";
    let expression = argument.value.literal(DECLARATION, sources, found);
    let value = constant::value(&expression, DECLARATION, sources, found)?;
    if value.is_null() || !value.is_known() {
        return None;
    }
    let at = argument.value.range();
    let Some(text) = value.as_str() else {
        found.push(bad_declaration(INVALID, "A string value is required for required_version.", at));
        return None;
    };
    let constraints = Constraints::parse(text);
    if constraints.is_none() {
        found.push(bad_declaration(INVALID, "This string does not use correct version constraint syntax.", at));
    }
    constraints
}

#[cfg(test)]
mod tests;
