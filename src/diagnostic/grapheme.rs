//! Grapheme clusters as Terraform counts them, in texts and in columns: those of Unicode 15.0.
//!
//! Since Unicode 15.1 a consonant that a virama joins to the one before it is in the same cluster, as in `क्ष`; for Terraform
//! these are two.
//!
//! Source: apparentlymart/go-textseg v15.0.0, which Terraform v1.11.4 uses; UAX #29, rule `GB9c`, new in revision 43.

use unicode_segmentation::UnicodeSegmentation;

/// The least bytes of a cluster that rule `GB9c` has made: two consonants with a virama between them, each of three bytes.
const LEAST_CONJUNCT: usize = 9;

const ZERO_WIDTH_JOINER: char = '\u{200d}';

/// The grapheme clusters of a text.
pub fn graphemes(text: &str) -> impl Iterator<Item = &str> {
    text.graphemes(true).flat_map(|cluster| Parts { rest: cluster })
}

/// A cluster of today in the clusters of Unicode 15.0.
struct Parts<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Parts<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.rest.is_empty() {
            return None;
        }
        let end = if self.rest.len() < LEAST_CONJUNCT { self.rest.len() } else { first_length(self.rest) };
        let (first, rest) = self.rest.split_at(end);
        self.rest = rest;
        Some(first)
    }
}

/// The bytes up to the first character that nothing but rule `GB9c` joins to the one before it.
fn first_length(cluster: &str) -> usize {
    let behind = cluster.char_indices().skip(1);
    let mut pairs = cluster.chars().zip(behind);
    pairs.find(|(before, (_, c))| !are_joined(*before, *c)).map_or(cluster.len(), |(_, (at, _))| at)
}

/// Whether two neighbours within a cluster are joined by another rule, all of which look at no more than these two; but rule
/// GB11, which joins emoji by a joiner, looks for an emoji before the joiner.
fn are_joined(before: char, c: char) -> bool {
    // A consonant is a letter.
    !c.is_alphabetic() || is_cluster(&[before, c]) || (before == ZERO_WIDTH_JOINER && is_cluster(&['\u{1f469}', before, c]))
}

fn is_cluster(characters: &[char]) -> bool {
    let mut buffer = [0; 12];
    let mut length = 0;
    for c in characters {
        length += c.encode_utf8(&mut buffer[length..]).len();
    }
    std::str::from_utf8(&buffer[..length]).is_ok_and(|text| text.graphemes(true).nth(1).is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_graphemes(text: &str, expected: &[&str]) {
        assert_eq!(graphemes(text).collect::<Vec<_>>(), expected);
        assert_eq!(expected.concat(), text);
    }

    #[test]
    fn consonants_joined_by_a_virama_are_two() {
        check_graphemes("क्ष", &["क\u{94d}", "ष"]);
        check_graphemes("क्षि ", &["क\u{94d}", "षि", " "]);
        check_graphemes("स्त्री", &["स\u{94d}", "त\u{94d}", "री"]);
        check_graphemes("ക്ഷ", &["ക\u{d4d}", "ഷ"]);
    }

    #[test]
    fn consonants_joined_by_a_virama_and_a_joiner_are_two() {
        check_graphemes("क\u{94d}\u{200d}ष", &["क\u{94d}\u{200d}", "ष"]);
    }

    #[test]
    fn emoji_joined_by_a_joiner_are_one() {
        check_graphemes("👨‍👩‍👧‍👦👨", &["👨‍👩‍👧‍👦", "👨"]);
        check_graphemes("👩🏽‍🚀", &["👩🏽‍🚀"]);
    }

    #[test]
    fn emoji_that_is_a_letter_is_joined_too() {
        check_graphemes("👩\u{200d}\u{2139}\u{fe0f}", &["👩\u{200d}\u{2139}\u{fe0f}"]);
    }

    #[test]
    fn flags_syllables_and_marks_are_one_each() {
        check_graphemes("🇩🇪🇫🇷", &["🇩🇪", "🇫🇷"]);
        check_graphemes("\u{1112}\u{1161}\u{11ab}\u{300}", &["\u{1112}\u{1161}\u{11ab}\u{300}"]);
        check_graphemes("e\u{301}\u{302}\u{303}\u{304}\u{305}a\r\n", &["e\u{301}\u{302}\u{303}\u{304}\u{305}", "a", "\r\n"]);
    }

    #[test]
    fn a_number_sign_joins_what_follows() {
        check_graphemes("\u{110bd}\u{11083}\u{1107f}", &["\u{110bd}\u{11083}\u{1107f}"]);
    }
}
