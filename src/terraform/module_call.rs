//! `module` blocks: where a module comes from, and which release of psoxy that is.
//!
//! A `?ref=` may name a branch; only a tag of the form `vX.Y.Z` is a release.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::syntax::{Expression, Name};
use super::version::Version;
use super::version::constraint::Constraints;
use crate::diagnostic::SourceRange;

/// Where the proxy runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Host {
    /// AWS Lambda.
    Aws,
    /// GCP Cloud Functions.
    Gcp,
}

/// A `module` block.
#[derive(Debug, Clone, PartialEq)]
pub struct ModuleCall {
    /// The label.
    pub name: Name,
    /// The block's type and label.
    pub header: SourceRange,
    /// `source`, when it is a literal string.
    pub source: Option<String>,
    /// Where the value of `source` stands.
    pub source_range: Option<SourceRange>,
    /// The module of psoxy that is called, if it is one.
    pub psoxy: Option<PsoxyModule>,
    /// Every argument by its name, meta-arguments too.
    pub arguments: BTreeMap<String, Arc<Expression>>,
}

/// A module of psoxy, as a `source` names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PsoxyModule {
    /// The module's own name, the last part of its path: `aws-host`.
    pub name: String,
    /// The release, where `?ref=` or `version` names one.
    pub release: Option<Version>,
    /// What `?ref=` says, release or branch.
    pub git_reference: Option<String>,
}

impl PsoxyModule {
    /// Recognizes a `source` of psoxy, or of a fork of it, in any of Terraform's forms.
    ///
    /// `version` is the argument beside it, which registry addresses have in place of `?ref=`.
    #[must_use]
    pub fn from_source(source: &str, version: Option<&str>) -> Option<Self> {
        let (address, query) = source.split_once('?').unwrap_or((source, ""));
        let git_reference = query.split('&').find_map(|pair| pair.strip_prefix("ref=")).map(str::to_owned);
        let without_scheme = address.split_once("://").map_or(address, |(_, rest)| rest);
        let (package, inner_path) = without_scheme.split_once("//").unwrap_or((without_scheme, ""));
        let is_local = address.starts_with("./") || address.starts_with("../");
        let path = if is_local { address } else { inner_path };

        // Forks are renamed, copies are vendored; what stays is psoxy's own folder for modules, and for examples before v0.4.
        let is_psoxys_layout =
            ["infra/modules/", "infra/modular-examples/", "infra/examples/"].iter().any(|dir| path.contains(dir));
        let is_named_psoxy = package.to_ascii_lowercase().split(['/', ':']).any(|part| part.trim_end_matches(".git") == "psoxy");
        if !is_psoxys_layout && (is_local || !is_named_psoxy) {
            return None;
        }
        let from_registry = || version.and_then(|text| Constraints::parse(text)?.exact().cloned());
        Some(Self {
            name: path.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned(),
            release: git_reference.as_deref().and_then(release_of_tag).or_else(from_registry),
            git_reference,
        })
    }

    /// The host that the module is for, where its name tells.
    #[must_use]
    pub fn host(&self) -> Option<Host> {
        match self.name.split('-').next() {
            Some("aws") => Some(Host::Aws),
            Some("gcp") => Some(Host::Gcp),
            _ => None,
        }
    }
}

/// psoxy tags its releases `vX.Y.Z`.
fn release_of_tag(tag: &str) -> Option<Version> {
    let numbers = tag.strip_prefix('v')?;
    if numbers.matches('.').count() != 2 {
        return None;
    }
    Version::parse(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_source(source: &str, version: Option<&str>, expected: Option<(&str, Option<&str>)>) {
        let found = PsoxyModule::from_source(source, version);
        let found = found.as_ref().map(|m| (m.name.as_str(), m.release.as_ref().map(ToString::to_string)));
        assert_eq!(found, expected.map(|(name, release)| (name, release.map(str::to_owned))), "{source}");
    }

    #[test]
    fn git_over_https_names_release() {
        check_source(
            "git::https://github.com/worklytics/psoxy//infra/modules/aws-host?ref=v0.6.6",
            None,
            Some(("aws-host", Some("0.6.6"))),
        );
    }

    #[test]
    fn git_over_ssh_names_release() {
        check_source(
            "git::ssh://git@github.com/Worklytics/psoxy.git//infra/modules/gcp-host?ref=v0.5.9&depth=1",
            None,
            Some(("gcp-host", Some("0.5.9"))),
        );
        check_source(
            "git@github.com:Worklytics/psoxy.git//infra/modules/gcp-host?ref=v0.5.9",
            None,
            Some(("gcp-host", Some("0.5.9"))),
        );
    }

    #[test]
    fn github_shorthand_names_release() {
        check_source(
            "github.com/worklytics/psoxy//infra/modules/worklytics-connectors?ref=v0.4.25",
            None,
            Some(("worklytics-connectors", Some("0.4.25"))),
        );
    }

    #[test]
    fn registry_address_takes_release_from_version() {
        check_source("worklytics/psoxy/aws//infra/modules/aws-host", Some("0.6.0"), Some(("aws-host", Some("0.6.0"))));
        check_source("worklytics/psoxy/aws//infra/modules/aws-host", Some("~> 0.6"), Some(("aws-host", None)));
    }

    #[test]
    fn fork_is_recognized_by_its_layout() {
        check_source(
            "git::https://git.acme.test/infra/proxy//infra/modules/aws-host?ref=v0.6.6",
            None,
            Some(("aws-host", Some("0.6.6"))),
        );
    }

    #[test]
    fn local_path_has_no_release() {
        check_source("../../infra/modules/aws-host", None, Some(("aws-host", None)));
    }

    #[test]
    fn branch_is_no_release() {
        check_source(
            "git::https://github.com/worklytics/psoxy//infra/modules/aws-host?ref=rc-v0.6.7",
            None,
            Some(("aws-host", None)),
        );
    }

    #[test]
    fn other_modules_are_not_psoxys() {
        check_source("terraform-aws-modules/vpc/aws", Some("5.0.0"), None);
        check_source("./modules/psoxy", None, None);
    }

    #[test]
    fn host_is_told_by_module_name() {
        let host = |source| PsoxyModule::from_source(source, None).and_then(|module| module.host());
        assert_eq!(host("../infra/modules/aws-host"), Some(Host::Aws));
        assert_eq!(host("../infra/modules/gcp-host"), Some(Host::Gcp));
        assert_eq!(host("../infra/modules/worklytics-connectors"), None);
    }
}
