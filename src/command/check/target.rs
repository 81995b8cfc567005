//! Which root modules are checked: the directory itself, those that files belong to, or all below a directory.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::cli::check::CheckArgs;
use crate::command::context::Context;
use crate::discovery::Discovery;
use crate::report::printable_name;
use crate::repository;

/// The root modules to check.
pub(super) struct Targets {
    /// Their directories, in the order of the report.
    pub directories: Vec<PathBuf>,
    /// The report names each root module.
    pub is_recursive: bool,
    /// What the user should know of the choice.
    pub notes: Vec<String>,
}

/// Finds the root modules that the arguments name.
pub(super) fn find(ctx: &Context, args: &CheckArgs) -> anyhow::Result<Targets> {
    let paths: Vec<PathBuf> = args.paths.iter().map(|path| ctx.directory.join(path)).collect();
    if let Some(missing) = paths.iter().find(|path| !path.exists()) {
        bail!("cannot find `{}`", name(missing));
    }
    let (directories, files): (Vec<PathBuf>, Vec<PathBuf>) = paths.into_iter().partition(|path| path.is_dir());
    if args.recursive || args.changed {
        if let Some(file) = files.first() {
            bail!("`{}` is no directory to look for root modules in", name(file));
        }
        let tops = if directories.is_empty() { vec![ctx.directory.clone()] } else { directories };
        return below(&tops, args);
    }
    if !files.is_empty() {
        return of_files(ctx, &files, directories);
    }
    if directories.is_empty() {
        return Ok(Targets { directories: vec![ctx.directory.clone()], is_recursive: false, notes: Vec::new() });
    }
    Ok(Targets { is_recursive: directories.len() > 1, directories, notes: Vec::new() })
}

/// `--recursive` and `--changed`.
fn below(tops: &[PathBuf], args: &CheckArgs) -> anyhow::Result<Targets> {
    let (mut directories, mut notes) = (Vec::new(), Vec::new());
    for top in tops {
        let found = Discovery::below(top);
        let roots = if args.changed {
            // What has changed is told relative to the repository's top, what was found relative to where the search began.
            let full = top.canonicalize().with_context(|| format!("cannot find `{}`", name(top)))?;
            let Some(repository) = repository::top_of(top) else { bail!("`{}` is in no git repository", name(top)) };
            let changed = repository::changed_files(&repository, &args.base)?;
            let below: Vec<PathBuf> = changed.iter().filter_map(|file| Some(top.join(file.strip_prefix(&full).ok()?))).collect();
            found.concerned_by(&below)
        } else {
            found.root_modules()
        };
        directories.extend(roots.into_iter().map(Path::to_path_buf));
        notes.extend(found.unreadable.iter().map(|(path, why)| format!("`{}` was passed over: {why}", path.display())));
        if directories.is_empty() {
            let which = if args.changed { "no changed root module" } else { "no root module" };
            notes.push(format!("{which} below `{}`; {} other modules", top.display(), found.other_modules()));
        }
    }
    directories.sort();
    directories.dedup();
    Ok(Targets { directories, is_recursive: true, notes })
}

/// The root modules that files belong to, as pre-commit names files.
fn of_files(ctx: &Context, files: &[PathBuf], mut directories: Vec<PathBuf>) -> anyhow::Result<Targets> {
    let top = ctx.directory.canonicalize().with_context(|| format!("cannot find `{}`", ctx.directory.display()))?;
    let mut inside = Vec::new();
    for file in files {
        // The folder alone: a symbolic link belongs to where it lies.
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let full = folder.canonicalize().with_context(|| format!("cannot find `{}`", name(folder)))?;
        match full.strip_prefix(&top) {
            Ok(within) => inside.push(ctx.directory.join(within).join(file.file_name().unwrap_or_default())),
            Err(_) => {
                let found = Discovery::below(folder);
                directories.extend(found.concerned_by(std::slice::from_ref(file)).into_iter().map(Path::to_path_buf));
            }
        }
    }
    directories.extend(Discovery::below(&ctx.directory).concerned_by(&inside).into_iter().map(Path::to_path_buf));
    directories.sort();
    directories.dedup();
    let mut notes = Vec::new();
    if directories.is_empty() {
        notes.push("none of these files belongs to a root module".to_owned());
    }
    Ok(Targets { directories, is_recursive: true, notes })
}

fn name(path: &Path) -> String {
    printable_name(&path.display().to_string())
}
