//! What the README promises is there.

use std::path::Path;
use std::process::Command;

use tfhelper::check;

fn readme() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap()
}

#[test]
fn readme_lists_every_check_as_the_catalogue_has_it() {
    let rows: Vec<String> = check::ALL.iter().map(|check| format!("| `{}` | {} |", check.id, check.about)).collect();
    assert!(readme().contains(&rows.join("\n")), "the table of checks in README.md should be:\n{}", rows.join("\n"));
}

#[test]
fn readme_names_only_commands_that_are_there() {
    let text = readme();
    let named =
        text.split("tfhelper ").skip(1).filter_map(|rest| rest.split(|c: char| !c.is_ascii_lowercase() && c != '-').next());
    let mut commands: Vec<&str> = named.filter(|word| !word.is_empty()).collect();
    commands.sort_unstable();
    commands.dedup();
    for command in commands.iter().filter(|word| is_command_word(&text, word)) {
        let output = Command::new(env!("CARGO_BIN_EXE_tfhelper")).args([command, "--help"]).output().unwrap();
        assert!(output.status.success(), "README.md names `tfhelper {command}`: {}", String::from_utf8_lossy(&output.stderr));
    }
}

/// In code, not in a sentence.
fn is_command_word(text: &str, word: &str) -> bool {
    text.contains(&format!("`tfhelper {word}")) || text.contains(&format!("\ntfhelper {word}"))
}

#[test]
fn files_that_the_readme_links_to_are_there() {
    let text = readme();
    let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next()).filter(|link| !link.starts_with("http"));
    for link in links {
        assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(link).exists(), "README.md links to `{link}`");
    }
}
