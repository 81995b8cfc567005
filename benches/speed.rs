//! How fast, and in how much memory: run by hand with `cargo bench`.
//!
//! The time is the median of whole processes. Peak memory is the kernel's high-water mark, read again and again while one
//! more process runs, whose time does not count: the reader takes a core, and the kernel's lock on the process's memory.
//! Where terraform is on PATH, the same root module is planned by it in turn with tfhelper, so that the ratio holds on a
//! noisy machine.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark prints, and stops at what it does not expect")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Runs of each command; the median is shown.
const RUNS: usize = 15;

struct Measured {
    wall: Duration,
    peak_kib: Option<u64>,
}

fn main() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path();
    println!("{:<52}{:>12}{:>14}", "whole process, median", "wall", "peak memory");
    let tfhelper = &installed(root);
    row("tfhelper --help", &measure(root, tfhelper, &["--help"]));
    edit(root, tfhelper);
    against_terraform(root, tfhelper);
    scaling(root, tfhelper);
    large_plan(root, tfhelper);
}

/// A copy of the binary, as any installation makes it: what the linker has written lies in the kernel's cache in single
/// pages, and takes an eighth longer to start from.
fn installed(root: &Path) -> String {
    let copy = root.join("tfhelper");
    fs::copy(env!("CARGO_BIN_EXE_tfhelper"), &copy).unwrap();
    copy.into_os_string().into_string().unwrap()
}

fn edit(root: &Path, tfhelper: &str) {
    let folder = folder(root, "edit");
    fs::write(folder.join("terraform.tfvars"), flat(1 << 20)).unwrap();
    let mut value = 0;
    let mut set = |run: fn(&Path, &str, &[&str]) -> Measured| {
        value += 1;
        run(&folder, tfhelper, &["tfvars", "set", "jira_cloud_id", &value.to_string()])
    };
    let wall = median((0..RUNS).map(|_| set(time)).collect());
    row("tfhelper tfvars set, flat file of 1 MB", &Measured { peak_kib: set(watch).peak_kib, ..wall });
}

fn against_terraform(root: &Path, tfhelper: &str) {
    let folder = folder(root, "variables");
    let (declarations, values) = psoxy_like(86);
    fs::write(folder.join("variables.tf"), declarations).unwrap();
    fs::write(folder.join("terraform.tfvars"), values).unwrap();
    let check = ["check", "--group", "terraform", "--terraform-version", "1.11.4"];
    if Command::new("terraform").arg("version").stdout(Stdio::null()).status().is_err() {
        row("tfhelper check, 86 variables", &measure(&folder, tfhelper, &check));
        println!("terraform is not on PATH: nothing to compare with");
        return;
    }
    let plan = ["plan", "-input=false", "-lock=false"];
    let (ours, theirs): (Vec<_>, Vec<_>) =
        (0..RUNS).map(|_| (time(&folder, tfhelper, &check), time(&folder, "terraform", &plan))).unzip();
    let ours = Measured { peak_kib: watch(&folder, tfhelper, &check).peak_kib, ..median(ours) };
    let theirs = Measured { peak_kib: watch(&folder, "terraform", &plan).peak_kib, ..median(theirs) };
    row("tfhelper check, 86 variables", &ours);
    row("terraform plan, the same", &theirs);
    println!("{:<52}{:>11.1}x", "ratio", theirs.wall.as_secs_f64() / ours.wall.as_secs_f64());
}

/// A form of file: its name, the file by its size in bytes, and what declares the variables of that file.
type Shape = (&'static str, fn(usize) -> String, fn(&str) -> String);

/// Time and memory by size; the exponent is that of a power law through the two larger sizes.
///
/// The memory is compared with all bytes read: of the flat file whose variables are all declared, the declarations are half.
fn scaling(root: &Path, tfhelper: &str) {
    let shapes: [Shape; 4] = [
        ("flat file, all declared", flat, declarations_of),
        ("flat file, one declared", flat, |_| declaration("variable_number_1")),
        ("one list", list, declarations_of),
        ("one object", object, declarations_of),
    ];
    for (what, make, declare) in shapes {
        let mut earlier: Option<(usize, Duration)> = None;
        for size in [100_000, 1_000_000, 10_000_000] {
            let folder = folder(root, &format!("{what} {size}"));
            let (text, declared) = (make(size), declare(&make(size)));
            fs::write(folder.join("variables.tf"), &declared).unwrap();
            fs::write(folder.join("terraform.tfvars"), &text).unwrap();
            let measured = measure(&folder, tfhelper, &["check", "--group", "terraform", "--terraform-version", "1.11.4"]);
            row(&format!("tfhelper check, {what}, {size} bytes"), &measured);
            let read = text.len() + declared.len();
            if let Some(peak) = measured.peak_kib {
                println!("{:<52}{:>26.1}x", "  peak memory by bytes read", peak as f64 * 1024.0 / read as f64);
            }
            if let Some((smaller, wall)) = earlier {
                let exponent = (measured.wall.as_secs_f64() / wall.as_secs_f64()).ln() / (read as f64 / smaller as f64).ln();
                println!("{:<52}{exponent:>12.2}", "  exponent");
            }
            earlier = Some((read, measured.wall));
        }
    }
}

/// A `variable` block for each attribute of a file.
fn declarations_of(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.starts_with([' ', '}', ']']));
    lines.filter_map(|line| line.split(' ').next()).map(declaration).collect()
}

fn declaration(name: &str) -> String {
    format!("variable \"{name}\" {{\n  type = any\n}}\n")
}

fn large_plan(root: &Path, tfhelper: &str) {
    let folder = folder(root, "plan");
    fs::write(folder.join("main.tf"), "variable \"a\" {\n  default = 1\n}\n").unwrap();
    let resource = format!(
        r#"{{"address":"terraform_data.x","mode":"managed","type":"terraform_data","name":"x","change":{{"actions":["create"],"before":null,"after":{{"input":"{}"}}}}}}"#,
        "x".repeat(1000)
    );
    let count = 300_000_000 / resource.len() / 2;
    let mut plan =
        String::from(r#"{"format_version":"1.2","terraform_version":"1.11.4","planned_values":{"root_module":{"resources":["#);
    for part in [r#"]}},"resource_changes":["#, r#"],"errored":false,"complete":true}"#] {
        plan.push_str(&vec![resource.as_str(); count].join(","));
        plan.push_str(part);
    }
    fs::write(folder.join("plan.json"), &plan).unwrap();
    row(
        &format!("tfhelper check --plan, {} MB", plan.len() / 1_000_000),
        &measure(&folder, tfhelper, &["check", "--plan", "plan.json"]),
    );
}

fn folder(root: &Path, name: &str) -> PathBuf {
    let folder = root.join(name);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn flat(size: usize) -> String {
    let mut text = String::with_capacity(size);
    for n in 0.. {
        if text.len() >= size {
            break;
        }
        let _ = writeln!(text, "variable_number_{n} = \"the value of number {n}\"");
    }
    text
}

fn list(size: usize) -> String {
    let mut text = String::from("list = [\n");
    for n in 0.. {
        if text.len() >= size {
            break;
        }
        let _ = writeln!(text, "  \"the value of number {n}\",");
    }
    text + "]\n"
}

fn object(size: usize) -> String {
    let mut text = String::from("object = {\n");
    for n in 0.. {
        if text.len() >= size {
            break;
        }
        let _ = writeln!(text, "  key_number_{n} = \"the value of number {n}\"");
    }
    text + "}\n"
}

/// Variables of the kinds that psoxy's root modules have: types, defaults, validations with `can(regex())`.
fn psoxy_like(count: usize) -> (String, String) {
    let (mut declarations, mut values) = (String::new(), String::new());
    for n in 0..count {
        let (kind, default, value, condition) = match n % 4 {
            0 => ("string", "\"us-east-1\"", "\"eu-west-1\"", format!("can(regex(\"^[a-z]+-[a-z]+-[0-9]+$\", var.name_{n}))")),
            1 => ("list(string)", "[]", "[\"jira-cloud\"]", format!("alltrue([for c in var.name_{n} : length(c) > 0])")),
            2 => (
                "map(object({ memory = optional(number, 512), enabled = bool }))",
                "{}",
                "{ a = { enabled = true } }",
                format!("alltrue([for k, v in var.name_{n} : v.memory >= 128])"),
            ),
            _ => ("number", "7", "30", format!("var.name_{n} == null || try(var.name_{n} > 0, false)")),
        };
        let _ = write!(
            declarations,
            "variable \"name_{n}\" {{\n  type        = {kind}\n  description = \"number {n}\"\n  default     = {default}\n\n  \
             validation {{\n    condition     = {condition}\n    error_message = \"name_{n} is wrong.\"\n  }}\n}}\n\n"
        );
        let _ = writeln!(values, "name_{n} = {value}");
    }
    (declarations, values)
}

fn measure(folder: &Path, program: &str, arguments: &[&str]) -> Measured {
    let wall = median((0..RUNS).map(|_| time(folder, program, arguments)).collect());
    Measured { peak_kib: watch(folder, program, arguments).peak_kib, ..wall }
}

fn median(mut runs: Vec<Measured>) -> Measured {
    runs.sort_by_key(|run| run.wall);
    runs.swap_remove(runs.len() / 2)
}

/// One run, left alone.
fn time(folder: &Path, program: &str, arguments: &[&str]) -> Measured {
    let start = Instant::now();
    require_success(spawn(folder, program, arguments), program, arguments);
    Measured { wall: start.elapsed(), peak_kib: None }
}

/// One run, its memory read all the time.
fn watch(folder: &Path, program: &str, arguments: &[&str]) -> Measured {
    let start = Instant::now();
    let mut child = spawn(folder, program, arguments);
    let status = PathBuf::from(format!("/proc/{}/status", child.id()));
    let mut peak_kib = None;
    while child.try_wait().unwrap().is_none() {
        peak_kib = high_water_mark(&status).or(peak_kib);
        std::thread::yield_now();
    }
    require_success(child, program, arguments);
    Measured { wall: start.elapsed(), peak_kib }
}

/// In an environment that names nothing but PATH.
fn spawn(folder: &Path, program: &str, arguments: &[&str]) -> Child {
    Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("CHECKPOINT_DISABLE", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn require_success(mut child: Child, program: &str, arguments: &[&str]) {
    assert!(child.wait().unwrap().success(), "{program} {arguments:?} failed");
}

/// `VmHWM` of a process, in KiB.
fn high_water_mark(status: &Path) -> Option<u64> {
    let text = fs::read_to_string(status).ok()?;
    text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().strip_suffix(" kB")?.trim().parse().ok()
}

fn row(what: &str, measured: &Measured) {
    let peak = measured.peak_kib.map_or_else(String::new, |kib| format!("{:.1} MB", kib as f64 / 1024.0));
    println!("{what:<52}{:>9.1} ms{peak:>14}", measured.wall.as_secs_f64() * 1000.0);
}
