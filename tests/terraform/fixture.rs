//! Files of recordings: read, and rewritten when `UPDATE_FIXTURES` asks for it.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The folder of all fixtures.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// The recordings of a file, one a line.
pub(crate) fn read(file: &Path) -> Vec<Value> {
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

/// Compares what the real terraform says now with what is recorded, or records it.
#[track_caller]
pub(crate) fn check_or_update(file: &Path, recorded: &[Value], now: &[Value]) {
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        let lines: Vec<String> = now.iter().map(Value::to_string).collect();
        fs::write(file, format!("[\n{}\n]\n", lines.join(",\n"))).unwrap();
        return;
    }
    assert_eq!(now.len(), recorded.len());
    for (now, recorded) in now.iter().zip(recorded) {
        assert_eq!(now, recorded);
    }
}
