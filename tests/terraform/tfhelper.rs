//! Runs the built tfhelper with nothing in its environment.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Runs it in a directory and returns the documents that it prints.
pub(crate) fn run(directory: &Path, environment: &[(String, String)], arguments: &[&str]) -> Vec<Value> {
    let output = Command::new(env!("CARGO_BIN_EXE_tfhelper"))
        .args(arguments)
        .current_dir(directory)
        .env_clear()
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .output()
        .unwrap();
    let documents = serde_json::Deserializer::from_slice(&output.stdout).into_iter();
    documents.collect::<Result<_, _>>().unwrap_or_else(|error| panic!("{arguments:?}: {error}: {output:?}"))
}
