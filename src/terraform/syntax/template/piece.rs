//! Reads a template as a flat row of pieces, with strip markers applied.

use crate::diagnostic::SourceRange;
use crate::terraform::go_quote::go_quoted;
use crate::terraform::suggestion::did_you_mean;
use crate::terraform::syntax::parser::Parser;
use crate::terraform::syntax::token::{Token, TokenKind};
use crate::terraform::syntax::{Expression, Name};

/// A piece of a template; a directive's range is that of its `%{ }`.
pub(super) enum Piece {
    Text(String),
    Interpolation(Expression),
    If(Expression, SourceRange),
    For(ForHeader, SourceRange),
    Else(SourceRange),
    EndIf(SourceRange),
    EndFor(SourceRange),
}

/// What stands in `%{ for }`.
pub(super) struct ForHeader {
    pub(super) key_name: Option<Name>,
    pub(super) value_name: Name,
    pub(super) collection: Expression,
}

impl Parser<'_> {
    /// The pieces up to the closing token, and its range.
    pub(super) fn parse_pieces(&mut self, closer: TokenKind) -> (Vec<Piece>, SourceRange) {
        let start = self.next_range();
        let mut pieces = Vec::new();
        let mut strips_next = false;
        loop {
            let token = self.read();
            if token.kind == closer {
                return (pieces, self.range(token));
            }
            let strips = std::mem::take(&mut strips_next);
            match token.kind {
                TokenKind::QuotedText | TokenKind::Text => {
                    let mut text = self.unescape(token).into_owned();
                    if strips {
                        text.drain(..text.len() - text.trim_start().len());
                    }
                    pieces.push(Piece::Text(text));
                }
                TokenKind::Interpolation | TokenKind::Directive => {
                    if token.end - token.start == 3
                        && let Some(Piece::Text(text)) = pieces.last_mut()
                    {
                        text.truncate(text.trim_end().len());
                    }
                    self.push_newlines(false);
                    let piece = if token.kind == TokenKind::Interpolation {
                        let inner = self.parse_expression();
                        strips_next = self.close_interpolation(closer, start);
                        Some(Piece::Interpolation(inner))
                    } else {
                        self.parse_directive(token, &mut strips_next)
                    };
                    self.pop_newlines();
                    pieces.extend(piece);
                }
                _ => {
                    if !self.recovery {
                        self.error(
                            "Unterminated template string",
                            "No closing marker was found for the string.",
                            self.range(token),
                        );
                    }
                    let last = self.recover(closer);
                    return (pieces, self.range(last));
                }
            }
        }
    }

    /// Reads the brace behind an interpolation; says whether it strips what follows.
    fn close_interpolation(&mut self, closer: TokenKind, start: SourceRange) -> bool {
        let close = self.peek();
        if close.kind == TokenKind::SequenceEnd {
            return self.read_sequence_end();
        }
        if !self.recovery {
            let at = self.range(close);
            let is_quote = matches!(close.kind, TokenKind::OpenQuote | TokenKind::CloseQuote);
            match close.kind {
                TokenKind::End => self.error(
                    "Unclosed template interpolation sequence",
                    "There is no closing brace for this interpolation sequence before the end of the file. This might be \
                     caused by incorrect nesting inside the given expression.",
                    start,
                ),
                TokenKind::Colon => self.error(
                    "Extra characters after interpolation expression",
                    "Template interpolation doesn't expect a colon at this location. Did you intend this to be a literal \
                     sequence to be processed as part of another language? If so, you can escape it by starting with \"$${\" \
                     instead of just \"${\".",
                    at,
                ),
                _ if is_quote && closer == TokenKind::CloseQuote => self.error(
                    "Unclosed template interpolation sequence",
                    "There is no closing brace for this interpolation sequence before the end of the quoted template. This \
                     might be caused by incorrect nesting inside the given expression.",
                    start,
                ),
                _ => self.error(
                    "Extra characters after interpolation expression",
                    "Expected a closing brace to end the interpolation expression, but found extra characters.\n\nThis can \
                     happen when you include interpolation syntax for another language, such as shell scripting, but forget to \
                     escape the interpolation start token. If this is an embedded sequence for another language, escape it by \
                     starting with \"$${\" instead of just \"${\".",
                    at,
                ),
            }
        }
        self.recover(TokenKind::SequenceEnd);
        false
    }

    /// Reads `}` or `~}`; the latter strips what follows.
    fn read_sequence_end(&mut self) -> bool {
        let close = self.read();
        close.end - close.start == 2
    }

    /// The directive whose `%{` was read, with its closing brace.
    fn parse_directive(&mut self, open: Token, strips_next: &mut bool) -> Option<Piece> {
        let keyword = self.peek();
        if keyword.kind != TokenKind::Identifier {
            self.report_directive(
                "Invalid template directive",
                "A template directive keyword (\"if\", \"for\", etc) is expected at the beginning of a %{ sequence.",
            );
            self.recover(TokenKind::SequenceEnd);
            return None;
        }
        self.read();
        let start = self.range(open);
        let word = keyword.of(self.text);
        let piece = match word {
            "if" => {
                let condition = self.parse_expression();
                Piece::If(condition, start.to(self.next_range()))
            }
            "else" => Piece::Else(start.to(self.next_range())),
            "endif" => Piece::EndIf(start.to(self.next_range())),
            "for" => {
                let Some(header) = self.parse_for_header() else {
                    self.recover(TokenKind::SequenceEnd);
                    return None;
                };
                Piece::For(header, start.to(self.next_range()))
            }
            "endfor" => Piece::EndFor(start.to(self.next_range())),
            _ => {
                if !self.recovery {
                    let hint = did_you_mean(word, ["if", "for", "else", "endif", "endfor"]).unwrap_or_default();
                    let detail = format!("{} is not a valid template control keyword.{hint}", go_quoted(word));
                    self.error("Invalid template control keyword", detail, self.range(keyword));
                }
                self.recover(TokenKind::SequenceEnd);
                return None;
            }
        };
        if self.peek().kind == TokenKind::SequenceEnd {
            *strips_next = self.read_sequence_end();
        } else {
            self.report_directive(
                &format!("Extra characters in {word} marker"),
                "Expected a closing brace to end the sequence, but found extra characters.",
            );
            self.recover(TokenKind::SequenceEnd);
        }
        Some(piece)
    }

    /// Reports what is wrong with a directive at the next token, unless in recovery.
    fn report_directive(&mut self, summary: &str, detail: &str) {
        if !self.recovery {
            let at = self.next_range();
            self.error(summary, detail, at);
        }
    }

    fn parse_for_header(&mut self) -> Option<ForHeader> {
        let summary = "Invalid 'for' directive";
        if self.peek().kind != TokenKind::Identifier {
            self.report_directive(summary, "For directive requires variable name after 'for'.");
            return None;
        }
        let first = self.read();
        let mut key_name = None;
        let mut value_name = self.name(first);
        if self.peek().kind == TokenKind::Comma {
            self.read();
            if self.peek().kind != TokenKind::Identifier {
                self.report_directive(summary, "For directive requires value variable name after comma.");
                return None;
            }
            let second = self.read();
            key_name = Some(std::mem::replace(&mut value_name, self.name(second)));
        }
        if !self.is_keyword("in") {
            self.report_directive(summary, "For directive requires 'in' keyword after names.");
            return None;
        }
        self.read();
        let collection = self.parse_expression();
        Some(ForHeader { key_name, value_name, collection })
    }
}
