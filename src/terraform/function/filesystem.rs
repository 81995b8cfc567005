//! Functions of paths and files.

mod glob;
pub(super) mod home;
mod path;

use std::io::{Error, ErrorKind};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use self::glob::Mistake;
use super::argument::unsuitable;
use super::parameter::{bool, set_of_strings, string};
use super::redaction::redacted;
use super::{Call, Function, FunctionError, Parameter};
use crate::terraform::value::{Type, Value};

pub(super) const TABLE: &[Function] = &[
    Function::fixed("abspath", &[PATH], string, |call| {
        let path = call.text(0);
        if path.starts_with('/') {
            return Ok(Value::string(&path::clean(path)));
        }
        // Where Terraform runs is nothing that the files say.
        Ok(Value::unknown(Type::String))
    }),
    Function::fixed("basename", &[PATH], string, |call| Ok(Value::string(path::base(call.text(0))))),
    Function::fixed("dirname", &[PATH], string, |call| Ok(Value::string(&path::directory(call.text(0))))),
    Function::fixed("file", &[PATH.sensitive().unknown()], string, |call| {
        let Some(content) = read(call)? else {
            return Ok(Value::unknown(Type::String).with_mark(call.is_any_sensitive()));
        };
        match String::from_utf8(content) {
            Ok(text) => Ok(Value::string(&text).with_mark(call.is_any_sensitive())),
            Err(_) => Err(FunctionError::Call(format!(
                "contents of {} are not valid UTF-8; use the filebase64 function to obtain the Base64 encoded contents or the other file functions (e.g. filemd5, filesha256) to obtain file hashing results instead",
                redacted(call.text(0), call.is_any_sensitive())
            ))),
        }
    }),
    Function::fixed("filebase64", &[PATH.sensitive().unknown()], string, |call| {
        let encoded = match read(call)? {
            Some(content) => Value::string(&STANDARD.encode(content)),
            None => Value::unknown(Type::String),
        };
        Ok(encoded.with_mark(call.is_any_sensitive()))
    }),
    Function::fixed("fileexists", &[PATH.sensitive().unknown()], bool, file_exists),
    Function::fixed(
        "fileset",
        &[PATH.sensitive().unknown(), Parameter::new("pattern", string).sensitive().unknown()],
        set_of_strings,
        file_set,
    ),
    Function::fixed("pathexpand", &[PATH], string, |call| {
        let expanded = home::expand(call.text(0), call.files)?;
        Ok(expanded.map_or_else(|| Value::unknown(Type::String), |path| Value::string(&path)))
    }),
];

const PATH: Parameter = Parameter::new("path", string);

/// The content of the file that the first argument names; none while that is unknown.
fn read(call: &Call) -> Result<Option<Vec<u8>>, FunctionError> {
    if call.is_any_unknown() {
        return Ok(None);
    }
    let path = match home::expand_to_read(call.text(0), call.files) {
        Ok(Some(path)) => path,
        Ok(None) => return Ok(None),
        Err(why) => return unsuitable(0, why),
    };
    call.files.read(&path).map(Some).or_else(|error| {
        if error.kind() == ErrorKind::NotFound {
            let name = redacted(call.text(0), call.is_any_sensitive());
            return unsuitable(0, format!("no file exists at {name}; this function works only with files that are distributed as part of the configuration source code, so if this file will be created by a resource in this configuration you must instead obtain this result from an attribute of that resource"));
        }
        if error.kind() == ErrorKind::IsADirectory {
            return unsuitable(0, format!("failed to read file: read {}: is a directory", path::clean(&path)));
        }
        unsuitable(0, open_error(&path, &error))
    })
}

/// Why a file could not be opened, in Go's words.
pub(super) fn open_error(path: &str, error: &Error) -> String {
    let cleaned = path::clean(path);
    match error.kind() {
        ErrorKind::NotFound => format!("open {cleaned}: no such file or directory"),
        ErrorKind::PermissionDenied => format!("open {cleaned}: permission denied"),
        ErrorKind::IsADirectory => format!("read {cleaned}: is a directory"),
        ErrorKind::NotADirectory => format!("open {cleaned}: not a directory"),
        ErrorKind::InvalidInput => format!("open {cleaned}: invalid argument"),
        _ => format!("open {cleaned}: {}", system_text(error)),
    }
}

/// What the system calls an error, as Go has it: `too many levels of symbolic links`.
fn system_text(error: &Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut characters = text.chars();
    characters.next().map(|first| first.to_lowercase().chain(characters).collect()).unwrap_or_default()
}

fn file_exists(call: &Call) -> Result<Value, FunctionError> {
    let is_sensitive = call.is_any_sensitive();
    if call.is_any_unknown() {
        return Ok(Value::unknown(Type::Bool).with_mark(is_sensitive));
    }
    let Some(path) = home::expand_to_read(call.text(0), call.files)? else {
        return Ok(Value::unknown(Type::Bool).with_mark(is_sensitive));
    };
    match call.files.is_file(&path) {
        Ok(is_file) => Ok(Value::from(is_file).with_mark(is_sensitive)),
        Err(error) => {
            let name = redacted(&path::clean(&path), is_sensitive);
            // Terraform means the argument, but counts it wrongly.
            match error.kind() {
                ErrorKind::IsADirectory => unsuitable(1, format!("{name} is a directory, not a file")),
                ErrorKind::Other => unsuitable(1, format!("{name} is not a regular file")),
                _ => Err(format!("failed to stat {name}").into()),
            }
        }
    }
}

/// Whether a directory that cannot be listed for this reason is none, which holds nothing.
const fn is_nothing_to_list(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::InvalidInput | ErrorKind::InvalidFilename)
}

fn file_set(call: &Call) -> Result<Value, FunctionError> {
    let is_sensitive = call.is_any_sensitive();
    if call.is_any_unknown() {
        return Ok(call.unknown_result().with_mark(is_sensitive));
    }
    let directory = path::clean(call.text(0));
    let pattern = path::join(&directory, call.text(1));
    let failure = |reason: &str| format!("failed to glob pattern {}: {reason}", redacted(&pattern, is_sensitive));
    // The directory is a part of the pattern, special characters included.
    let glob = glob::Glob::new(&pattern);
    let files = match call.files.list(&glob.folder) {
        Ok(files) => files,
        Err(error) if is_nothing_to_list(error.kind()) => Vec::new(),
        Err(error) => return Err(failure(&error.to_string()).into()),
    };
    let mut found = Vec::new();
    let mut is_undecided = false;
    for file in &files {
        match glob.matches(file) {
            Ok(true) => found.push(path::join(&glob.folder, file)),
            Ok(false) => {}
            Err(Mistake::AtOnce) => return Err(failure("syntax error in pattern").into()),
            Err(Mistake::FurtherDown) => is_undecided = true,
        }
    }
    if is_undecided {
        return Ok(call.unknown_result().with_mark(is_sensitive));
    }
    let mut matches = Vec::new();
    for path in found {
        match call.files.is_file(&path) {
            Ok(true) => matches.push(Value::string(&path::relative(&directory, &path))),
            // A symbolic link that leads nowhere; a `**` at the end does not come across it.
            Ok(false) if !glob.takes_everything() => {
                let name = redacted(&path, is_sensitive);
                return Err(format!("failed to stat {name}: stat {path}: no such file or directory").into());
            }
            Ok(false) | Err(_) => {}
        }
    }
    Ok(Value::set(Type::String, matches).with_mark(is_sensitive))
}

#[cfg(test)]
mod tests {
    use super::super::{Callee, Files, find};
    use super::*;

    /// A directory with a file, and a symbolic link that leads nowhere.
    struct Disk;

    impl Files for Disk {
        fn read(&self, _: &str) -> std::io::Result<Vec<u8>> {
            Err(ErrorKind::NotFound.into())
        }

        fn is_file(&self, path: &str) -> std::io::Result<bool> {
            Ok(path == "d/real")
        }

        fn list(&self, _: &str) -> std::io::Result<Vec<String>> {
            Ok(vec!["dangling".to_owned(), "real".to_owned()])
        }
    }

    #[track_caller]
    fn check_file_set(pattern: &str, expected: Result<&[&str], &str>) {
        let Ok(Callee::BuiltIn(function)) = find("fileset") else { panic!("there is no function fileset") };
        let set = function.call(&[Value::from("d"), Value::from(pattern)], &Disk).map_err(|error| error.detail("fileset"));
        let expected = expected.map(|names| Value::set(Type::String, names.iter().map(|name| Value::from(*name)).collect()));
        assert_eq!(set, expected.map_err(str::to_owned));
    }

    #[test]
    fn file_set_fails_at_a_link_that_leads_nowhere() {
        let detail =
            "Call to function \"fileset\" failed: failed to stat \"d/dangling\": stat d/dangling: no such file or directory.";
        check_file_set("*", Err(detail));
    }

    #[test]
    fn file_set_passes_over_a_link_that_it_does_not_come_across() {
        check_file_set("re*", Ok(&["real"]));
        check_file_set("**", Ok(&["real"]));
    }
}
