//! Parses templates: quoted strings, heredocs, and texts that are a template as a whole.
//!
//! A template is read twice: first as a flat row of pieces, to which strip markers and the rule of indented heredocs are
//! applied, then as a tree of directives.
//!
//! Source of the rules and of every message: hashicorp/hcl v2.23.0, `hclsyntax/parser_template.go`.

use super::literal::normalised;
use super::parser::Parser;
use super::token::TokenKind;
use super::{Expression, ExpressionKind, TemplatePart};
use indentation::strip_indentation;
use piece::Piece;

mod indentation;
mod part;
mod piece;

impl Parser<'_> {
    /// A quoted string or heredoc.
    pub(super) fn parse_quoted_template(&mut self) -> Expression {
        let open = self.read();
        let start = self.range(open);
        let (closer, is_flush) = match open.kind {
            TokenKind::OpenHeredoc => (TokenKind::CloseHeredoc, open.of(self.text).starts_with("<<-")),
            _ => (TokenKind::CloseQuote, false),
        };
        let kind = self.parse_template_inside(closer, is_flush);
        Expression { kind, range: start.to(self.previous_range()) }
    }

    /// A text that is a template as a whole.
    pub(super) fn parse_bare_template(&mut self) -> Expression {
        let start = self.next_range();
        let kind = self.parse_template_inside(TokenKind::End, false);
        Expression { kind, range: start.to(self.previous_range()) }
    }

    fn parse_template_inside(&mut self, closer: TokenKind, is_flush: bool) -> ExpressionKind {
        let (mut pieces, end) = self.parse_pieces(closer);
        if is_flush {
            strip_indentation(&mut pieces);
        }
        if let [Piece::Text(text)] = pieces.as_mut_slice() {
            return ExpressionKind::String(normalised(std::mem::take(text)));
        }
        let is_wrap = matches!(pieces.as_slice(), [Piece::Interpolation(_)]);
        let mut parts = self.parse_parts(pieces, end);
        if parts.is_empty() {
            return ExpressionKind::String(String::new());
        }
        if parts.len() == 1 {
            match parts.remove(0) {
                TemplatePart::Literal(text) => return ExpressionKind::String(text),
                TemplatePart::Interpolation(inner) if is_wrap => return ExpressionKind::TemplateWrap(Box::new(inner)),
                part => parts.push(part),
            }
        }
        ExpressionKind::Template(parts)
    }
}
