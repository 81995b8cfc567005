//! `tfhelper plan -- ...` and `tfhelper apply -- ...`: check, plan, check the plan, apply that very plan.
//!
//! terraform does all the work on the infrastructure; what is added is that nothing is applied that the checks refuse, and
//! nothing but the plan that they saw.

mod arguments;
mod child;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use self::arguments::TerraformArguments;
use self::child::Output;
use super::context::Context;
use super::failure::{ExitStatus, Failure};
use super::{check, root_module};
use crate::cli::check::CheckArgs;
use crate::cli::wrapper::{WrapperArgs, WrapperCheckArgs};
use crate::terraform::input::arguments::split_words;

/// Arguments that terraform puts in front of those of every command.
const ARGUMENTS: &str = "TF_CLI_ARGS";

/// Those of `terraform plan`.
const PLAN_ARGUMENTS: &str = "TF_CLI_ARGS_plan";

/// Those of `terraform apply`.
const APPLY_ARGUMENTS: &str = "TF_CLI_ARGS_apply";

/// `tfhelper plan -- ...`.
///
/// # Errors
///
/// When terraform cannot be run, or what it wrote cannot be read.
pub fn run_plan(ctx: &mut Context, args: &WrapperArgs) -> anyhow::Result<ExitStatus> {
    let told = told_apart(ctx, args, PLAN_ARGUMENTS)?;
    if told.saved_plan.is_some() {
        return Err(Failure::new(ExitStatus::Usage, "terraform plan takes no plan file").into());
    }
    if let Some(refusal) = checked(ctx, &args.check, &told, None)? {
        return Ok(refusal);
    }
    let plan = Plan::make(ctx, &told, PLAN_ARGUMENTS)?;
    if !plan.is_usable() {
        return Ok(ExitStatus::Of(plan.code));
    }
    let json = plan.show_json(ctx)?;
    let refusal = checked(ctx, &args.check, &told, Some(json.path()))?;
    if told.out.is_none() {
        ctx.note("The plan was checked and is not kept. Keep one with: tfhelper plan -- -out=FILE");
    }
    Ok(refusal.unwrap_or(ExitStatus::Of(plan.code)))
}

/// `tfhelper apply -- ...`.
///
/// # Errors
///
/// When terraform cannot be run, what it wrote cannot be read, or nobody can be asked for approval.
pub fn run_apply(ctx: &mut Context, args: &WrapperArgs) -> anyhow::Result<ExitStatus> {
    let told = told_apart(ctx, args, APPLY_ARGUMENTS)?;
    let can_ask = ctx.can_ask && !told.forbids_input;
    if told.saved_plan.is_none() && !told.is_approved && !can_ask {
        let failure = Failure::new(ExitStatus::Usage, "cannot apply without approval: nobody can be asked");
        return Err(failure.hint("add -auto-approve behind `--`, or make the plan first and name its file").into());
    }
    let plan = match &told.saved_plan {
        // It has its own values, whatever the variables are today.
        Some(file) => Plan::saved(file.clone()),
        None => {
            if let Some(refusal) = checked(ctx, &args.check, &told, None)? {
                return Ok(refusal);
            }
            Plan::make(ctx, &told, APPLY_ARGUMENTS)?
        }
    };
    if !plan.is_usable() {
        return Ok(ExitStatus::Of(plan.code));
    }
    let json = plan.show_json(ctx)?;
    if let Some(refusal) = checked(ctx, &args.check, &told, Some(json.path()))? {
        return Ok(refusal);
    }
    // Terraform does not ask again for a plan that was made before.
    if told.saved_plan.is_none() && !told.is_approved && !approved()? {
        ctx.say("Apply cancelled.");
        return Ok(ExitStatus::Of(1));
    }
    let mut options = told.apply.clone();
    if told.saved_plan.is_some() || has_ephemeral_variable(ctx, &told)? {
        options.extend(told.values.iter().cloned());
    }
    let apply = command(ctx, "apply", &options, &plan.file);
    Ok(ExitStatus::Of(child::run(&apply, &[ARGUMENTS, APPLY_ARGUMENTS], Output::Shown)?))
}

/// Terraform's arguments, those of the environment in front, in Terraform's order: `own` is the variable of the command.
///
/// They are taken out of the environment of that step: what is meant for the plan is refused by the apply of a plan.
fn told_apart(ctx: &Context, args: &WrapperArgs, own: &str) -> anyhow::Result<TerraformArguments> {
    let mut arguments = Vec::new();
    for name in [own, ARGUMENTS] {
        let line = ctx.variable(name).unwrap_or_default();
        let words = split_words(line).ok_or_else(|| Failure::new(ExitStatus::Usage, format!("cannot read {name}")))?;
        arguments.extend(words.into_iter().map(OsString::from));
    }
    arguments.extend(args.terraform.iter().cloned());
    TerraformArguments::parse(&arguments).map_err(|why| {
        let failure = Failure::new(ExitStatus::Usage, format!("cannot read terraform's arguments: {why}"));
        failure.hint("what stands behind `--` is for terraform").into()
    })
}

/// Runs the checks and reports their findings; the exit status when they refuse.
fn checked(
    ctx: &mut Context,
    options: &WrapperCheckArgs,
    told: &TerraformArguments,
    plan: Option<&Path>,
) -> anyhow::Result<Option<ExitStatus>> {
    let args = CheckArgs {
        variables: told.variables.clone(),
        skipped: options.skipped.clone(),
        online: options.online,
        fail_on: options.fail_on,
        plan: plan.map(Path::to_path_buf),
        ..CheckArgs::default()
    };
    check::run_before_terraform(ctx, &args)
}

/// The value of an ephemeral variable is in no plan, so that the apply has to be given it again.
///
/// Without one the values are left out: a terraform before 1.10 refuses any beside a plan.
fn has_ephemeral_variable(ctx: &Context, told: &TerraformArguments) -> anyhow::Result<bool> {
    let loaded = root_module::load(ctx, &told.variables, None)?;
    Ok(loaded.root_module.variables.values().any(|variable| variable.is_ephemeral))
}

fn approved() -> anyhow::Result<bool> {
    let answer = inquire::Text::new("Apply this plan? Only `yes` will be accepted:").prompt();
    match answer {
        Ok(answer) => Ok(answer == "yes"),
        Err(inquire::InquireError::OperationCanceled | inquire::InquireError::OperationInterrupted) => Ok(false),
        Err(error) => Err(error).context("cannot ask for approval"),
    }
}

/// `terraform [-chdir=DIR] SUBCOMMAND OPTIONS LAST`.
fn command(ctx: &Context, subcommand: &str, options: &[OsString], last: &Path) -> Vec<OsString> {
    let mut arguments = Vec::new();
    if ctx.directory != Path::new(".") {
        let mut chdir = OsString::from("-chdir=");
        chdir.push(&ctx.directory);
        arguments.push(chdir);
    }
    arguments.push(OsString::from(subcommand));
    arguments.extend(options.iter().cloned());
    arguments.push(last.into());
    arguments
}

/// A plan file of terraform's.
struct Plan {
    /// Absolute, or as the user wrote it: relative to the root module.
    file: PathBuf,
    /// terraform's exit status: 0, with `-detailed-exitcode` 2 where there are changes, else 1.
    code: u8,
    /// Holds the file when the user did not ask to keep it: it has secrets in clear.
    _folder: Option<tempfile::TempDir>,
}

impl Plan {
    fn saved(file: PathBuf) -> Self {
        Self { file, code: 0, _folder: None }
    }

    /// Runs `terraform plan`.
    fn make(ctx: &Context, told: &TerraformArguments, own: &str) -> anyhow::Result<Self> {
        let (file, folder) = match &told.out {
            Some(file) => (file.clone(), None),
            None => {
                let folder = tempfile::tempdir().context("cannot create a temporary folder for the plan")?;
                (folder.path().join("tfhelper.plan"), Some(folder))
            }
        };
        let mut out = OsString::from("-out=");
        out.push(&file);
        let plan = command(ctx, "plan", &told.plan, Path::new(&out));
        let code = child::run(&plan, &[ARGUMENTS, own], Output::Shown)?;
        Ok(Self { file, code, _folder: folder })
    }

    /// 2 is how `-detailed-exitcode` says that there are changes.
    fn is_usable(&self) -> bool {
        matches!(self.code, 0 | 2)
    }

    /// The plan as JSON, in a temporary file that only this user can read: it has secrets in clear.
    fn show_json(&self, ctx: &Context) -> anyhow::Result<tempfile::NamedTempFile> {
        let json = tempfile::NamedTempFile::new().context("cannot create a temporary file for the plan")?;
        let show = command(ctx, "show", &[OsString::from("-json")], &self.file);
        let code = child::run(&show, &[ARGUMENTS, "TF_CLI_ARGS_show"], Output::File(json.as_file().try_clone()?))?;
        if code != 0 {
            let file = self.file.display();
            return Err(Failure::new(
                ExitStatus::Of(code),
                format!("cannot read the plan `{file}`: `terraform show -json` failed"),
            )
            .into());
        }
        Ok(json)
    }
}
