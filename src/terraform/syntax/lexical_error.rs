//! Words what the lexer found wrong; of the same mistake not every place is told.
//!
//! Source of the rules and of every message: hashicorp/hcl v2.23.0, `hclsyntax/parser.go`.

use super::error::SyntaxError;
use super::parser::{MOST_ERRORS, Parser};
use super::token::{Token, TokenKind};

/// What the lexer found, and how often each was told.
#[derive(Default)]
pub(super) struct LexicalErrors {
    pub(super) errors: Vec<SyntaxError>,
    bitwise: u32,
    backticks: u32,
    apostrophes: u32,
    semicolons: u32,
    bad_utf8: u32,
}

impl Parser<'_> {
    pub(super) fn report_lexical_error(&mut self, token: Token) {
        use TokenKind as K;
        let told = &mut self.lexical;
        let (summary, detail) = match token.kind {
            K::BitwiseAnd | K::BitwiseOr | K::BitwiseXor | K::BitwiseNot => {
                if !told_less_than(&mut told.bitwise, 4) {
                    return;
                }
                let hint = match token.kind {
                    K::BitwiseAnd => " Did you mean boolean AND (\"&&\")?",
                    K::BitwiseOr => " Did you mean boolean OR (\"||\")?",
                    K::BitwiseNot => " Did you mean boolean NOT (\"!\")?",
                    _ => "",
                };
                ("Unsupported operator", format!("Bitwise operators are not supported.{hint}"))
            }
            K::Backtick if is_told_of_pair(&mut told.backticks) => (
                "Invalid character",
                "The \"`\" character is not valid. To create a multi-line string, use the \"heredoc\" syntax, like \"<<EOT\"."
                    .to_owned(),
            ),
            K::Apostrophe if is_told_of_pair(&mut told.apostrophes) => {
                ("Invalid character", "Single quotes are not valid. Use double quotes (\") to enclose strings.".to_owned())
            }
            K::Semicolon if told_less_than(&mut told.semicolons, 1) => (
                "Invalid character",
                "The \";\" character is not valid. Use newlines to separate arguments and blocks, and commas to separate \
                 items in collection values."
                    .to_owned(),
            ),
            K::BadUtf8 if told_less_than(&mut told.bad_utf8, 1) => (
                "Invalid character encoding",
                "All input files must be UTF-8 encoded. Ensure that UTF-8 encoding is selected in your editor.".to_owned(),
            ),
            K::QuotedNewline => (
                "Invalid multi-line string",
                "Quoted strings may not be split over multiple lines. To produce a multi-line string, either use the \\n \
                 escape to represent a newline character or use the \"heredoc\" multi-line template syntax."
                    .to_owned(),
            ),
            K::Invalid if matches!(token.of(self.text), "\u{201c}" | "\u{201d}") => (
                "Invalid character",
                "\"Curly quotes\" are not valid here. These can sometimes be inadvertently introduced when sharing code via \
                 documents or discussion forums. It might help to replace the character with a \"straight quote\"."
                    .to_owned(),
            ),
            K::Invalid => ("Invalid character", "This character is not used within the language.".to_owned()),
            _ => return,
        };
        let range = self.range(token);
        self.lexical.errors.push(SyntaxError::new(summary, detail, range));
        if self.lexical.errors.len() == MOST_ERRORS {
            self.give_up_after_too_many(range);
        }
    }
}

/// Counts up to a limit, and says whether it was not yet reached.
fn told_less_than(count: &mut u32, limit: u32) -> bool {
    *count += 1;
    *count <= limit
}

/// Says yes at the first and third: the opening ones of a pair.
fn is_told_of_pair(count: &mut u32) -> bool {
    let tells = count.is_multiple_of(2);
    *count = (*count + 1).min(3);
    tells
}
