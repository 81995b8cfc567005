//! Evaluates whatever can be parsed as an expression.

#![no_main]

use std::sync::Once;

use libfuzzer_sys::fuzz_target;
use tfhelper::diagnostic::Sources;
use tfhelper::terraform::expression::budget::Budget;
use tfhelper::terraform::expression::{ModuleNames, Names, Scope, evaluate};
use tfhelper::terraform::function::NoFiles;
use tfhelper::terraform::function::yaml::guard::silence_caught_panics;
use tfhelper::terraform::syntax::parse_expression;

/// Before this, libFuzzer's own hook ends the process at a panic that is caught, too.
static SILENCE: Once = Once::new();

fuzz_target!(|text: &str| {
    SILENCE.call_once(silence_caught_panics);
    let mut sources = Sources::default();
    let file = sources.add("main.tf", text);
    let (Some(expression), _) = parse_expression(text, file) else { return };
    let names = ModuleNames::default();
    for is_short_circuit in [false, true] {
        let scope =
            Scope { names: Names::Module(&names), files: &NoFiles, sources: &sources, budget: &Budget::default(), is_short_circuit, is_console: true };
        let (value, _) = evaluate(&expression, &scope);
        let _ = value.to_string();
    }
});
