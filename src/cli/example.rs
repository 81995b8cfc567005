//! What stands at the end of each command's `--help`: lines that can be pasted, every one of which the parser takes.

/// One heading, and the examples below it.
macro_rules! examples {
    ($($line:literal),+ $(,)?) => {
        concat!("\x1b[1m\x1b[4mExamples:\x1b[0m", $("\n  ", $line),+)
    };
}

pub(super) const TFHELPER: &str = examples!(
    "tfhelper init-jira                         # connect Jira Cloud, step by step",
    "tfhelper check                             # before terraform plan",
    "tfhelper -C infra/prod status              # what is done, what comes next",
);
pub(super) const EXTERNAL: &str = examples!("echo '{\"path\":\"infra/prod\"}' | tfhelper external");
pub(super) const COMPLETIONS: &str = examples!("tfhelper completions bash > ~/.local/share/bash-completion/completions/tfhelper");
pub(super) const MAN: &str = examples!("tfhelper man > ~/.local/share/man/man1/tfhelper.1");

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use crate::cli::Cli;
    use crate::cli::spelling::accept_terraform_spellings;
    use crate::terraform::input::arguments::split_words;

    /// Every command that has none below it, and what its help ends with.
    fn check_leaves(command: &clap::Command, name: &str) {
        let below: Vec<_> = command.get_subcommands().filter(|below| !below.is_hide_set()).collect();
        for below in &below {
            check_leaves(below, &format!("{name} {}", below.get_name()));
        }
        if !below.is_empty() {
            return;
        }
        let examples = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        let lines: Vec<&str> = examples.lines().filter_map(|line| line.strip_prefix("  ")).collect();
        assert!(!lines.is_empty(), "{name} has no example");
        for line in lines {
            let line = line.split(" | ").last().unwrap_or_default().split("  #").next().unwrap_or_default();
            let words = split_words(line).unwrap_or_default();
            let parsed = Cli::try_parse_from(accept_terraform_spellings(words.into_iter().map(Into::into)));
            assert!(parsed.is_ok(), "{line}: {parsed:?}");
            assert!(line.contains(name.trim_start_matches("tfhelper ")), "{line} is no example of {name}");
        }
    }

    #[test]
    fn every_command_has_examples_that_the_parser_takes() {
        check_leaves(&Cli::command(), "tfhelper");
    }
}
