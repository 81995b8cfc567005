//! The arguments of `terraform plan` and `terraform apply`, told apart.
//!
//! `terraform apply` with planning options makes a plan and applies it; here the two are separate steps, so each argument
//! goes to the step that knows it, and applying a saved plan takes no planning options.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use crate::cli::variable::{VariableArg, VariableArgs};

/// The arguments, told apart; each list is as the user wrote it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct TerraformArguments {
    /// For `terraform plan`, without `-out`.
    pub plan: Vec<OsString>,
    /// For `terraform apply PLANFILE`.
    pub apply: Vec<OsString>,
    /// `-var` and `-var-file`, for the check.
    pub variables: VariableArgs,
    /// The same as written; the plan has them too.
    pub values: Vec<OsString>,
    /// `-out=FILE`: the plan is kept there.
    pub out: Option<PathBuf>,
    /// A plan that was made before: it is checked and applied as it is.
    pub saved_plan: Option<PathBuf>,
    /// `-auto-approve`: nobody is asked.
    pub is_approved: bool,
    /// `-input=false`: nobody may be asked.
    pub forbids_input: bool,
}

/// Options of `terraform apply` that `terraform plan` refuses.
///
/// Source: terraform 1.11, `terraform apply -help` and `terraform plan -help`.
const APPLY_ALONE: [&str; 3] = ["auto-approve", "backup", "state-out"];

/// Options that both know, when `apply` is given a saved plan.
const BOTH: [&str; 8] = ["compact-warnings", "input", "json", "lock", "lock-timeout", "no-color", "parallelism", "state"];

/// Options whose value may be the next argument; with any other, the value stands behind `=`.
///
/// Source: Go's flag package, as terraform uses it: every option that is no bool takes the next argument.
const WITH_VALUE: [&str; 11] = [
    "backup",
    "generate-config-out",
    "lock-timeout",
    "out",
    "parallelism",
    "replace",
    "state",
    "state-out",
    "target",
    "var",
    "var-file",
];

impl TerraformArguments {
    /// Tells the arguments apart that stand behind `tfhelper plan --` or `tfhelper apply --`.
    ///
    /// # Errors
    ///
    /// When an option lacks its value or does not belong here, or two plan files are named; the text says which.
    pub(super) fn parse(arguments: &[OsString]) -> Result<Self, String> {
        let mut told = Self::default();
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let Some((name, inline)) = option(argument) else {
                if told.saved_plan.replace(PathBuf::from(argument)).is_some() {
                    return Err(format!("`{}` is a second plan file", argument.to_string_lossy()));
                }
                continue;
            };
            if name == "chdir" {
                return Err("`-chdir` belongs before the command: `tfhelper -chdir=DIR apply -- ...`".to_owned());
            }
            let mut written = vec![argument.clone()];
            let mut value = inline;
            if value.is_none() && WITH_VALUE.contains(&name.as_str()) {
                let next = arguments.next().ok_or_else(|| format!("the option `-{name}` lacks its value"))?;
                written.push(next.clone());
                value = Some(next.clone());
            }
            told.take(&name, value.unwrap_or_default(), written);
        }
        Ok(told)
    }

    fn take(&mut self, name: &str, value: OsString, written: Vec<OsString>) {
        let is_true = || value.is_empty() || value == "true" || value == "1";
        match name {
            "out" => {
                self.out = Some(PathBuf::from(value));
                return;
            }
            "auto-approve" => self.is_approved = is_true(),
            "input" => self.forbids_input = !is_true(),
            "var" => self.variables.in_order.push(VariableArg::Var(value.to_string_lossy().into_owned())),
            "var-file" => self.variables.in_order.push(VariableArg::File(PathBuf::from(value))),
            _ => {}
        }
        if matches!(name, "var" | "var-file") {
            self.values.extend(written.iter().cloned());
        }
        if APPLY_ALONE.contains(&name) || BOTH.contains(&name) {
            self.apply.extend(written.iter().cloned());
        }
        if !APPLY_ALONE.contains(&name) {
            self.plan.extend(written);
        }
    }
}

/// The name of an option without its dashes, and the value behind `=`.
fn option(argument: &OsStr) -> Option<(String, Option<OsString>)> {
    let text = argument.to_str()?;
    let name = text.strip_prefix("--").or_else(|| text.strip_prefix('-')).filter(|name| !name.is_empty())?;
    Some(match name.split_once('=') {
        Some((name, value)) => (name.to_owned(), Some(OsString::from(value))),
        None => (name.to_owned(), None),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<TerraformArguments, String> {
        TerraformArguments::parse(&arguments.iter().map(OsString::from).collect::<Vec<_>>())
    }

    #[track_caller]
    fn check_steps(arguments: &[&str], plan: &[&str], apply: &[&str]) {
        let told = parse(arguments).unwrap();
        assert_eq!(
            (told.plan, told.apply),
            (plan.iter().map(OsString::from).collect(), apply.iter().map(OsString::from).collect())
        );
    }

    #[test]
    fn planning_options_go_to_the_plan_alone() {
        check_steps(&["-var", "a=b", "-target=x.y", "-destroy"], &["-var", "a=b", "-target=x.y", "-destroy"], &[]);
    }

    #[test]
    fn options_that_both_know_go_to_both() {
        check_steps(
            &["-no-color", "-parallelism", "3"],
            &["-no-color", "-parallelism", "3"],
            &["-no-color", "-parallelism", "3"],
        );
    }

    #[test]
    fn approval_goes_to_the_apply_alone() {
        check_steps(&["-auto-approve"], &[], &["-auto-approve"]);
        assert!(parse(&["-auto-approve"]).unwrap().is_approved);
        assert!(!parse(&["-auto-approve=false"]).unwrap().is_approved);
    }

    #[test]
    fn variables_are_kept_in_their_order_for_the_check() {
        let told = parse(&["-var=a=1", "-var-file", "x.tfvars", "--var", "a=2"]).unwrap();
        let expected = [VariableArg::Var("a=1".into()), VariableArg::File("x.tfvars".into()), VariableArg::Var("a=2".into())];
        assert_eq!(told.variables.in_order, expected);
    }

    #[test]
    fn plan_files_are_told() {
        let told = parse(&["-out=kept.plan", "-input=false"]).unwrap();
        assert_eq!((told.out, told.forbids_input), (Some("kept.plan".into()), true));
        assert_eq!(parse(&["saved.plan"]).unwrap().saved_plan, Some("saved.plan".into()));
    }

    #[test]
    fn missing_value_is_named() {
        assert_eq!(parse(&["-var"]), Err("the option `-var` lacks its value".to_owned()));
    }

    #[test]
    fn directory_belongs_before_the_command() {
        assert!(parse(&["-chdir=live"]).is_err());
    }
}
