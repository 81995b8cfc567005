//! From the `.tf` and `.tf.json` files of a directory to a [`RootModule`].
//!
//! Broken files are findings, all of them in one run; what can be read of them counts. Override files change what the others
//! declare, after them. Blocks that declare no input are looked at only as far as their names go.
//!
//! Source: hashicorp/terraform v1.11.4, `internal/configs/{parser_config,parser_config_dir,module,module_call}.go`.

use super::RootModule;
use super::constant;
use super::conversion::convert;
use super::file_name::{is_configuration, is_override};
use super::finding::{DECLARATION, SYNTAX, bad_declaration, error};
use super::schema::{Argument, BlockSchema, Body, Schema, block, optional};
use super::source_file;
use super::syntax;
use super::syntax::json::Node;
use super::value::Type;
use super::version::Version;
use super::version::constraint::Constraints;
use crate::diagnostic::{Diagnostic, Sources};
use decoder::Decoder;

mod decoder;
#[cfg(test)]
mod tests;

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
        let mut decoder = Decoder::new(sources, version, self.found);
        for file in self.files {
            let content = file.body().content(&schema, sources, &mut decoder.found);
            for block in &content.blocks {
                decoder.decode(block, file.is_override);
            }
        }
        (decoder.root_module, decoder.found)
    }
}

fn bad_module(summary: &str, detail: impl Into<String>) -> Diagnostic {
    error(SYNTAX, summary, detail, None)
}

/// A constraint in a literal, converted to a string; none for null, and where it is wrong.
fn version_constraints(argument: &Argument, sources: &Sources, found: &mut Vec<Diagnostic>) -> Option<Constraints> {
    const INVALID: &str = "Invalid version constraint";
    let expression = argument.value.literal(DECLARATION, sources, found);
    let value = constant::value(&expression, DECLARATION, sources, found)?;
    let at = argument.value.range();
    let Ok(converted) = convert(&value, &Type::String) else {
        found.push(bad_declaration(INVALID, "A string value is required for required_version.", at));
        return None;
    };
    // Null demands nothing, and what is unknown cannot be judged.
    let text = converted.as_str()?;
    let constraints = Constraints::parse(text);
    if constraints.is_none() {
        found.push(bad_declaration(INVALID, "This string does not use correct version constraint syntax.", at));
    }
    constraints
}
