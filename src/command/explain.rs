//! `tfhelper explain`: what a check looks for, why, and how to fix it.

use anyhow::Result;

use super::context::Context;
use super::failure::{ExitStatus, Failure};
use crate::check::{self, Check};
use crate::cli::explain::ExplainArgs;
use crate::report::group_word;

/// Prints the page of a check, or the list of checks.
///
/// # Errors
///
/// When there is no such check; the hint has a similar name where there is one.
pub fn run(ctx: &mut Context, arguments: &ExplainArgs) -> Result<ExitStatus> {
    let Some(id) = &arguments.check else {
        return list(ctx);
    };
    // The file, the heading and the id of a check differ in the dash alone.
    let id = id.replace('_', "-");
    let Some(check) = check::find(&id) else {
        let failure = Failure::new(ExitStatus::Usage, format!("there is no check `{id}`"));
        return Err(failure.hint(hint(&id)).into());
    };
    ctx.print(format_args!("{} (group {})\n\n{}.\n\n{}", check.id, group_word(check.group), check.about, check.page))?;
    Ok(ExitStatus::Done)
}

fn list(ctx: &mut Context) -> Result<ExitStatus> {
    let width = check::ALL.iter().map(|check| check.id.len()).max().unwrap_or_default();
    let mut group = None;
    for check in check::ALL {
        if group != Some(check.group) {
            let gap = if group.is_some() { "\n" } else { "" };
            ctx.print(format_args!("{gap}{}", group_word(check.group)))?;
            group = Some(check.group);
        }
        ctx.print(format_args!("  {:width$}  {}", check.id, check.about))?;
    }
    Ok(ExitStatus::Done)
}

fn hint(id: &str) -> String {
    match similar(id) {
        Some(check) => format!("a check of a similar name is `{}`; `tfhelper explain` lists them all", check.id),
        None => "`tfhelper explain` lists the checks".to_owned(),
    }
}

/// The check whose name is nearest, if any is near.
fn similar(id: &str) -> Option<&'static Check> {
    let nearest = check::ALL.iter().map(|check| (strsim::levenshtein(id, check.id), check)).min_by_key(|(edits, _)| *edits);
    let contains = || check::ALL.iter().find(|check| id.len() >= 4 && check.id.contains(id));
    nearest.filter(|(edits, check)| *edits * 3 <= check.id.len()).map(|(_, check)| check).or_else(contains)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_similar(id: &str, expected: Option<&str>) {
        assert_eq!(similar(id).map(|check| check.id), expected);
    }

    #[test]
    fn misspelt_check_is_recognized() {
        check_similar("cloud-di", Some("cloud-id"));
        check_similar("conector-seting", Some("connector-setting"));
    }

    #[test]
    fn part_of_a_name_is_recognized() {
        check_similar("scopes", Some("granted-scopes"));
    }

    #[test]
    fn foreign_word_is_not() {
        check_similar("weather", None);
    }
}
