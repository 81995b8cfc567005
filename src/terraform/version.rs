//! Versions of Terraform and of psoxy.
//!
//! Source of the rules: hashicorp/go-version v1.7.0, `version.go`.

pub mod constraint;

use std::cmp::Ordering;
use std::fmt;

/// A version: up to three numbers and a prerelease.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Version {
    /// First number.
    pub major: u64,
    /// Second number.
    pub minor: u64,
    /// Third number.
    pub patch: u64,
    /// What stands behind the hyphen: `beta1` of `1.12.0-beta1`; empty for a release.
    pub prerelease: String,
}

/// The newest version of Terraform whose verdicts were recorded; assumed where nothing names another.
pub const NEWEST_KNOWN_TERRAFORM: Version = Version::new(1, 11, 4);

impl Version {
    /// A release.
    #[must_use]
    pub const fn new(major: u64, minor: u64, patch: u64) -> Self {
        Self { major, minor, patch, prerelease: String::new() }
    }

    /// Reads `1.2.3`, `v1.2.3`, `1.2` or `1`, each with an optional `-prerelease` and `+metadata`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Parsed::read(text).filter(|parsed| parsed.further.is_empty()).map(|parsed| parsed.version)
    }

    /// Is this version at least the given release?
    #[must_use]
    pub fn is_at_least(&self, major: u64, minor: u64, patch: u64) -> bool {
        *self >= Self::new(major, minor, patch)
    }

    fn numbers(&self) -> [u64; 3] {
        [self.major, self.minor, self.patch]
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)?;
        if self.prerelease.is_empty() {
            return Ok(());
        }
        write!(f, "-{}", self.prerelease)
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.numbers().cmp(&other.numbers()).then_with(|| match (self.prerelease.is_empty(), other.prerelease.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => compare_prereleases(&self.prerelease, &other.prerelease),
        })
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Semantic versioning 2.0.0, section 11.4: numbers by value and below words, the longer list wins.
fn compare_prereleases(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = (left.split('.'), right.split('.'));
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(l), Some(r)) => match (l.parse::<u64>(), r.parse::<u64>()) {
                (Ok(l), Ok(r)) => l.cmp(&r),
                (Ok(_), Err(_)) => Ordering::Less,
                (Err(_), Ok(_)) => Ordering::Greater,
                (Err(_), Err(_)) => l.cmp(r),
            },
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// A version as a condition names it.
///
/// Source: hashicorp/go-version v1.7.0, `version.go`, `VersionRegexpRaw`.
struct Parsed {
    version: Version,
    /// The numbers behind the third.
    further: Vec<u64>,
    /// How many of the numbers were written out, which `~>` needs.
    written: usize,
}

impl Parsed {
    fn read(text: &str) -> Option<Self> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (numbers, rest) = text.split_at(end);
        let mut numbers = numbers.split('.').map(number).collect::<Option<Vec<u64>>>()?;
        let written = numbers.len();
        let further = if written > 3 { numbers.split_off(3) } else { Vec::new() };
        let at = |index: usize| numbers.get(index).copied().unwrap_or_default();
        let (prerelease, metadata) = match rest.split_once('+') {
            Some((prerelease, metadata)) => (prerelease, Some(metadata)),
            None => (rest, None),
        };
        if !metadata.is_none_or(are_identifiers) {
            return None;
        }
        let prerelease = read_prerelease(prerelease)?.to_owned();
        Some(Self { version: Version { major: at(0), minor: at(1), patch: at(2), prerelease }, further, written })
    }
}

/// A number of a version, which go-version keeps in 64 bits with a sign.
fn number(text: &str) -> Option<u64> {
    text.parse().ok().filter(|number| i64::try_from(*number).is_ok())
}

/// What stands behind the numbers, without its hyphen, which is left out where a letter begins it: `1.2rc1`.
fn read_prerelease(text: &str) -> Option<&str> {
    let prerelease = match text.strip_prefix('-') {
        // A hyphen that no word follows is the word.
        Some(word) if word.is_empty() || word.starts_with('.') => text,
        Some(word) => word,
        None => text,
    };
    (prerelease.is_empty() || are_identifiers(prerelease)).then_some(prerelease)
}

/// Words with dots between them, as in a prerelease and in metadata.
fn are_identifiers(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '~');
    text.split('.').all(|word| !word.is_empty() && word.chars().all(is_part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_order_as_semantic_versioning_says() {
        let parse = |text| Version::parse(text).unwrap();
        assert!(parse("v0.6.6") < parse("v0.6.10"));
        assert!(parse("1.0.0-rc.2") < parse("1.0.0-rc.10"));
        assert!(parse("1.0.0-rc.1") < parse("1.0.0"));
    }

    #[test]
    fn branch_names_are_no_versions() {
        assert_eq!(Version::parse("main"), None);
        assert_eq!(Version::parse("rc-v0.6.7"), None);
        assert_eq!(Version::parse(""), None);
        assert_eq!(Version::parse("1.11.4.0"), None);
    }
}
