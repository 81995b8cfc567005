//! Parses any bytes as native syntax, as JSON and as an expression.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tfhelper::diagnostic::Sources;
use tfhelper::terraform::syntax;

fuzz_target!(|bytes: &[u8]| {
    let (text, broken) = syntax::decode(bytes.to_vec());
    let mut sources = Sources::default();
    let file = sources.add("main.tf", text.as_str());
    let (_, in_body) = syntax::parse_decoded_body(&text, &broken, file);
    let (_, in_json) = syntax::json::parse(&text, file);
    let (_, in_expression) = syntax::parse_expression(&text, file);
    for error in in_body.iter().chain(&in_json).chain(&in_expression) {
        assert!(error.range.start <= error.range.end && error.range.end as usize <= text.len());
        let _ = error.detail(&sources);
        let _ = sources.describe(error.range);
    }
});
