//! Terraform's own spellings of options, turned into clap's before parsing.

use std::ffi::OsString;

/// Turns Terraform's spellings of options into clap's: one dash before a long name becomes two.
///
/// Nothing behind `--` is touched, nor the value of a `-var`.
#[must_use]
pub fn accept_terraform_spellings(arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    const WITH_VALUE: [&str; 3] = ["-chdir", "-var", "-var-file"];
    const FLAGS: [&str; 2] = ["-json", "-no-color"];
    let mut accepted = Vec::new();
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        if argument == "--" {
            accepted.push(argument);
            accepted.extend(arguments);
            break;
        }
        let text = argument.to_string_lossy();
        let name = text.split('=').next().unwrap_or_default();
        if WITH_VALUE.contains(&name) || FLAGS.contains(&name) || name == "-input" {
            let mut doubled = OsString::from("-");
            doubled.push(&argument);
            accepted.push(doubled);
        } else {
            accepted.push(argument);
        }
    }
    accepted
}
