//! Reading and replacing files, whatever is in the way.

use super::*;

#[track_caller]
fn check_refused(result: Result<()>, because: &str) {
    let error = format!("{:#}", result.unwrap_err());
    assert!(error.contains(because), "{error}");
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn replaces_the_content() {
    let folder = folder();
    let path = folder.path().join("a.tfvars");
    fs::write(&path, "a").unwrap();
    replace(&path, Some(b"a"), b"b", Audience::Everybody).unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"b");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn refuses_a_file_that_was_changed() {
    let folder = folder();
    let path = folder.path().join("a.tfvars");
    fs::write(&path, "c").unwrap();
    check_refused(replace(&path, Some(b"a"), b"b", Audience::Everybody), "changed by somebody else");
    assert_eq!(fs::read(&path).unwrap(), b"c");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn refuses_to_create_a_file_that_is_there() {
    let folder = folder();
    let path = folder.path().join("a.tfvars");
    fs::write(&path, "c").unwrap();
    check_refused(replace(&path, None, b"b", Audience::Everybody), "changed by somebody else");
}

#[cfg(unix)]
#[test]
fn keeps_mode_and_symbolic_link() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = folder();
    let (path, link) = (folder.path().join("real"), folder.path().join("a.tfvars"));
    fs::write(&path, "a").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    symlink("real", &link).unwrap();
    replace(&link, Some(b"a"), b"b", Audience::Everybody).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read(&path).unwrap(), b"b");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
}

#[cfg(unix)]
#[test]
fn creates_through_a_symbolic_link_to_nothing() {
    let folder = folder();
    let link = folder.path().join("a.tfvars");
    std::os::unix::fs::symlink("real", &link).unwrap();
    replace(&link, None, b"b", Audience::Everybody).unwrap();
    assert_eq!(fs::read(folder.path().join("real")).unwrap(), b"b");
}

#[cfg(unix)]
#[test]
fn a_file_for_the_owner_is_readable_by_nobody_else() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let path = folder.path().join("token");
    replace(&path, None, b"b", Audience::Owner).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[cfg(unix)]
#[test]
fn refuses_a_read_only_file() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let path = folder.path().join("a.tfvars");
    fs::write(&path, "a").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    check_refused(replace(&path, Some(b"a"), b"b", Audience::Everybody), "read-only");
}

#[cfg(unix)]
#[test]
fn refuses_symbolic_links_in_a_circle() {
    let folder = folder();
    let link = folder.path().join("a.tfvars");
    std::os::unix::fs::symlink("a.tfvars", &link).unwrap();
    check_refused(replace(&link, None, b"b", Audience::Everybody), "symbolic links");
}

#[test]
fn reads_what_terraform_reads_by_itself() {
    let folder = folder();
    for name in ["b.tf", "a.tf.json", ".c.tf", "d.tf~", "terraform.tfvars", ".e.auto.tfvars", "f.tfvars", "g.auto.tfvars.json"] {
        fs::write(folder.path().join(name), "").unwrap();
    }
    fs::create_dir(folder.path().join("h.tf")).unwrap();
    fs::create_dir(folder.path().join("i.auto.tfvars")).unwrap();
    let files = read_root_module(folder.path()).unwrap();
    let names: Vec<_> = files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, [".e.auto.tfvars", "a.tf.json", "b.tf", "g.auto.tfvars.json", "i.auto.tfvars", "terraform.tfvars"]);
    assert!(files[4].content.is_err());
}

#[test]
fn a_missing_file_is_no_error_where_it_may_be_missing() {
    assert!(read_if_there(Path::new("no such file")).unwrap().is_none());
    assert!(read(Path::new("no such file")).is_err());
}

#[cfg(unix)]
#[test]
fn keeps_the_owner_and_group() {
    use std::os::unix::fs::{MetadataExt, chown};
    let folder = folder();
    let path = folder.path().join("a.tfvars");
    fs::write(&path, "a").unwrap();
    // Root alone can give a file away.
    let expected = if chown(&path, Some(1234), Some(5678)).is_ok() { Some((1234, 5678)) } else { None };
    let owner = || fs::metadata(&path).map(|metadata| (metadata.uid(), metadata.gid())).unwrap();
    let before = owner();
    replace(&path, Some(b"a"), b"b", Audience::Everybody).unwrap();
    assert_eq!(owner(), expected.unwrap_or(before));
}

#[cfg(unix)]
#[test]
fn a_file_that_was_for_the_owner_stays_so() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let path = folder.path().join("a.tfvars");
    fs::write(&path, "a").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    replace(&path, Some(b"a"), b"b", Audience::Everybody).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn refuses_a_file_that_is_gone() {
    let folder = folder();
    let path = folder.path().join("a.tfvars");
    check_refused(replace(&path, Some(b"a"), b"b", Audience::Everybody), "changed by somebody else");
    assert!(!path.exists());
}

#[test]
fn refuses_a_directory_that_is_not_there() {
    let folder = folder();
    check_refused(replace(&folder.path().join("no/a.tfvars"), None, b"b", Audience::Everybody), "No such file");
}

#[test]
fn one_lock_at_a_time_is_held_in_a_directory() {
    let folder = folder();
    let lock = lock(&folder.path().join("a.tfvars")).unwrap();
    let other = File::open(folder.path()).unwrap();
    assert!(other.try_lock().is_err());
    drop(lock);
    assert!(other.try_lock().is_ok());
}
