//! What a body may hold, in both syntaxes, and what is said of the rest.

use super::*;

const SCHEMA: Schema<'static> = Schema {
    arguments: &[required("source"), optional("version")],
    blocks: &[block("lifecycle", &[]), block("resource", &["type", "name"])],
};

/// The labels of each block, and each finding as `place detail`.
fn read(name: &str, text: &str, read: fn(Body, &Sources, &mut Vec<Diagnostic>) -> Vec<String>) -> (Vec<String>, Vec<String>) {
    let mut sources = Sources::default();
    let file = sources.add(name, text);
    let mut found = Vec::new();
    let blocks = if name.ends_with(".json") {
        let (node, errors) = syntax::json::parse(text, file);
        assert_eq!(errors, []);
        read(Body::Json(&node), &sources, &mut found)
    } else {
        let (body, errors) = syntax::parse_body(text, file);
        assert_eq!(errors, []);
        read(Body::Native(&body), &sources, &mut found)
    };
    let place = |finding: &Diagnostic| finding.subject.map(|range| sources.describe(range)).unwrap_or_default();
    (blocks, found.iter().map(|finding| format!("{} {}", place(finding), finding.detail)).collect())
}

fn described(content: &Content) -> Vec<String> {
    let labels = |block: &Block| block.labels.iter().map(|label| format!(".{}", label.text)).collect::<String>();
    content.blocks.iter().map(|block| format!("{}{}", block.block_type.text, labels(block))).collect()
}

fn whole(body: Body, sources: &Sources, found: &mut Vec<Diagnostic>) -> Vec<String> {
    described(&body.content(&SCHEMA, sources, found))
}

fn part(body: Body, sources: &Sources, found: &mut Vec<Diagnostic>) -> Vec<String> {
    described(&body.partial_content(&SCHEMA, sources, found))
}

fn arguments(body: Body, sources: &Sources, found: &mut Vec<Diagnostic>) -> Vec<String> {
    body.just_arguments(sources, found).into_keys().map(str::to_owned).collect()
}

#[track_caller]
fn check_native(text: &str, expected: &[&str]) {
    assert_eq!(read("a.tf", &format!("source = 1\n{text}"), whole).1, expected);
}

#[track_caller]
fn check_json(members: &str, expected: &[&str]) {
    assert_eq!(read("a.tf.json", &format!("{{\"source\": 1{members}}}"), whole).1, expected);
}

#[track_caller]
fn check_blocks(name: &str, text: &str, expected: &[&str]) {
    assert_eq!(read(name, text, whole), (expected.iter().map(|block| (*block).to_owned()).collect(), Vec::new()));
}

#[test]
fn accepts_what_the_schema_knows() {
    check_native("version = 1\nlifecycle {}\nresource \"a\" \"b\" {}\n", &[]);
    check_json(r#", "version": 1, "lifecycle": {}, "resource": {"a": {"b": {}}}, "//": "c""#, &[]);
}

#[test]
fn rejects_a_body_without_its_required_argument() {
    let detail = "The argument \"source\" is required, but no definition was found.";
    assert_eq!(read("a.tf", "version = 1\n", whole).1, [format!("a.tf:1,1-1 {detail}")]);
    assert_eq!(read("a.tf.json", "{\"version\": 1}", whole).1, [format!("a.tf.json:1,14-15 {detail}")]);
}

#[test]
fn suggests_the_argument_that_was_probably_meant() {
    let detail = "An argument named \"versoin\" is not expected here. Did you mean \"version\"?";
    check_native("versoin = 1", &[&format!("a.tf:2,1-8 {detail}")]);
    let detail = "No argument or block type is named \"versoin\". Did you mean \"version\"?";
    check_json(", \"versoin\": 1", &[&format!("a.tf.json:1,15-24 {detail}")]);
}

#[test]
fn suggests_no_argument_that_is_there() {
    check_native("sourc = 1", &["a.tf:2,1-6 An argument named \"sourc\" is not expected here."]);
    check_json(", \"sourc\": 1", &["a.tf.json:1,15-22 No argument or block type is named \"sourc\"."]);
}

#[test]
fn suggests_a_block_where_an_argument_has_its_name() {
    let detail = "An argument named \"lifecycle\" is not expected here. Did you mean to define a block of type \"lifecycle\"?";
    check_native("lifecycle = 1", &[&format!("a.tf:2,1-10 {detail}")]);
}

#[test]
fn suggests_an_argument_where_a_block_has_its_name() {
    let detail = "Blocks of type \"version\" are not expected here. Did you mean to define argument \"version\"? If so, use the \
                  equals sign to assign it a value.";
    check_native("version {}", &[&format!("a.tf:2,1-8 {detail}")]);
}

#[test]
fn suggests_the_block_that_was_probably_meant() {
    let detail = "Blocks of type \"lifecycel\" are not expected here. Did you mean \"lifecycle\"?";
    check_native("lifecycel {}", &[&format!("a.tf:2,1-10 {detail}")]);
}

#[test]
fn rejects_a_label_too_many() {
    check_native("lifecycle \"a\" {}", &["a.tf:2,11-14 No labels are expected for lifecycle blocks."]);
    let detail = "Only 2 labels (type, name) are expected for resource blocks.";
    check_native("resource \"a\" \"b\" \"c\" {}", &[&format!("a.tf:2,18-21 {detail}")]);
}

#[test]
fn rejects_a_label_too_few() {
    let detail = "All resource blocks must have 2 labels (type, name).";
    check_native("resource \"a\" {}", &[&format!("a.tf:2,14-15 {detail}")]);
    let detail = "At least one object property is required, whose name represents the resource block's name.";
    check_json(r#", "resource": {"a": {}}"#, &[&format!("a.tf.json:1,33-34 {detail}")]);
}

#[test]
fn keeps_blocks_with_their_labels() {
    check_blocks("a.tf", "source = 1\nresource \"a\" \"b\" {}\nlifecycle {}\n", &["resource.a.b", "lifecycle"]);
}

#[test]
fn arrays_of_json_are_several_blocks() {
    let text = r#"{"source": 1, "resource": [{"a": {"b": [{}, {}]}}, {"c": {"d": {}}}]}"#;
    check_blocks("a.tf.json", text, &["resource.a.b", "resource.a.b", "resource.c.d"]);
}

#[test]
fn null_of_json_is_no_block() {
    check_blocks("a.tf.json", r#"{"source": 1, "lifecycle": null}"#, &[]);
}

#[test]
fn rejects_json_that_is_no_block() {
    let detail =
        "Either a JSON object or a JSON array is required, representing the contents of one or more \"lifecycle\" blocks.";
    check_json(", \"lifecycle\": 1", &[&format!("a.tf.json:1,28-29 {detail}")]);
    let detail = "A JSON object is required here, to specify type labels for this block.";
    check_json(", \"resource\": [1, {\"a\": {\"b\": {}}}]", &[&format!("a.tf.json:1,28-29 {detail}")]);
}

#[test]
fn rejects_an_argument_of_json_that_is_set_twice() {
    let detail = "The argument \"source\" was already set at a.tf.json:1,2-13.";
    check_json(", \"source\": 2", &[&format!("a.tf.json:1,15-23 {detail}")]);
}

#[test]
fn partial_content_leaves_the_rest_to_others() {
    assert_eq!(read("a.tf", "source = 1\nother = 2\nother {}\n", part).1, [""; 0]);
    assert_eq!(read("a.tf.json", r#"{"source": 1, "other": 2}"#, part).1, [""; 0]);
}

#[test]
fn partial_content_still_needs_what_is_required() {
    assert_eq!(read("a.tf", "", part).1.len(), 1);
}

#[test]
fn just_arguments_takes_every_name() {
    assert_eq!(read("a.tf", "a = 1\nb = 2\n", arguments), (vec!["a".to_owned(), "b".to_owned()], Vec::new()));
}

#[test]
fn just_arguments_rejects_the_first_block() {
    assert_eq!(read("a.tf", "a = 1\nb {}\nc {}\n", arguments).1, ["a.tf:2,1-2 Blocks are not allowed here."]);
}
