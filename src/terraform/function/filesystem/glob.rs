//! Patterns of file names: `*`, `?`, `[a-z]`, `{a,b}`, and `**` for any number of folders.
//!
//! Source of the rules: `github.com/bmatcuk/doublestar` v1.1.5. A pattern is not read before it is matched: what is wrong
//! with it counts only where a name gets as far.

use std::collections::BTreeSet;

/// The characters that make a pattern of a name.
const SPECIAL: &[char] = &['*', '?', '[', '{', '\\'];

/// A pattern of paths.
pub(super) struct Glob<'p> {
    /// The folder that the leading parts without special characters lead to.
    pub(super) folder: String,
    /// The parts below that folder; the last one always.
    parts: Vec<&'p str>,
}

/// A name got as far as a mistake in the pattern.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Mistake {
    /// In the folder where the search begins: the search fails.
    AtOnce,
    /// Further down: it depends on the order in which the disk lists the files whether the search fails.
    FurtherDown,
}

impl<'p> Glob<'p> {
    /// A cleaned pattern.
    pub(super) fn new(pattern: &'p str) -> Self {
        let mut parts: Vec<&str> = pattern.split('/').collect();
        let is_plain = |part: &&&str| !part.contains(SPECIAL);
        let plain = parts.iter().take_while(is_plain).count().min(parts.len() - 1);
        let below = parts.split_off(plain);
        let folder = match parts.as_slice() {
            [] => ".".to_owned(),
            [""] => "/".to_owned(),
            parts => parts.join("/"),
        };
        Self { folder, parts: below }
    }

    /// Whether the search goes through everything below a folder.
    pub(super) fn takes_everything(&self) -> bool {
        self.parts.last() == Some(&"**")
    }

    /// Whether the pattern matches a path below the folder.
    pub(super) fn matches(&self, path: &str) -> Result<bool, Mistake> {
        let names: Vec<&str> = path.split('/').collect();
        match first_step(&self.parts, &names) {
            Err(()) => Err(Mistake::AtOnce),
            Ok(false) => Ok(false),
            Ok(true) => walk(&self.parts, &names).map_err(|()| Mistake::FurtherDown),
        }
    }
}

/// Whether a path may match after a look at the first name, for which the search fails where the pattern is wrong.
fn first_step(parts: &[&str], names: &[&str]) -> Result<bool, ()> {
    match (parts, names) {
        (["**"], _) => Ok(true),
        (["**", part, ..], [name, ..]) => is_match(part, name).map(|_| true),
        ([part, ..], [name, ..]) => is_match(part, name),
        _ => Ok(false),
    }
}

/// Matches part by part, `**` with as many names as it takes.
fn walk(parts: &[&str], names: &[&str]) -> Result<bool, ()> {
    // The parts and names behind the last `**`, for another try with one name more.
    let mut again: Option<(&[&str], &[&str])> = None;
    let (mut parts_left, mut names_left) = (parts, names);
    loop {
        match (parts_left, names_left) {
            (["**"], [_, ..]) | ([], []) => return Ok(true),
            (["**", rest @ ..], [_, ..]) => {
                again = Some((rest, names_left));
                parts_left = rest;
                continue;
            }
            ([part, parts @ ..], [name, names @ ..]) => {
                if is_match(part, name)? {
                    (parts_left, names_left) = (parts, names);
                    continue;
                }
            }
            ([], _) | (_, []) => {}
        }
        let Some((parts, [_, names @ ..])) = again else { return Ok(false) };
        again = Some((parts, names));
        (parts_left, names_left) = (parts, names);
    }
}

/// A way of matching that is still to be tried.
struct Attempt {
    pattern: String,
    /// Where in the name the pattern is to match.
    at: usize,
    /// How many attempts stay when this one meets a mistake: a star passes over its own. None where a mistake counts.
    kept: Option<usize>,
}

/// How far an attempt came.
enum Outcome {
    Match,
    NoMatch,
    /// A star, and what stands behind it.
    Star(String, usize),
    /// What the alternatives in braces make of the rest of the pattern.
    Alternatives(Vec<String>, usize),
}

/// Whether a part of a pattern matches a name; the error is a mistake in the pattern that the name got as far as.
fn is_match(pattern: &str, name: &str) -> Result<bool, ()> {
    let mut attempts = vec![Attempt { pattern: pattern.to_owned(), at: 0, kept: None }];
    // An attempt that failed fails again, however the search came to it.
    let mut tried = BTreeSet::new();
    while let Some(Attempt { pattern, at, kept }) = attempts.pop() {
        if !tried.insert((pattern.clone(), at, kept.is_some())) {
            continue;
        }
        match (attempt(&pattern, &name[at..]), kept) {
            (Ok(Outcome::Match), _) => return Ok(true),
            (Ok(Outcome::NoMatch), _) => {}
            (Ok(Outcome::Star(rest, taken)), _) => {
                let behind = &name[at + taken..];
                for (offset, _) in behind.char_indices().rev() {
                    attempts.push(Attempt { pattern: rest.clone(), at: at + taken + offset, kept: Some(attempts.len()) });
                }
            }
            (Ok(Outcome::Alternatives(patterns, taken)), _) => {
                attempts.extend(patterns.into_iter().rev().map(|pattern| Attempt { pattern, at: at + taken, kept }));
            }
            (Err(()), Some(kept)) => attempts.truncate(kept),
            (Err(()), None) => return Err(()),
        }
    }
    Ok(false)
}

/// Matches up to the first place where there is more than one way.
fn attempt(pattern: &str, name: &str) -> Result<Outcome, ()> {
    let decide = |is_match: bool| Ok(if is_match { Outcome::Match } else { Outcome::NoMatch });
    if name.is_empty() {
        return decide(matches!(pattern, "" | "*"));
    }
    let (mut pattern_left, mut name_left) = (pattern, name);
    loop {
        let (Some(special), Some(next)) = (pattern_left.chars().next(), name_left.chars().next()) else {
            return decide(name_left.is_empty() && matches!(pattern_left, "" | "*" | "**"));
        };
        let rest = &pattern_left[special.len_utf8()..];
        let taken = name.len() - name_left.len();
        pattern_left = match special {
            '*' if rest.is_empty() => return Ok(Outcome::Match),
            '*' => return Ok(Outcome::Star(rest.to_owned(), taken)),
            '{' => {
                let (inside, rest) = split_at_unescaped(rest, '}').ok_or(())?;
                let alternatives = alternatives(inside).into_iter().map(|alternative| format!("{alternative}{rest}"));
                return Ok(Outcome::Alternatives(alternatives.collect(), taken));
            }
            '[' => {
                let (inside, rest) = split_at_unescaped(rest, ']').ok_or(())?;
                if !is_in_class(inside, next)? {
                    return Ok(Outcome::NoMatch);
                }
                rest
            }
            '\\' => {
                let escaped = rest.chars().next().ok_or(())?;
                if escaped != next {
                    return Ok(Outcome::NoMatch);
                }
                &rest[escaped.len_utf8()..]
            }
            _ if special == '?' || special == next => rest,
            _ => return Ok(Outcome::NoMatch),
        };
        name_left = &name_left[next.len_utf8()..];
    }
}

/// What stands before and behind the first such character that no backslash stands before.
fn split_at_unescaped(text: &str, end: char) -> Option<(&str, &str)> {
    let is_unescaped = |at: &usize| !text[..*at].ends_with('\\');
    let at = text.match_indices(end).map(|(at, _)| at).find(is_unescaped)?;
    Some((&text[..at], &text[at + end.len_utf8()..]))
}

/// The alternatives between braces; of nothing, one that is empty.
fn alternatives(inside: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = inside;
    while let Some((alternative, behind)) = split_at_unescaped(rest, ',') {
        found.push(alternative);
        rest = behind;
    }
    found.push(rest);
    found
}

/// Whether a class such as `^a-z`, given without its brackets, holds a character.
fn is_in_class(class: &str, character: char) -> Result<bool, ()> {
    if class.is_empty() {
        return Err(());
    }
    let (is_negated, members) = match class.strip_prefix('^') {
        Some(members) => (true, members),
        None => (false, class),
    };
    let mut holds = false;
    let mut members = members.chars().peekable();
    while members.peek().is_some() {
        let low = class_member(&mut members)?;
        let high = if members.next_if_eq(&'-').is_some() { class_member(&mut members)? } else { low };
        holds |= (low..=high).contains(&character);
    }
    Ok(holds != is_negated)
}

/// Takes a character of a class, which may be escaped; a bare hyphen is none.
fn class_member(members: &mut impl Iterator<Item = char>) -> Result<char, ()> {
    match members.next() {
        None | Some('-') => Err(()),
        Some('\\') => members.next().ok_or(()),
        Some(member) => Ok(member),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_glob(pattern: &str, path: &str, expected: Result<bool, Mistake>) {
        assert_eq!(Glob::new(pattern).matches(path), expected, "{pattern} on {path}");
    }

    #[test]
    fn stars_stay_within_a_folder_unless_doubled() {
        check_glob("*.txt", "a.txt", Ok(true));
        check_glob("*.txt", "d/a.txt", Ok(false));
        check_glob("**/*.txt", "a.txt", Ok(true));
        check_glob("**/*.txt", "d/e/a.txt", Ok(true));
        check_glob("**/e/**/*.txt", "d/e/f/g/a.txt", Ok(true));
        check_glob("**/e/*.txt", "d/e/f/a.txt", Ok(false));
        check_glob("*/**", "d/e/a.txt", Ok(true));
        check_glob("*/**", "a.txt", Ok(false));
    }

    #[test]
    fn classes_and_alternatives_match() {
        check_glob("[a-c].t?t", "b.txt", Ok(true));
        check_glob("[^a-c].txt", "b.txt", Ok(false));
        check_glob("[^a-c].txt", "d.txt", Ok(true));
        check_glob("{a,b}.txt", "b.txt", Ok(true));
        check_glob("{a,b}.txt", "c.txt", Ok(false));
        check_glob("*{a,b}*.txt", "cbc.txt", Ok(true));
        check_glob("\\[a].txt", "[a].txt", Ok(true));
    }

    #[test]
    fn an_exclamation_mark_negates_nothing() {
        check_glob("[!a-c].txt", "b.txt", Ok(true));
        check_glob("[!a-c].txt", "!.txt", Ok(true));
        check_glob("[!a-c].txt", "d.txt", Ok(false));
    }

    #[test]
    fn braces_end_at_the_first_closing_one() {
        check_glob("{t1,{t2,bad}}.tpl", "t2.tpl", Ok(true));
        check_glob("{t1,{t2,bad}}.tpl", "t1.tpl", Ok(false));
        check_glob("{t1,{t2,bad}}.tpl", "bad}.tpl", Ok(true));
    }

    #[test]
    fn a_mistake_counts_where_a_name_gets_as_far() {
        check_glob("[a", "a", Err(Mistake::AtOnce));
        check_glob("{a", "a", Err(Mistake::AtOnce));
        check_glob("b[a", "a", Ok(false));
        check_glob("a\\", "a", Ok(false));
        check_glob("[a-]", "a", Err(Mistake::AtOnce));
        check_glob("*[", "a", Ok(false));
        check_glob("*/[", "d/a", Err(Mistake::FurtherDown));
        check_glob("d/[", "a", Err(Mistake::AtOnce));
    }

    #[test]
    fn stars_of_any_number_end_soon() {
        let pattern = "*a".repeat(60);
        check_glob(&pattern, &"a".repeat(59), Ok(false));
        check_glob(&pattern, &"a".repeat(120), Ok(true));
        check_glob(&"*{a,b}".repeat(30), &"c".repeat(120), Ok(false));
    }
}
