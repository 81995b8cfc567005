//! Gives any text to the functions that read a language of their own: YAML, JSON, CSV, regular expressions, formats, templates.

#![no_main]

use std::sync::Once;

use libfuzzer_sys::fuzz_target;
use tfhelper::diagnostic::Sources;
use tfhelper::terraform::expression::budget::Budget;
use tfhelper::terraform::expression::{ModuleNames, Names, Scope, evaluate};
use tfhelper::terraform::function::NoFiles;
use tfhelper::terraform::function::yaml::guard::silence_caught_panics;
use tfhelper::terraform::syntax::parse_expression;
use tfhelper::terraform::tfvars::to_hcl;
use tfhelper::terraform::value::Value;

/// Calls with `TEXT` where the text stands.
const CALLS: [&str; 20] = [
    "yamldecode(TEXT)",
    "yamlencode(TEXT)",
    "jsondecode(TEXT)",
    "csvdecode(TEXT)",
    "regexall(TEXT, \"a-b c\")",
    "replace(\"a-b c\", \"/${TEXT}/\", TEXT)",
    "format(TEXT, 1, \"a\", [true], null)",
    "formatlist(TEXT, [1, 2], \"a\")",
    "formatdate(TEXT, \"2026-01-02T03:04:05Z\")",
    "timeadd(TEXT, \"1h\")",
    "timeadd(\"2026-01-02T03:04:05Z\", TEXT)",
    "templatestring(TEXT, {a = 1})",
    "parseint(TEXT, 36)",
    "tonumber(TEXT)",
    "cidrsubnet(TEXT, 4, 2)",
    "cidrhost(TEXT, -1)",
    "textdecodebase64(TEXT, \"UTF-16LE\")",
    "indent(2, title(strrev(substr(TEXT, 1, 5))))",
    "sort(split(\"a\", trim(TEXT, \"a\")))",
    "provider::terraform::decode_tfvars(TEXT)",
];

/// Before this, libFuzzer's own hook ends the process at a panic that is caught, too.
static SILENCE: Once = Once::new();

fuzz_target!(|input: &[u8]| {
    SILENCE.call_once(silence_caught_panics);
    let Some((call, text)) = input.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let Some(call) = CALLS.get(usize::from(*call) % CALLS.len()) else { return };
    let call = call.replace("TEXT", &to_hcl(&Value::string(text)));
    let mut sources = Sources::default();
    let file = sources.add("main.tf", call.as_str());
    let (Some(expression), _) = parse_expression(&call, file) else { return };
    let names = Names::Module(&ModuleNames::default());
    let scope = Scope { names, files: &NoFiles, sources: &sources, budget: &Budget::default(), is_short_circuit: false, is_console: true };
    let (value, _) = evaluate(&expression, &scope);
    let _ = value.to_string();
});
