//! The variables that a setup sets: where each one lives, and the edit of its file.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};
use similar::{ChangeTag, TextDiff};

use super::root::Root;
use super::steps::done;
use super::summary::EditSummary;
use crate::command::context::Context;
use crate::command::failure::{ExitStatus, Failure};
use crate::connector::setting::{Declaration, Home, HomeError, HomeState, Setting};
use crate::disk::{self, Audience};
use crate::report::printable;
use crate::terraform::tfvars::address::Address;
use crate::terraform::tfvars::{NewValue, Tfvars};
use crate::terraform::version::Version;

/// Lines of the file that a diff shows around a change.
const CONTEXT_LINES: usize = 2;

/// An edit whose place is known; its value may come later.
pub(crate) struct PlannedEdit {
    pub(crate) home: Home,
    /// The value that it will have, where that is known already.
    value: Option<String>,
    /// The variable definitions file, relative to the root module.
    pub(crate) file: String,
    /// The value that stands there; none where there is no string.
    before: Option<String>,
    /// What no diff may show.
    sensitive_texts: Vec<String>,
}

impl PlannedEdit {
    fn address(&self) -> Address {
        let variable = Address::variable(self.home.variable());
        match self.home.key() {
            Some(key) => variable.attribute(key),
            None => variable,
        }
    }
}

/// Finds where a setting goes, and makes sure that it can be written there; the value may come later.
///
/// # Errors
///
/// When two assignments disagree, the root module declares no home for it, or the file cannot be edited.
pub(crate) fn plan(
    ctx: &Context,
    root: &Root,
    setting: &Setting,
    release: &Version,
    value: Option<&str>,
) -> anyhow::Result<Vec<PlannedEdit>> {
    let homes = homes(root, setting, release);
    let states: Vec<HomeState<'_>> = homes
        .iter()
        .map(|(home, declaration, standing)| HomeState { home: *home, declaration: *declaration, assigned: standing.as_deref() })
        .collect();
    let chosen = setting.homes_to_write(&states).map_err(|error| home_failure(setting, &error))?;
    let mut edits = Vec::new();
    for home in chosen {
        let planned = PlannedEdit {
            home,
            value: value.map(String::from),
            file: root.file_for(home).to_owned(),
            before: root.standing(home),
            sensitive_texts: root.sensitive_texts(),
        };
        // Tried out now, so that it does not fail half-way; the placeholder stands in for a value to come.
        let path = ctx.directory.join(&planned.file);
        edited(&path, &planned, value.unwrap_or(setting.placeholder)).and_then(|_| require_writable(&path)).map_err(|error| {
            let message = format!("cannot set `{home}` in `{}`", planned.file);
            Failure::new(ExitStatus::Usage, message)
                .because(error)
                .hint("nothing was changed; correct the cause and run the command again")
        })?;
        edits.push(planned);
    }
    Ok(edits)
}

/// The value of a setting that counts: that of the first home that has one which is no placeholder.
pub(crate) fn standing_value(root: &Root, setting: &Setting, release: &Version) -> Option<String> {
    let values = homes(root, setting, release).into_iter().filter_map(|(_, _, standing)| standing);
    values.into_iter().find(|value| !setting.is_placeholder(value))
}

fn homes(root: &Root, setting: &Setting, release: &Version) -> Vec<(Home, Declaration, Option<String>)> {
    let homes = setting.homes(release).into_iter();
    homes.map(|home| (home, root.declaration(home), root.standing(home))).collect()
}

fn home_failure(setting: &Setting, error: &HomeError) -> Failure {
    let hint = match error {
        HomeError::Disagreement { winner, loser } => format!(
            "keep one of them: `tfhelper tfvars unset {loser}` removes the one that psoxy ignores, `tfhelper tfvars unset {winner}` the other"
        ),
        HomeError::NoHome { .. } => format!(
            "declare a variable `{}` of type string in the root module and pass it to psoxy's module `worklytics-connectors`, as \
             psoxy's example root modules do",
            setting.name
        ),
    };
    Failure::new(ExitStatus::Usage, error.to_string()).hint(hint)
}

/// The edit as a summary shows it; `late` is the value of one whose value was not known when it was planned.
pub(crate) fn preview(planned: &PlannedEdit, late: Option<&str>) -> EditSummary {
    EditSummary {
        file: planned.file.clone(),
        address: planned.home.to_string(),
        before: planned.before.clone(),
        after: planned.value.as_deref().or(late).map(String::from),
    }
}

/// Makes the edit and shows it as a diff; a value that is set already changes nothing.
///
/// # Errors
///
/// When the file changed so that it cannot be edited, or cannot be written.
pub(crate) fn apply(ctx: &mut Context, planned: &PlannedEdit, late: Option<&str>) -> anyhow::Result<EditSummary> {
    let summary = preview(planned, late);
    let value = summary.after.as_deref().unwrap_or_default();
    let path = ctx.directory.join(&planned.file);
    let _lock = disk::lock(&path)?;
    let Edited { bytes, before, after } =
        edited(&path, planned, value).with_context(|| format!("cannot set `{}` in `{}`", planned.home, planned.file))?;
    if before == after {
        done(ctx, &format!("`{}` in `{}` is set already", planned.home, planned.file));
        return Ok(summary);
    }
    disk::replace(&path, bytes.as_deref(), after.as_bytes(), Audience::Everybody)?;
    done(ctx, &format!("`{}` set in `{}`:", planned.home, planned.file));
    show_diff(ctx, planned, &before, &after);
    Ok(summary)
}

struct Edited {
    /// The file as it is; none where it is not there.
    bytes: Option<Vec<u8>>,
    before: String,
    after: String,
}

fn edited(path: &Path, planned: &PlannedEdit, value: &str) -> anyhow::Result<Edited> {
    let bytes = disk::read_if_there(path)?;
    let tfvars = Tfvars::parse(&planned.file, bytes.clone().unwrap_or_default())?;
    let before = tfvars.text().to_owned();
    let after = tfvars.set(&planned.address(), &NewValue::string(value))?;
    Ok(Edited { bytes, before, after })
}

/// Tries what replacing the file takes: a file that may be changed, and a folder that takes another one.
fn require_writable(path: &Path) -> anyhow::Result<()> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if fs::metadata(&target).is_ok_and(|metadata| metadata.permissions().readonly()) {
        bail!("`{}` is read-only", target.display());
    }
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    tempfile::tempfile_in(folder).with_context(|| format!("cannot create a file in `{}`", folder.display()))?;
    Ok(())
}

fn show_diff(ctx: &mut Context, planned: &PlannedEdit, before: &str, after: &str) {
    const ADDED: anstyle::Style = anstyle::AnsiColor::Green.on_default();
    const REMOVED: anstyle::Style = anstyle::AnsiColor::Red.on_default();
    let diff = TextDiff::from_lines(before, after);
    for group in diff.grouped_ops(CONTEXT_LINES) {
        for change in group.iter().flat_map(|operation| diff.iter_changes(operation)) {
            let line = change.value().trim_end_matches(['\r', '\n']);
            let is_sensitive = planned.sensitive_texts.iter().any(|text| line.contains(text.as_str()));
            let line = if is_sensitive { "(a line with a sensitive value)".into() } else { printable(line) };
            match change.tag() {
                ChangeTag::Equal => ctx.note(format_args!("       {line}")),
                ChangeTag::Delete => ctx.note(format_args!("     {REMOVED}- {line}{REMOVED:#}")),
                ChangeTag::Insert => ctx.note(format_args!("     {ADDED}+ {line}{ADDED:#}")),
            }
        }
    }
}
