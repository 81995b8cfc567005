use super::*;

fn strings(texts: &[&str]) -> Vec<Value> {
    texts.iter().map(|text| Value::string(text)).collect()
}

#[track_caller]
fn check_printed(value: &Value, expected: &str) {
    assert_eq!(value.to_string(), expected);
}

#[test]
fn list_is_printed_with_its_conversion() {
    check_printed(&Value::list(Type::String, strings(&["a", "b"])), "tolist([\n  \"a\",\n  \"b\",\n])");
    check_printed(&Value::list(Type::String, Vec::new()), "tolist([])");
}

#[test]
fn nested_string_of_two_lines_is_an_indented_heredoc() {
    check_printed(&Value::tuple(strings(&["a\nEOT"])), "[\n  <<-EOT_\n  a\n  EOT\n  EOT_,\n]");
}

#[test]
fn null_is_printed_with_its_type() {
    check_printed(&Value::null(Type::list(Type::String)), "tolist(null) /* of string */");
    check_printed(&Value::null(Type::Dynamic), "null");
}

#[test]
fn quoted_strings_have_the_escapes_of_go() {
    check_printed(&Value::string("a\tb\"\u{1}\u{a0}é\u{10ffff}'"), "\"a\\tb\\\"\\x01\\u00a0é\\U0010ffff'\"");
}

#[test]
fn sensitive_and_unknown_values_are_not_printed() {
    check_printed(&Value::string("x").with_mark(true), "(sensitive value)");
    check_printed(&Value::unknown(Type::String).with_mark(true), "(known after apply)");
}

#[test]
fn set_sorts_drops_duplicates_and_takes_over_marks() {
    let set = Value::set(Type::String, vec![Value::from("b"), Value::from("a").with_mark(true), Value::from("b")]);
    assert_eq!(set, Value::set(Type::String, strings(&["a", "b"])).with_mark(true));
}

#[test]
fn list_never_equals_a_tuple() {
    let list = Value::list(Type::String, strings(&["a"]));
    assert_eq!(list.is_equal(&Value::tuple(strings(&["a"]))), Some(false));
    assert_eq!(list.is_equal(&list.clone()), Some(true));
}

#[test]
fn nulls_of_all_types_are_equal() {
    assert_eq!(Value::null(Type::String).is_equal(&Value::null(Type::Bool)), Some(true));
    assert_eq!(Value::null(Type::String).is_equal(&Value::from("")), Some(false));
}

#[test]
fn comparison_with_unknown_is_unknown_unless_the_types_decide() {
    assert_eq!(Value::unknown(Type::String).is_equal(&Value::from("a")), None);
    assert_eq!(Value::unknown(Type::String).is_equal(&Value::from(1i64)), Some(false));
    assert_eq!(Value::unknown(Type::map(Type::Dynamic)).is_equal(&Value::from("a")), Some(false));
    assert_eq!(Value::unknown(Type::map(Type::Dynamic)).is_equal(&Value::unknown(Type::map(Type::String))), None);
    assert_eq!(Value::unknown(Type::Dynamic).is_equal(&Value::from("a")), None);
}

#[test]
fn strings_are_normalised() {
    assert_eq!(Value::string("e\u{301}").as_str(), Some("é"));
}

#[test]
fn json_keeps_every_digit() {
    let number = Value::from(Number::parse("123456789012345678901234567890.5").unwrap());
    assert_eq!(json::to_json(&number).unwrap().to_string(), "123456789012345678901234567890.5");
    assert_eq!(json::from_json(&json::to_json(&number).unwrap()), number);
}
