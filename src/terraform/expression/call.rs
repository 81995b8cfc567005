//! Function calls.
//!
//! The number of arguments is judged first, then each argument is evaluated and converted, then the function is asked.

use super::{Names, Outer, Problem, Scope, ephemeral};
use crate::diagnostic::SourceRange;
use crate::terraform::function::error::CallError;
use crate::terraform::function::{self, Callee, Function};
use crate::terraform::syntax::{self, Expression};
use crate::terraform::value::{Type, Value, ValueKind};

/// Functions that look at the disk, which a template of `templatestring` may not call.
///
/// Source: hashicorp/terraform v1.11.4, internal/lang/functions.go, `filesystemFunctions`.
const OF_FILES: [&str; 11] = [
    "file",
    "fileexists",
    "fileset",
    "filebase64",
    "filebase64sha256",
    "filebase64sha512",
    "filemd5",
    "filesha1",
    "filesha256",
    "filesha512",
    "templatefile",
];

/// An argument: written down, or one element of an expanded value.
#[derive(Clone)]
pub(super) enum Argument<'a> {
    Expression(&'a Expression),
    Element(Value, SourceRange),
}

/// A call being made.
pub(super) struct Call<'a> {
    /// The function's name as the call has it.
    pub(super) name: &'a str,
    pub(super) name_range: SourceRange,
    /// The whole call.
    pub(super) range: SourceRange,
    pub(super) parentheses: SourceRange,
    pub(super) arguments: Vec<Argument<'a>>,
}

impl Scope<'_> {
    #[inline(never)]
    pub(super) fn call(&self, call: &syntax::Call, range: SourceRange, locals: Outer<'_>, problems: &mut Vec<Problem>) -> Value {
        let unknown = || Value::unknown(Type::Dynamic);
        if matches!(self.names, Names::None) {
            problems.push(Problem::new("Function calls not allowed", "Functions may not be called here.", range));
            return unknown();
        }
        let name = call.name.text.as_str();
        let plain = name.strip_prefix("core::").unwrap_or(name);
        let special = self.special(plain);
        let callee = match special {
            Some(_) => None,
            None => match function::find(name) {
                Ok(callee) => Some(callee),
                Err(error) => {
                    problems.push(Problem::new(error.summary(), error.detail(name), call.name.range));
                    return unknown();
                }
            },
        };
        let Some(arguments) = self.arguments(call, locals, problems) else { return unknown() };
        let call = Call { name, name_range: call.name.range, range, parentheses: call.parentheses, arguments };
        match (special, callee) {
            (Some(special), _) => self.call_special(special, &call, locals, problems),
            (None, Some(Callee::BuiltIn(function))) => self.call_built_in(function, &call, locals, problems),
            (None, Some(Callee::Provider) | None) => {
                for argument in &call.arguments {
                    self.argument(argument, locals, problems);
                }
                unknown()
            }
        }
    }

    /// The arguments with the last one expanded; none where nothing is known of it, or it cannot be expanded.
    fn arguments<'a>(&self, call: &'a syntax::Call, locals: Outer<'_>, problems: &mut Vec<Problem>) -> Option<Vec<Argument<'a>>> {
        let (last, rest) = match call.arguments.split_last() {
            Some((last, rest)) if call.expands_last => (last, rest),
            _ => return Some(call.arguments.iter().map(Argument::Expression).collect()),
        };
        let before = problems.len();
        let value = self.evaluate(last, locals, problems);
        if problems.len() > before {
            return None;
        }
        let refuse = |reason: &str, problems: &mut Vec<Problem>| {
            let detail = format!("The expanding argument (indicated by ...) must {reason}.");
            problems.push(Problem::new("Invalid expanding argument value", detail, last.range));
            None
        };
        match &value.kind {
            ValueKind::Unknown(Type::Dynamic | Type::Tuple(_) | Type::List(_) | Type::Set(_)) => None,
            ValueKind::Null(Type::Dynamic | Type::Tuple(_) | Type::List(_) | Type::Set(_)) => refuse("not be null", problems),
            ValueKind::Tuple(elements) | ValueKind::List(_, elements) | ValueKind::Set(_, elements) => {
                let element = |element: &Value| Argument::Element(element.clone().with_mark(value.is_sensitive), last.range);
                Some(rest.iter().map(Argument::Expression).chain(elements.iter().map(element)).collect())
            }
            ValueKind::Unknown(_)
            | ValueKind::Null(_)
            | ValueKind::Bool(_)
            | ValueKind::Number(_)
            | ValueKind::String(_)
            | ValueKind::Map(..)
            | ValueKind::Object(_) => refuse("be of a tuple, list, or set type", problems),
        }
    }

    pub(super) fn argument(&self, argument: &Argument<'_>, locals: Outer<'_>, problems: &mut Vec<Problem>) -> Value {
        match argument {
            Argument::Expression(expression) => self.evaluate(expression, locals, problems),
            Argument::Element(value, _) => value.clone(),
        }
    }

    /// The place that is blamed for an argument.
    fn start_of_argument(&self, argument: &Argument<'_>) -> SourceRange {
        match argument {
            Argument::Expression(expression) => self.start_of(expression),
            Argument::Element(_, range) => *range,
        }
    }

    fn call_built_in(&self, function: &Function, call: &Call<'_>, locals: Outer<'_>, problems: &mut Vec<Problem>) -> Value {
        if let Err(error) = function.admit(call.arguments.len()) {
            self.report(&error, call, problems);
            return Value::unknown(Type::Dynamic);
        }
        let before = problems.len();
        let mut values = Vec::with_capacity(call.arguments.len());
        for (index, argument) in call.arguments.iter().enumerate() {
            let value = self.argument(argument, locals, problems);
            values.push(function.convert(index, &value).unwrap_or_else(|error| {
                self.report(&error, call, problems);
                value
            }));
        }
        if problems.len() > before {
            return Value::unknown(Type::Dynamic);
        }
        let result = match self.refusal(function.name) {
            Some(reason) => Err(CallError::Call(reason)),
            None => function.call(&values, self.files),
        };
        let result = result.unwrap_or_else(|error| {
            self.report(&error, call, problems);
            Value::unknown(Type::Dynamic)
        });
        self.budget.spend(result.content_bytes());
        if function.name == ephemeral::AS_NULL { self.without_ephemeral(result, call, locals) } else { result }
    }

    /// Why a template may not call this function.
    pub(super) fn refusal(&self, name: &str) -> Option<String> {
        let Names::Template(template) = self.names else { return None };
        if matches!(name, "templatefile" | "templatestring") {
            return Some(format!("cannot recursively call {name} from inside another template function"));
        }
        (!template.allows_files && OF_FILES.contains(&name)).then(|| {
            format!(
                "cannot use filesystem access functions like {name} in templatestring templates; consider passing the \
                 function result as a template variable instead"
            )
        })
    }

    /// Puts an error of the call where Terraform puts it.
    pub(super) fn report(&self, error: &CallError, call: &Call<'_>, problems: &mut Vec<Problem>) {
        let start = SourceRange { end: call.parentheses.start + 1, ..call.range };
        let subject = match error {
            CallError::Unknown { .. } => call.name_range,
            CallError::Missing { .. } => SourceRange { start: call.parentheses.end.saturating_sub(1), ..call.parentheses },
            CallError::TooMany { needed: index } | CallError::Argument { index, .. } => {
                call.arguments.get(*index).map_or(call.range, |argument| self.start_of_argument(argument))
            }
            CallError::Call(_) => start,
        };
        problems.push(Problem::new(error.summary(), error.detail(call.name), subject));
    }
}
