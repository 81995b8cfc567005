//! What HCL suggests where it does not know a name.
//!
//! Source: hashicorp/hcl v2.23.0, `didyoumean.go`.

/// ` Did you mean "x"?`, for the first name that is less than three edits away.
pub(super) fn did_you_mean<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let alike = known.into_iter().find(|known| strsim::levenshtein(given, known) < 3)?;
    Some(format!(" Did you mean \"{alike}\"?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_suggestion(given: &str, expected: Option<&str>) {
        assert_eq!(did_you_mean(given, ["true", "trim", "null"]).as_deref(), expected);
    }

    #[test]
    fn suggests_the_first_name_that_is_two_edits_away() {
        check_suggestion("tr", Some(" Did you mean \"true\"?"));
    }

    #[test]
    fn suggests_nothing_three_edits_away() {
        check_suggestion("n", None);
    }
}
