//! Quotes text for bash.
//!
//! Plain single quotes hold everything but themselves and control characters; the rest goes into `$'...'`, so that a quoted
//! text is one line whatever it holds.

use std::fmt::Write as _;

/// One word of bash that stands for the text, on one line.
#[must_use]
pub fn shell_quote(text: &str) -> String {
    if !text.chars().any(|c| c == '\'' || c.is_control()) {
        return format!("'{text}'");
    }
    let mut quoted = String::from("$'");
    for c in text.chars() {
        match c {
            '\\' => quoted.push_str("\\\\"),
            '\'' => quoted.push_str("\\'"),
            '\n' => quoted.push_str("\\n"),
            // bash ends a word at NUL, and no file name or URL has one.
            '\0' => {}
            c if c.is_control() => {
                let mut bytes = [0; 4];
                for byte in c.encode_utf8(&mut bytes).bytes() {
                    let _ = write!(quoted, "\\{byte:03o}");
                }
            }
            c => quoted.push(c),
        }
    }
    quoted.push('\'');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_quote(text: &str, expected: &str) {
        assert_eq!(shell_quote(text), expected);
    }

    #[track_caller]
    fn check_round_trip(text: &str) {
        let script = format!("printf '%s|' {}", shell_quote(text));
        let output = std::process::Command::new("bash").args(["-c", &script]).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stdout), format!("{text}|"), "{script}");
    }

    #[test]
    fn plain_text_goes_into_single_quotes() {
        check_quote("a b", "'a b'");
    }

    #[test]
    fn empty_text_is_a_word() {
        check_quote("", "''");
    }

    #[test]
    fn quote_and_newline_stay_on_one_line() {
        check_quote("'; echo x #\n", "$'\\'; echo x #\\n'");
    }

    #[test]
    fn bash_reads_back_what_was_quoted() {
        for text in
            ["'; echo x #", "$(id) `id` ${HOME}", "a\nb\r\tc", "back\\slash'", "é\u{1b}[31m\u{85}x", "-n", "!history", "~"]
        {
            check_round_trip(text);
        }
    }
}
