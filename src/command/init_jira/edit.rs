//! The variables that the job sets: where each one lives, and the edit of its file.

use super::root::Root;
use super::summary::EditSummary;
use crate::cli::InitJiraArgs;
use crate::command::{Context, ExitStatus, Failure};
use crate::connector::jira_cloud::CLOUD_ID;
use crate::connector::setting::{Home, HomeError, HomeState, Setting};
use crate::terraform::version::Version;

/// An edit whose place is known; its value comes with the consent.
pub(super) struct PlannedEdit {
    pub(super) home: Home,
    /// The setting's name, which tells whose value it is.
    setting: &'static str,
    /// The variable definitions file, relative to the root module.
    pub(super) file: String,
    /// The value that stands there; none where there is no string.
    before: Option<String>,
}

impl PlannedEdit {
    /// The value that it will have; none while the cloud ID is not known.
    fn after(&self, args: &InitJiraArgs, cloud_id: Option<&str>) -> Option<String> {
        if self.setting == CLOUD_ID.name { cloud_id.map(String::from) } else { args.issue.clone() }
    }
}

/// Finds where a setting goes, and makes sure that it can be written there.
///
/// # Errors
///
/// When two assignments disagree, the root module declares no home for it, or the file cannot be edited.
pub(super) fn plan(root: &Root, setting: &Setting, release: &Version) -> anyhow::Result<Vec<PlannedEdit>> {
    let homes = setting.homes(release);
    let standing: Vec<_> = homes.iter().map(|home| root.standing(*home)).collect();
    let state = |(home, standing): (&Home, &Option<super::root::Standing>)| {
        (*home, root.declaration(*home), standing.as_ref().map(|standing| standing.value.clone()))
    };
    let states: Vec<_> = homes.iter().zip(&standing).map(state).collect();
    let states: Vec<HomeState<'_>> = states
        .iter()
        .map(|(home, declaration, value)| HomeState {
            home: *home,
            declaration: *declaration,
            assigned: value.as_ref().and_then(|value| value.as_deref()),
        })
        .collect();
    let chosen = setting.homes_to_write(&states).map_err(|error| home_failure(setting, error))?;
    let edit = |home: Home| {
        let standing = root.standing(home);
        PlannedEdit {
            home,
            setting: setting.name,
            file: standing.as_ref().map(|standing| standing.file.clone()).unwrap_or_else(|| root.file_to_add_to(home).to_owned()),
            before: standing.and_then(|standing| standing.value),
        }
    };
    Ok(chosen.into_iter().map(edit).collect())
}

/// The value of a setting that counts: that of the first home that has one which is no placeholder.
pub(super) fn standing_value(root: &Root, setting: &Setting, release: &Version) -> Option<String> {
    let values = setting.homes(release).into_iter().filter_map(|home| root.standing(home)?.value);
    values.into_iter().find(|value| !setting.is_placeholder(value))
}

fn home_failure(setting: &Setting, error: HomeError) -> anyhow::Error {
    let hint = match &error {
        HomeError::Disagreement { winner, loser } => {
            format!(
                "keep one of them: `tfhelper tfvars unset {loser}` removes the one that psoxy ignores, `tfhelper tfvars unset {winner}` the other"
            )
        }
        HomeError::NoHome { .. } => format!(
            "declare a variable `{}` of type string in the root module and pass it to psoxy's module `worklytics-connectors`, as \
             psoxy's example root modules do",
            setting.name
        ),
    };
    Failure::new(ExitStatus::Usage, error.to_string()).hint(hint).into()
}

/// The edit as the summary of a dry run shows it.
pub(super) fn preview(planned: &PlannedEdit, args: &InitJiraArgs, cloud_id: Option<&str>) -> EditSummary {
    EditSummary {
        file: planned.file.clone(),
        address: planned.home.to_string(),
        before: planned.before.clone(),
        after: planned.after(args, cloud_id),
    }
}

pub(super) fn apply(
    _ctx: &mut Context,
    planned: &PlannedEdit,
    args: &InitJiraArgs,
    cloud_id: &str,
) -> anyhow::Result<EditSummary> {
    Ok(preview(planned, args, Some(cloud_id)))
}
