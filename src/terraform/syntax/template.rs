//! Parses templates: quoted strings, heredocs, and texts that are a template as a whole.
//!
//! A template is read twice: first as a flat row of pieces, to which strip markers and the rule of indented heredocs are
//! applied, then as a tree of directives.
//!
//! Source of the rules and of every message: hashicorp/hcl v2.23.0, `hclsyntax/parser_template.go`.

use unicode_segmentation::UnicodeSegmentation;

use super::lexer::{Token, TokenKind};
use super::literal::{go_quoted, normalised};
use super::parser::{Parser, malformed};
use super::{Expression, ExpressionKind, Name, PLACE, TemplatePart};
use crate::diagnostic::SourceRange;
use crate::terraform::suggestion::did_you_mean;

enum Piece {
    Text(String),
    Interpolation(Expression),
    If(Expression, SourceRange),
    For(ForHeader, SourceRange),
    Else(SourceRange),
    EndIf(SourceRange),
    EndFor(SourceRange),
}

struct ForHeader {
    key_name: Option<Name>,
    value_name: Name,
    collection: Expression,
}

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

    /// The pieces up to the closing token, and its range.
    fn parse_pieces(&mut self, closer: TokenKind) -> (Vec<Piece>, SourceRange) {
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
                    let mut text = self.unescape(token);
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

    /// The tree of a template's pieces.
    fn parse_parts(&mut self, pieces: Vec<Piece>, end: SourceRange) -> Vec<TemplatePart> {
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

type Pieces = std::iter::Peekable<std::vec::IntoIter<Piece>>;

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

/// Takes the least indentation of any line away from all, as `<<-` does; lines of blanks alone don't count.
///
/// A line is looked at where it starts with text. One that starts with a sequence has no indentation.
fn strip_indentation(pieces: &mut [Piece]) {
    let mut least = usize::MAX;
    let mut line_starts = Vec::new();
    let mut is_line_start = true;
    for (index, piece) in pieces.iter().enumerate() {
        let text = match piece {
            Piece::Text(text) => Some(text.as_str()),
            _ => None,
        };
        if std::mem::take(&mut is_line_start) {
            let blanks = text.map_or("", |text| &text[..text.len() - text.trim_start().len()]);
            let is_blank_line = text.is_some_and(|text| text.len() == blanks.len() && text.ends_with('\n'));
            if !is_blank_line {
                least = least.min(blanks.graphemes(true).count());
                line_starts.push(index);
            }
        }
        is_line_start = text.is_some_and(|text| text.ends_with('\n'));
    }
    for index in line_starts {
        if let Piece::Text(text) = &mut pieces[index] {
            let length: usize = text.graphemes(true).take(least).map(str::len).sum();
            text.drain(..length);
        }
    }
}
