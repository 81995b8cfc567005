//! `tfhelper test-scripts`: writes the test-call scripts of the enabled connectors from their templates.

use std::fs;
use std::path::Path;

use anyhow::Context as _;

use super::context::Context;
use super::failure::{ExitStatus, Failure};
use super::root_module::{Loaded, load};
use super::script_files::{differs, proxy_host, root_module_from, write_executable};
use crate::check::Facts;
use crate::check::assignment::{Effective, effective, is_enabled};
use crate::cli::test_scripts::{ScriptTarget, TestScriptsArgs};
use crate::connector::{self, Connector, NEWEST_RELEASE};
use crate::test_script::template::{BUILT_IN, Templates};
use crate::test_script::{Script, Subject, Target, render};

/// Writes the scripts, or with `--dump-templates` the templates, or with `--list` the names alone.
///
/// # Errors
///
/// When the root module or a template cannot be read, no connector with scripts is enabled, or a file cannot be written.
pub fn run(ctx: &mut Context, args: &TestScriptsArgs) -> anyhow::Result<ExitStatus> {
    if let Some(directory) = &args.dump_templates {
        return dump(ctx, &ctx.directory.join(directory));
    }
    let loaded = load(ctx, &args.variables, None)?;
    let templates = match &args.template_dir {
        Some(directory) => read_templates(&ctx.directory.join(directory))?,
        None => Templates::built_in()?,
    };
    let scripts = render_all(ctx, args, &loaded, &templates)?;
    if args.list {
        for script in &scripts {
            ctx.print(&script.name)?;
        }
        return Ok(ExitStatus::Done);
    }
    for script in &scripts {
        let path = args.out.join(&script.name);
        let file = ctx.directory.join(&path);
        if differs(&file, &script.content) {
            ctx.note(format_args!(
                "note: `{}` differed and is written anew; what is to stay belongs in a template",
                path.display()
            ));
        }
        write_executable(&file, &script.content)
            .with_context(|| format!("cannot write test-call script `{}`", path.display()))?;
        ctx.print(path.display())?;
    }
    Ok(ExitStatus::Done)
}

fn render_all(ctx: &mut Context, args: &TestScriptsArgs, loaded: &Loaded, templates: &Templates) -> anyhow::Result<Vec<Script>> {
    let facts = Facts::new(&loaded.sources, &loaded.root_module, &loaded.inputs);
    let release = facts.psoxy_release.clone().unwrap_or(NEWEST_RELEASE);
    let root_module = root_module_from(&ctx.directory, &args.out)?;
    let targets: &[Target] = match args.target {
        ScriptTarget::Direct => &[Target::Direct],
        ScriptTarget::Proxy => &[Target::Proxy],
        ScriptTarget::All => &[Target::Direct, Target::Proxy],
    };
    if args.target == ScriptTarget::Proxy && facts.host.is_none() {
        let failure = Failure::new(ExitStatus::Usage, "cannot tell whether the proxy runs on AWS or GCP");
        return Err(failure.hint("the root module calls neither psoxy's `aws-host` nor its `gcp-host`").into());
    }
    let mut scripts = Vec::new();
    for connector in enabled(&facts)? {
        let settings = settings(ctx, &facts, connector);
        let subject = Subject {
            connector,
            release: &release,
            settings: &settings,
            proxy: facts.host.map(proxy_host),
            root_module: &root_module,
        };
        scripts.extend(render(templates, &subject, targets)?);
    }
    Ok(scripts)
}

fn enabled(facts: &Facts) -> anyhow::Result<Vec<&'static Connector>> {
    let enabled: Vec<_> = connector::ALL.into_iter().filter(|connector| is_enabled(facts, connector) != Some(false)).collect();
    if enabled.is_empty() {
        let known: Vec<&str> = connector::ALL.iter().map(|connector| connector.id).collect();
        let failure = Failure::new(ExitStatus::Usage, "no connector that has test calls is enabled");
        return Err(failure.hint(format!("add one of {} to `enabled_connectors`", known.join(", "))).into());
    }
    Ok(enabled)
}

/// The values of the connector's settings; what is missing is said, because its calls then cannot be made.
fn settings(ctx: &mut Context, facts: &Facts, connector: &Connector) -> Vec<(&'static str, String)> {
    let mut values = Vec::new();
    for setting in connector.settings {
        match effective(facts, setting) {
            Effective::Value(_, value) => values.push((setting.name, value.to_owned())),
            Effective::Unset | Effective::Unknown(_) => {
                ctx.note(format_args!("note: `{}` is not set; its calls cannot be made yet", setting.name));
            }
        }
    }
    values
}

/// Reads every `*.tera` file of a folder and of the folders in it, as they are dumped.
fn read_templates(directory: &Path) -> anyhow::Result<Templates> {
    let unread = || format!("cannot read templates from `{}`", directory.display());
    let mut replacements = Vec::new();
    for folder in ["", "parts"] {
        let path = directory.join(folder);
        if !folder.is_empty() && !path.is_dir() {
            continue;
        }
        for entry in fs::read_dir(path).with_context(unread)? {
            let file = entry.with_context(unread)?.path();
            let Some(name) = file.file_name().and_then(|name| name.to_str()).filter(|name| name.ends_with(".tera")) else {
                continue;
            };
            let content = fs::read_to_string(&file).with_context(|| format!("cannot read template `{}`", file.display()))?;
            let name = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
            replacements.push((name, content));
        }
    }
    if replacements.is_empty() {
        let failure = Failure::new(ExitStatus::Usage, format!("there is no template in `{}`", directory.display()));
        return Err(failure.hint("`tfhelper test-scripts --dump-templates DIR` writes the built-in ones").into());
    }
    Templates::with_replacements(&replacements).with_context(|| format!("cannot use the templates in `{}`", directory.display()))
}

/// Writes the built-in templates; one that is there and differs is somebody's work and stays.
fn dump(ctx: &mut Context, directory: &Path) -> anyhow::Result<ExitStatus> {
    let changed = BUILT_IN.iter().map(|template| directory.join(template.name)).zip(&BUILT_IN);
    for (path, template) in changed {
        if fs::read(&path).is_ok_and(|content| content != template.content.as_bytes()) {
            let failure =
                Failure::new(ExitStatus::Usage, format!("cannot replace template `{}`: it was changed", path.display()));
            return Err(failure.hint("name another folder with --dump-templates").into());
        }
    }
    for template in &BUILT_IN {
        let path = directory.join(template.name);
        let write = || -> std::io::Result<()> {
            fs::create_dir_all(path.parent().unwrap_or(directory))?;
            fs::write(&path, template.content)
        };
        write().with_context(|| format!("cannot write template `{}`", path.display()))?;
        ctx.print(path.display())?;
    }
    Ok(ExitStatus::Done)
}
