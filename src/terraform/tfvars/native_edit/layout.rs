//! What stands around an item: commas, comments, line ends, blank lines.

use std::ops::Range;

use super::NativePlan;
use crate::terraform::syntax::token::{Token, TokenKind};

impl NativePlan<'_> {
    /// The offset behind an item that ends here: behind its comma, its comments and its line end.
    pub(super) fn behind_item(&self, end: usize) -> usize {
        let mut at = end;
        let tokens = self.tokens_from(end);
        // In a list, the comma behind a heredoc stands below it.
        let tokens = match tokens {
            [newline, rest @ ..] if newline.kind == TokenKind::Newline && self.is_heredoc_end(end) => match rest {
                [comma, ..] if comma.kind == TokenKind::Comma => rest,
                _ => tokens,
            },
            _ => tokens,
        };
        for token in tokens {
            match token.kind {
                TokenKind::Comma => at = token.end as usize,
                TokenKind::Comment => {
                    at = token.end as usize;
                    if token.of(self.text).ends_with('\n') {
                        break;
                    }
                }
                TokenKind::Newline => {
                    at = token.end as usize;
                    break;
                }
                _ => break,
            }
        }
        at
    }

    /// Whether a heredoc ends at this offset: what follows has to be on the next line.
    pub(super) fn is_heredoc_end(&self, end: usize) -> bool {
        let index = self.tokens.partition_point(|token| (token.end as usize) < end);
        self.tokens.get(index).is_some_and(|token| token.kind == TokenKind::CloseHeredoc && token.end as usize == end)
    }

    /// The offset, or that behind the line end which a heredoc needs.
    pub(super) fn behind_heredoc(&self, end: usize) -> usize {
        match self.tokens_from(end).first() {
            Some(newline) if self.is_heredoc_end(end) => newline.end as usize,
            _ => end,
        }
    }

    fn tokens_from(&self, at: usize) -> &[Token] {
        &self.tokens[self.tokens.partition_point(|token| (token.start as usize) < at)..]
    }

    /// The offset behind the comments that stand between two items.
    pub(super) fn behind_comments(&self, end: usize, next: usize) -> usize {
        let between = self.tokens_from(end).iter().take_while(|token| (token.start as usize) < next);
        between.filter(|token| token.kind == TokenKind::Comment).last().map_or(end, |comment| comment.end as usize)
    }

    pub(super) fn comma_behind(&self, end: usize) -> Option<Token> {
        let is_between = |kind| matches!(kind, TokenKind::Comment | TokenKind::Newline);
        self.tokens_from(end).iter().find(|token| !is_between(token.kind)).filter(|token| token.kind == TokenKind::Comma).copied()
    }

    pub(super) fn behind_comma(&self, end: usize) -> usize {
        self.comma_behind(end).map_or(end, |comma| comma.end as usize)
    }

    /// Whether nothing but blanks stands before an offset on its line.
    pub(super) fn starts_line(&self, at: usize) -> bool {
        self.text[..at].trim_end_matches([' ', '\t']).ends_with('\n')
    }

    pub(super) fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |newline| newline + 1)
    }

    /// The line before the one that starts here.
    pub(super) fn line_above(&self, start: usize) -> Option<Range<usize>> {
        let end = start.checked_sub(1)?;
        Some(self.line_start(end)..start)
    }

    pub(super) fn is_blank_above(&self, start: usize) -> bool {
        self.line_above(start).is_some_and(|above| self.text[above].trim().is_empty())
    }

    /// Whether a line holds comments and nothing else; a comment of several lines counts as a whole or not at all.
    pub(super) fn is_comment(&self, line: Range<usize>) -> bool {
        let text = &self.text[line.clone()];
        if text.trim().is_empty() {
            return false;
        }
        let first = self.tokens.partition_point(|token| (token.end as usize) <= line.start);
        self.tokens[first..]
            .iter()
            .take_while(|token| (token.start as usize) < line.end)
            .all(|token| matches!(token.kind, TokenKind::Comment | TokenKind::Newline) && token.start as usize >= line.start)
    }
}

/// Bytes of the blank line that a text starts with, its line end included.
pub(super) fn blank_line_length(text: &str) -> Option<usize> {
    let end = text.find('\n')? + 1;
    text[..end].trim().is_empty().then_some(end)
}
