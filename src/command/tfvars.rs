//! `tfhelper tfvars`: reads and edits one variable definitions file.

use std::path::Path;

use anyhow::Result;

use super::context::Context;
use super::failure::{ExitStatus, Failure};
use crate::cli::PlainFormat;
use crate::cli::tfvars::{TfvarsCommand, TfvarsFile};
use crate::disk::{self, Audience};
use crate::report::printable;
use crate::terraform::tfvars::address::Address;
use crate::terraform::tfvars::{EditError, NewValue, Refused, Tfvars, to_hcl};
use crate::terraform::value::json::to_json;
use crate::terraform::value::{Value, ValueKind};

/// Runs one of the commands.
///
/// # Errors
///
/// When the address or value is none, or the file cannot be read, parsed or written.
pub(super) fn run(ctx: &mut Context, command: TfvarsCommand) -> Result<ExitStatus> {
    match command {
        TfvarsCommand::List { file, format } => list(ctx, &file, format),
        TfvarsCommand::Get { address, file, raw, format } => get(ctx, &address, &file, raw, format),
        TfvarsCommand::Set { address, value, hcl, file, dry_run } => {
            let address = parse_address(&address)?;
            let value = if hcl { parse_value(&value)? } else { NewValue::string(&value) };
            edit(ctx, &file, dry_run, &address, |tfvars| tfvars.set(&address, &value))
        }
        TfvarsCommand::Unset { address, file, dry_run } => {
            let address = parse_address(&address)?;
            edit(ctx, &file, dry_run, &address, |tfvars| tfvars.unset(&address))
        }
    }
}

fn parse_address(address: &str) -> Result<Address> {
    address.parse().map_err(|error| {
        Failure::new(ExitStatus::Usage, format!("{error}"))
            .hint("write it as Terraform does: `a`, `a.b`, `a[\"b c\"].d`, `a[0]`")
            .into()
    })
}

fn parse_value(text: &str) -> Result<NewValue> {
    NewValue::expression(text).map_err(|refused| {
        Failure::new(ExitStatus::Usage, format!("cannot read `{text}` as an HCL expression"))
            .because(refused)
            .hint("without `--hcl` the value is taken as a string")
            .into()
    })
}

/// Parses a file's bytes; the error names the file.
fn parse(file: &TfvarsFile, bytes: Vec<u8>) -> Result<Tfvars> {
    let name = file.file.to_string_lossy();
    Tfvars::parse(&name, bytes).map_err(|refused: Refused| {
        Failure::new(ExitStatus::Usage, format!("cannot parse variable definitions file `{name}`"))
            .because(refused)
            .hint("tfhelper has not changed the file; correct it and run the command again")
            .into()
    })
}

fn list(ctx: &mut Context, file: &TfvarsFile, format: PlainFormat) -> Result<ExitStatus> {
    let tfvars = parse(file, disk::read(&ctx.directory.join(&file.file))?)?;
    match format {
        PlainFormat::Human => {
            for (name, value) in tfvars.values() {
                ctx.print(printable(&format!("{name} = {}", to_hcl(value))))?;
            }
        }
        PlainFormat::Json => {
            let mut values = serde_json::Map::new();
            for (name, value) in tfvars.values() {
                values.insert(name.clone(), json(name, value)?);
            }
            ctx.print(serde_json::Value::Object(values))?;
        }
    }
    Ok(ExitStatus::Done)
}

fn get(ctx: &mut Context, address: &str, file: &TfvarsFile, raw: bool, format: PlainFormat) -> Result<ExitStatus> {
    let address = parse_address(address)?;
    let tfvars = parse(file, disk::read(&ctx.directory.join(&file.file))?)?;
    let Some(value) = tfvars.get(&address) else { return Err(not_there(&address, &file.file)) };
    match (&value.kind, format) {
        (ValueKind::String(text), PlainFormat::Human) if raw => ctx.print_exactly(text)?,
        (_, PlainFormat::Human) => ctx.print(printable(&to_hcl(value)))?,
        (_, PlainFormat::Json) => ctx.print(json(&address.to_string(), value)?)?,
    }
    Ok(ExitStatus::Done)
}

fn json(name: &str, value: &Value) -> Result<serde_json::Value> {
    to_json(value).ok_or_else(|| {
        Failure::new(ExitStatus::Usage, format!("cannot write the value of `{name}` in JSON: it holds an infinite number")).into()
    })
}

fn not_there(address: &Address, file: &Path) -> anyhow::Error {
    Failure::new(ExitStatus::Findings, format!("`{}` has no value `{address}`", file.display()))
        .hint("`tfhelper tfvars list` shows the values that are there")
        .into()
}

/// Edits the file, or shows the edit.
fn edit(
    ctx: &mut Context,
    file: &TfvarsFile,
    dry_run: bool,
    address: &Address,
    plan: impl FnOnce(Tfvars) -> Result<String, EditError>,
) -> Result<ExitStatus> {
    let path = ctx.directory.join(&file.file);
    let _lock = if dry_run { None } else { Some(disk::lock(&path)?) };
    let before = disk::read_if_there(&path)?;
    let empty = if file.file.to_string_lossy().ends_with(".json") { "{}\n" } else { "" };
    let tfvars = parse(file, before.clone().unwrap_or_else(|| empty.into()))?;
    let after = plan(tfvars).map_err(|error| refuse(error, address, &file.file))?;
    if before.as_deref() == Some(after.as_bytes()) {
        ctx.note(format_args!("`{}` has that value already; nothing was written", file.file.display()));
        return Ok(ExitStatus::Done);
    }
    if dry_run {
        let old = String::from_utf8_lossy(before.as_deref().unwrap_or_default());
        ctx.print(printable(diff(&file.file, &old, &after).trim_end_matches('\n')))?;
        return Ok(ExitStatus::Done);
    }
    disk::replace(&path, before.as_deref(), after.as_bytes(), Audience::Everybody)?;
    Ok(ExitStatus::Done)
}

fn refuse(error: EditError, address: &Address, file: &Path) -> anyhow::Error {
    match error {
        EditError::NotThere => not_there(address, file),
        EditError::NoElement(_) => Failure::new(ExitStatus::Findings, format!("cannot set `{address}` in `{}`", file.display()))
            .because(error)
            .hint("only an element that is there can be set; set the list as a whole with `--hcl '[...]'`")
            .into(),
        EditError::NoContainer | EditError::NoJson | EditError::ForFirst | EditError::Unverified => {
            Failure::new(ExitStatus::Usage, format!("cannot edit `{address}` in `{}`", file.display())).because(error).into()
        }
    }
}

/// The change as a unified diff.
fn diff(file: &Path, before: &str, after: &str) -> String {
    let name = file.display().to_string();
    similar::TextDiff::from_lines(before, after).unified_diff().context_radius(3).header(&name, &name).to_string()
}
