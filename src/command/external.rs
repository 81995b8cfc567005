//! `tfhelper external`: the check as the program of terraform's `external` data source.
//!
//! Protocol: the query comes on stdin as a JSON object of strings; the answer is one flat JSON object of strings on stdout,
//! with status 0; anything else is a message on stderr and another status, and fails the plan.
//!
//! Source: hashicorp/external, data source `external`, "External Program Protocol".

use std::collections::BTreeMap;
use std::io::Read;

use anyhow::Context as _;

use super::check;
use super::context::Context;
use super::failure::{ExitStatus, Failure};
use crate::cli::check::{CheckArgs, FailOn};
use crate::cli::variable::{VariableArg, VariableArgs};
use crate::report::{Counts, plural};

/// More than this is no query.
const MOST_BYTES: u64 = 1 << 20;

/// What a query may say; every member is a string, and may be left out.
#[derive(Debug, Default, PartialEq, Eq)]
struct Query {
    /// `path`: the root module's directory, `path.root`.
    path: Option<String>,
    /// `fail_on`: `error`, `warning`, or `none` to answer whatever is found.
    fail_on: Option<FailOn>,
    /// `skip`: identifiers of checks, separated by commas.
    skipped: Vec<String>,
    /// `var.NAME`: a value, as for `-var NAME=VALUE`.
    variables: VariableArgs,
}

/// Runs the command.
///
/// # Errors
///
/// When the query is not of the protocol, or the root module cannot be read; with findings at the threshold, the error
/// names them.
pub fn run(ctx: &mut Context) -> anyhow::Result<ExitStatus> {
    let mut text = String::new();
    std::io::stdin().lock().take(MOST_BYTES).read_to_string(&mut text).context("cannot read the query")?;
    let query = parse(&text).map_err(|why| {
        let failure = Failure::new(ExitStatus::Usage, format!("cannot use the query: {why}"));
        failure.hint("the query is a JSON object of strings: path, fail_on (error, warning, none), skip, var.NAME")
    })?;
    if let Some(path) = query.path {
        ctx.directory = ctx.directory.join(path);
    }
    let args = CheckArgs { variables: query.variables, skipped: query.skipped, ..CheckArgs::default() };
    let report = check::examined(ctx, &args)?;
    let counts = report.counts();
    if query.fail_on.is_some_and(|fail_on| check::status(counts, fail_on) != ExitStatus::Done) {
        check::output::show(ctx, &report);
        return Ok(ExitStatus::Findings);
    }
    ctx.print(serde_json::to_string(&answer(counts))?)?;
    Ok(ExitStatus::Done)
}

/// Reads the query; on error what is wrong with it.
fn parse(text: &str) -> Result<Query, String> {
    let members: BTreeMap<String, String> = match text.trim() {
        "" => BTreeMap::new(),
        // What the text is not is said in place of serde's words, which may quote a value.
        text => serde_json::from_str(text).map_err(|_| "it is no JSON object of strings".to_owned())?,
    };
    let mut query = Query { fail_on: Some(FailOn::Error), ..Query::default() };
    for (name, value) in members {
        match (name.as_str(), value.as_str()) {
            ("path", _) => query.path = Some(value),
            ("fail_on", "error") => query.fail_on = Some(FailOn::Error),
            ("fail_on", "warning") => query.fail_on = Some(FailOn::Warning),
            ("fail_on", "none") => query.fail_on = None,
            ("fail_on", _) => return Err("`fail_on` is error, warning or none".to_owned()),
            ("skip", _) => query.skipped = value.split(',').map(|id| id.trim().to_owned()).filter(|id| !id.is_empty()).collect(),
            _ => match name.strip_prefix("var.") {
                Some(variable) => query.variables.in_order.push(VariableArg::Var(format!("{variable}={value}"))),
                None => return Err(format!("`{name}` is not known")),
            },
        }
    }
    Ok(query)
}

/// A flat object of strings: the protocol knows nothing else.
fn answer(Counts { errors, warnings, not_evaluated }: Counts) -> BTreeMap<&'static str, String> {
    let summary = format!("{}, {}, {not_evaluated} not evaluated", plural(errors, "error"), plural(warnings, "warning"));
    BTreeMap::from([
        ("ok", (errors == 0).to_string()),
        ("error_count", errors.to_string()),
        ("warning_count", warnings.to_string()),
        ("not_evaluated_count", not_evaluated.to_string()),
        ("summary", summary),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_refused(text: &str, expected: &str) {
        assert_eq!(parse(text), Err(expected.to_owned()));
    }

    #[test]
    fn empty_query_asks_for_the_default() {
        for text in ["", "{}"] {
            assert_eq!(parse(text), Ok(Query { fail_on: Some(FailOn::Error), ..Query::default() }));
        }
    }

    #[test]
    fn every_member_is_taken() {
        let query = parse(r#"{"path":"live","fail_on":"none","skip":"a-b, c","var.x":"1=2"}"#).unwrap();
        let expected = Query {
            path: Some("live".to_owned()),
            fail_on: None,
            skipped: vec!["a-b".to_owned(), "c".to_owned()],
            variables: VariableArgs { in_order: vec![VariableArg::Var("x=1=2".to_owned())] },
        };
        assert_eq!(query, expected);
    }

    #[test]
    fn what_is_no_flat_object_of_strings_is_refused_without_being_quoted() {
        for text in ["[]", "{\"path\":1}", "{\"path\":{\"a\":\"canary\"}}", "canary"] {
            check_refused(text, "it is no JSON object of strings");
        }
    }

    #[test]
    fn unknown_member_is_refused() {
        check_refused(r#"{"paht":"live"}"#, "`paht` is not known");
        check_refused(r#"{"fail_on":"all"}"#, "`fail_on` is error, warning or none");
    }

    #[test]
    fn answer_is_made_of_strings() {
        let answer = answer(Counts { errors: 1, warnings: 2, not_evaluated: 3 });
        assert_eq!(answer["ok"], "false");
        assert_eq!(answer["summary"], "1 error, 2 warnings, 3 not evaluated");
    }
}
