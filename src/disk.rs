//! The disk: reads a root module's files, and replaces a file so that nothing is lost on the way.
//!
//! A replacement is written beside the file and renamed onto it; whatever fails, the file is the old one or the new one.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::terraform::file_name::{is_automatic_definitions, is_configuration};

/// Files above this size are refused: no configuration is that large, and memory is not for nothing.
pub const SIZE_LIMIT: u64 = 64 * 1024 * 1024;

/// How many symbolic links are followed from one to the next; Linux follows as many.
const LINK_LIMIT: usize = 40;

/// A file of a root module.
#[derive(Debug)]
pub struct RootFile {
    /// Its name in the directory; what is not Unicode stands as U+FFFD.
    pub name: String,
    /// Its bytes, or why it cannot be read.
    pub content: Result<Vec<u8>>,
}

/// Reads the files of a directory that Terraform reads by itself, sorted by name.
///
/// # Errors
///
/// When the directory cannot be listed; the message names it. A file that cannot be read is no error here.
pub fn read_root_module(directory: &Path) -> Result<Vec<RootFile>> {
    let entries = fs::read_dir(directory).with_context(|| format!("cannot read directory `{}`", directory.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry.with_context(|| format!("cannot read directory `{}`", directory.display()))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_configuration = is_configuration(&name);
        if !is_configuration && !is_automatic_definitions(&name) {
            continue;
        }
        // Terraform passes over a directory named like configuration, but fails at one named like variable definitions.
        if is_configuration && entry.path().is_dir() {
            continue;
        }
        files.push(RootFile { content: read(&entry.path()), name });
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

/// Reads a file as a whole.
///
/// # Errors
///
/// When it is not there, is a directory or device, is larger than [`SIZE_LIMIT`], or cannot be read; the message names it.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    read_bytes(path).with_context(|| format!("cannot read file `{}`", path.display()))
}

/// Reads a file as a whole, where it is there.
///
/// # Errors
///
/// As [`read`], but for a file that is not there.
pub fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>> {
    match read_bytes(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read file `{}`", path.display())),
    }
}

fn read_bytes(path: &Path) -> io::Result<Vec<u8>> {
    // A device or named pipe may never end, so that is looked at before it is opened.
    let metadata = fs::metadata(path)?;
    if metadata.is_dir() {
        return Err(io::Error::new(ErrorKind::IsADirectory, "it is a directory"));
    }
    if !metadata.is_file() {
        return Err(io::Error::new(ErrorKind::InvalidInput, "it is no regular file"));
    }
    let too_large = || io::Error::new(ErrorKind::FileTooLarge, format!("it is larger than {} MiB", SIZE_LIMIT >> 20));
    if metadata.len() > SIZE_LIMIT {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or_default());
    File::open(path)?.take(SIZE_LIMIT + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > SIZE_LIMIT {
        return Err(too_large());
    }
    Ok(bytes)
}

/// Keeps other runs of tfhelper from changing files of a directory, until it is dropped or the process ends.
#[derive(Debug)]
pub struct Lock {
    _directory: File,
}

/// Waits until no other tfhelper changes files beside this one, and keeps them from it.
///
/// To be held from before a file is read until its replacement is written, and never while somebody is asked.
///
/// # Errors
///
/// When the directory cannot be opened; the message names it.
pub fn lock(path: &Path) -> Result<Lock> {
    let directory = parent(&follow_links(path)?);
    let file = File::open(&directory).with_context(|| format!("cannot open directory `{}`", directory.display()))?;
    match file.lock() {
        // Some network file systems know no locks; a change meanwhile is noticed all the same.
        Err(error) if error.kind() != ErrorKind::Unsupported => {
            Err(error).with_context(|| format!("cannot lock directory `{}`", directory.display()))
        }
        _ => Ok(Lock { _directory: file }),
    }
}

/// Who may read a file that is not there yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Whoever the process's file mode creation mask lets.
    Everybody,
    /// The owner alone: mode 0600.
    Owner,
}

/// Replaces a file's content, or creates the file where `before` is none; all or nothing.
///
/// A file that is there keeps its mode and owner, and a symbolic link keeps pointing at it.
///
/// # Errors
///
/// When the content is no longer `before`, the file is read-only, its owner cannot be kept, or it cannot be written; the
/// message names the file, and the file is as it was.
pub fn replace(path: &Path, before: Option<&[u8]>, after: &[u8], audience: Audience) -> Result<()> {
    replace_target(path, before, after, audience).with_context(|| format!("cannot write file `{}`", path.display()))
}

fn replace_target(path: &Path, before: Option<&[u8]>, after: &[u8], audience: Audience) -> Result<()> {
    let target = follow_links(path)?;
    let metadata = match fs::metadata(&target) {
        Ok(metadata) => Some(metadata),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(error.into()),
    };
    if metadata.as_ref().is_some_and(|metadata| metadata.permissions().readonly()) {
        bail!("it is read-only");
    }
    let directory = parent(&target);
    // Until it has the mode and owner of the file that it replaces, nobody else may read it.
    let audience = if metadata.is_some() { Audience::Owner } else { audience };
    let mut file = create_beside(&directory, audience)?;
    if let Some(metadata) = &metadata {
        keep_mode_and_owner(file.as_file(), metadata)?;
    }
    file.write_all(after)?;
    file.as_file().sync_all()?;
    if read_if_there(&target)?.as_deref() != before {
        bail!("it was changed by somebody else meanwhile");
    }
    match before {
        Some(_) => file.persist(&target)?,
        None => file.persist_noclobber(&target)?,
    };
    // The rename is done; that some file systems cannot sync a directory doesn't undo it.
    if let Ok(directory) = File::open(&directory) {
        let _ = directory.sync_all();
    }
    Ok(())
}

/// The directory that a file lies in.
fn parent(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Where a path leads to; unlike `fs::canonicalize`, also where nothing is there yet.
fn follow_links(path: &Path) -> Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..LINK_LIMIT {
        match fs::symlink_metadata(&path) {
            Ok(metadata) if metadata.is_symlink() => path = parent(&path).join(fs::read_link(&path)?),
            _ => return Ok(path),
        }
    }
    bail!("too many symbolic links, from one to the next")
}

#[cfg(unix)]
fn keep_mode_and_owner(file: &File, metadata: &fs::Metadata) -> Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let new = file.metadata()?;
    if (new.uid(), new.gid()) != (metadata.uid(), metadata.gid()) {
        let user = (new.uid() != metadata.uid()).then_some(metadata.uid());
        fchown(file, user, Some(metadata.gid())).context("cannot keep its owner and group")?;
    }
    file.set_permissions(metadata.permissions())?;
    Ok(())
}

#[cfg(not(unix))]
fn keep_mode_and_owner(file: &File, metadata: &fs::Metadata) -> Result<()> {
    Ok(file.set_permissions(metadata.permissions())?)
}

/// The temporary file; its mode is the one that a new file is to have.
fn create_beside(directory: &Path, audience: Audience) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".tfhelper-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = match audience {
            Audience::Everybody => 0o666,
            Audience::Owner => 0o600,
        };
        builder.permissions(fs::Permissions::from_mode(mode));
    }
    builder.tempfile_in(directory)
}

#[cfg(test)]
mod tests;
