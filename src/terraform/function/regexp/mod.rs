//! Go's regular expressions (RE2 syntax) on Rust's engine.
//!
//! The engines agree on what a match is; their dialects differ. A pattern is therefore parsed by Go's rules, which also
//! gives Go's errors, and written down again so that nothing is left to Rust's reading of it: flags, classes and names
//! are resolved here.

mod class;
mod error;
mod escape;
mod parser;
mod unicode;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use regex::Captures;

use error::SyntaxError;

/// Nesting that Rust's parser must bear: Go's limit, and the groups that the translation adds.
const NEST_LIMIT: u32 = 4_000;
/// Memory for a compiled program, in bytes; Go admits 128 MiB.
const SIZE_LIMIT: usize = 128 << 20;

/// Memory for a compiled program that may stay beside others, in bytes.
const SMALL_SIZE_LIMIT: usize = 1 << 20;

/// Patterns that stay compiled: compiling takes longer than all else, and a `for` asks for the same few again and again.
const MOST_KEPT: usize = 32;

thread_local! {
    /// The patterns that were compiled last, with the newest at the end; one large one at most.
    static KEPT: RefCell<VecDeque<(String, Rc<Regexp>)>> = const { RefCell::new(VecDeque::new()) };
}

/// A compiled pattern.
pub(super) struct Regexp {
    compiled: regex::Regex,
    /// It takes more memory than [`SMALL_SIZE_LIMIT`].
    is_large: bool,
    /// The names of the capture groups; empty where a group has none.
    groups: Vec<String>,
}

impl Regexp {
    /// The pattern, compiled now or a while ago.
    pub(super) fn get(pattern: &str) -> Result<Rc<Self>, SyntaxError> {
        let kept = |kept: &VecDeque<(String, Rc<Self>)>| {
            kept.iter().find(|(known, _)| known == pattern).map(|(_, regexp)| Rc::clone(regexp))
        };
        if let Some(regexp) = KEPT.with_borrow(kept) {
            return Ok(regexp);
        }
        let regexp = Rc::new(Self::compile(pattern)?);
        KEPT.with_borrow_mut(|kept| {
            if regexp.is_large {
                kept.retain(|(_, other)| !other.is_large);
            }
            if kept.len() == MOST_KEPT {
                kept.pop_front();
            }
            kept.push_back((pattern.to_owned(), Rc::clone(&regexp)));
        });
        Ok(regexp)
    }

    /// Compiles a pattern.
    fn compile(pattern: &str) -> Result<Self, SyntaxError> {
        let translation = parser::translate(pattern)?;
        let mut builder = regex::RegexBuilder::new(&translation.pattern);
        builder.nest_limit(NEST_LIMIT);
        let (compiled, is_large) = match builder.size_limit(SMALL_SIZE_LIMIT).build() {
            Ok(compiled) => (compiled, false),
            Err(_) => (builder.size_limit(SIZE_LIMIT).build().map_err(|_| SyntaxError::too_large(pattern))?, true),
        };
        Ok(Self { compiled, is_large, groups: translation.groups })
    }

    /// The names of the capture groups in order; empty where a group has none.
    pub(super) fn groups(&self) -> &[String] {
        &self.groups
    }

    /// The first match.
    pub(super) fn captures<'h>(&self, text: &'h str) -> Option<Captures<'h>> {
        self.compiled.captures(text)
    }

    /// Every match.
    pub(super) fn captures_iter<'h>(&self, text: &'h str) -> impl Iterator<Item = Captures<'h>> {
        self.compiled.captures_iter(text)
    }

    /// The text with every match replaced by a template such as `$1` or `${name}`; none where it takes more than so many bytes.
    pub(super) fn replace_all(&self, text: &str, template: &str, most: usize) -> Option<String> {
        let mut replaced = String::with_capacity(text.len());
        let mut end = 0;
        for captures in self.compiled.captures_iter(text) {
            let Some(whole) = captures.get(0) else { continue };
            replaced.push_str(&text[end..whole.start()]);
            self.expand(template, &captures, &mut replaced);
            end = whole.end();
            if replaced.len() > most {
                return None;
            }
        }
        replaced.push_str(&text[end..]);
        Some(replaced)
    }

    /// Appends a template with its references resolved; an unknown group is empty text.
    fn expand(&self, template: &str, captures: &Captures<'_>, out: &mut String) {
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('$') {
            out.push_str(before);
            if let Some(after) = after.strip_prefix('$') {
                out.push('$');
                rest = after;
                continue;
            }
            let Some((name, after)) = reference(after) else {
                out.push('$');
                rest = after;
                continue;
            };
            rest = after;
            let index = match group_number(name) {
                Some(number) => Some(number),
                None => (0..self.groups.len())
                    .find(|group| self.groups[*group] == name && captures.get(group + 1).is_some())
                    .map(|group| group + 1),
            };
            out.push_str(index.and_then(|index| captures.get(index)).map_or("", |group| group.as_str()));
        }
        out.push_str(rest);
    }
}

/// The name that a reference starts with, after its `$`, and what follows; none when it is no reference.
fn reference(text: &str) -> Option<(&str, &str)> {
    let (braced, text) = match text.strip_prefix('{') {
        Some(text) => (true, text),
        None => (false, text),
    };
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    if name.is_empty() {
        return None;
    }
    if braced { Some((name, rest.strip_prefix('}')?)) } else { Some((name, rest)) }
}

/// The number that a name is; one with a leading zero is a name.
fn group_number(name: &str) -> Option<usize> {
    if !name.bytes().all(|b| b.is_ascii_digit()) || (name.len() > 1 && name.starts_with('0')) {
        return None;
    }
    name.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_match(pattern: &str, text: &str, expected: Option<&str>) {
        let regexp = Regexp::compile(pattern).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(regexp.captures(text).map(|c| c[0].to_owned()).as_deref(), expected, "{pattern}");
    }

    #[test]
    fn of_large_patterns_the_last_alone_is_kept() {
        for pattern in [r"a\pL{300}", "b", r"c\pL{300}"] {
            assert!(Regexp::get(pattern).is_ok());
        }
        let is_large = KEPT.with_borrow(|kept| kept.iter().map(|(_, regexp)| regexp.is_large).collect::<Vec<_>>());
        assert_eq!(is_large, [false, true]);
    }

    #[track_caller]
    fn check_error(pattern: &str, expected: &str) {
        let error = Regexp::compile(pattern).map(|_| ()).expect_err("the pattern must be refused");
        assert_eq!(error.to_string(), format!("error parsing regexp: {expected}"));
    }

    #[track_caller]
    fn check_replace(pattern: &str, template: &str, text: &str, expected: &str) {
        let regexp = Regexp::compile(pattern).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(regexp.replace_all(text, template, usize::MAX).as_deref(), Some(expected));
    }

    #[test]
    fn classes_of_perl_are_ascii() {
        check_match(r"\d+", "٣3", Some("3"));
        check_match(r"\w+", "é_e", Some("_e"));
        check_match(r"\s", "\u{b}", None);
        check_match(r"[^\d]", "1é", Some("é"));
        check_match(r"\D+", "1é2", Some("é"));
        check_match(r"\bb", "éb", Some("b"));
        check_match(r"\Bb", "ab", Some("b"));
    }

    #[test]
    fn quoted_text_is_literal() {
        check_match(r"\Qa.b\E.", "a.bc", Some("a.bc"));
        check_match(r"\Qa.b", "a.b", Some("a.b"));
    }

    #[test]
    fn braces_that_are_no_repetition_are_literal() {
        check_match("a{,3}", "a{,3}", Some("a{,3}"));
        check_match("a{x", "a{x", Some("a{x"));
        check_match("a{2,}", "aaaa", Some("aaaa"));
        check_match("a{1,2}?", "aaaa", Some("a"));
    }

    #[test]
    fn set_operators_are_literal_in_a_class() {
        check_match("[a&&b]+", "x&b&a", Some("&b&a"));
        check_match(r"\<a", "<a", Some("<a"));
        check_match("[~~a]+", "~a", Some("~a"));
        check_match("[[a]+", "[a", Some("[a"));
    }

    #[test]
    fn bracket_first_in_a_class_is_literal() {
        check_match("[]a]+", "]a", Some("]a"));
        check_match("[^]a]+", "]ab", Some("b"));
    }

    #[test]
    fn named_classes_and_unicode_classes_match() {
        check_match("[[:alpha:]]+", "éab1", Some("ab"));
        check_match("[[:^alpha:]]+", "ab1é", Some("1é"));
        check_match(r"\p{Greek}+", "aαβ", Some("αβ"));
        check_match(r"\p{^Greek}+", "aαβ", Some("a"));
        check_match(r"\pN", "a٣", Some("٣"));
    }

    #[test]
    fn flags_apply_from_where_they_stand() {
        check_match("a(?i)b", "aB", Some("aB"));
        check_match("a(?i)b", "AB", None);
        check_match("(?i:a)b", "AB", None);
        check_match("(?U)a+", "aaa", Some("a"));
        check_match("(?U)a+?", "aaa", Some("aaa"));
        check_match("(?s).+", "a\nb", Some("a\nb"));
        check_match("(?m)^b$", "a\nb\nc", Some("b"));
        check_match("^b$", "a\nb\nc", None);
    }

    #[test]
    fn a_flag_group_ends_with_its_group() {
        check_match("((?i)a)b", "Ab", Some("Ab"));
        check_match("((?i)a)b", "AB", None);
    }

    #[test]
    fn errors_are_those_of_go() {
        check_error("a(b", "missing closing ): `a(b`");
        check_error("a)b", "unexpected ): `a)b`");
        check_error("[a", "missing closing ]: `[a`");
        check_error("x[a", "missing closing ]: `[a`");
        check_error("*a", "missing argument to repetition operator: `*`");
        check_error("a**", "invalid nested repetition operator: `**`");
        check_error("a{1001}", "invalid repeat count: `{1001}`");
        check_error("(a{100}){11}", "invalid repeat count: `{11}`");
        check_error("a{3,2}", "invalid repeat count: `{3,2}`");
        check_error("[z-a]", "invalid character class range: `z-a`");
        check_error("[[:foo:]]", "invalid character class range: `[:foo:]`");
        check_error(r"\p{Foo}", r"invalid character class range: `\p{Foo}`");
        check_error(r"\p{greek}", r"invalid character class range: `\p{greek}`");
        check_error(r"\Z", r"invalid escape sequence: `\Z`");
        check_error(r"\C", r"invalid escape sequence: `\C`");
        check_error("[a--b]", "invalid character class range: `a--`");
    }

    #[test]
    fn errors_of_groups_are_those_of_go() {
        check_error("(?=a)", "invalid or unsupported Perl syntax: `(?=`");
        check_error("(?<!a)", "invalid named capture: `(?<!a)`");
        check_error("(?P<n", "invalid named capture: `(?P<n`");
        check_error("(?P<n-a>b)", "invalid named capture: `(?P<n-a>`");
        check_error(r"(a)\1", r"invalid escape sequence: `\1`");
        check_error("a\\", "trailing backslash at end of expression: ``");
    }

    #[test]
    fn a_template_refers_to_groups_by_number_and_name() {
        check_replace("(?P<n>b)", "[$1|${n}|$n|$$|$x|$1x|$]", "abc", "a[b|b|b|$|||$]c");
    }

    #[test]
    fn an_empty_match_is_replaced_once() {
        check_replace("x*", "-", "abc", "-a-b-c-");
        check_replace("b*", "-", "abc", "-a-c-");
    }
}
