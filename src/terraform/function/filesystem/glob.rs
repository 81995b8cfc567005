//! Patterns of file names: `*`, `?`, `[a-z]`, `{a,b}`, and `**` for any number of folders.

use regex::Regex;

/// A pattern, compiled.
pub(super) struct Glob {
    compiled: Regex,
}

impl Glob {
    /// Compiles a cleaned pattern; the error is a syntax error.
    ///
    /// Source of the rules: `github.com/bmatcuk/doublestar` v1.1.5.
    pub(super) fn parse(pattern: &str) -> Result<Self, ()> {
        let mut translated = String::from("^");
        let parts: Vec<&str> = pattern.split('/').collect();
        for (index, part) in parts.iter().enumerate() {
            let is_last = index + 1 == parts.len();
            match (*part, is_last) {
                ("**", true) => translated.push_str(".*"),
                ("**", false) => translated.push_str("(?:[^/]+/)*"),
                (_, true) => push_part(&mut translated, part)?,
                (_, false) => {
                    push_part(&mut translated, part)?;
                    translated.push('/');
                }
            }
        }
        translated.push('$');
        let compiled = regex::RegexBuilder::new(&translated).dot_matches_new_line(true).build().map_err(|_| ())?;
        Ok(Self { compiled })
    }

    /// Whether the pattern matches a path.
    pub(super) fn matches(&self, path: &str) -> bool {
        self.compiled.is_match(path)
    }
}

fn push_part(out: &mut String, part: &str) -> Result<(), ()> {
    let mut chars = part.chars();
    let mut open_braces = 0_usize;
    while let Some(next) = chars.next() {
        match next {
            '*' => out.push_str("[^/]*"),
            '?' => out.push_str("[^/]"),
            '\\' => push_literal(out, chars.next().ok_or(())?),
            '[' => push_class(out, &mut chars)?,
            '{' => {
                open_braces += 1;
                out.push_str("(?:");
            }
            '}' if open_braces > 0 => {
                open_braces -= 1;
                out.push(')');
            }
            ',' if open_braces > 0 => out.push('|'),
            literal => push_literal(out, literal),
        }
    }
    if open_braces > 0 { Err(()) } else { Ok(()) }
}

fn push_literal(out: &mut String, character: char) {
    out.push_str(&regex::escape(character.encode_utf8(&mut [0; 4])));
}

/// Takes a class whose bracket was taken.
fn push_class(out: &mut String, chars: &mut std::str::Chars<'_>) -> Result<(), ()> {
    out.push('[');
    let mut is_first = true;
    let mut is_empty = true;
    loop {
        let next = chars.next().ok_or(())?;
        match next {
            ']' if !is_empty => break,
            ']' => return Err(()),
            '^' | '!' if is_first => {
                out.push('^');
                is_first = false;
                continue;
            }
            '-' if !is_empty => out.push('-'),
            '\\' => push_literal(out, chars.next().ok_or(())?),
            literal => push_literal(out, literal),
        }
        is_first = false;
        is_empty = false;
    }
    out.push(']');
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_glob(pattern: &str, path: &str, expected: bool) {
        let glob = Glob::parse(pattern).unwrap();
        assert_eq!(glob.matches(path), expected, "{pattern} on {path}");
    }

    #[test]
    fn stars_stay_within_a_folder_unless_doubled() {
        check_glob("*.txt", "a.txt", true);
        check_glob("*.txt", "d/a.txt", false);
        check_glob("**/*.txt", "a.txt", true);
        check_glob("**/*.txt", "d/e/a.txt", true);
        check_glob("d/**", "d/e/a.txt", true);
    }

    #[test]
    fn classes_and_alternatives_match() {
        check_glob("[a-c].t?t", "b.txt", true);
        check_glob("[!a-c].txt", "b.txt", false);
        check_glob("{a,b}.txt", "b.txt", true);
        check_glob("{a,b}.txt", "c.txt", false);
    }

    #[test]
    fn an_open_bracket_is_a_syntax_error() {
        assert!(Glob::parse("[a").is_err());
        assert!(Glob::parse("{a").is_err());
    }
}
