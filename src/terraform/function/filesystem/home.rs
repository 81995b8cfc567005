//! `~` at the start of a path: the home directory of whoever runs Terraform.
//!
//! Source: mitchellh/go-homedir v1.1.0, `Expand`; tried with terraform 1.11.4. `abspath` and `fileset` do not know it.

use std::borrow::Cow;

use super::path;
use crate::terraform::function::Files;

/// The path with the home directory in the place of `~`; none where nobody knows which that is.
///
/// # Errors
///
/// When it is the home of another user, which Terraform does not look for.
pub(super) fn expand<'p>(path: &'p str, files: &dyn Files) -> Result<Option<Cow<'p, str>>, &'static str> {
    let Some(below) = path.strip_prefix('~') else { return Ok(Some(Cow::Borrowed(path))) };
    if !below.is_empty() && !below.starts_with(['/', '\\']) {
        return Err("cannot expand user-specific home dir");
    }
    Ok(files.home().map(|home| Cow::Owned(path::join(&home, below))))
}

/// [`expand`] for the functions that read, whose path is cleaned before, with the error in their words.
///
/// # Errors
///
/// As [`expand`].
pub(in crate::terraform::function) fn expand_to_read(path: &str, files: &dyn Files) -> Result<Option<String>, String> {
    let expanded = expand(path, files).map_err(|why| format!("failed to expand ~: {why}"))?;
    Ok(expanded.map(|path| path::clean(&path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A disk of somebody whose home is known, or not.
    struct Of(Option<&'static str>);

    impl Files for Of {
        fn read(&self, _: &str) -> std::io::Result<Vec<u8>> {
            Err(std::io::ErrorKind::NotFound.into())
        }

        fn is_file(&self, _: &str) -> std::io::Result<bool> {
            Ok(false)
        }

        fn list(&self, _: &str) -> std::io::Result<Vec<String>> {
            Ok(Vec::new())
        }

        fn home(&self) -> Option<String> {
            self.0.map(str::to_owned)
        }
    }

    #[track_caller]
    fn check_expand(path: &str, expected: Result<Option<&str>, &str>) {
        let expanded = expand(path, &Of(Some("/home/a/")));
        assert_eq!(expanded.as_ref().map(Option::as_deref).map_err(|why| *why), expected);
    }

    #[test]
    fn own_home_is_put_in_place() {
        check_expand("~", Ok(Some("/home/a")));
        check_expand("~/psoxy/", Ok(Some("/home/a/psoxy")));
        check_expand("~\\a", Ok(Some("/home/a/\\a")));
    }

    #[test]
    fn path_without_it_stays() {
        check_expand("a/~/b/", Ok(Some("a/~/b/")));
        check_expand("", Ok(Some("")));
    }

    #[test]
    fn home_of_another_user_is_refused() {
        check_expand("~java/pom.xml", Err("cannot expand user-specific home dir"));
    }

    #[test]
    fn home_that_nobody_knows_is_none() {
        assert_eq!(expand("~/a", &Of(None)), Ok(None));
        assert_eq!(expand("a", &Of(None)), Ok(Some(Cow::Borrowed("a"))));
    }
}
