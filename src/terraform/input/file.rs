//! Variable definitions files: which are read, and the attributes in them.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, SourceRange, Sources};
use crate::terraform::finding::{self, SYNTAX, VARIABLE_SOURCE, error};
use crate::terraform::schema::{Body, Schema, block};
use crate::terraform::source_file;
use crate::terraform::syntax::error::SyntaxError;
use crate::terraform::syntax::json::{self, Member, Strings};
use crate::terraform::syntax::{Attribute, Expression};

/// A variable definitions file as it was read.
#[derive(Debug, Clone)]
pub struct VariableFile {
    /// The path as Terraform would show it: relative to the root module, or as given.
    pub name: String,
    /// What it holds, or why it cannot be read.
    pub content: Result<Vec<u8>, FileError>,
}

/// Why a variable definitions file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileError {
    /// It is not there.
    Missing,
    /// Anything else, in Go's words: `read d: is a directory`.
    Unreadable(String),
}

/// What sorts the files that are loaded by their names by rising precedence.
///
/// Dotfiles are among the others, and JSON files too: their names count, byte by byte.
#[must_use]
pub fn order_of_loading(name: &str) -> (usize, &str) {
    const FIRST: [&str; 2] = ["terraform.tfvars", "terraform.tfvars.json"];
    (FIRST.iter().position(|first| *first == name).unwrap_or(FIRST.len()), name)
}

/// An assignment in a file.
pub(super) struct Assignment {
    /// The whole attribute.
    pub(super) range: SourceRange,
    pub(super) expression: Arc<Expression>,
    /// What is wrong with the value, which counts only where the value does.
    pub(super) errors: Vec<SyntaxError>,
}

/// The assignments of a file with their names, in the order of the text; none where Terraform would not go on.
pub(super) fn assignments(file: VariableFile, sources: &mut Sources, found: &mut Vec<Diagnostic>) -> Vec<(String, Assignment)> {
    const UNREAD: &str = "Failed to read variables file";
    let name = file.name;
    let bytes = match file.content {
        Ok(bytes) => bytes,
        Err(FileError::Missing) => {
            let detail = format!("Given variables file {name} does not exist.");
            found.push(error(VARIABLE_SOURCE, UNREAD, detail, None));
            return Vec::new();
        }
        Err(FileError::Unreadable(reason)) => {
            found.push(error(VARIABLE_SOURCE, UNREAD, format!("Error while reading {name}: {reason}."), None));
            return Vec::new();
        }
    };
    let errors_before = found.len();
    if name.ends_with(".json") {
        let node = source_file::parse_json(name, bytes, sources, found);
        judge_declarations(Body::Json(&node), sources, found);
        let (members, errors) = json::arguments(&node);
        found.extend(errors.iter().map(|e| finding::syntax_error(SYNTAX, e, sources)));
        let assignment = |member: &Member| {
            let (expression, errors) = member.value.expression(Strings::Literal);
            let range = member.name_range.to(member.value.range);
            (member.name.clone(), Assignment { range, expression: Arc::new(expression), errors })
        };
        if found.len() > errors_before { Vec::new() } else { members.into_iter().map(assignment).collect() }
    } else {
        let body = source_file::parse_native(name, bytes, sources, found);
        judge_declarations(Body::Native(&body), sources, found);
        if found.len() == errors_before
            && let Some(block) = body.blocks.first()
        {
            let summary = format!("Unexpected \"{}\" block", block.block_type.text);
            found.push(error(SYNTAX, summary, "Blocks are not allowed here.", block.block_type.range));
        }
        let assignment = |Attribute { name, value, range }: Attribute| {
            (name.text.into_string(), Assignment { range, expression: value, errors: Vec::new() })
        };
        if found.len() > errors_before { Vec::new() } else { body.attributes.into_iter().map(assignment).collect() }
    }
}

/// A `variable` block is a common mistake, and gets a message of its own.
fn judge_declarations(body: Body, sources: &Sources, found: &mut Vec<Diagnostic>) {
    const VARIABLE: Schema<'static> = Schema { arguments: &[], blocks: &[block("variable", &["name"])] };
    for block in body.partial_content(&VARIABLE, sources, &mut Vec::new()).blocks {
        found.extend(block.labels.first().map(|label| declaration(&label.text, block.block_type.range, sources)));
    }
}

fn declaration(name: &str, at: SourceRange, sources: &Sources) -> Diagnostic {
    let file = &sources.file(at.file).name;
    let detail = format!(
        "A .tfvars file is used to assign values to variables that have already been declared in .tf files, not to declare new \
         variables. To declare variable \"{name}\", place this block in one of your .tf files, such as variables.tf.\n\nTo set a \
         value for this variable in {file}, use the definition syntax instead:\n    {name} = <value>"
    );
    error(SYNTAX, "Variable declaration in .tfvars file", detail, at)
}
