//! What is shown to people and machines; each output format is one file.

pub mod human;

use std::borrow::Cow;

/// Text from outside with every control character but newline and tab made visible, so that it cannot steer a terminal.
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    let is_harmless = |c: char| c == '\n' || c == '\t' || !(c.is_control() || is_bidirectional_control(c));
    if text.chars().all(is_harmless) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.chars().map(|c| if is_harmless(c) { String::from(c) } else { format!("\\u{{{:x}}}", u32::from(c)) }).collect(),
    )
}

/// Characters that reorder the text around them on the screen.
fn is_bidirectional_control(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printable_shows_escape_sequences_instead_of_sending_them() {
        assert_eq!(printable("a\u{1b}[31mb\u{202e}"), "a\\u{1b}[31mb\\u{202e}");
    }

    #[test]
    fn printable_leaves_plain_text_alone() {
        assert!(matches!(printable("Zoë's site\n"), Cow::Borrowed(_)));
    }
}
