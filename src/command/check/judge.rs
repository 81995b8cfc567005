//! Judges root modules: gathers what is known of each, and runs the checks on it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, bail};
use jiff::Timestamp;

use super::gate::GateDigest;
use super::online::Online;
use super::target::Targets;
use crate::atlassian::authorization::Scopes;
use crate::atlassian::token_family::{Ledger, TokenFamily};
use crate::check::{self, Facts, GrantedScopes, ScopeSource, SecretFacts, Selection, Stage};
use crate::cli::check::{CheckArgs, CheckGroup, CheckStage};
use crate::command::context::Context;
use crate::command::root_module::{Loaded, Loader, parse_version};
use crate::command::secret_store;
use crate::diagnostic::{Diagnostic, Group, Severity};
use crate::report::{CheckMade, ModuleReport};
use crate::repository;
use crate::secret::deployment::Deployment;
use crate::secret::store::StoreChoice;
use crate::terraform::plan::Plan;
use crate::terraform::syntax::STACK_BYTES;

/// What is the same for every root module of a run.
pub(super) struct Judge<'a> {
    args: &'a CheckArgs,
    environment: &'a BTreeMap<String, String>,
    loader: Loader<'a>,
    selection: Selection,
    plan: Option<&'a Plan>,
    /// The time that dates are compared with.
    pub now: Timestamp,
    /// The scopes of a consent that was just given.
    pub granted_scopes: Option<GrantedScopes>,
    /// What Atlassian says; asked once, whatever the number of root modules.
    pub online: Option<Online>,
    /// The process ends with the root module that is judged.
    pub ends_process: bool,
}

/// A root module that was judged.
pub(super) struct Judged {
    /// Its directory.
    pub directory: PathBuf,
    /// What was found.
    pub report: ModuleReport,
    /// The gate in the root module.
    pub gate: GateDigest,
}

impl<'a> Judge<'a> {
    pub(super) fn new(ctx: &'a Context, args: &'a CheckArgs, plan: Option<&'a Plan>) -> anyhow::Result<Self> {
        let version = args.terraform_version.as_deref().map(parse_version).transpose()?;
        Ok(Self {
            args,
            environment: &ctx.environment,
            loader: Loader::new(&ctx.environment, version).with_values_of(plan),
            selection: selection(args, plan.is_some()),
            plan,
            now: ctx.now()?,
            granted_scopes: None,
            online: None,
            ends_process: false,
        })
    }

    /// Judges every directory, on every core; the result is in the order of the directories.
    ///
    /// A directory that cannot be read is a finding of its own where several were asked for.
    pub(super) fn all(&self, targets: &Targets) -> anyhow::Result<Vec<Judged>> {
        let directories = &targets.directories;
        if !targets.is_recursive {
            return directories.iter().map(|directory| self.module(directory)).collect();
        }
        let next = AtomicUsize::new(0);
        let judged = Mutex::new(BTreeMap::new());
        let workers = std::thread::available_parallelism().map_or(1, usize::from).min(directories.len());
        std::thread::scope(|scope| {
            for _ in 0..workers {
                let work = || {
                    while let Some((at, directory)) = take(&next, directories) {
                        let result = self.module(directory).unwrap_or_else(|error| unreadable(directory, &error));
                        if let Ok(mut judged) = judged.lock() {
                            judged.insert(at, result);
                        }
                    }
                };
                // Deeply nested expressions need more stack than a thread has by default.
                let _ = std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, work);
            }
        });
        let judged = judged.into_inner().context("a root module could not be judged")?;
        if judged.len() < directories.len() {
            bail!("cannot start the threads that judge root modules");
        }
        Ok(judged.into_values().collect())
    }

    /// Judges one root module.
    pub(super) fn module(&self, directory: &Path) -> anyhow::Result<Judged> {
        let loaded = self.loader.load(directory, &self.args.variables)?;
        let gate = GateDigest::of(&loaded);
        let deployment = secret_store::deployment(&loaded);
        let Loaded { sources, root_module, inputs, version, names, found, .. } = loaded;

        let mut facts = Facts::new(&sources, &root_module, &inputs);
        facts.found = found;
        facts.terraform_version = version;
        facts.stage = match self.args.stage {
            CheckStage::PreApply => Stage::PreApply,
            CheckStage::PostApply => Stage::PostApply,
        };
        facts.now = Some(self.now);
        facts.plan = self.plan;
        facts.connectors = if self.args.connectors.is_empty() {
            secret_store::enabled_connectors(&inputs).iter().map(|connector| connector.id.to_owned()).collect()
        } else {
            self.args.connectors.clone()
        };
        facts.naming = deployment.as_ref().map(Deployment::naming);
        let ledger = secret_store::read_ledger(directory)?;
        facts.granted_scopes = self
            .granted_scopes
            .clone()
            .or_else(|| self.online.as_ref()?.granted_scopes(&facts))
            .or_else(|| ledger.as_ref().map(scopes_of_ledger));
        if self.args.online {
            facts.secrets = self.secrets(directory, deployment.as_ref(), &facts)?;
        }
        facts.token_ledger = secret_store::read_token_ledger(directory)?;
        facts.token_family = ledger.map(|ledger| ledger.token_family).or_else(|| noted_consent(&facts.secrets));

        let diagnostics = check::run_all(&facts, &self.selection);
        let made = check::ALL.iter().filter(|check| self.selection.includes(check));
        let report = ModuleReport {
            root_module: directory.display().to_string(),
            repository_path: repository::path_within(directory),
            diagnostics,
            checks: made.map(|check| CheckMade { id: check.id, group: check.group, about: check.about }).collect(),
            psoxy_release: facts.psoxy_release.as_ref().map(|release| format!("v{release}")),
            connectors: facts.connectors.clone(),
            ..ModuleReport::default()
        };
        drop(facts);
        if self.ends_process {
            // The kernel takes the memory back at once; piece by piece it would be a twentieth of a small module's time.
            std::mem::forget((root_module, inputs, names));
        }
        Ok(Judged { directory: directory.to_path_buf(), report: ModuleReport { sources, ..report }, gate })
    }

    /// What the store that the root module uses says of the connectors' secrets; no value is read into the answer.
    #[inline(never)] // Its frame is large, and every `check` would reserve it.
    fn secrets(&self, directory: &Path, deployment: Option<&Deployment>, facts: &Facts) -> anyhow::Result<SecretFacts> {
        let names = facts.secret_names();
        let Some(deployment) = deployment.filter(|_| !names.is_empty()) else { return Ok(SecretFacts::NotAsked) };
        let asked = secret_store::ask(directory, self.environment, &StoreChoice::Auto, deployment, &names);
        Ok(match secret_store::runtime()?.block_on(asked) {
            Ok((_, states)) => SecretFacts::Known(states),
            Err(why) => SecretFacts::Unreachable(format!("The secret store could not be asked: {why}.")),
        })
    }
}

/// When the consent was given, as it stands beside the refresh token in the store.
fn noted_consent(secrets: &SecretFacts) -> Option<TokenFamily> {
    let SecretFacts::Known(states) = secrets else { return None };
    states.iter().find_map(|(_, state)| state.consented_at).map(|consented_at| TokenFamily { consented_at })
}

/// The next directory that nobody has taken.
fn take<'d>(next: &AtomicUsize, directories: &'d [PathBuf]) -> Option<(usize, &'d PathBuf)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    directories.get(at).map(|directory| (at, directory))
}

/// A root module among others that could not be judged.
fn unreadable(directory: &Path, error: &anyhow::Error) -> Judged {
    let finding =
        Diagnostic::new("syntax", Group::Terraform, Severity::Error, "Root module cannot be read", format!("{error:#}."));
    let report = ModuleReport {
        root_module: directory.display().to_string(),
        repository_path: repository::path_within(directory),
        diagnostics: vec![finding],
        ..ModuleReport::default()
    };
    Judged { directory: directory.to_path_buf(), report, gate: GateDigest::Unknown }
}

/// The checks of a plan are made where there is a plan.
fn selection(args: &CheckArgs, has_plan: bool) -> Selection {
    let mut skipped = args.skipped.clone();
    if !has_plan {
        skipped.extend(check::ALL.iter().map(|check| check.id).filter(|id| id.starts_with("plan-")).map(str::to_owned));
    }
    Selection { groups: args.groups.iter().map(|group| group_of(*group)).collect(), checks: args.checks.clone(), skipped }
}

fn group_of(group: CheckGroup) -> Group {
    match group {
        CheckGroup::Terraform => Group::Terraform,
        CheckGroup::Connector => Group::Connector,
        CheckGroup::Scope => Group::Scope,
        CheckGroup::Secret => Group::Secret,
    }
}

fn scopes_of_ledger(ledger: &Ledger) -> GrantedScopes {
    GrantedScopes { scopes: ledger.scopes.iter().map(String::as_str).collect::<Scopes>(), source: ScopeSource::Ledger }
}
