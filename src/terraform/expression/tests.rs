mod any_expression;

use super::*;
use crate::terraform::syntax::parse_expression;

fn names() -> ModuleNames {
    let secret = Value::from("hunter2").with_mark(true);
    let list = Value::list(Type::String, ["a", "b", "c"].into_iter().map(Value::from).collect());
    let map = Value::map(Type::String, BTreeMap::from([(Arc::from("a"), Value::from("1"))]));
    let variables = [
        ("s", Value::from("Hello")),
        ("n", Value::from(42i64)),
        ("nul", Value::null(Type::String)),
        ("l", list),
        ("nl", Value::null(Type::list(Type::String))),
        ("el", Value::list(Type::String, Vec::new())),
        ("m", map),
        ("sec", secret),
        ("unset", Value::unknown(Type::String)),
        ("unset_list", Value::unknown(Type::list(Type::String))),
    ];
    ModuleNames {
        variables: variables.into_iter().map(|(name, value)| (Arc::from(name), value)).collect(),
        locals: BTreeMap::from([(Arc::from("loc"), Value::from("local"))]),
        module_path: ".".to_owned(),
        working_directory: "/here".to_owned(),
        workspace: "default".to_owned(),
        declared: Some(BTreeSet::from(["module.m".to_owned(), "data.d.x".to_owned()])),
        ephemeral: Ephemeral::default(),
    }
}

/// Evaluates, and gives the problems with the text of their subjects.
fn run(text: &str, is_short_circuit: bool) -> (Value, Vec<(Problem, String)>) {
    let mut sources = Sources::default();
    let file = sources.add("main.tf", text);
    let (expression, errors) = parse_expression(text, file);
    assert_eq!(errors, []);
    let names = names();
    let scope = Scope {
        names: Names::Module(&names),
        files: &NoFiles,
        sources: &sources,
        budget: &Budget::default(),
        is_short_circuit,
        is_console: false,
    };
    let (value, problems) = evaluate(&expression.unwrap(), &scope);
    let problems = problems.into_iter().map(|problem| {
        let subject = sources.text(problem.subject).to_owned();
        (problem, subject)
    });
    (value, problems.collect())
}

#[track_caller]
fn check_value(text: &str, expected: &str) {
    let (value, problems) = run(text, false);
    assert_eq!(problems, []);
    assert_eq!(value.to_string(), expected);
}

#[track_caller]
fn check_problem(text: &str, summary: &str, detail: &str, subject: &str) {
    let (_, problems) = run(text, false);
    let found: Vec<_> = problems.iter().map(|(p, subject)| (p.summary.as_str(), p.detail.as_str(), subject.as_str())).collect();
    assert_eq!(found, [(summary, detail, subject)]);
}

#[test]
fn operators_convert_their_operands() {
    check_value("\"5\" + 1", "6");
    check_value("\"10\" < \"9\"", "false");
    check_value("-7 % 3", "-1");
    check_value("1 == \"1\"", "false");
    check_value("!\"false\"", "true");
}

#[test]
fn unsuitable_operand_is_named() {
    check_problem("1 && true", "Invalid operand", "Unsuitable value for left operand: bool required.", "1");
    check_problem("1 + var.l", "Invalid operand", "Unsuitable value for right operand: number required.", "var.l");
}

#[test]
fn null_operand_fails_the_whole_operation() {
    check_problem("1 < null", "Operation failed", "Error during operation: argument must not be null.", "1 < null");
}

#[test]
fn both_sides_count_before_version_1_12() {
    check_problem("false && (1 / var.l > 0)", "Invalid operand", "Unsuitable value for right operand: number required.", "var.l");
    let (value, problems) = run("false && (1 / var.l > 0)", true);
    assert_eq!((value, problems), (Value::from(false), Vec::new()));
}

#[test]
fn either_side_may_decide_from_version_1_12() {
    assert_eq!(run("(1 / var.l > 0) || true", true), (Value::from(true), Vec::new()));
}

#[test]
fn conditional_gives_both_branches_one_type() {
    check_value("true ? 1 : \"a\"", "\"1\"");
    check_value("true ? [] : [\"a\"]", "tolist([])");
    check_value("true ? null : \"a\"", "tostring(null)");
    check_value("true ? { a = 1 } : { b = 2 }", "tomap({\n  \"a\" = 1\n})");
}

#[test]
fn findings_of_the_other_branch_are_dropped() {
    check_value("true ? 1 : 1 / var.l", "1");
}

#[test]
fn branches_of_different_types_are_described() {
    check_problem(
        "true ? { a = 1 } : [1]",
        "Inconsistent conditional result types",
        "The true and false result expressions must have consistent types. The 'true' value is object, but the 'false' value is \
         tuple.",
        "{ a = 1 } : [1]",
    );
}

#[test]
fn condition_must_be_known_to_be_a_bool() {
    check_problem(
        "null ? 1 : 2",
        "Null condition",
        "The condition value is null. Conditions must either be true or false.",
        "null",
    );
    check_problem("1 ? 1 : 2", "Incorrect condition type", "The condition expression must be of type bool.", "1");
}

#[test]
fn index_outside_a_list_is_explained() {
    let detail = |reason: &str| format!("The given key does not identify an element in this collection value: {reason}.");
    let past = "the given index is greater than or equal to the length of the collection";
    check_problem("var.l[3]", "Invalid index", &detail(past), "[3]");
    check_problem("var.l[\"a\"]", "Invalid index", &detail("a number is required"), "[\"a\"]");
    check_problem("var.el[0]", "Invalid index", &detail("the collection has no elements"), "[0]");
    let negative = "a negative number is not a valid index for a sequence";
    check_problem("var.l[-1]", "Invalid index", &detail(negative), "[-1]");
    check_value("var.l[2]", "\"c\"");
    check_value("var.l[\"2\"]", "\"c\"");
}

#[test]
fn missing_attribute_is_named() {
    check_problem("{ a = 1 }.b", "Unsupported attribute", "This object does not have an attribute named \"b\".", ".b");
    check_problem("var.m.b", "Missing map element", "This map does not have an element with the key \"b\".", ".b");
    check_problem(
        "var.nl.b",
        "Attempt to get attribute from null value",
        "This value is null, so it does not have any attributes.",
        ".b",
    );
    check_value("var.m.a", "\"1\"");
}

#[test]
fn splat_makes_a_list_of_one_and_of_null_none() {
    check_value("var.s[*]", "[\n  \"Hello\",\n]");
    check_value("var.nul[*]", "[]");
    check_value("[{ a = 1 }, { a = 2 }][*].a", "[\n  1,\n  2,\n]");
    check_problem(
        "var.nl[*]",
        "Splat of null value",
        "Splat expressions (with the * symbol) cannot be applied to null sequences.",
        "var.nl",
    );
}

#[test]
fn for_iterates_in_the_order_of_keys() {
    check_value("[for k, v in { b = 1, a = 2 } : \"${k}${v}\"]", "[\n  \"a2\",\n  \"b1\",\n]");
    check_value("{ for v in [\"a\", \"b\", \"a\"] : v => 1... }[\"a\"]", "[\n  1,\n  1,\n]");
    check_value("[for v in [1, 2, 3] : v if v > 1]", "[\n  2,\n  3,\n]");
}

#[test]
fn for_over_nothing_iterable_fails() {
    check_problem(
        "[for v in var.nl : v]",
        "Iteration over null value",
        "A null value cannot be used as the collection in a 'for' expression.",
        "var.nl",
    );
    check_problem(
        "[for v in \"a\" : v]",
        "Iteration over non-iterable value",
        "A value of type string cannot be used as the collection in a 'for' expression.",
        "\"a\"",
    );
}

#[test]
fn duplicate_key_needs_grouping() {
    let (_, problems) = run("{ for v in [1, 1] : \"k\" => v }", false);
    assert_eq!(problems[0].0.summary, "Duplicate object key");
}

#[test]
fn templates_interpolate_and_loop() {
    check_value("\"a${1 + 1}b\"", "\"a2b\"");
    check_value("\"%{ for x in var.l }${x}%{ endfor }\"", "\"abc\"");
    check_value("\"%{ if var.n > 1 }yes%{ else }no%{ endif }\"", "\"yes\"");
    check_value("\"${1 + 1}\"", "2");
}

#[test]
fn null_in_a_template_fails() {
    check_problem(
        "\"a${null}\"",
        "Invalid template interpolation value",
        "The expression result is null. Cannot include a null value in a string template.",
        "null",
    );
}

#[test]
fn marks_and_unknowns_spread() {
    check_value("\"a${var.sec}\"", "(sensitive value)");
    check_value("[var.sec]", "[\n  (sensitive value),\n]");
    check_value("var.sec == \"x\"", "(sensitive value)");
    check_value("\"a${var.unset}\"", "(known after apply)");
    check_value("var.unset_list[0]", "(known after apply)");
    check_value("module.m.out.x[1]", "(known after apply)");
    check_value("data.d.x.id + 1", "(known after apply)");
}

#[test]
fn secrets_are_not_decrypted() {
    check_value("rsadecrypt(\"YQ==\", \"key\")", "(known after apply)");
    let missing = "Function \"rsadecrypt\" expects 2 argument(s). Missing value for \"privatekey\".";
    check_problem("rsadecrypt(\"YQ==\")", "Not enough function arguments", missing, ")");
    let no_text = "Invalid value for \"ciphertext\" parameter: string required.";
    check_problem("rsadecrypt([], \"key\")", "Invalid function argument", no_text, "[");
}

#[test]
fn undeclared_names_are_refused_before_anything_is_evaluated() {
    check_problem(
        "try(var.zzzz, 1)",
        "Reference to undeclared input variable",
        "An input variable with the name \"zzzz\" has not been declared. This variable can be declared with a variable \"zzzz\" {} \
         block.",
        "var.zzzz",
    );
    check_problem(
        "local.lok",
        "Reference to undeclared local value",
        "A local value with the name \"lok\" has not been declared. Did you mean \"loc\"?",
        "local.lok",
    );
    check_problem(
        "foo",
        "Invalid reference",
        "A reference to a resource type must be followed by at least one attribute access, specifying the resource name.",
        "foo",
    );
    check_value("[for foo in [1] : foo]", "[\n  1,\n]");
}

#[test]
fn try_takes_the_first_that_succeeds() {
    check_value("try(var.l[9], var.m.zz, \"x\")", "\"x\"");
    check_value("can(var.l[9])", "false");
    check_value("can(var.l[0])", "true");
    check_value("can(var.unset_list[0])", "(known after apply)");
}

#[test]
fn try_tells_what_went_wrong() {
    let (_, problems) = run("try(var.l[9])", false);
    let detail = "Call to function \"try\" failed: no expression succeeded:\n- Invalid index (at main.tf:1,10-13)\n  The given key \
                  does not identify an element in this collection value.\n\nAt least one expression must produce a successful \
                  result.";
    assert_eq!((problems[0].0.detail.as_str(), problems[0].1.as_str()), (detail, "try("));
}

#[test]
fn constant_expressions_have_neither_variables_nor_functions() {
    let mut sources = Sources::default();
    let file = sources.add("terraform.tfvars", "[var.x, f(1), [for x in [1] : x]]");
    let (expression, _) = parse_expression("[var.x, f(1), [for x in [1] : x]]", file);
    let (_, problems) = evaluate_constant(&expression.unwrap(), &sources);
    let found: Vec<_> = problems.iter().map(|p| (p.summary.as_str(), sources.text(p.subject))).collect();
    assert_eq!(found, [("Variables not allowed", "var"), ("Function calls not allowed", "f(1)")]);
}

#[test]
fn condition_of_a_loop_that_is_not_known_leaves_the_result_open() {
    check_value("[for v in [length(var.unset_list), 2] : 1 if v]", "(known after apply)");
    let refused = "The 'if' clause value is invalid: bool required.";
    check_problem("[for v in [2, length(var.unset_list)] : 1 if v]", "Invalid 'for' condition", refused, "v");
}

/// `depth` local values, each made of the one before: what doubles takes all memory there is after some thirty.
#[track_caller]
fn check_growth(first: &str, next: &str, depth: usize, is_refused: bool) {
    let mut sources = Sources::default();
    let file = sources.add("main.tf", "");
    let budget = Budget::of(1 << 20);
    let mut names = names();
    let mut last = Vec::new();
    for expression in std::iter::once(first).chain(std::iter::repeat_n(next, depth)) {
        let (expression, _) = parse_expression(expression, file);
        let expression = expression.unwrap_or_else(|| panic!("no expression"));
        let scope = Scope {
            names: Names::Module(&names),
            files: &NoFiles,
            sources: &sources,
            budget: &budget,
            is_short_circuit: false,
            is_console: false,
        };
        let (value, problems) = evaluate(&expression, &scope);
        names.locals.insert(Arc::from("loc"), value);
        last.extend(problems);
    }
    let summaries: Vec<&str> = last.iter().map(|problem| problem.summary.as_str()).collect();
    assert_eq!(summaries, if is_refused { vec!["Value too large"] } else { vec![] });
}

#[test]
fn what_doubles_again_and_again_ends_in_a_message() {
    check_growth("\"aaaaaaaaaa\"", "\"${local.loc}${local.loc}\"", 40, true);
    check_growth("[1, 2, 3]", "concat(local.loc, local.loc)", 40, true);
    check_growth("\"aaaaaaaaaa\"", "try(\"${local.loc}${local.loc}\", \"small\")", 40, true);
    check_growth("range(1024)", "[for a in local.loc : [for b in local.loc : [for c in local.loc : c]]]", 1, true);
}

#[test]
fn what_grows_a_little_is_made() {
    check_growth("\"aaaaaaaaaa\"", "\"${local.loc}${local.loc}\"", 12, false);
    check_growth("range(1024)", "[for a in range(8) : [for b in local.loc : b]]", 1, false);
}
