//! The disk, for functions such as `file`: paths are relative to the root module, as terraform is run in it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rustix::io::Errno;

use crate::terraform::function::Files;

/// The number of paths below a folder after which `fileset` gives up.
const MOST_FILES: usize = 200_000;

/// The disk as functions such as `file` see it.
#[derive(Debug, Clone)]
pub struct ModuleFiles {
    directory: PathBuf,
    /// `HOME`
    home: Option<String>,
}

impl ModuleFiles {
    /// The disk of a root module's directory, for somebody with this home directory.
    #[must_use]
    pub fn new(directory: &Path, home: Option<String>) -> Self {
        Self { directory: directory.to_path_buf(), home }
    }
}

impl Files for ModuleFiles {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        fs::read(self.directory.join(path))
    }

    fn is_file(&self, path: &str) -> io::Result<bool> {
        match fs::metadata(self.directory.join(path)) {
            Ok(metadata) if metadata.is_file() => Ok(true),
            Ok(metadata) if metadata.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
            Ok(_) => Err(io::Error::other("is not a regular file")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn list(&self, directory: &str) -> io::Result<Vec<String>> {
        let top = self.directory.join(directory);
        let mut found = Vec::new();
        let mut waiting = vec![top.clone()];
        while let Some(directory) = waiting.pop() {
            for entry in fs::read_dir(directory)? {
                let path = entry?.path();
                match fs::metadata(&path) {
                    Ok(metadata) if metadata.is_dir() => waiting.push(path),
                    // A link in a circle is followed until the system refuses, as Terraform does.
                    Err(error) if error.raw_os_error() == Some(Errno::LOOP.raw_os_error()) => {}
                    Ok(_) | Err(_) => {
                        found.extend(path.strip_prefix(&top).map(|relative| relative.to_string_lossy().into_owned()));
                    }
                }
            }
            // Each further link in a circle doubles the paths.
            if found.len() + waiting.len() > MOST_FILES {
                return Err(io::Error::other(format!("more than {MOST_FILES} files, or symbolic links in a circle")));
            }
        }
        found.sort_unstable();
        Ok(found)
    }

    fn home(&self) -> Option<String> {
        self.home.clone()
    }
}
