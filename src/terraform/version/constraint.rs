//! Conditions on versions, as in `required_version`.
//!
//! A condition without a prerelease never admits a prerelease, and `~> 1.2` admits 1.9 while `~> 1.2.0` does not.
//!
//! Source of what a constraint is: hashicorp/go-version v1.7.0, `constraint.go`.

use std::cmp::Ordering;

use super::{Parsed, Version};

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
    use crate::terraform::version::NEWEST_KNOWN_TERRAFORM;

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
}
