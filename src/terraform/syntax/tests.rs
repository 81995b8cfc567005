//! The parser's errors, recovery and trees.

use proptest::prelude::*;

use super::*;
use crate::diagnostic::Sources;

fn parse(text: &str) -> (Body, Vec<SyntaxError>, Sources) {
    let mut sources = Sources::default();
    let file = sources.add("main.tf", text);
    let (body, errors) = parse_body(text, file);
    (body, errors, sources)
}

#[track_caller]
fn check_errors(text: &str, expected: &[&str]) {
    let (_, errors, sources) = parse(text);
    let found: Vec<String> = errors.iter().map(|error| format!("{} {}", sources.describe(error.range), error.summary)).collect();
    assert_eq!(found, expected, "{text}");
}

#[track_caller]
fn check_string(text: &str, expected: &str) {
    let (body, errors, _) = parse(&format!("a = {text}\n"));
    assert_eq!(errors, [], "{text}");
    assert_eq!(body.attributes[0].value.kind, ExpressionKind::String(expected.to_owned()));
}

#[test]
fn accepts_every_layout_of_a_block() {
    check_errors("a {}\nb \"x\" y {\n  c = 1\n}\nd { e = 1 }\r\n# end", &[]);
}

#[test]
fn reports_several_errors_and_keeps_what_it_can_read() {
    let (body, errors, _) = parse("a = \nb = \"\\q\"\nc = [1 2]\nd = 1\n");
    assert_eq!(errors.len(), 2);
    let names: Vec<_> = body.attributes.iter().map(|attribute| attribute.name.text.as_str()).collect();
    assert_eq!(names, ["a", "b", "c", "d"]);
}

#[test]
fn rejects_an_attribute_set_twice_and_names_the_first() {
    let (body, errors, sources) = parse("a = 1\na = 2\n");
    assert_eq!(body.attributes.len(), 1);
    assert_eq!(
        errors[0].detail(&sources),
        "The argument \"a\" was already set at main.tf:1,1-2. Each argument may be set only once."
    );
}

#[test]
fn rejects_quoted_names_colons_and_commas() {
    check_errors("\"a\" = 1\n", &["main.tf:1,1-2 Invalid argument name"]);
    check_errors("a : 1\n", &["main.tf:1,1-2 Argument or block definition required"]);
    check_errors("a = 1,\n", &["main.tf:1,6-7 Unexpected comma after argument"]);
    check_errors("a = 1 b = 2\n", &["main.tf:1,7-8 Missing newline after argument"]);
}

#[test]
fn rejects_a_line_end_in_a_quoted_string() {
    check_errors(
        "a = \"b\nc\"\n",
        &["main.tf:1,7-2,1 Invalid multi-line string", "main.tf:1,7-2,1 Unterminated template string"],
    );
}

#[test]
fn rejects_an_exponent_out_of_reach() {
    check_errors("a = 1e9999999999\n", &["main.tf:1,5-17 Invalid number literal"]);
}

#[test]
fn accepts_a_large_exponent() {
    check_errors("a = 1e400\n", &[]);
}

#[test]
fn rejects_a_block_that_is_not_closed() {
    check_errors("a {\n", &["main.tf:1,3-4 Unclosed configuration block"]);
}

#[test]
fn points_at_the_bytes_that_are_not_utf_8() {
    let (text, broken) = decode(b"a = \"\xff\"\n".to_vec());
    let mut sources = Sources::default();
    let file = sources.add("main.tf", text.clone());
    let (_, errors) = parse_decoded_body(&text, &broken, file);
    assert_eq!((errors[0].summary.as_str(), errors[0].range.start), ("Invalid character encoding", 5));
}

#[test]
fn the_replacement_character_itself_is_text() {
    check_string("\"\u{fffd}\"", "\u{fffd}");
}

#[test]
fn resolves_escapes_and_normalises() {
    check_string("\"a\\n\\u00e9\\U0001F600 $${b} %%{c} $d\"", "a\né😀 ${b} %{c} $d");
    check_string("\"e\u{301}\"", "é");
}

#[test]
fn a_heredoc_keeps_its_lines() {
    check_string("<<E\n  a\\n\r\n b\nE", "  a\\n\r\n b\n");
}

#[test]
fn a_flush_heredoc_loses_the_least_indentation() {
    check_string("<<-E\n    a\n\n  b\n  E", "  a\n\nb\n");
}

#[test]
fn strip_markers_take_the_blanks_of_their_side() {
    let (body, errors, _) = parse("a = \"b ${~ 1 ~} c\"\n");
    assert_eq!(errors, []);
    let ExpressionKind::Template(parts) = &body.attributes[0].value.kind else { panic!("no template") };
    assert_eq!((&parts[0], &parts[2]), (&TemplatePart::Literal("b".into()), &TemplatePart::Literal("c".into())));
}

#[test]
fn an_index_that_is_no_literal_ends_a_traversal() {
    let (body, _, _) = parse("a = b.c[d].e\n");
    let ExpressionKind::Relative(source, steps) = &body.attributes[0].value.kind else { panic!("no relative traversal") };
    assert!(matches!(&source.kind, ExpressionKind::Traversal(_, steps) if steps.len() == 1));
    assert_eq!(steps.len(), 2);
}

#[test]
fn operators_bind_as_in_hcl() {
    let (body, _, _) = parse("a = 1 - 2 - 3 * 4 == 5 || true\n");
    let ExpressionKind::Binary(left, BinaryOperator::Or, _) = &body.attributes[0].value.kind else { panic!("no `||`") };
    let ExpressionKind::Binary(left, BinaryOperator::Equal, _) = &left.kind else { panic!("no `==`") };
    let ExpressionKind::Binary(left, BinaryOperator::Subtract, right) = &left.kind else { panic!("no `-`") };
    assert!(matches!(left.kind, ExpressionKind::Binary(_, BinaryOperator::Subtract, _)));
    assert!(matches!(right.kind, ExpressionKind::Binary(_, BinaryOperator::Multiply, _)));
}

proptest! {
    #[test]
    fn parsing_any_bytes_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let (text, broken) = decode(bytes);
        let file = Sources::default().add("main.tf", "");
        let _ = parse_decoded_body(&text, &broken, file);
        let _ = parse_expression(&text, file);
        let _ = parse_template(&text, SourceRange { file, start: 0, end: 0 });
        let _ = json::parse(&text, file);
    }

    #[test]
    fn parsing_anything_like_hcl_never_panics(text in "[ab01\"$%{}()\\[\\]=:.,<E\n~*?!&|#/\\\\ -]{0,80}") {
        let file = Sources::default().add("main.tf", "");
        let (body, _) = parse_body(&text, file);
        prop_assert!(body.attributes.iter().all(|attribute| attribute.range.end as usize <= text.len()));
    }
}
