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
pub(super) const INIT_JIRA: &str = examples!(
    "tfhelper init-jira --rehearse              # try everything, without Atlassian",
    "tfhelper init-jira --site acme --issue ACME-1",
    "tfhelper init-jira --renew                 # once a year",
);
pub(super) const INIT_JIRA_SERVER: &str = examples!(
    "tfhelper init-jira-server --rehearse       # try everything, without Jira",
    "tfhelper init-jira-server --url jira.example.com --token-file token --expires 2027-06-30",
);
pub(super) const TFVARS_LIST: &str = examples!("tfhelper tfvars list --format json");
pub(super) const TFVARS_GET: &str = examples!("tfhelper tfvars get 'connector_settings.jira_cloud_id' --raw");
pub(super) const TFVARS_SET: &str = examples!(
    "tfhelper tfvars set jira_example_issue_id ACME-1",
    "tfhelper tfvars set enabled_connectors '[\"jira-cloud\"]' --hcl --dry-run",
);
pub(super) const TFVARS_UNSET: &str = examples!("tfhelper tfvars unset 'connector_settings[\"jira_cloud_id\"]'");
pub(super) const CONSOLE: &str = examples!(
    "tfhelper console 'upper(var.environment_name)'",
    "tfhelper console --json 'local.tags' -var environment_name=dev",
);
pub(super) const CHECK: &str = examples!(
    "tfhelper check -var-file prod.tfvars",
    "tfhelper check --recursive --format sarif --output tfhelper.sarif",
    "tfhelper check --changed --base origin/main --format github",
    "terraform show -json plan | tfhelper check --plan -",
    "tfhelper check --gate                      # opens the gate in tfhelper.tf",
);
pub(super) const STATUS: &str = examples!("tfhelper status --online --warn-days 60");
pub(super) const SECRETS_LIST: &str = examples!("tfhelper secrets list --secret-store aws-ssm");
pub(super) const SECRETS_PUSH: &str = examples!("tfhelper secrets push --secret-store gcp-secret-manager");
pub(super) const PLAN: &str = examples!("tfhelper plan -- -out=reviewed.plan -var-file prod.tfvars");
pub(super) const APPLY: &str = examples!(
    "tfhelper apply                             # asks, as terraform does",
    "tfhelper apply -- reviewed.plan",
    "tfhelper -chdir=infra/prod apply -- -auto-approve -var region=eu-west-1",
);
pub(super) const EXTERNAL: &str = examples!("echo '{\"path\":\"infra/prod\"}' | tfhelper external");
pub(super) const TEST_SCRIPTS: &str = examples!("tfhelper test-scripts --target proxy --out test-calls");
pub(super) const EXPLAIN: &str = examples!("tfhelper explain connector-setting");
pub(super) const COMPLETIONS: &str = examples!("tfhelper completions bash > ~/.local/share/bash-completion/completions/tfhelper");
pub(super) const MAN: &str = examples!("tfhelper man > ~/.local/share/man/man1/tfhelper.1");

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use crate::cli::{Cli, accept_terraform_spellings};
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
