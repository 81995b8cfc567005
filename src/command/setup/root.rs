//! What the root module says that a setup needs: release, declared variables, their values, and where each value stands.

use crate::cli::variable::VariableArgs;
use crate::command::context::Context;
use crate::command::failure::{ExitStatus, Failure};
use crate::command::root_module::{Loaded, load};
use crate::connector::setting::{Declaration, Home};
use crate::connector::{Connector, NEWEST_RELEASE};
use crate::diagnostic::{Diagnostic, Severity};
use crate::report::human::{self, Decoration};
use crate::report::{ModuleReport, Report};
use crate::terraform::finding::SYNTAX;
use crate::terraform::input::{Input, InputSource};
use crate::terraform::value::{Value, ValueKind};
use crate::terraform::version::Version;

/// The variable definitions file that a new assignment goes to.
const DEFAULT_FILE: &str = "terraform.tfvars";

/// The psoxy release whose tables count.
pub(crate) struct Release {
    pub(crate) version: Version,
    /// Neither the user nor the module sources name it.
    pub(crate) is_assumed: bool,
}

impl Release {
    /// The release as psoxy writes it, `v0.6.6`.
    pub(crate) fn tag(&self) -> String {
        format!("v{}", self.version)
    }
}

/// A root module as it was read.
pub(crate) struct Root(pub(crate) Loaded);

impl Root {
    /// Reads it.
    ///
    /// # Errors
    ///
    /// When the directory cannot be read, or Terraform would refuse to parse what it holds; the findings are shown.
    pub(crate) fn read(ctx: &mut Context) -> anyhow::Result<Self> {
        let mut loaded = load(ctx, &VariableArgs::default(), None)?;
        let is_broken = |found: &&Diagnostic| found.check == SYNTAX && found.severity == Severity::Error;
        let broken: Vec<Diagnostic> = loaded.found.iter().filter(is_broken).cloned().collect();
        if broken.is_empty() {
            return Ok(Self(loaded));
        }
        let module =
            ModuleReport { sources: std::mem::take(&mut loaded.sources), diagnostics: broken, ..ModuleReport::default() };
        ctx.say(human::render(&Report { modules: vec![module], is_recursive: false }, Decoration::None));
        let message = format!("cannot read the root module in `{}`", ctx.directory.display());
        Err(Failure::new(ExitStatus::Usage, message)
            .hint("nothing was changed; correct what is found above, or name the root module's directory with --chdir")
            .into())
    }

    /// The release that the user names, else that of the module sources, else the newest known.
    ///
    /// # Errors
    ///
    /// When the text is no release, or the release has no such connector.
    pub(crate) fn release(&self, given: Option<&str>, connector: &Connector) -> anyhow::Result<Release> {
        let named = match given {
            Some(text) => Some(parse_release(text)?),
            None => self.0.root_module.psoxy_release().cloned(),
        };
        let release = Release { is_assumed: named.is_none(), version: named.unwrap_or(NEWEST_RELEASE) };
        if release.version < *connector.first_release() {
            let message = format!("psoxy {} has no connector `{}`", release.tag(), connector.id);
            let hint = format!("upgrade psoxy to v{} or later: change `?ref=` of its module sources", connector.first_release());
            return Err(Failure::new(ExitStatus::Usage, message).hint(hint).into());
        }
        Ok(release)
    }

    /// How the root module declares the variable of a home.
    pub(crate) fn declaration(&self, home: Home) -> Declaration {
        match self.0.root_module.variable(home.variable()) {
            Some(variable) => Declaration::from_description(variable.description.as_deref()),
            None => Declaration::Undeclared,
        }
    }

    /// The file that an assignment of the home goes to: the one that gives its variable a value now, since Terraform takes a
    /// map from one file alone; else `terraform.tfvars`.
    pub(crate) fn file_for(&self, home: Home) -> &str {
        let range = self.assignment(home.variable()).and_then(|input| input.attribute);
        range.map_or(DEFAULT_FILE, |range| &self.0.sources.file(range.file).name)
    }

    /// The string that a file assigns to the home; null counts as none, as it does for psoxy.
    pub(crate) fn standing(&self, home: Home) -> Option<String> {
        let input = self.assignment(home.variable())?;
        let value = match home.key() {
            None => &input.value,
            Some(key) => input.value.as_mapping()?.get(key)?,
        };
        value.as_str().map(String::from)
    }

    /// The texts in values of sensitive variables, which no excerpt may show.
    pub(crate) fn sensitive_texts(&self) -> Vec<String> {
        let mut texts = Vec::new();
        let sensitive = self.0.root_module.variables.values().filter(|variable| variable.is_sensitive);
        for input in sensitive.flat_map(|variable| self.0.inputs.given(&variable.name.text)) {
            collect_texts(&input.value, &mut texts);
        }
        texts
    }

    fn assignment(&self, variable: &str) -> Option<&Input> {
        self.0.inputs.given(variable).iter().rev().find(|input| input.source == InputSource::File)
    }
}

fn parse_release(text: &str) -> anyhow::Result<Version> {
    let release = text.strip_prefix('v').and_then(Version::parse).or_else(|| Version::parse(text));
    release.ok_or_else(|| {
        let message = format!("cannot read psoxy release `{text}`");
        Failure::new(ExitStatus::Usage, message).hint("write it as psoxy's tags are, such as --psoxy-release v0.6.6").into()
    })
}

fn collect_texts(value: &Value, texts: &mut Vec<String>) {
    if let ValueKind::String(text) = &value.kind
        && !text.is_empty()
    {
        texts.push(text.to_string());
    }
    for child in value.children() {
        collect_texts(child, texts);
    }
}
