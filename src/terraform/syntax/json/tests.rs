//! What JSON may say, and what HCL says of the rest.

use super::literal::unescape;
use super::*;
use crate::diagnostic::Sources;
use crate::terraform::syntax::ExpressionKind;

fn file() -> FileId {
    Sources::default().add("a.tfvars.json", "")
}

#[track_caller]
fn check_errors(text: &str, expected: &[(&str, u32)]) {
    let (node, mut errors) = parse(text, file());
    errors.extend(arguments(&node).1);
    let found: Vec<_> = errors.iter().map(|error| (error.summary.as_str(), error.range.start)).collect();
    assert_eq!(found, expected, "{text}");
    assert!(errors.iter().all(|error| error.range.end as usize <= text.len()), "{text}");
}

#[test]
fn accepts_every_kind_of_value() {
    check_errors(r#"{"a": [1, -2.5e+3, null, true, "x\u00e9\ud83d\ude00"], "//": 1, "//": 2}"#, &[]);
}

#[test]
fn rejects_a_comma_behind_the_last_member() {
    check_errors("{\"a\": 1,}", &[("Trailing comma in object", 7), ("Root value must be object", 0)]);
}

#[test]
fn rejects_a_number_with_a_leading_zero() {
    check_errors("{\"a\": 01}", &[("Invalid JSON number", 6)]);
}

#[test]
fn rejects_an_exponent_out_of_reach() {
    check_errors("{\"a\": 1e9999999999}", &[("Invalid JSON number", 6)]);
}

#[test]
fn accepts_a_large_exponent() {
    check_errors("{\"a\": 1e400}", &[]);
}

#[test]
fn points_behind_a_wrong_escape() {
    check_errors(r#"{"x": "\q"}"#, &[("Invalid JSON string", 9)]);
}

/// Where the first error is shown to stand.
#[track_caller]
fn check_first_place(text: &str, expected: &str) {
    let mut sources = Sources::default();
    let file = sources.add("a.tfvars.json", text);
    let (_, errors) = parse(text, file);
    assert_eq!(sources.describe(errors[0].range), format!("a.tfvars.json:{expected}"), "{text}");
}

#[test]
fn a_string_that_a_control_character_ends_is_wrong_in_its_own_line() {
    check_first_place("{\"a\nb\": 1}", "1,4-4");
    check_first_place("{\"a\r\nb\": 1}", "1,4-4");
    check_first_place("{\"a\tb\": 1}", "1,4-4");
}

#[test]
fn the_bytes_of_a_string_before_an_error_are_columns() {
    check_first_place("{\"\u{e9}\\q\": 1}", "1,7-8");
    check_first_place("{\"ab\\q\": 1}", "1,7-8");
}

#[test]
fn rejects_an_argument_set_twice() {
    check_errors("{\"a\": 1, \"a\": 2}", &[("Duplicate attribute definition", 9)]);
}

#[test]
fn rejects_an_empty_file() {
    check_errors("", &[("Missing value", 0), ("Root value must be object", 0)]);
}

#[test]
fn rejects_single_quotes() {
    check_errors(
        "{'x': 1}",
        &[("Invalid start of value", 1), ("Invalid object property name", 1), ("Root value must be object", 0)],
    );
}

#[test]
fn a_string_that_is_not_ended_is_an_error_where_the_text_ends() {
    check_errors(r#"{"a": "b"#, &[("Invalid JSON string", 8), ("Unclosed object", 0), ("Root value must be object", 0)]);
}

#[test]
fn a_nested_duplicate_is_an_error_of_the_value() {
    let (node, errors) = parse(r#"{"a": {"b": 1, "b": 2}}"#, file());
    assert!(errors.is_empty());
    let (_, errors) = arguments(&node).0[0].value.expression(Strings::Literal);
    assert_eq!(errors[0].summary, "Duplicate object attribute");
}

#[test]
fn a_string_is_a_template_in_configuration_alone() {
    let (node, _) = parse(r#"{"a": "${var.b}"}"#, file());
    let value = &arguments(&node).0[0].value;
    assert_eq!(value.expression(Strings::Literal).0.kind, ExpressionKind::String("${var.b}".into()));
    assert!(matches!(value.expression(Strings::Template).0.kind, ExpressionKind::TemplateWrap(_)));
}

#[test]
fn half_a_surrogate_pair_becomes_the_replacement_character() {
    assert_eq!(unescape(r#""\ud83dx""#), Ok("\u{fffd}x".to_owned()));
}
