//! Whether a text is only the beginning of an expression: the console then asks for the next line.

use super::lexer::{Lexer, Start};
use super::token::TokenKind;

/// Whether a text leaves a bracket, a heredoc or an interpolation open, so that its expression may go on in the next line.
#[must_use]
pub fn is_unfinished(text: &str) -> bool {
    let mut lexer = Lexer::new(text, Start::Code, &[]);
    let mut open = Vec::new();
    loop {
        let kind = lexer.next_token().kind;
        let opened_by: &[TokenKind] = match kind {
            TokenKind::End => return !open.is_empty(),
            TokenKind::Invalid | TokenKind::QuotedNewline => return false,
            TokenKind::OpenBrace
            | TokenKind::OpenBracket
            | TokenKind::OpenParenthesis
            | TokenKind::OpenHeredoc
            | TokenKind::Interpolation
            | TokenKind::Directive => {
                open.push(kind);
                continue;
            }
            TokenKind::CloseBrace => &[TokenKind::OpenBrace],
            TokenKind::CloseBracket => &[TokenKind::OpenBracket],
            TokenKind::CloseParenthesis => &[TokenKind::OpenParenthesis],
            TokenKind::CloseHeredoc => &[TokenKind::OpenHeredoc],
            TokenKind::SequenceEnd => &[TokenKind::Interpolation, TokenKind::Directive],
            _ => continue,
        };
        if !open.pop().is_some_and(|opening| opened_by.contains(&opening)) {
            return false;
        }
    }
}
