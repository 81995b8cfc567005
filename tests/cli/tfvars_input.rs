//! `tfhelper tfvars` on what it cannot take: the message says what, where, why and how to mend it, and the file stays.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;
use std::thread;

use super::tfvars::{Outcome, check_refused, folder, outcome, run};

/// Whether modes bind the user that the tests run as; they don't bind root.
#[expect(clippy::print_stderr, reason = "a test that is passed over has to say so")]
fn modes_bind(folder: &Path) -> bool {
    let binds = fs::File::create(folder.join("probe")).is_err();
    if !binds {
        eprintln!("the tests run as root: nothing is read-only to it");
    }
    binds
}

#[track_caller]
fn check_unread(outcome: &Outcome, because: &str) {
    assert_eq!(outcome.status, Some(2), "{outcome:#?}");
    assert!(outcome.stderr.contains("terraform.tfvars") && outcome.stderr.contains(because), "{outcome:#?}");
}

#[test]
fn a_missing_file_is_named() {
    check_unread(&run(&tempfile::tempdir().unwrap(), &["list"]), "No such file");
}

#[test]
fn a_directory_is_no_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("terraform.tfvars")).unwrap();
    check_unread(&run(&folder, &["list"]), "it is a directory");
    check_unread(&run(&folder, &["set", "a", "x"]), "it is a directory");
}

#[test]
fn a_named_pipe_is_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let made = Command::new("mkfifo").arg(folder.path().join("terraform.tfvars")).status().unwrap();
    assert!(made.success());
    check_unread(&run(&folder, &["list"]), "it is no regular file");
}

#[test]
fn a_huge_file_is_refused_before_it_is_read() {
    let folder = folder("terraform.tfvars", "");
    fs::File::options().write(true).open(folder.path().join("terraform.tfvars")).unwrap().set_len(1 << 40).unwrap();
    check_unread(&run(&folder, &["list"]), "it is larger than 64 MiB");
}

#[test]
fn bytes_that_are_not_utf_8_have_their_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("terraform.tfvars");
    fs::write(&path, b"a = 1\nb = \"\xe9\"\n").unwrap();
    check_unread(&run(&folder, &["set", "a", "x"]), "terraform.tfvars:2:6: Invalid character encoding");
    assert_eq!(fs::read(&path).unwrap(), b"a = 1\nb = \"\xe9\"\n");
}

#[test]
fn a_nul_has_its_place() {
    check_refused("a = 1\n\0\n", &["set", "a", "x"], 2, "terraform.tfvars:2:1: Invalid character");
}

#[test]
fn an_address_that_is_none_shows_how_to_write_one() {
    for address in ["a.", "a b", "a[", "a[*]", "1", "a-[b]", "${a}", ""] {
        check_refused("a = 1\n", &["set", address, "x"], 2, "write it as Terraform does: `a`, `a.b`");
    }
    check_refused("a = 1\n", &["get", "a\u{1b}[31m b"], 2, "\\u{1b}");
}

#[test]
fn values_reach_the_file_quoted() {
    for value in ["${a}", "%{if b}", "\"; rm -rf ~", "a\nb", "\\", "\u{1b}[31m", "$${x}", "{", "é", "'"] {
        let folder = folder("terraform.tfvars", "a = 1\n");
        assert_eq!(run(&folder, &["set", "a", value]).status, Some(0), "{value}");
        assert_eq!(run(&folder, &["get", "a", "--raw"]).stdout, format!("{value}\n"));
        let text = fs::read_to_string(folder.path().join("terraform.tfvars")).unwrap();
        assert!(text.lines().count() == 1 && !text.trim_end().contains(char::is_control), "{text}");
    }
}

#[test]
fn no_control_character_of_a_value_reaches_the_terminal() {
    let folder = folder("terraform.tfvars", "a = \"\u{1b}[31m\u{202e}\"\n# \u{1b}[2J\n");
    for arguments in [&["list"][..], &["get", "a"], &["set", "a", "x", "--dry-run"]] {
        let outcome = run(&folder, arguments);
        assert_eq!(outcome.status, Some(0), "{outcome:#?}");
        assert!(!outcome.stdout.contains(['\u{1b}', '\u{202e}']), "{outcome:#?}");
    }
}

#[test]
fn a_symbolic_link_stays_one() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("shared")).unwrap();
    fs::write(at("shared/real"), "a = 1\n").unwrap();
    symlink("shared/real", at("middle")).unwrap();
    symlink("middle", at("terraform.tfvars")).unwrap();
    assert_eq!(run(&folder, &["set", "a", "x"]).status, Some(0));
    assert_eq!(fs::read_link(at("terraform.tfvars")).unwrap(), Path::new("middle"));
    assert_eq!(fs::read_link(at("middle")).unwrap(), Path::new("shared/real"));
    assert_eq!(fs::read_to_string(at("shared/real")).unwrap(), "a = \"x\"\n");
}

#[test]
fn a_link_to_nothing_gets_its_target_and_one_to_itself_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    symlink("real", folder.path().join("terraform.tfvars")).unwrap();
    assert_eq!(run(&folder, &["set", "a", "x"]).status, Some(0));
    assert_eq!(fs::read_to_string(folder.path().join("real")).unwrap(), "a = \"x\"\n");
    symlink("loop.tfvars", folder.path().join("loop.tfvars")).unwrap();
    let outcome = run(&folder, &["set", "a", "x", "--file", "loop.tfvars"]);
    assert_eq!(outcome.status, Some(2));
    assert!(outcome.stderr.contains("symbolic links"), "{outcome:#?}");
}

#[test]
fn a_directory_that_may_not_be_written_is_named() {
    let folder = folder("terraform.tfvars", "a = 1\n");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o555)).unwrap();
    if modes_bind(folder.path()) {
        check_unread(&run(&folder, &["set", "a", "x"]), "Permission denied");
        assert_eq!(fs::read_to_string(folder.path().join("terraform.tfvars")).unwrap(), "a = 1\n");
    }
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_write_that_fails_half_way_leaves_the_file_and_nothing_beside_it() {
    let before = format!("a = \"{}\"\n", "x".repeat(5000));
    let folder = folder("terraform.tfvars", &before);
    // The limit stands for a full disk: it lets the first bytes be written and not the rest.
    let limited = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 2; exec \"$0\" tfvars set b x", env!("CARGO_BIN_EXE_tfhelper")])
        .env_clear()
        .current_dir(folder.path())
        .output()
        .unwrap();
    check_unread(&outcome(limited), "cannot write file");
    assert_eq!(fs::read_to_string(folder.path().join("terraform.tfvars")).unwrap(), before);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn edits_at_the_same_time_are_all_kept() {
    let folder = folder("terraform.tfvars", "a = 1\n");
    thread::scope(|scope| {
        for number in 0..8 {
            let folder = &folder;
            scope.spawn(move || assert_eq!(run(folder, &["set", &format!("v{number}"), "x"]).status, Some(0)));
        }
    });
    let text = fs::read_to_string(folder.path().join("terraform.tfvars")).unwrap();
    assert!((0..8).all(|number| text.contains(&format!("v{number}"))), "{text}");
}
