//! `-var` and `-var-file`, from the environment and from the command line.
//!
//! Terraform puts `TF_CLI_ARGS_plan` first, `TF_CLI_ARGS` behind it and the real arguments last: the last one wins, so the
//! general variable beats the specific one.

use std::collections::BTreeMap;

/// An argument that gives values to variables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Argument {
    /// `-var`, the text not split yet.
    Var(String),
    /// `-var-file`, the path as given.
    VarFile(String),
}

/// Options of `terraform plan` that take a value, which may be the next word.
///
/// Source: hashicorp/terraform v1.11.4, `internal/command/arguments/{plan,extended}.go`.
const OPTIONS_WITH_VALUE: [&str; 11] = [
    "parallelism",
    "lock-timeout",
    "out",
    "replace",
    "state",
    "state-out",
    "backup",
    "target",
    "generate-config-out",
    "var",
    "var-file",
];

/// The arguments that the environment puts in front of those of a command of Terraform: `own` is the variable of that
/// command alone.
///
/// # Errors
///
/// The name of the variable whose text no shell would split.
pub fn from_environment(environment: &BTreeMap<String, String>, own: &'static str) -> Result<Vec<Argument>, &'static str> {
    let mut arguments = Vec::new();
    for name in [own, "TF_CLI_ARGS"] {
        let Some(line) = environment.get(name) else { continue };
        arguments.extend(from_words(split_words(line).ok_or(name)?));
    }
    Ok(arguments)
}

/// Picks `-var` and `-var-file` out, as Go's `flag` package reads them: one dash or two, `=` or the next word.
fn from_words(words: Vec<String>) -> Vec<Argument> {
    let mut arguments = Vec::new();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        let Some(option) = word.strip_prefix("--").or_else(|| word.strip_prefix('-')) else { break };
        let (name, inline) = option.split_once('=').map_or((option, None), |(name, value)| (name, Some(value.to_owned())));
        if !OPTIONS_WITH_VALUE.contains(&name) {
            continue;
        }
        let Some(value) = inline.or_else(|| words.next()) else { break };
        match name {
            "var" => arguments.push(Argument::Var(value)),
            "var-file" => arguments.push(Argument::VarFile(value)),
            _ => {}
        }
    }
    arguments
}

/// Splits a line as Terraform does; none where a quotation or an escape is not finished.
///
/// Source: mattn/go-shellwords v1.0.4, `Parse` without environment and backticks: a backslash escapes outside of single
/// quotes, and an unquoted operator of the shell ends the line.
#[must_use]
pub fn split_words(line: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    let mut characters = line.chars();
    while let Some(c) = characters.next() {
        match (c, quote) {
            ('\\', None | Some('"')) => word.get_or_insert_default().push(characters.next()?),
            (' ' | '\t' | '\r' | '\n', None) => words.extend(word.take()),
            ('"' | '\'', None) => {
                quote = Some(c);
            }
            (_, Some(open)) if open == c => {
                quote = None;
                word.get_or_insert_default();
            }
            (';' | '&' | '|' | '<' | '>', None) => break,
            ('(' | ')' | '`', None) => return None,
            _ => word.get_or_insert_default().push(c),
        }
    }
    if quote.is_some() {
        return None;
    }
    words.extend(word);
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_words(line: &str, expected: Option<&[&str]>) {
        let words = split_words(line);
        assert_eq!(words.as_ref().map(|words| words.iter().map(String::as_str).collect::<Vec<_>>()).as_deref(), expected);
    }

    #[track_caller]
    fn check_arguments(plan: &str, general: &str, expected: &[Argument]) {
        let variable = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let environment = BTreeMap::from([variable("TF_CLI_ARGS_plan", plan), variable("TF_CLI_ARGS", general)]);
        assert_eq!(from_environment(&environment, "TF_CLI_ARGS_plan").as_deref(), Ok(expected));
    }

    fn var(text: &str) -> Argument {
        Argument::Var(text.to_owned())
    }

    #[test]
    fn quotes_keep_spaces_and_join_with_what_stands_beside() {
        check_words(r#"-var 'x=a b "c"' y=" "z"#, Some(&["-var", r#"x=a b "c""#, "y= z"]));
    }

    #[test]
    fn backslash_is_literal_in_single_quotes_alone() {
        check_words(r#"a\ b 'a\b' "a\"b""#, Some(&["a b", r"a\b", "a\"b"]));
    }

    #[test]
    fn empty_quotes_are_a_word() {
        check_words("'' x", Some(&["", "x"]));
    }

    #[test]
    fn unfinished_quotation_is_no_line() {
        check_words("'a", None);
        check_words("a\\", None);
    }

    #[test]
    fn shell_operator_ends_the_line() {
        check_words("a; b", Some(&["a"]));
    }

    #[test]
    fn general_arguments_come_behind_the_specific_ones() {
        check_arguments("-var x=plan", "-var=x=general", &[var("x=plan"), var("x=general")]);
    }

    #[test]
    fn value_of_another_option_is_no_argument() {
        check_arguments(
            "-out -var --var=a=1 -no-color -var-file f.tfvars",
            "",
            &[var("a=1"), Argument::VarFile("f.tfvars".to_owned())],
        );
    }
}
