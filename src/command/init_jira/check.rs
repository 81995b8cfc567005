//! The check at the end of the job: the groups that need no network, on the files as they are now.

use crate::atlassian::authorization::Scopes;
use crate::check::{self, Facts, GrantedScopes, ScopeSource, Selection};
use crate::cli::VariableArgs;
use crate::command::root_module::load;
use crate::command::{Context, secret_store};
use crate::diagnostic::Group;
use crate::report::human::{self, Decoration};
use crate::report::{Counts, ModuleReport, Report};

/// Shows what the check finds and counts it; `granted` is empty where nobody consented.
///
/// # Errors
///
/// When the root module cannot be read any more.
pub(super) fn run(ctx: &mut Context, granted: &[String]) -> anyhow::Result<Counts> {
    let loaded = load(ctx, &VariableArgs::default(), None)?;
    let mut facts = Facts::new(&loaded.sources, &loaded.root_module, &loaded.inputs);
    facts.found = loaded.found;
    facts.terraform_version = loaded.version;
    facts.now = Some(ctx.now()?);
    facts.connectors = secret_store::enabled_connectors(&loaded.inputs).iter().map(|connector| connector.id.to_owned()).collect();
    facts.granted_scopes = (!granted.is_empty())
        .then(|| GrantedScopes { scopes: granted.iter().map(String::as_str).collect::<Scopes>(), source: ScopeSource::Ledger });
    // The secrets were asked before the consent and have been written since; scopes can only be judged after a consent.
    let mut groups = vec![Group::Terraform, Group::Connector];
    groups.extend(facts.granted_scopes.is_some().then_some(Group::Scope));
    let diagnostics = check::run_all(&facts, &Selection { groups, ..Selection::default() });
    let module = ModuleReport { sources: loaded.sources, diagnostics, ..ModuleReport::default() };
    let report = Report { modules: vec![module], is_recursive: false };
    ctx.note(human::render(&report, Decoration::None).trim_end());
    Ok(report.counts())
}
