//! `-var` and `-var-file`, for every command that reads a root module.

use std::path::PathBuf;

use clap::Args;

/// Variable values on the command line, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VariableArgs {
    /// `-var` and `-var-file`, in the order given: later wins.
    pub in_order: Vec<VariableArg>,
}

/// One `-var` or `-var-file`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VariableArg {
    /// `-var NAME=VALUE`, unparsed.
    Var(String),
    /// `-var-file FILE`.
    File(PathBuf),
}

impl clap::FromArgMatches for VariableArgs {
    fn from_arg_matches(matches: &clap::ArgMatches) -> Result<Self, clap::Error> {
        let mut found: Vec<(usize, VariableArg)> = Vec::new();
        if let (Some(at), Some(values)) = (matches.indices_of("var"), matches.get_many::<String>("var")) {
            found.extend(at.zip(values.map(|value| VariableArg::Var(value.clone()))));
        }
        if let (Some(at), Some(values)) = (matches.indices_of("var_file"), matches.get_many::<PathBuf>("var_file")) {
            found.extend(at.zip(values.map(|value| VariableArg::File(value.clone()))));
        }
        found.sort_by_key(|(at, _)| *at);
        Ok(Self { in_order: found.into_iter().map(|(_, argument)| argument).collect() })
    }

    fn update_from_arg_matches(&mut self, matches: &clap::ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for VariableArgs {
    fn augment_args(command: clap::Command) -> clap::Command {
        command
            .arg(
                clap::Arg::new("var")
                    .long("var")
                    .value_name("NAME=VALUE")
                    .help("Set a variable, as for terraform plan; repeatable")
                    .action(clap::ArgAction::Append)
                    .allow_hyphen_values(true),
            )
            .arg(
                clap::Arg::new("var_file")
                    .long("var-file")
                    .value_name("FILE")
                    .help("Read a variable definitions file, as for terraform plan; repeatable")
                    .value_parser(clap::value_parser!(PathBuf))
                    .action(clap::ArgAction::Append),
            )
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}
