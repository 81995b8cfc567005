//! Paths as text, with forward slashes, as Go's `path/filepath` handles them.

/// The shortest name of the same place, without a look at the disk.
pub(super) fn clean(path: &str) -> String {
    let is_absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if is_absolute => {}
            _ => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (is_absolute, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

/// The last part; `.` of nothing.
pub(super) fn base(path: &str) -> &str {
    if path.is_empty() {
        return ".";
    }
    let trimmed = path.trim_end_matches('/');
    if trimmed.is_empty() {
        return "/";
    }
    trimmed.rsplit('/').next().unwrap_or(trimmed)
}

/// All but the last part.
pub(super) fn directory(path: &str) -> String {
    let end = path.rfind('/').map_or(0, |slash| slash + 1);
    clean(&path[..end])
}

/// One path below the other.
pub(super) fn join(directory: &str, path: &str) -> String {
    clean(&format!("{directory}/{path}"))
}

/// The way from a directory to a path, both cleaned and both relative to the same place.
pub(super) fn relative(directory: &str, path: &str) -> String {
    let parts = |path| str::split(path, '/').filter(|part| !matches!(*part, "" | "."));
    let common = parts(directory).zip(parts(path)).take_while(|(one, other)| one == other).count();
    let up = parts(directory).skip(common).map(|_| "..");
    up.chain(parts(path).skip(common)).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_path(path: &str, cleaned: &str, last: &str, rest: &str) {
        assert_eq!((clean(path).as_str(), base(path), directory(path).as_str()), (cleaned, last, rest));
    }

    #[test]
    fn paths_are_cleaned_and_taken_apart() {
        check_path("", ".", ".", ".");
        check_path("/", "/", "/", "/");
        check_path("a/b/", "a/b", "b", "a/b");
        check_path("a//b/../c", "a/c", "c", "a");
        check_path("../a", "../a", "a", "..");
        check_path("/../a", "/a", "a", "/");
        check_path("./", ".", ".", ".");
    }

    #[test]
    fn the_way_between_two_places_climbs_no_further_than_it_must() {
        assert_eq!(relative(".", "a/b"), "a/b");
        assert_eq!(relative("a", "a/b"), "b");
        assert_eq!(relative("a/c", "a/b/d"), "../b/d");
        assert_eq!(relative("/a", "/b"), "../b");
        assert_eq!(relative("a", "../b"), "../../b");
    }
}
