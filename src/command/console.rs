//! `tfhelper console`: evaluates expressions against the root module, from the command line, from standard input, or at a
//! prompt.
//!
//! A required variable that is not set is unknown here, as it is to `terraform console`.

mod prompt;

use std::io::{BufRead, IsTerminal};

use anyhow::Context as _;
use serde_json::{Value as Json, json};

use super::context::Context;
use super::failure::{ExitStatus, Failure};
use super::root_module::{Loaded, Loader};
use crate::cli::console::ConsoleArgs;
use crate::diagnostic::{Diagnostic, Severity, SourceRange, Sources};
use crate::report::printable;
use crate::terraform::expression::budget::Budget;
use crate::terraform::expression::{Names, Problem, Scope, evaluate};
use crate::terraform::finding;
use crate::terraform::syntax::error::SyntaxError;
use crate::terraform::syntax::unfinished::is_unfinished;
use crate::terraform::syntax::{self, Expression, ExpressionKind};
use crate::terraform::value::{Type, Value, json as value_json};

/// What Terraform calls the text that was typed in.
const INPUT_NAME: &str = "<console-input>";

/// Runs the command.
///
/// # Errors
///
/// When the root module cannot be read, or its files are broken; an expression that fails is reported and ends with
/// [`ExitStatus::Usage`].
pub fn run(ctx: &mut Context, args: &ConsoleArgs) -> anyhow::Result<ExitStatus> {
    let loaded = Loader::new(&ctx.environment, None).for_console().load(&ctx.directory, &args.variables)?;
    report_findings(ctx, &loaded)?;
    let mut console = Console { loaded, is_json: args.json, status: ExitStatus::Done };
    if !args.expressions.is_empty() {
        for expression in &args.expressions {
            console.answer(ctx, expression)?;
        }
    } else if ctx.can_ask && std::io::stdout().is_terminal() {
        prompt::run(ctx, &mut console)?;
        return Ok(ExitStatus::Done);
    } else {
        console.answer_lines(ctx, std::io::stdin().lock())?;
    }
    Ok(console.status)
}

/// Shows what is wrong with the root module; with files that cannot be understood there is nothing to evaluate against.
fn report_findings(ctx: &mut Context, loaded: &Loaded) -> anyhow::Result<()> {
    // Without a value a variable is unknown, and no more is said of it.
    let found = || loaded.found.iter().filter(|found| found.check != finding::REQUIRED_VARIABLE);
    for diagnostic in found() {
        if !(ctx.is_quiet && diagnostic.severity != Severity::Error) {
            ctx.say(describe_finding(diagnostic, &loaded.sources));
        }
    }
    let errors = || found().filter(|diagnostic| diagnostic.severity == Severity::Error);
    let is_fatal = |diagnostic: &Diagnostic| {
        [finding::SYNTAX, finding::DECLARATION, finding::REQUIRED_VERSION, finding::VARIABLE_SOURCE].contains(&diagnostic.check)
    };
    if errors().any(is_fatal) {
        return Err(Failure::new(ExitStatus::Usage, "cannot evaluate expressions against a root module with errors")
            .hint("correct what is reported above, or run tfhelper check for all of it")
            .into());
    }
    if errors().next().is_some() {
        ctx.note("Warning: Due to the problems above, some expressions may produce unexpected results.\n");
    }
    Ok(())
}

/// What a line of input asks for.
enum Request {
    Nothing,
    Exit,
    Help,
    Evaluate,
}

impl Request {
    fn of(input: &str) -> Self {
        match input.trim() {
            "" => Self::Nothing,
            "exit" => Self::Exit,
            "help" => Self::Help,
            _ => Self::Evaluate,
        }
    }
}

/// A root module that answers expressions.
struct Console {
    loaded: Loaded,
    is_json: bool,
    status: ExitStatus,
}

impl Console {
    /// Answers every expression of a text, each on a line of its own or on several while a bracket is open.
    fn answer_lines(&mut self, ctx: &mut Context, input: impl BufRead) -> anyhow::Result<()> {
        let mut pending = String::new();
        for line in input.lines() {
            let line = line.context("cannot read standard input")?;
            pending.push_str(&line);
            if !line.trim().is_empty() && is_unfinished(&format!("{pending}\n")) {
                pending.push('\n');
                continue;
            }
            if self.handle(ctx, &std::mem::take(&mut pending))? {
                return Ok(());
            }
        }
        self.handle(ctx, &pending).map(|_| ())
    }

    /// Does what a line of input asks for, and says whether it was to end.
    fn handle(&mut self, ctx: &mut Context, input: &str) -> anyhow::Result<bool> {
        match Request::of(input) {
            Request::Nothing => {}
            Request::Exit => return Ok(true),
            Request::Help => ctx.print(HELP)?,
            Request::Evaluate => self.answer(ctx, input)?,
        }
        Ok(false)
    }

    /// Prints the value of one expression, or what is wrong with it.
    fn answer(&mut self, ctx: &mut Context, text: &str) -> anyhow::Result<()> {
        let mut sources = self.loaded.sources.clone();
        let answer = self.evaluate(text, &mut sources);
        match answer {
            Ok(answer) if self.is_json => ctx.print(answer.to_json())?,
            Ok(answer) => ctx.print(answer.to_text())?,
            Err(problems) => {
                self.status = ExitStatus::Usage;
                if self.is_json {
                    let first = problems.first();
                    let text = |part: fn(&Problem) -> &str| first.map_or("", part).to_owned();
                    ctx.print(json!({"error": {"summary": text(|p| &p.summary), "detail": text(|p| &p.detail)}}))?;
                } else {
                    for problem in &problems {
                        ctx.say(describe(&problem.summary, &problem.detail, Some(problem.subject), &sources));
                    }
                }
            }
        }
        Ok(())
    }

    fn evaluate(&self, text: &str, sources: &mut Sources) -> Result<Answer, Vec<Problem>> {
        // The end marker of a heredoc is one only where its line ends.
        let text = if text.contains('\n') { format!("{text}\n") } else { text.to_owned() };
        let file = sources.add(INPUT_NAME, text.as_str());
        let (expression, errors) = syntax::parse_expression(&text, file);
        let Some(expression) = expression else {
            let problem = |error: &SyntaxError| Problem::new(error.summary.as_str(), error.detail(sources), error.range);
            return Err(errors.iter().map(problem).collect());
        };
        let scope = Scope {
            names: Names::Module(&self.loaded.names),
            files: &self.loaded.files,
            sources,
            budget: &Budget::default(),
            is_short_circuit: self.loaded.version.is_at_least(1, 12, 0),
            is_console: true,
        };
        let asked = asked_type(&expression);
        let (value, problems) = evaluate(asked.unwrap_or(&expression), &scope);
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(if asked.is_some() { Answer::Type(value.ty()) } else { Answer::Value(value) })
    }
}

/// The argument of `type(...)`, when that is the whole expression.
fn asked_type(expression: &Expression) -> Option<&Expression> {
    match &expression.kind {
        ExpressionKind::Parentheses(inner) => asked_type(inner),
        ExpressionKind::Call(call) if matches!(call.name.text.as_str(), "type" | "core::type") && !call.expands_last => {
            match call.arguments.as_slice() {
                [argument] => Some(argument),
                _ => None,
            }
        }
        _ => None,
    }
}

/// What an expression comes to.
enum Answer {
    Value(Value),
    Type(Type),
}

impl Answer {
    fn to_text(&self) -> String {
        match self {
            Self::Value(value) => value.to_string(),
            Self::Type(ty) => ty.to_console_text(),
        }
    }

    fn to_json(&self) -> Json {
        let value = match self {
            Self::Value(value) => value,
            Self::Type(ty) => return json!({"type": "type", "value": value_json::type_to_json(ty)}),
        };
        if !value.is_wholly_known() {
            return json!({"unknown": true});
        }
        // Terraform forgets the type of a null when it stores one.
        let ty = if value.is_null() { Type::Dynamic } else { value.ty() };
        let ty = value_json::type_to_json(&ty);
        if value.contains_sensitive() {
            return json!({"type": ty, "sensitive": true});
        }
        // Only an infinity has no place in JSON.
        json!({"type": ty, "value": value_json::to_json(value).unwrap_or_else(|| Json::from(value.to_string()))})
    }
}

fn describe_finding(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let subject = diagnostic.subject.filter(|_| !diagnostic.is_sensitive);
    let text = describe(&diagnostic.summary, &diagnostic.explanation(), subject, sources);
    match diagnostic.severity {
        Severity::Error => text,
        Severity::Warning => text.replacen("Error", "Warning", 1),
        Severity::NotEvaluated => text.replacen("Error", "Not evaluated", 1),
    }
}

/// A finding in Terraform's layout.
fn describe(summary: &str, detail: &str, subject: Option<SourceRange>, sources: &Sources) -> String {
    let mut text = format!("Error: {}\n\n", printable(summary));
    if let Some(subject) = subject {
        let file = sources.file(subject.file);
        let (start, _) = sources.positions(subject);
        let line = file.line(start.line).map_or("", |(_, line)| line);
        let name = printable(&file.name);
        text.push_str(&format!("  on {name} line {0}:\n  {0}: {1}\n\n", start.line, printable(line)));
    }
    if !detail.is_empty() {
        text.push_str(&printable(detail));
        text.push('\n');
    }
    text
}

const HELP: &str = "Type an expression and press Enter to see its value: `var.name`, `length(var.list)`, `type(local.map)`.
What depends on resources, data or modules is known after apply.

An open bracket or heredoc goes on in the next line; an empty line ends it.
To leave, type `exit` or press Control-D.";
