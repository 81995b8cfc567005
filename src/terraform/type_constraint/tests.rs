use super::*;
use crate::terraform::expression::evaluate_constant;
use crate::terraform::syntax::{json, parse_expression};

fn parse(text: &str) -> (TypeConstraint, Vec<(String, String)>) {
    let mut sources = Sources::default();
    let file = sources.add("main.tf", text);
    let (constraint, problems) = TypeConstraint::parse(&parse_expression(text, file).0.unwrap(), &sources);
    let problems = problems.into_iter().map(|p| (p.detail, sources.text(p.subject).to_owned())).collect();
    (constraint, problems)
}

#[track_caller]
fn check_type(text: &str, expected: &str) {
    let (constraint, problems) = parse(text);
    assert_eq!(problems, []);
    assert_eq!(constraint.ty.without_optional().to_console_text(), expected);
}

#[track_caller]
fn check_refused(text: &str, detail: &str, subject: &str) {
    assert_eq!(parse(text).1, [(detail.to_owned(), subject.to_owned())]);
}

#[track_caller]
fn check_converted(constraint: &str, value: &str, expected: &str) {
    let (constraint, problems) = parse(constraint);
    assert_eq!(problems, []);
    let mut sources = Sources::default();
    let file = sources.add("terraform.tfvars", value);
    let (value, problems) = evaluate_constant(&parse_expression(value, file).0.unwrap(), &sources);
    assert_eq!(problems, []);
    assert_eq!(constraint.convert(&value).unwrap().to_string(), expected);
}

#[test]
fn types_are_read() {
    check_type("string", "string");
    check_type("list", "list(dynamic)");
    check_type("map(list(number))", "map(list(number))");
    check_type("tuple([bool, any])", "tuple([\n    bool,\n    dynamic,\n])");
    check_type("object({ a = string, b : optional(number) })", "object({\n    a: string,\n    b: number,\n})");
}

#[test]
fn wrong_types_are_refused() {
    check_refused("strin", "The keyword \"strin\" is not a valid type specification.", "strin");
    check_refused("list()", "The list type constructor requires one argument specifying the element type.", "()");
    check_refused("string(1)", "Primitive type keyword \"string\" does not expect arguments.", "(1)");
    check_refused("object({ \"a\" = string })", "Object constructor map keys must be attribute names.", "\"a\"");
    check_refused("optional(string)", "Keyword \"optional\" is valid only as a modifier for object type attributes.", "optional");
    check_refused(
        "\"x\"",
        "To provide a full type expression, remove the surrounding quotes and give the type expression directly.",
        "\"x\"",
    );
}

#[test]
fn text_with_sequences_is_a_type_in_quotes_too() {
    let detail = "To provide a full type expression, remove the surrounding quotes and give the type expression directly.";
    check_refused("\"str${1}\"", detail, "\"str${1}\"");
    check_refused("\"%{if true}a%{endif}\"", detail, "\"%{if true}a%{endif}\"");
}

/// The detail and the columns of everything that is wrong with a type in JSON, which stands at column 7.
#[track_caller]
fn check_json(value: &str, expected: &[(&str, &str)]) {
    let text = format!("{{\"t\": {value}}}");
    let mut sources = Sources::default();
    let file = sources.add("main.tf.json", text.clone());
    let (node, errors) = json::parse(&text, file);
    assert_eq!(errors, []);
    let (_, problems) = TypeConstraint::parse_json(&json::arguments(&node).0[0].value, &sources);
    let problems: Vec<_> = problems.into_iter().map(|p| (p.detail, sources.describe(p.subject))).collect();
    let expected: Vec<_> = expected.iter().map(|(d, at)| ((*d).to_owned(), format!("main.tf.json:1,{at}"))).collect();
    assert_eq!(problems, expected);
}

#[test]
fn types_of_json_are_the_text_of_an_expression() {
    let detail = "A type specification is either a primitive type keyword (bool, number, string) or a complex type constructor \
                  call, like list(string).";
    check_json("\"list(string)\"", &[]);
    check_json("\"list\"", &[]);
    check_json("\"list(string\"", &[(detail, "7-20")]);
    check_json("\"\"", &[(detail, "7-9")]);
    check_json("\"a b\"", &[(detail, "7-12")]);
    check_json("\"\\\"string\\\"\"", &[(detail, "7-19")]);
    check_json("null", &[(detail, "7-11")]);
    check_json("true", &[(detail, "7-11")]);
}

#[test]
fn places_in_a_type_of_json_begin_at_the_quotation_mark() {
    check_json("\"stringx\"", &[("The keyword \"stringx\" is not a valid type specification.", "7-16")]);
    check_json("\"list(stringx)\"", &[("The keyword \"stringx\" is not a valid type specification.", "12-19")]);
    let detail = "The list type constructor requires one argument specifying the element type.";
    check_json("\"list()\"", &[(detail, "11-13")]);
}

#[test]
fn default_that_does_not_suit_its_type_is_refused() {
    check_refused(
        "object({ a = optional(number, \"x\") })",
        "This default value is not compatible with the attribute's type constraint: a number is required.",
        "\"x\"",
    );
}

#[test]
fn default_replaces_missing_and_null_attributes() {
    let constraint = "list(object({ a = optional(string, \"d\"), b = optional(object({ c = optional(number, 1) }), {}) }))";
    let object = |a: &str| format!("  {{\n    \"a\" = \"{a}\"\n    \"b\" = {{\n      \"c\" = 1\n    }}\n  }},\n");
    let expected = format!("tolist([\n{}{}{}])", object("d"), object("d"), object("x"));
    check_converted(constraint, "[{}, { a = null }, { a = \"x\" }]", &expected);
}

#[test]
fn null_itself_takes_no_defaults() {
    check_converted("object({ a = optional(string, \"d\") })", "null", "null /* object */");
}
