//! Expressions that may refer to nothing and call nothing: defaults, types, values in variable definitions files.
//!
//! Source: hashicorp/hcl v2.23.0, `gohcl/decode.go`, `DecodeExpression`.

use super::conversion::convert;
use super::expression::evaluate_constant;
use super::finding::{self, bad_declaration};
use super::schema::Written;
use super::syntax::Expression;
use super::value::{Type, Value};
use crate::diagnostic::{Diagnostic, SourceRange, Sources};

/// The value, or none where it cannot be evaluated.
pub(super) fn value(
    expression: &Expression,
    check: &'static str,
    sources: &Sources,
    found: &mut Vec<Diagnostic>,
) -> Option<Value> {
    let (value, problems) = evaluate_constant(expression, sources);
    let is_evaluated = problems.is_empty();
    found.extend(problems.into_iter().map(|problem| finding::problem(check, problem)));
    is_evaluated.then_some(value)
}

/// A text, or none where it is none.
pub(super) fn text(written: Written, sources: &Sources, found: &mut Vec<Diagnostic>) -> Option<String> {
    primitive(written, &Type::String, sources, found)?.as_str().map(str::to_owned)
}

/// A truth value, or none where it is none.
pub(super) fn truth(written: Written, sources: &Sources, found: &mut Vec<Diagnostic>) -> Option<bool> {
    primitive(written, &Type::Bool, sources, found)?.as_bool()
}

fn primitive(written: Written, ty: &Type, sources: &Sources, found: &mut Vec<Diagnostic>) -> Option<Value> {
    let expression = written.literal(finding::DECLARATION, sources, found);
    let value = value(&expression, finding::DECLARATION, sources, found);
    let converted = match &value {
        // Terraform goes on with an unknown value, and then complains of that, too.
        None => Err("value must be known".to_owned()),
        Some(value) => match convert(value, ty) {
            Ok(converted) if converted.is_null() => Err("null value is not allowed".to_owned()),
            Ok(converted) if !converted.is_known() => Err("value must be known".to_owned()),
            Ok(converted) => Ok(converted),
            Err(reason) => Err(reason.to_string()),
        },
    };
    converted
        .map_err(|reason| {
            let at = start(written, sources);
            found.push(bad_declaration("Unsuitable value type", format!("Unsuitable value: {reason}"), at));
        })
        .ok()
}

/// Where HCL says that a value starts.
///
/// Source: hashicorp/hcl v2.23.0, `StartRange` in `hclsyntax/expression.go` and `json/structure.go`.
fn start(written: Written, sources: &Sources) -> SourceRange {
    match written {
        Written::Native(expression) => expression.start_range(sources),
        Written::Json(node) => node.start_range(),
    }
}
