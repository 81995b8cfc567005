//! Makes a tree of a template's pieces: what `if` and `for` enclose.

use super::piece::{ForHeader, Piece};
use crate::diagnostic::SourceRange;
use crate::terraform::syntax::error::PLACE;
use crate::terraform::syntax::literal::normalised;
use crate::terraform::syntax::parser::{Parser, malformed};
use crate::terraform::syntax::{Expression, TemplatePart};

type Pieces = std::iter::Peekable<std::vec::IntoIter<Piece>>;

impl Parser<'_> {
    /// The tree of a template's pieces.
    pub(super) fn parse_parts(&mut self, pieces: Vec<Piece>, end: SourceRange) -> Vec<TemplatePart> {
        let mut pieces = pieces.into_iter().peekable();
        let mut parts = Vec::new();
        while pieces.peek().is_some() {
            let part = self.parse_part(&mut pieces, end);
            push_part(&mut parts, part);
        }
        finish_parts(parts)
    }

    /// The next part; there is a piece left.
    fn parse_part(&mut self, pieces: &mut Pieces, end: SourceRange) -> TemplatePart {
        let (name, at) = match pieces.next() {
            Some(Piece::Text(text)) => return TemplatePart::Literal(text),
            Some(Piece::Interpolation(inner)) => return TemplatePart::Interpolation(inner),
            Some(Piece::If(condition, open)) => return self.parse_if_part(condition, open, pieces, end),
            Some(Piece::For(header, open)) => return self.parse_for_part(header, open, pieces, end),
            Some(Piece::Else(at)) => ("else", at),
            Some(Piece::EndIf(at)) => ("endif", at),
            Some(Piece::EndFor(at)) => ("endfor", at),
            None => return TemplatePart::Interpolation(malformed(end)),
        };
        self.error(format!("Unexpected {name} directive"), "The control directives within this template are unbalanced.", at);
        TemplatePart::Interpolation(malformed(at))
    }

    fn parse_if_part(&mut self, condition: Expression, open: SourceRange, pieces: &mut Pieces, end: SourceRange) -> TemplatePart {
        if !self.descend() {
            return TemplatePart::Interpolation(malformed(open));
        }
        let part = self.parse_if_branches(condition, open, pieces, end);
        self.ascend();
        self.grow();
        part
    }

    fn parse_if_branches(
        &mut self,
        condition: Expression,
        open: SourceRange,
        pieces: &mut Pieces,
        end: SourceRange,
    ) -> TemplatePart {
        let mut then = Vec::new();
        let mut otherwise: Option<Vec<TemplatePart>> = None;
        loop {
            match pieces.next_if(is_closing) {
                None if pieces.peek().is_none() => {
                    let detail = format!("The if directive at {PLACE} is missing its corresponding endif directive.");
                    self.error_naming("Unexpected end of template", detail, end, open);
                    return TemplatePart::Interpolation(malformed(end));
                }
                None => {
                    let part = self.parse_part(pieces, end);
                    push_part(otherwise.as_mut().unwrap_or(&mut then), part);
                }
                Some(Piece::EndIf(at)) => {
                    let otherwise = otherwise.unwrap_or_default();
                    return TemplatePart::If {
                        condition,
                        then: finish_parts(then),
                        otherwise: finish_parts(otherwise),
                        range: open.to(at),
                    };
                }
                Some(Piece::Else(_)) if otherwise.is_none() => otherwise = Some(Vec::new()),
                Some(Piece::Else(at)) => {
                    let detail = format!("Already in the else clause for the if started at {PLACE}.");
                    self.error_naming("Unexpected else directive", detail, at, open);
                    return TemplatePart::Interpolation(malformed(at));
                }
                Some(piece) => {
                    let at = piece.range_or(end);
                    let detail = format!("Expecting an endif directive for the if started at {PLACE}.");
                    self.error_naming("Unexpected endfor directive", detail, at, open);
                    return TemplatePart::Interpolation(malformed(at));
                }
            }
        }
    }

    fn parse_for_part(&mut self, header: ForHeader, open: SourceRange, pieces: &mut Pieces, end: SourceRange) -> TemplatePart {
        if !self.descend() {
            return TemplatePart::Interpolation(malformed(open));
        }
        let part = self.parse_for_body(header, open, pieces, end);
        self.ascend();
        self.grow();
        part
    }

    fn parse_for_body(&mut self, header: ForHeader, open: SourceRange, pieces: &mut Pieces, end: SourceRange) -> TemplatePart {
        let mut body = Vec::new();
        loop {
            match pieces.next_if(is_closing) {
                None if pieces.peek().is_none() => {
                    let detail = format!("The for directive at {PLACE} is missing its corresponding endfor directive.");
                    self.error_naming("Unexpected end of template", detail, end, open);
                    return TemplatePart::Interpolation(malformed(end));
                }
                None => {
                    let part = self.parse_part(pieces, end);
                    push_part(&mut body, part);
                }
                Some(Piece::EndFor(at)) => {
                    let ForHeader { key_name, value_name, collection } = header;
                    return TemplatePart::For { key_name, value_name, collection, body: finish_parts(body), range: open.to(at) };
                }
                Some(Piece::Else(at)) => {
                    self.error("Unexpected else directive", "An else clause is not expected for a for directive.", at);
                    return TemplatePart::Interpolation(malformed(at));
                }
                Some(piece) => {
                    let at = piece.range_or(end);
                    let detail = format!("Expecting an endfor directive corresponding to the for directive at {PLACE}.");
                    self.error_naming("Unexpected endif directive", detail, at, open);
                    return TemplatePart::Interpolation(malformed(at));
                }
            }
        }
    }
}

impl Piece {
    fn range_or(&self, otherwise: SourceRange) -> SourceRange {
        match self {
            Self::If(_, at) | Self::For(_, at) | Self::Else(at) | Self::EndIf(at) | Self::EndFor(at) => *at,
            Self::Text(_) | Self::Interpolation(_) => otherwise,
        }
    }
}

fn is_closing(piece: &Piece) -> bool {
    match piece {
        Piece::Else(_) | Piece::EndIf(_) | Piece::EndFor(_) => true,
        Piece::Text(_) | Piece::Interpolation(_) | Piece::If(..) | Piece::For(..) => false,
    }
}

/// Adds a part; texts side by side become one.
fn push_part(parts: &mut Vec<TemplatePart>, part: TemplatePart) {
    if let (Some(TemplatePart::Literal(before)), TemplatePart::Literal(text)) = (parts.last_mut(), &part) {
        before.push_str(text);
    } else {
        parts.push(part);
    }
}

/// Normalises the texts, now that they are whole.
fn finish_parts(mut parts: Vec<TemplatePart>) -> Vec<TemplatePart> {
    for part in &mut parts {
        if let TemplatePart::Literal(text) = part {
            *text = normalised(std::mem::take(text));
        }
    }
    parts.shrink_to_fit();
    parts
}
