//! What macOS and small systems ask of the scripts: bash 3.2, any awk; and what shellcheck says of them.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use regex::Regex;
use tfhelper::connector::{self, NEWEST_RELEASE};
use tfhelper::test_script::template::Templates;
use tfhelper::test_script::{ProxyHost, Script, Subject, Target, render};

use crate::script_stage::{CLOUD_ID, ScriptStage, Server, assert_says, healthy};

fn scripts_from(templates: &Templates, proxy: ProxyHost) -> Vec<Script> {
    let settings = [
        ("jira_cloud_id", CLOUD_ID.to_owned()),
        ("jira_server_url", "jira.acme.test".to_owned()),
        ("jira_example_issue_id", "it's $(1)\n".to_owned()),
    ];
    let mut scripts = Vec::new();
    for connector in connector::ALL {
        let subject =
            Subject { connector, release: &NEWEST_RELEASE, settings: &settings, proxy: Some(proxy), root_module: "../a'b" };
        scripts.extend(render(templates, &subject, &[Target::Direct, Target::Proxy]).unwrap());
    }
    scripts
}

/// Every script that the built-in templates can give.
fn every_script() -> Vec<Script> {
    let templates = Templates::built_in().unwrap();
    [ProxyHost::Aws, ProxyHost::Gcp].into_iter().flat_map(|proxy| scripts_from(&templates, proxy)).collect()
}

/// A program on PATH; none, after saying so, where it is not installed and nobody insists.
#[expect(clippy::print_stderr, reason = "a test that proves nothing says so")]
fn installed(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.exists());
    if found.is_none() {
        assert!(std::env::var_os("CI").is_none_or(|ci| ci.is_empty()), "{name} is missing: run .ci/install-peers");
        eprintln!("{name} is missing, so this test proves nothing: run .ci/install-peers");
    }
    found
}

/// Runs a program with this on its standard input; what it printed, and whether all was well.
fn pipe(command: &mut Command, input: &str) -> (bool, String) {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A program that has seen enough closes the pipe.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn shellcheck_finds_nothing() {
    let Some(shellcheck) = installed("shellcheck") else { return };
    for script in every_script() {
        let (is_clean, said) = pipe(Command::new(&shellcheck).args(["--shell=bash", "--severity=style", "-"]), &script.content);
        assert!(is_clean, "{}\n{said}", script.name);
    }
}

#[test]
fn every_script_parses_under_bash_and_its_posix_mode() {
    for script in every_script() {
        for options in [&["-n"][..], &["--posix", "-n"][..]] {
            assert!(pipe(Command::new("bash").args(options), &script.content).0, "{} {options:?}", script.name);
        }
    }
}

/// What bash has only since a release after 3.2, which is macOS's.
///
/// Source: bash's own file CHANGES, sections 4.0 to 5.3. A list that is expanded while it is empty is an error under `set -u`
/// before 4.4, so each expansion of a whole list says what to do then, or follows a check of its length.
const AFTER_BASH_3_2: [&str; 15] = [
    r"\b(declare|local|typeset) -[a-zA-Z]*[Angl]",
    r"\$\{[A-Za-z_][A-Za-z0-9_]*(\[[^]]*\])?(,|\^)",
    r"\b(mapfile|readarray|coproc)\b",
    r"&>>",
    r"\|&",
    r";;?&",
    r"\[\[? -v ",
    r"\$\{[^}]*@[QEPAaKkUuL]\}",
    r"printf[^|;]*%\([^)]*\)T",
    r"\bshopt -s (globstar|lastpipe|autocd)",
    r"\$\{[A-Za-z_]+\[-[0-9]+\]\}",
    r"\{[A-Za-z_]+\}[<>]",
    r"\bwait -[np]\b",
    r"\$\{?(EPOCHSECONDS|EPOCHREALTIME|SRANDOM|BASHPID)\b",
    r"\bread [^|;]*-[a-zA-Z]*[iN]\b",
];

/// The lines that bash 3.2 does not understand.
fn modern_lines(script: &str) -> Vec<&str> {
    let patterns: Vec<Regex> = AFTER_BASH_3_2.iter().map(|pattern| Regex::new(pattern).unwrap()).collect();
    let code = script.lines().filter(|line| !line.trim_start().starts_with('#'));
    code.filter(|line| patterns.iter().any(|pattern| pattern.is_match(line))).collect()
}

#[track_caller]
fn check_modern(line: &str, is_modern: bool) {
    assert_eq!(!modern_lines(line).is_empty(), is_modern, "{line}");
}

#[test]
fn no_script_uses_what_came_after_bash_3_2() {
    for script in every_script() {
        assert_eq!(modern_lines(&script.content), Vec::<&str>::new(), "{}", script.name);
    }
}

#[test]
fn constructs_after_bash_3_2_are_recognized() {
    for line in [
        "declare -A map",
        "local -n name=$1",
        "echo ${x,,}",
        "mapfile -t lines",
        "x &>>log",
        "x |& y",
        "[[ -v x ]]",
        "echo ${x@Q}",
        "printf '%(%F)T' -1",
        "a) x ;;&",
        "exec {fd}<x",
        "echo ${list[-1]}",
        "coproc x",
    ] {
        check_modern(line, true);
    }
}

#[test]
fn constructs_of_bash_3_2_are_let_through() {
    for line in ["declare -a list", "local x=$1", "echo ${x%%,*}", "x >>log 2>&1", "x || y", "printf '%s (T)' x", "a) x ;;"] {
        check_modern(line, false);
    }
}

/// The awks that Linux distributions, the BSDs, macOS (the original one) and small systems have.
const AWKS: [(&str, &str); 4] = [("mawk", ""), ("gawk", ""), ("original-awk", ""), ("busybox", "awk")];

const JSON: [(&str, bool); 24] = [
    (r#"{"a":[1,{"b":"c"}],"d":{}}"#, true),
    ("[\n  1 ,\t2\r\n]\n", true),
    (r#""text""#, true),
    (r#"["\\",  "\\\"", "\"", "a\\"]"#, true),
    (r#"{"a/b~c":"\u003chtml\u003e \/ é 日本"}"#, true),
    ("[-1.5e+10, 0, 0.1, true, false, null]", true),
    ("\u{feff}[]", true),
    ("{}", true),
    ("[[],[[]],{}]", true),
    ("", false),
    ("   ", false),
    ("[1,]", false),
    ("[,1]", false),
    (r#"{"a"}"#, false),
    (r#"{"a":1,}"#, false),
    (r#"{"a" 1}"#, false),
    (r#"{1:2}"#, false),
    ("[1}", false),
    ("[1", false),
    ("[1] [2]", false),
    ("[01]", false),
    (r#"["open]"#, false),
    ("[tru]", false),
    ("<html>Log in</html>", false),
];

#[test]
fn json_reader_judges_alike_under_every_awk() {
    let name = "jira-cloud-direct.sh.tera".to_owned();
    let reader = "{% include \"parts/json.sh.tera\" %}\nflatten_json 9\n".to_owned();
    let templates = Templates::with_replacements(&[(name, reader)]).unwrap();
    let reader = scripts_from(&templates, ProxyHost::Aws).remove(0).content;
    for (program, applet) in AWKS {
        let Some(program) = installed(program) else { continue };
        let awk = format!("awk() {{ '{}' {applet} \"$@\"; }}\n", program.display());
        let script = format!("{awk}{reader}");
        for (json, is_json) in JSON {
            let (is_read, _) = pipe(Command::new("bash").args(["-c", &script]), json);
            assert_eq!(is_read, is_json, "{} {json:?}", program.display());
        }
        let (_, flat) = pipe(Command::new("bash").args(["-c", &script]), r#"{"a/b":[1,"\u003cx\u003e \"y\""],"c":null}"#);
        let expected = "/a~1b/0\tnumber\t1\n/a~1b/1\tstring\t<x> \\\"y\\\"\n/a~1b\tlist\t2\n/c\tliteral\tnull\n\tobject\t2\n";
        assert_eq!(flat, expected, "{}", program.display());
    }
}

#[test]
fn whole_script_runs_under_every_awk() {
    for (program, applet) in AWKS {
        let Some(program) = installed(program) else { continue };
        let server = Server::start(healthy);
        let stage = ScriptStage::direct("jira-cloud", &server);
        stage.stand_in("awk", &format!("exec '{}' {applet} \"$@\"", program.display()));
        let outcome = stage.run(&[]).expect(0, &[]);
        assert_says(&outcome.stdout, &["users 200 ok, 2 items", "groups 200 ok, 1 item", "8 ok, 0 with a warning"]);
        assert_eq!(outcome.stderr, "", "{}", program.display());
    }
}

#[test]
fn what_is_printed_fits_into_80_columns() {
    for script in every_script() {
        let output = Command::new("bash").args(["-c", &script.content, &script.name, "--help"]).output().unwrap();
        for line in String::from_utf8(output.stdout).unwrap().lines() {
            assert!(line.chars().count() <= 80, "{}: {line}", script.name);
        }
    }
    let refusal = format!(r#"{{"errorMessages":["{}"]}}"#, "x".repeat(500));
    let server = Server::start(move |_| crate::script_stage::Reply::json(403, &refusal));
    let outcome = ScriptStage::direct("jira-cloud", &server).run(&[]).expect(1, &[]);
    for line in outcome.stdout.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
}
