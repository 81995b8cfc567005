//! Versions of Terraform and of psoxy, and Terraform's version constraints.
//!
//! Source of what a constraint is: hashicorp/go-version v1.7.0, `version.go` and `constraint.go`.
//!
//! A constraint without a prerelease never admits a prerelease, and `~> 1.2` admits 1.9 while `~> 1.2.0` does not.

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

/// A list of conditions that a version must meet, as in `required_version`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constraints {
    conditions: Vec<Condition>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Condition {
    operator: Operator,
    version: Version,
    /// The numbers behind the third.
    further: Vec<u64>,
    written: usize,
    /// As written, blanks included.
    text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Pessimistic,
}

/// Longer spellings first, so that `>=` is not read as `>`.
const OPERATORS: [(&str, Operator); 7] = [
    ("!=", Operator::NotEqual),
    (">=", Operator::GreaterOrEqual),
    ("<=", Operator::LessOrEqual),
    ("~>", Operator::Pessimistic),
    ("=", Operator::Equal),
    (">", Operator::Greater),
    ("<", Operator::Less),
];

impl Constraints {
    /// Reads `>= 1.3, < 2.0`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let conditions = text.split(',').map(Condition::parse).collect::<Option<Vec<_>>>()?;
        Some(Self { conditions })
    }

    /// Does the version meet every condition?
    #[must_use]
    pub fn admits(&self, version: &Version) -> bool {
        self.conditions.iter().all(|condition| condition.admits(version))
    }

    /// The conditions that name a prerelease, as written.
    #[must_use]
    pub fn prereleases(&self) -> Vec<&str> {
        let named = self.conditions.iter().filter(|condition| !condition.version.prerelease.is_empty());
        named.map(|condition| condition.text.as_str()).collect()
    }

    /// The preferred version where it is admitted, else the highest admitted one that the conditions name.
    #[must_use]
    pub fn nearest(&self, preferred: Version) -> Version {
        if self.admits(&preferred) {
            return preferred;
        }
        let named = self.conditions.iter().map(|condition| &condition.version);
        named.filter(|version| self.admits(version)).max().cloned().unwrap_or(preferred)
    }

    /// The version that a condition without operator, or with `=`, demands.
    #[must_use]
    pub fn exact(&self) -> Option<&Version> {
        let is_exact = |condition: &&Condition| condition.operator == Operator::Equal && condition.is_of_three_numbers();
        self.conditions.iter().find(is_exact).map(|condition| &condition.version)
    }
}

impl Condition {
    fn parse(text: &str) -> Option<Self> {
        let trimmed = text.trim_matches(is_blank);
        let (operator, rest) = OPERATORS
            .iter()
            .find_map(|(spelling, operator)| Some((*operator, trimmed.strip_prefix(spelling)?)))
            .unwrap_or((Operator::Equal, trimmed));
        let Parsed { version, further, written } = Parsed::read(rest.trim_start_matches(is_blank))?;
        Some(Self { operator, version, further, written, text: text.to_owned() })
    }

    /// Source: hashicorp/go-version v1.7.0, `constraint.go`.
    fn admits(&self, version: &Version) -> bool {
        let order = self.order_of(version);
        match self.operator {
            Operator::Equal => order == Ordering::Equal,
            Operator::NotEqual => order != Ordering::Equal,
            Operator::Greater => self.admits_prerelease_of(version) && order == Ordering::Greater,
            Operator::GreaterOrEqual => self.admits_prerelease_of(version) && order != Ordering::Less,
            Operator::Less => self.admits_prerelease_of(version) && order == Ordering::Less,
            Operator::LessOrEqual => self.admits_prerelease_of(version) && order != Ordering::Greater,
            Operator::Pessimistic => {
                // All but the last number written must stay as they are, and a version must have as many numbers.
                let fixed = self.written.saturating_sub(1);
                self.admits_prerelease_of(version)
                    && order != Ordering::Less
                    && self.further.is_empty()
                    && version.numbers().iter().zip(self.version.numbers()).take(fixed).all(|(have, want)| *have == want)
            }
        }
    }

    /// How a version stands to the one that is named; numbers that a version does not have are zero.
    fn order_of(&self, version: &Version) -> Ordering {
        if version.numbers() == self.version.numbers() && !self.is_of_three_numbers() {
            return Ordering::Less;
        }
        version.cmp(&self.version)
    }

    /// Whether the version that is named has no number but zero behind the third.
    fn is_of_three_numbers(&self) -> bool {
        self.further.iter().all(|number| *number == 0)
    }

    /// A prerelease is admitted only by a condition that names a prerelease of the same version.
    fn admits_prerelease_of(&self, version: &Version) -> bool {
        let is_of_same_numbers = version.numbers() == self.version.numbers() && self.further.is_empty();
        version.prerelease.is_empty() || (!self.version.prerelease.is_empty() && is_of_same_numbers)
    }
}

/// What may stand around the parts of a condition.
///
/// Source: Go, `regexp/syntax`, `\s`.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\u{c}' | '\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_admits(constraints: &str, version: &str, expected: bool) {
        let admits = Constraints::parse(constraints).unwrap().admits(&Version::parse(version).unwrap());
        assert_eq!(admits, expected, "{constraints} {version}");
    }

    #[test]
    fn pessimistic_constraint_frees_the_last_number_written() {
        check_admits("~> 1.2", "1.9.0", true);
        check_admits("~> 1.2", "2.0.0", false);
        check_admits("~> 1.2.3", "1.2.9", true);
        check_admits("~> 1.2.3", "1.3.0", false);
        check_admits("~> 1", "2.5.0", true);
    }

    #[test]
    fn every_condition_must_be_met() {
        check_admits(">= 1.3, < 1.7.0", "1.6.6", true);
        check_admits(">= 1.3, < 1.7.0", "1.7.0", false);
        check_admits("!= 1.5", "1.5.0", false);
    }

    #[test]
    fn prerelease_needs_a_constraint_that_names_it() {
        check_admits(">= 1.11.0", "1.12.0-beta1", false);
        check_admits(">= 1.12.0-alpha", "1.12.0-beta1", true);
    }

    #[test]
    fn numbers_behind_the_third_count() {
        check_admits(">= 1.0.0.0", "1.11.4", true);
        check_admits("= 1.11.4.0", "1.11.4", true);
        check_admits("!= 1.11.4.0", "1.11.4", false);
        check_admits("< 1.11.4.1", "1.11.4", true);
        check_admits("> 1.11.4.0", "1.11.4", false);
        check_admits("~> 1.11.3.9", "1.11.4", false);
        assert_eq!(Version::parse("1.11.4.0"), None);
    }

    #[test]
    fn prerelease_needs_no_hyphen() {
        let constraints = Constraints::parse("~>1.11rc1, >= 2-a, 1~x, >= 1-, 1.0").unwrap();
        assert_eq!(constraints.prereleases(), ["~>1.11rc1", " >= 2-a", " 1~x", " >= 1-"]);
    }

    #[test]
    fn metadata_and_blanks_are_those_of_ascii() {
        assert_eq!(Constraints::parse("1.0+a_b"), None);
        assert_eq!(Constraints::parse(">=\u{a0}1.0"), None);
        check_admits("\n>=\t1.0+a.b ", "1.0.0", true);
    }

    #[test]
    fn constraint_without_operator_is_equality() {
        assert_eq!(Constraints::parse("1.11.4").unwrap().exact(), Some(&NEWEST_KNOWN_TERRAFORM));
    }

    #[test]
    fn nonsense_is_no_constraint() {
        assert_eq!(Constraints::parse("foo"), None);
        assert_eq!(Constraints::parse(">= 1.2,"), None);
    }

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
    }
}
