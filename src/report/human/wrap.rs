//! Breaks text into lines as Terraform does.

/// Breaks each line at spaces; a line that begins with a space is laid out already and stays.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.trim_end().split('\n') {
        if paragraph.starts_with([' ', '\t']) {
            lines.push(paragraph.to_owned());
            continue;
        }
        let mut line = String::new();
        let mut length = 0;
        for word in paragraph.split(' ') {
            let word_length = word.chars().count();
            if length > 0 && length + 1 + word_length > width {
                lines.push(std::mem::take(&mut line));
                length = 0;
            }
            if length > 0 {
                line.push(' ');
                length += 1;
            }
            line.push_str(word);
            length += word_length;
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_wrap(text: &str, expected: &[&str]) {
        assert_eq!(wrap(text, 10), expected);
    }

    #[test]
    fn wrap_breaks_at_spaces() {
        check_wrap("one two three four", &["one two", "three four"]);
    }

    #[test]
    fn wrap_leaves_indented_lines_and_long_words_alone() {
        check_wrap(
            "  tfhelper init-jira --renew\nhttps://example.test",
            &["  tfhelper init-jira --renew", "https://example.test"],
        );
    }
}
