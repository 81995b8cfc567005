//! The values of input variables from every source, in Terraform's order of precedence.
//!
//! A later source replaces the whole value: maps are not merged. Null counts as a value. Every file is parsed, but only the
//! last value of a variable is looked at.
//!
//! Source: hashicorp/terraform v1.11.4, `internal/command/meta_vars.go` and `internal/backend/backendrun/unparsed_value.go`.

pub mod arguments;
pub mod file;
mod judge;
mod preparation;
mod secret_line;

use std::collections::BTreeMap;
use std::sync::Arc;

use judge::Judge;
use secret_line::hide_secret_lines;

use super::RootModule;
use super::constant;
use super::finding::{self, REQUIRED_VARIABLE, VARIABLE_SOURCE, VARIABLE_TYPE, error};
use super::syntax::{self, Expression, ExpressionKind};
use super::value::Value;
use super::variable::{Parsing, Variable};
use crate::diagnostic::{Diagnostic, SourceRange, Sources};

/// Something that gives values, in the order of precedence: what comes later wins.
#[derive(Debug, Clone)]
pub enum Given {
    /// `TF_VAR_name`, without the prefix.
    Environment {
        /// The variable.
        name: String,
        /// The text, not parsed yet.
        text: String,
    },
    /// A variable definitions file, loaded by its name or named with `-var-file`.
    File(file::VariableFile),
    /// `-var`, the text not split yet.
    Var(String),
}

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum InputSource {
    /// `default` of the `variable` block.
    Default,
    /// `TF_VAR_name`
    Environment,
    /// A variable definitions file.
    File,
    /// `-var`
    CommandLine,
}

/// One value that a source gives to a variable.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// The value; unknown where it cannot be evaluated.
    ///
    /// The final one is converted to the variable's type, with its mark, and null is replaced by the default of a variable
    /// that is not nullable.
    pub value: Value,
    /// Where it comes from.
    pub source: InputSource,
    /// Where the value stands, for a default and for a file.
    pub range: Option<SourceRange>,
    /// The whole attribute `name = value`, for a file: the subject of a diagnostic.
    pub attribute: Option<SourceRange>,
    /// The value as written, for a file, where it has parts: a nested key has its place in it.
    pub expression: Option<Arc<Expression>>,
}

/// The values of every variable, declared or not.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Inputs {
    given: BTreeMap<String, Vec<Input>>,
    /// Of declared variables alone.
    finals: BTreeMap<String, Input>,
}

impl Inputs {
    /// The value that Terraform would use: converted to the declared type, the default where nothing else is given.
    ///
    /// None for a required variable that is unset. The value for a name that is not declared is there as it was given.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&Input> {
        self.finals.get(name).or_else(|| self.given(name).last())
    }

    /// What the sources give for a name, in rising precedence: only the last counts.
    #[must_use]
    pub fn given(&self, name: &str) -> &[Input] {
        self.given.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// Every name that a source gives a value for, declared or not, in byte order.
    pub fn given_names(&self) -> impl Iterator<Item = &str> {
        self.given.keys().map(String::as_str)
    }
}

/// A value that a source gives, before it is evaluated.
enum Raw {
    Text { source: InputSource, text: String },
    Assignment(file::Assignment),
}

/// Reads every source, and says what Terraform says of the values.
#[must_use]
pub fn gather(root_module: &RootModule, given: Vec<Given>, sources: &mut Sources) -> (Inputs, Vec<Diagnostic>) {
    let mut found = Vec::new();
    let Collected { raw, is_all_read } = collect(given, sources, &mut found);
    hide_secret_lines(root_module, sources, &mut found);

    let mut judge = Judge::new(root_module);
    let mut values_of = |(name, raw): (String, Vec<Raw>)| {
        let parsing = root_module.variable(&name).map_or(Parsing::Literal, |variable| variable.parsing);
        let last = raw.len() - 1;
        let mut values = Vec::with_capacity(raw.len());
        for (index, raw) in raw.into_iter().enumerate() {
            let mut problems = Vec::new();
            let input = evaluate(&name, raw, parsing, sources, &mut problems);
            if index == last {
                if input.is_none() && root_module.variable(&name).is_some() {
                    // It counts even where it cannot be evaluated: no weaker one takes its place.
                    values.clear();
                }
                judge.last(&name, &input, problems, sources, &mut found);
            }
            values.extend(input);
        }
        (name, values)
    };
    // Both maps are collected, which fills their nodes; one that grows in the order of its keys is half empty.
    let mut inputs = Inputs { given: raw.into_iter().map(&mut values_of).collect(), finals: BTreeMap::new() };
    judge.finish(&mut found);
    let finals = root_module.variables.iter().filter_map(|(name, variable)| {
        let value = final_value(variable, inputs.given(name).last(), sources, &mut found);
        // Of a file that cannot be read nobody knows what it sets.
        if value.is_none() && is_all_read {
            found.push(unset(variable));
        }
        Some((name.clone(), value?))
    });
    inputs.finals = finals.collect();
    (inputs, found)
}

/// What every source gives.
struct Collected {
    /// What each name is given, in rising precedence.
    raw: BTreeMap<String, Vec<Raw>>,
    /// No file was left out because it cannot be read or parsed.
    is_all_read: bool,
}

fn collect(given: Vec<Given>, sources: &mut Sources, found: &mut Vec<Diagnostic>) -> Collected {
    let mut raw: BTreeMap<String, Vec<Raw>> = BTreeMap::new();
    let mut is_all_read = true;
    // Nearly every name is given one value, and a vector that grows by itself has room for four.
    let mut take = |name: String, value: Raw| raw.entry(name).or_insert_with(|| Vec::with_capacity(1)).push(value);
    for given in given {
        match given {
            Given::Environment { name, text } => {
                take(name, Raw::Text { source: InputSource::Environment, text });
            }
            Given::Var(argument) => match split_var(&argument) {
                Ok((name, text)) => {
                    take(name.to_owned(), Raw::Text { source: InputSource::CommandLine, text: text.to_owned() });
                }
                Err(detail) => found.push(error(VARIABLE_SOURCE, "Invalid -var option", detail, None)),
            },
            Given::File(file) => {
                let before = found.len();
                for (name, assignment) in file::assignments(file, sources, found) {
                    take(name, Raw::Assignment(assignment));
                }
                is_all_read &= found.len() == before;
            }
        }
    }
    Collected { raw, is_all_read }
}

/// `NAME=VALUE`; on error Terraform's detail.
fn split_var(argument: &str) -> Result<(&str, &str), String> {
    let Some((name, text)) = argument.split_once('=') else {
        return Err(format!(
            "The given -var option {argument:?} is not correctly specified. Must be a variable name and value separated by an \
             equals sign, like -var=\"key=value\"."
        ));
    };
    match name.strip_suffix(' ') {
        None => Ok((name, text)),
        Some(trimmed) => {
            let text = text.strip_prefix(' ').unwrap_or(text);
            Err(format!("Variable name {name:?} is invalid due to trailing space. Did you mean -var=\"{trimmed}={text}\"?"))
        }
    }
}

/// The value that a source gives; none where it cannot be evaluated.
fn evaluate(name: &str, raw: Raw, parsing: Parsing, sources: &mut Sources, problems: &mut Vec<Diagnostic>) -> Option<Input> {
    match raw {
        Raw::Text { source, text } => {
            let value = match parsing {
                Parsing::Literal => Value::string(&text),
                Parsing::Hcl => {
                    let file = sources.add(format!("<value for var.{name}>"), text.as_str());
                    let (expression, errors) = syntax::parse_expression(&text, file);
                    problems.extend(errors.iter().map(|e| finding::syntax_error(VARIABLE_TYPE, e, sources)));
                    constant::value(&expression?, VARIABLE_TYPE, sources, problems)?
                }
            };
            Some(Input { value, source, range: None, attribute: None, expression: None })
        }
        Raw::Assignment(file::Assignment { range, expression, errors, .. }) => {
            problems.extend(errors.iter().map(|e| finding::syntax_error(VARIABLE_TYPE, e, sources)));
            let value = constant::value(&expression, VARIABLE_TYPE, sources, problems)?;
            if !errors.is_empty() {
                return None;
            }
            Some(Input {
                value,
                source: InputSource::File,
                range: Some(expression.range),
                attribute: Some(range),
                expression: has_parts(&expression).then_some(expression),
            })
        }
    }
}

/// Is this more than its value and its place tell?
fn has_parts(expression: &Expression) -> bool {
    !matches!(
        expression.kind,
        ExpressionKind::Null | ExpressionKind::Bool(_) | ExpressionKind::Number(_) | ExpressionKind::String(_)
    )
}

/// What Terraform says of a required variable that is unset.
fn unset(variable: &Variable) -> Diagnostic {
    let name = &variable.name.text;
    let detail = format!(
        "The root module input variable \"{name}\" is not set, and has no default value. Use a -var or -var-file command line \
         argument to provide a value for this variable."
    );
    error(REQUIRED_VARIABLE, "No value for required variable", detail, variable.header).about(name)
}

/// The value that Terraform would use, or none for a required variable that is unset.
fn final_value(variable: &Variable, given: Option<&Input>, sources: &Sources, found: &mut Vec<Diagnostic>) -> Option<Input> {
    let from_default = || {
        let default = variable.default.as_ref()?;
        Some(Input {
            value: default.value.clone(),
            source: InputSource::Default,
            range: Some(default.range),
            attribute: None,
            expression: None,
        })
    };
    let mut input = given.cloned().or_else(from_default)?;
    let prepared = preparation::prepare(variable, &input, sources);
    input.value = prepared.unwrap_or_else(|problem| {
        found.push(*problem);
        Value::unknown(variable.value_type())
    });
    input.value = input.value.with_mark(variable.is_sensitive);
    Some(input)
}

#[cfg(test)]
mod tests;
