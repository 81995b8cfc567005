//! Where the report goes, and in which format.

use std::fs;

use anyhow::Context as _;

use crate::cli::check::CheckArgs;
use crate::command::context::Context;
use crate::report::human::Decoration;
use crate::report::{Format, Report, github, gitlab, human, json, junit, markdown, sarif};

/// Writes the report to stdout, or to the file of `--output`.
pub(super) fn write(ctx: &mut Context, args: &CheckArgs, report: &Report) -> anyhow::Result<()> {
    let format = if args.json { Format::Json } else { args.format };
    if let Some(path) = &args.output {
        let text = render(report, format, Decoration::None)?;
        return fs::write(path, text).with_context(|| format!("cannot write the report to `{}`", path.display()));
    }
    let text = render(report, format, decoration(ctx))?;
    ctx.stdout.write_all(text.as_bytes()).context("cannot write the report")
}

/// Shows the report to the user beside the notes of another command.
pub(in crate::command) fn show(ctx: &mut Context, report: &Report) {
    let decoration = decoration(ctx);
    for line in human::render(report, decoration).lines() {
        let indent = if line.is_empty() { "" } else { "   " };
        ctx.note(format_args!("{indent}{line}"));
    }
}

fn decoration(ctx: &Context) -> Decoration {
    if ctx.has_color { Decoration::Full } else { Decoration::None }
}

fn render(report: &Report, format: Format, decoration: Decoration) -> anyhow::Result<String> {
    Ok(match format {
        Format::Human => human::render(report, decoration),
        Format::Json => json::render(report)?,
        Format::Sarif => sarif::render(report)?,
        Format::Junit => junit::render(report)?,
        Format::Github => github::render(report),
        Format::Gitlab => gitlab::render(report)?,
        Format::Markdown => markdown::render(report),
    })
}
