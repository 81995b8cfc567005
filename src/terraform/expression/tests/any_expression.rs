//! Whatever can be parsed can be evaluated.

use super::*;

/// Pieces that expressions are made of, whole and broken.
const PIECES: &[&str] = &[
    "1",
    "\"a\"",
    "null",
    "true",
    "var.l",
    "var.m",
    "var.nul",
    "var.sec",
    "var.unset",
    "var.unset_list",
    "local.loc",
    "x",
    " + ",
    " - ",
    " * ",
    " / ",
    " % ",
    " == ",
    " < ",
    " && ",
    " || ",
    " ? ",
    " : ",
    "!",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "[*]",
    "[0]",
    ".*",
    ".a",
    ".0",
    ", ",
    " = ",
    " => ",
    "...",
    "for x in ",
    "for k, v in ",
    " if ",
    "\"${",
    "}\"",
    "%{ if ",
    "%{ else }",
    "%{ endif }",
    "%{ for x in ",
    "%{ endfor }",
    "length(",
    "try(",
    "can(",
    "merge(",
    "flatten(",
    "sensitive(",
    "toset(",
    "tolist(",
    "jsonencode(",
    "format(\"%v\", ",
    "1e400",
    "<<EOT\n",
    "\nEOT\n",
];

proptest::proptest! {
    #[test]
    fn whatever_is_parsed_is_evaluated_without_a_panic(
        pieces in proptest::collection::vec(proptest::sample::select(PIECES), 1..24),
        is_short_circuit: bool,
    ) {
        let text = pieces.concat();
        let mut sources = Sources::default();
        let file = sources.add("main.tf", text.as_str());
        if let (Some(expression), _) = parse_expression(&text, file) {
            let names = names();
            let scope =
                Scope { names: Names::Module(&names), files: &NoFiles, sources: &sources, budget: &Budget::default(), is_short_circuit, is_console: true };
            let (value, problems) = evaluate(&expression, &scope);
            let _ = value.to_string();
            for problem in problems {
                proptest::prop_assert!(problem.subject.start <= problem.subject.end);
                proptest::prop_assert!(problem.subject.end as usize <= text.len());
            }
        }
    }
}
