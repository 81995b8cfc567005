//! `tfhelper check`: reads the root module, gathers the facts, runs the checks, reports.

use std::fs;

use anyhow::Context as _;

use super::root_module::{load, parse_version};
use super::{Context, ExitStatus, Failure, online, secret_store};
use crate::atlassian::token_family::{LEDGER_PATH, Ledger};
use crate::check::{self, Facts, GrantedScopes, ScopeSource, Selection, Stage};
use crate::cli::{CheckArgs, CheckGroup, CheckStage, FailOn};
use crate::connector;
use crate::diagnostic::Group;
use crate::disk;
use crate::report::human::Decoration;
use crate::report::{self, CheckMade, Counts, Format, ModuleReport, Report};
use crate::secret::deployment::Deployment;

/// Runs the command.
///
/// # Errors
///
/// When an option names what does not exist, the root module's directory cannot be read, or the report cannot be written.
pub fn run(ctx: &mut Context, args: &CheckArgs) -> anyhow::Result<ExitStatus> {
    judge_names(args)?;
    let version = args.terraform_version.as_deref().map(parse_version).transpose()?;
    let loaded = load(ctx, &args.variables, version)?;

    let mut facts = Facts::new(&loaded.sources, &loaded.root_module, &loaded.inputs);
    facts.found = loaded.found;
    facts.terraform_version = loaded.version;
    facts.stage = match args.stage {
        CheckStage::PreApply => Stage::PreApply,
        CheckStage::PostApply => Stage::PostApply,
    };
    facts.now = Some(ctx.now()?);
    facts.connectors = if args.connectors.is_empty() {
        secret_store::enabled_connectors(&loaded.inputs).iter().map(|connector| connector.id.to_owned()).collect()
    } else {
        args.connectors.clone()
    };
    let deployment = secret_store::deployment(&loaded.root_module, &loaded.inputs);
    facts.naming = deployment.as_ref().map(Deployment::naming);
    if let Some(ledger) = read_ledger(ctx)? {
        let scopes = ledger.scopes.iter().map(String::as_str).collect();
        facts.granted_scopes = Some(GrantedScopes { scopes, source: ScopeSource::Ledger });
        facts.token_family = Some(ledger.token_family);
    }
    if args.online {
        ask(ctx, args, deployment.as_ref(), &mut facts)?;
    }

    super::secret_store::add_facts(ctx, args.online, &mut facts)?;

    let selection = Selection {
        groups: args.groups.iter().map(|group| group_of(*group)).collect(),
        checks: args.checks.clone(),
        skipped: args.skipped.clone(),
    };
    let diagnostics = check::run_all(&facts, &selection);
    let made = check::ALL.iter().filter(|check| selection.includes(check));
    let module = ModuleReport {
        root_module: ctx.directory.display().to_string(),
        diagnostics,
        checks: made.map(|check| CheckMade { id: check.id, group: check.group, about: check.about }).collect(),
        psoxy_release: facts.psoxy_release.as_ref().map(|release| format!("v{release}")),
        connectors: facts.connectors.clone(),
        ..ModuleReport::default()
    };
    let report = Report { modules: vec![ModuleReport { sources: loaded.sources, ..module }], is_recursive: false };
    write(ctx, args, &report)?;
    Ok(status(report.counts(), args.fail_on))
}

/// The ledger of the last consent, where there is one.
fn read_ledger(ctx: &Context) -> anyhow::Result<Option<Ledger>> {
    let path = ctx.directory.join(LEDGER_PATH);
    let Some(bytes) = disk::read_if_there(&path)? else { return Ok(None) };
    let ledger = Ledger::parse(&String::from_utf8_lossy(&bytes));
    ledger.map(Some).with_context(|| format!("cannot use the ledger `{}`", path.display()))
}

/// Asks Atlassian and the secret store; both are talked to only here, so that a check offline needs no runtime.
fn ask(ctx: &mut Context, args: &CheckArgs, deployment: Option<&Deployment>, facts: &mut Facts) -> anyhow::Result<()> {
    let token = online::access_token(ctx, args.access_token_file.as_deref())?;
    let setting = |name: &str| facts.inputs.value(name)?.value.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let cloud_id = setting("jira_cloud_id").or_else(|| {
        let settings = facts.inputs.value("connector_settings")?.value.as_mapping()?;
        settings.get("jira_cloud_id")?.as_str().map(str::to_owned)
    });
    let runtime = secret_store::runtime()?;
    if let Some(token) = token {
        facts.granted_scopes = runtime.block_on(online::granted_scopes(ctx, &token, cloud_id.as_deref()))?;
    }
    if let Some(deployment) = deployment {
        facts.secrets = runtime.block_on(online::secrets(ctx, deployment, &facts.connectors));
    }
    Ok(())
}

fn status(counts: Counts, fail_on: FailOn) -> ExitStatus {
    let is_failure = match fail_on {
        FailOn::Error => counts.errors > 0,
        FailOn::Warning => counts.errors + counts.warnings > 0,
    };
    if is_failure { ExitStatus::Findings } else { ExitStatus::Done }
}

fn group_of(group: CheckGroup) -> Group {
    match group {
        CheckGroup::Terraform => Group::Terraform,
        CheckGroup::Connector => Group::Connector,
        CheckGroup::Scope => Group::Scope,
        CheckGroup::Secret => Group::Secret,
    }
}

/// Every check and connector that an option names has to be there.
fn judge_names(args: &CheckArgs) -> anyhow::Result<()> {
    if let Some(id) = args.checks.iter().chain(&args.skipped).find(|id| check::find(id).is_none()) {
        let known: Vec<&str> = check::ALL.iter().map(|check| check.id).collect();
        let failure = Failure::new(ExitStatus::Usage, format!("cannot find check `{id}`"));
        return Err(failure.hint(format!("the checks are: {}", known.join(", "))).into());
    }
    if let Some(id) = args.connectors.iter().find(|id| connector::find(id).is_none()) {
        let known: Vec<&str> = connector::ALL.iter().map(|connector| connector.id).collect();
        let failure = Failure::new(ExitStatus::Usage, format!("cannot find connector `{id}`"));
        return Err(failure.hint(format!("the connectors are: {}", known.join(", "))).into());
    }
    Ok(())
}

fn write(ctx: &mut Context, args: &CheckArgs, report: &Report) -> anyhow::Result<()> {
    let format = if args.json { Format::Json } else { args.format };
    let Some(path) = &args.output else {
        let decoration = if ctx.has_color { Decoration::Full } else { Decoration::None };
        let text = render(report, format, decoration)?;
        ctx.stdout.write_all(text.as_bytes()).context("cannot write the report")?;
        return Ok(());
    };
    let text = render(report, format, Decoration::None)?;
    fs::write(path, text).with_context(|| format!("cannot write the report to `{}`", path.display()))
}

fn render(report: &Report, format: Format, decoration: Decoration) -> anyhow::Result<String> {
    Ok(match format {
        Format::Human => report::human::render(report, decoration),
        Format::Json => report::json::render(report)?,
        Format::Sarif => report::sarif::render(report)?,
        Format::Junit => report::junit::render(report)?,
        Format::Github => report::github::render(report),
        Format::Gitlab => report::gitlab::render(report)?,
        Format::Markdown => report::markdown::render(report),
    })
}
