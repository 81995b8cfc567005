//! The lines of a file that a finding is about.

use super::Look;
use crate::diagnostic::{Diagnostic, SourceRange, Sources};
use crate::report::{hidden_line, printable};

/// An excerpt shows at most so many lines of a subject that goes on.
const MOST_LINES: usize = 8;

/// An excerpt shows at most so many characters on either side of the subject, and of the subject: variable definitions may be
/// one line of JSON.
const MOST_CHARACTERS: usize = 160;

/// `  on FILE line N:` and the lines of the subject, which is underlined.
pub(super) fn excerpt(diagnostic: &Diagnostic, subject: SourceRange, sources: &Sources, look: Look) -> Vec<String> {
    let file = sources.file(subject.file);
    let (start, _) = sources.positions(subject);
    let mut lines = vec![format!("  on {} line {}:", printable(&file.name), start.line)];
    if diagnostic.is_sensitive {
        lines.push(format!("{:4}: {}", start.line, printable(&hidden_line(diagnostic))));
        return lines;
    }
    let subject = subject.bytes();
    for number in start.line.. {
        let Some((line_start, line)) = file.line(number) else { break };
        if number - start.line == MOST_LINES {
            lines.push("      ...".to_owned());
            break;
        }
        let line_end = line_start + line.len();
        let shown = line.strip_suffix('\r').unwrap_or(line);
        let within = |at: usize| at.clamp(line_start, line_start + shown.len()) - line_start;
        let (from, to) = (within(subject.start), within(subject.end));
        let (Some(before), Some(inside), Some(after)) = (shown.get(..from), shown.get(from..to), shown.get(to..)) else { break };
        let underline = look.underline;
        lines.push(format!(
            "{number:4}: {}{underline}{}{underline:#}{}",
            printable(&last_characters(before)),
            printable(&first_characters(inside)),
            printable(&first_characters(after)),
        ));
        if subject.end <= line_end + 1 || line_end == file.text.len() {
            break;
        }
    }
    lines
}

fn first_characters(text: &str) -> String {
    match text.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

fn last_characters(text: &str) -> String {
    match text.char_indices().rev().nth(MOST_CHARACTERS) {
        Some((start, character)) => format!("...{}", &text[start + character.len_utf8()..]),
        None => text.to_owned(),
    }
}
