//! Functions that need expressions and not values: `try`, `can`, `templatefile`, `templatestring`, the console's `type`.

use super::call::{Argument, Call};
use super::{Names, Outer, Problem, Scope, TemplateNames};
use crate::diagnostic::{SourceRange, Sources};
use crate::terraform::conversion::convert;
use crate::terraform::function::error::CallError;
use crate::terraform::function::{self, Callee};
use crate::terraform::reference::references;
use crate::terraform::syntax::identifier::is_identifier;
use crate::terraform::syntax::{self, Expression, ExpressionKind};
use crate::terraform::value::{Type, Value};

/// A function that the evaluator itself runs.
#[derive(Debug, Clone, Copy)]
pub(super) enum Special {
    Try,
    Can,
    TemplateFile,
    TemplateString,
    Type,
}

type Outcome = Result<Value, CallError>;

const MUST_NOT_BE_NULL: &str = "argument must not be null";

impl Scope<'_> {
    /// The function of this name, where it is one of these.
    pub(super) fn special(&self, name: &str) -> Option<Special> {
        match name {
            "try" => Some(Special::Try),
            "can" => Some(Special::Can),
            "templatefile" => Some(Special::TemplateFile),
            "templatestring" => Some(Special::TemplateString),
            "type" if self.is_console => Some(Special::Type),
            _ => None,
        }
    }

    pub(super) fn call_special(
        &self,
        special: Special,
        call: &Call<'_>,
        locals: Outer<'_>,
        problems: &mut Vec<Problem>,
    ) -> Value {
        match special {
            Special::Try => self.finish(self.try_all(call, locals), call, problems),
            Special::Can => self.finish(self.can(call, locals), call, problems),
            Special::TemplateFile => self.templatefile(call, locals, problems),
            Special::TemplateString => self.templatestring(call, locals, problems),
            Special::Type => {
                // The console shows a type where it is asked for one; anywhere else the function has no place.
                let detail = "The console-only \"type\" function cannot be used as part of an expression.";
                problems.push(Problem::new("Invalid use of type function", detail, call.range));
                Value::unknown(Type::Dynamic)
            }
        }
    }

    fn finish(&self, outcome: Outcome, call: &Call<'_>, problems: &mut Vec<Problem>) -> Value {
        outcome.unwrap_or_else(|error| {
            self.report(&error, call, problems);
            Value::unknown(Type::Dynamic)
        })
    }

    fn try_all(&self, call: &Call<'_>, locals: Outer<'_>) -> Outcome {
        if call.arguments.is_empty() {
            return Err(CallError::Call("at least one argument is required".to_owned()));
        }
        let mut problems = Vec::new();
        for argument in &call.arguments {
            let before = problems.len();
            let value = self.argument(argument, locals, &mut problems);
            if problems.len() > before {
                continue;
            }
            // What is unknown now may still fail, and another argument take its place.
            return Ok(if value.is_wholly_known() { value } else { Value::unknown(Type::Dynamic) });
        }
        let mut message = String::from("no expression succeeded:\n");
        for problem in &problems {
            let place = self.sources.describe(problem.subject);
            message.push_str(&format!("- {} (at {place})\n  {}\n", problem.summary, problem.detail));
        }
        message.push_str("\nAt least one expression must produce a successful result");
        Err(CallError::Call(message))
    }

    fn can(&self, call: &Call<'_>, locals: Outer<'_>) -> Outcome {
        admit(call, &["expression"])?;
        let mut problems = Vec::new();
        let value = call.arguments.first().map(|argument| self.argument(argument, locals, &mut problems));
        Ok(match value {
            _ if !problems.is_empty() => Value::from(false),
            Some(value) if value.is_wholly_known() => Value::from(true),
            Some(_) | None => Value::unknown(Type::Bool),
        })
    }

    fn templatefile(&self, call: &Call<'_>, locals: Outer<'_>, problems: &mut Vec<Problem>) -> Value {
        let before = problems.len();
        if let Err(error) = admit(call, &["path", "vars"]) {
            return self.finish(Err(error), call, problems);
        }
        let mut values: Vec<Value> = call.arguments.iter().map(|argument| self.argument(argument, locals, problems)).collect();
        let (Some(variables), Some(path)) = (values.pop(), values.pop()) else { return Value::unknown(Type::Dynamic) };
        let path = convert(&path, &Type::String).unwrap_or_else(|error| {
            self.report(&bad_argument(0, "path", error.message), call, problems);
            Value::unknown(Type::String)
        });
        if problems.len() > before {
            return Value::unknown(Type::Dynamic);
        }
        self.finish(self.render_file(&path, variables), call, problems)
    }

    fn render_file(&self, path: &Value, variables: Value) -> Outcome {
        if let Some(reason) = self.refusal("templatefile") {
            return Err(CallError::Call(reason));
        }
        if path.is_null() {
            return Err(bad_argument(0, "path", MUST_NOT_BE_NULL));
        }
        if variables.is_null() {
            return Err(bad_argument(1, "vars", MUST_NOT_BE_NULL));
        }
        let is_unknown = !path.is_known() || !variables.is_known();
        let (variables, is_sensitive) = variables.unmark_deep();
        if is_unknown {
            return Ok(Value::unknown(Type::Dynamic).with_mark(is_sensitive || path.is_sensitive));
        }
        let Ok(Callee::BuiltIn(file)) = function::find("file") else { return Ok(Value::unknown(Type::Dynamic)) };
        let content = file.call(std::slice::from_ref(path), self.files)?;
        let text = content.as_str().unwrap_or_default();
        let (template, sources) = parse(path.as_str().unwrap_or_default(), text).map_err(CallError::Call)?;
        let result = self.render(&template, &sources, &variables, true)?;
        Ok(result.with_mark(is_sensitive || content.is_sensitive))
    }

    fn templatestring(&self, call: &Call<'_>, locals: Outer<'_>, problems: &mut Vec<Problem>) -> Value {
        if let Err(error) = admit(call, &["template", "vars"]) {
            return self.finish(Err(error), call, problems);
        }
        let (Some(template), Some(variables)) = (call.arguments.first(), call.arguments.get(1)) else {
            return Value::unknown(Type::Dynamic);
        };
        let before = problems.len();
        let variables = self.argument(variables, locals, problems);
        if problems.len() > before {
            return Value::unknown(Type::Dynamic);
        }
        self.finish(self.render_string(template, variables, locals), call, problems)
    }

    fn render_string(&self, template: &Argument<'_>, variables: Value, locals: Outer<'_>) -> Outcome {
        if let Some(reason) = self.refusal("templatestring") {
            return Err(CallError::Call(reason));
        }
        let refuse = |message: String| Err(bad_argument(0, "template", message));
        if variables.is_null() {
            return Err(bad_argument(1, "vars", MUST_NOT_BE_NULL));
        }
        let (variables, are_sensitive) = variables.unmark_deep();
        if !variables.is_known() {
            return Ok(Value::unknown(Type::String).with_mark(are_sensitive));
        }
        if let Argument::Expression(expression) = template
            && let Some(reason) = unsuitable_template(expression)
        {
            return refuse(format!("invalid template expression: {reason}"));
        }
        let mut problems = Vec::new();
        let template = self.argument(template, locals, &mut problems);
        if let Some(message) = describe_first(&problems, self.sources) {
            return refuse(format!("invalid template expression: {message}"));
        }
        if !template.is_known() {
            return Ok(Value::unknown(Type::String).with_mark(are_sensitive));
        }
        let Some(text) = template.as_str() else {
            return refuse("invalid template value: a string is required".to_owned());
        };
        let (parsed, sources) = match parse("<templatestring argument>", text) {
            Ok(parsed) => parsed,
            Err(message) => return refuse(format!("invalid template: {message}")),
        };
        let result = self.render(&parsed, &sources, &variables, false)?;
        let converted = convert(&result, &Type::String)
            .map_err(|error| CallError::Call(format!("invalid template result: {}", error.message)))?;
        Ok(converted.with_mark(are_sensitive || template.is_sensitive))
    }

    /// Renders a template with nothing but these variables.
    fn render(&self, template: &Expression, sources: &Sources, variables: &Value, allows_files: bool) -> Outcome {
        let Some(variables) = variables.as_mapping() else {
            return Err(bad_argument(1, "vars", "invalid vars value: must be a map"));
        };
        if let Some(name) = variables.keys().find(|name| !is_identifier(name)) {
            let message = format!(
                "invalid template variable name \"{name}\": must start with a letter, followed by zero or more letters, \
                 digits, and underscores"
            );
            return Err(bad_argument(1, "vars", message));
        }
        let mut roots = references(template).into_iter().map(|reference| reference.root);
        if let Some(root) = roots.find(|root| !variables.contains_key(root.text.as_str())) {
            let place = sources.describe(root.range);
            let message = format!("vars map does not contain key \"{}\", referenced at {place}", root.text);
            return Err(bad_argument(1, "vars", message));
        }
        let names = Names::Template(TemplateNames { variables, allows_files });
        let scope = Scope { names, sources, ..*self };
        let mut problems = Vec::new();
        let value = scope.evaluate(template, None, &mut problems);
        if value.is_null() && problems.is_empty() {
            let detail = "The result of the template is null, which is not a valid result for a templatestring call.";
            problems.push(Problem::new("Template result is null", detail, template.range));
        }
        match describe_first(&problems, sources) {
            Some(message) => Err(CallError::Call(message)),
            None => Ok(value),
        }
    }
}

/// Judges the number of arguments of a function without variadic parameter.
fn admit(call: &Call<'_>, parameters: &[&'static str]) -> Result<(), CallError> {
    let needed = parameters.len();
    match parameters.get(call.arguments.len()) {
        Some(parameter) => Err(CallError::Missing { needed, is_variadic: false, parameter }),
        None if call.arguments.len() > needed => Err(CallError::TooMany { needed }),
        None => Ok(()),
    }
}

fn bad_argument(index: usize, parameter: &'static str, message: impl Into<String>) -> CallError {
    CallError::Argument { index, parameter, message: message.into() }
}

/// Parses a template that stands for itself; the error is one text, as Go's HCL makes one of several findings.
fn parse(name: &str, text: &str) -> Result<(Expression, Sources), String> {
    let mut sources = Sources::default();
    let file = sources.add(name, text);
    let (expression, errors) = syntax::parse_template(text, SourceRange { file, start: 0, end: 0 });
    let problems: Vec<Problem> =
        errors.iter().map(|error| Problem::new(error.summary.as_str(), error.detail(&sources), error.range)).collect();
    match (expression, describe_first(&problems, &sources)) {
        (Some(expression), None) => Ok((expression, sources)),
        (_, message) => Err(message.unwrap_or_default()),
    }
}

/// The first of several problems, and how many more there are.
fn describe_first(problems: &[Problem], sources: &Sources) -> Option<String> {
    let first = problems.first()?;
    let text = format!("{}: {}; {}", sources.describe(first.subject), first.summary, first.detail);
    Some(match problems.len() - 1 {
        0 => text,
        more => format!("{text}, and {more} other diagnostic(s)"),
    })
}

/// Why an expression is no template for `templatestring`, which only takes references.
fn unsuitable_template(expression: &Expression) -> Option<&'static str> {
    match &expression.kind {
        ExpressionKind::TemplateWrap(_) => Some(
            "templatestring is only for rendering templates retrieved dynamically from elsewhere; to treat the inner \
             expression as template syntax, write the reference expression directly without any template interpolation \
             syntax",
        ),
        ExpressionKind::String(_) => Some(
            "templatestring is only for rendering templates retrieved dynamically from elsewhere, and so does not support \
             providing a literal template; consider using a template string expression instead",
        ),
        ExpressionKind::Template(_) => Some(
            "templatestring is only for rendering templates retrieved dynamically from elsewhere; to render an inline \
             template, consider using a plain template string expression",
        ),
        _ if is_reference(expression) => None,
        _ => Some("must be a direct reference to a single string from elsewhere, containing valid Terraform template syntax"),
    }
}

fn is_reference(expression: &Expression) -> bool {
    match &expression.kind {
        ExpressionKind::Traversal(..) => true,
        ExpressionKind::Relative(source, _) => is_reference(source),
        _ => false,
    }
}
