//! The parser's state: the stream of tokens, the errors, and how it goes on behind one.
//!
//! After the first error the parser is in recovery for the rest of the text, as HCL's is: it goes on and keeps what it
//! can read, but errors that are probably only a consequence are left out.
//!
//! Source of the rules and of every message: hashicorp/hcl v2.23.0, `hclsyntax/parser.go`.

use std::collections::VecDeque;

use super::error::SyntaxError;
use super::lexer::{Lexer, Start};
use super::lexical_error::LexicalErrors;
use super::token::{Token, TokenKind};
use super::{DEPTH_LIMIT, EXPRESSION_LIMIT, Expression, ExpressionKind, Name, too_many_values};
use crate::diagnostic::{FileId, SourceRange};

/// How many errors of one text are kept: a large file can hold one in every byte, and nobody reads on for so long.
pub(super) const MOST_ERRORS: usize = 1_000;

/// Reads tokens one by one and keeps what it finds wrong.
pub(super) struct Parser<'a> {
    pub(super) text: &'a str,
    file: FileId,
    /// Added to every offset: where the text starts in its file.
    offset: u32,
    lexer: Lexer<'a>,
    lookahead: VecDeque<Token>,
    /// Whether line ends are tokens; the last counts.
    newlines: Vec<bool>,
    previous: Option<Token>,
    /// Set by the first error that the parser had to skip tokens for.
    pub(super) recovery: bool,
    pub(super) errors: Vec<SyntaxError>,
    pub(super) lexical: LexicalErrors,
    /// Expressions and blocks so far.
    expressions: u32,
    /// Levels that are open.
    depth: u32,
    /// Levels below, in what was parsed last.
    pub(super) height: u32,
    pub(super) is_given_up: bool,
}

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a str, start: Start, broken: &'a [u32], at: SourceRange) -> Self {
        Self {
            text,
            file: at.file,
            offset: at.start,
            lexer: Lexer::new(text, start, broken),
            lookahead: VecDeque::new(),
            newlines: vec![true],
            previous: None,
            recovery: false,
            errors: Vec::new(),
            lexical: LexicalErrors::default(),
            expressions: 0,
            depth: 0,
            height: 0,
            is_given_up: false,
        }
    }

    /// Reads what is left, for the lexer's errors, and returns all errors.
    pub(super) fn finish(mut self) -> Vec<SyntaxError> {
        while self.read().kind != TokenKind::End {}
        self.lexical.errors.append(&mut self.errors);
        self.lexical.errors
    }

    /// Reports what follows an expression that is the whole text.
    pub(super) fn expect_end(&mut self) {
        let next = self.peek();
        if next.kind != TokenKind::End && !self.recovery {
            self.error(
                "Extra characters after expression",
                "An expression was successfully parsed, but extra characters were found after it.",
                self.range(next),
            );
        }
    }

    pub(super) fn name(&self, token: Token) -> Name {
        Name { text: token.of(self.text).into(), range: self.range(token) }
    }
}

/// The stream of tokens.
impl Parser<'_> {
    /// The next token that counts, which stays.
    #[inline]
    pub(super) fn peek(&mut self) -> Token {
        // Most calls look at the same token again.
        match self.lookahead.front() {
            Some(first) if self.counts(*first) => *first,
            _ => self.look_ahead(),
        }
    }

    /// The next token that counts; those before it are skipped.
    pub(super) fn read(&mut self) -> Token {
        loop {
            let token = match self.lookahead.pop_front() {
                Some(token) => token,
                None => self.scan(),
            };
            if self.counts(token) {
                self.previous = Some(token);
                return token;
            }
        }
    }

    /// Whether a token is more than a blank here.
    #[inline]
    fn counts(&self, token: Token) -> bool {
        token.kind != TokenKind::Newline || self.newlines.last() == Some(&true)
    }

    /// Fills the lookahead up to the next token that counts. Those before it stay: they may count by the time they are read.
    fn look_ahead(&mut self) -> Token {
        let mut index = 0;
        loop {
            let token = match self.lookahead.get(index) {
                Some(token) => *token,
                None => {
                    let token = self.scan();
                    self.lookahead.push_back(token);
                    token
                }
            };
            if self.counts(token) {
                return token;
            }
            index += 1;
        }
    }

    /// A token from the lexer; a comment is nothing, or the line end that it holds.
    fn scan(&mut self) -> Token {
        let mut token = self.lexer.next_token();
        while token.kind == TokenKind::Comment {
            if token.of(self.text).ends_with('\n') {
                token.kind = TokenKind::Newline;
            } else {
                token = self.lexer.next_token();
            }
        }
        if self.is_given_up {
            token.kind = TokenKind::End;
        } else {
            self.report_lexical_error(token);
        }
        token
    }

    /// Counts line ends as tokens, or not, until the call of [`Parser::pop_newlines`].
    pub(super) fn push_newlines(&mut self, are_tokens: bool) {
        self.newlines.push(are_tokens);
    }

    pub(super) fn pop_newlines(&mut self) {
        self.newlines.pop();
    }

    pub(super) fn range(&self, token: Token) -> SourceRange {
        SourceRange {
            file: self.file,
            start: self.offset.saturating_add(token.start),
            end: self.offset.saturating_add(token.end),
        }
    }

    pub(super) fn next_range(&mut self) -> SourceRange {
        let next = self.peek();
        self.range(next)
    }

    /// The range of the token that was read last.
    pub(super) fn previous_range(&mut self) -> SourceRange {
        match self.previous {
            Some(token) => self.range(token),
            None => self.next_range(),
        }
    }
}

/// Errors and recovery.
impl Parser<'_> {
    pub(super) fn error(&mut self, summary: impl Into<String>, detail: impl Into<String>, range: SourceRange) {
        self.push_error(SyntaxError::new(summary, detail, range));
    }

    /// An error whose detail names another place as [`super::error::PLACE`].
    pub(super) fn error_naming(
        &mut self,
        summary: impl Into<String>,
        detail: impl Into<String>,
        range: SourceRange,
        place: SourceRange,
    ) {
        self.push_error(SyntaxError::naming(summary, detail, range, place));
    }

    fn push_error(&mut self, error: SyntaxError) {
        if self.is_given_up {
            return;
        }
        let range = error.range;
        self.errors.push(error);
        if self.errors.len() == MOST_ERRORS {
            self.give_up_after_too_many(range);
        }
    }

    pub(super) fn give_up_after_too_many(&mut self, range: SourceRange) {
        let detail = format!("tfhelper reports at most {MOST_ERRORS} errors of one text. Correct these, then look again.");
        self.errors.push(SyntaxError::new("Too many errors", detail, range));
        self.stop();
    }

    /// Goes one level down, where there is one; the error is reported and the rest of the text given up otherwise.
    pub(super) fn descend(&mut self) -> bool {
        self.count(1);
        self.depth += 1;
        let fits = self.depth + self.height < DEPTH_LIMIT;
        if !fits {
            self.depth -= 1;
            self.give_up();
        }
        fits
    }

    /// Counts what takes memory; the error is reported and the rest of the text given up where it is too much.
    pub(super) fn count(&mut self, expressions: u32) {
        self.expressions = self.expressions.saturating_add(expressions);
        if self.expressions > EXPRESSION_LIMIT && !self.is_given_up {
            let at = self.next_range();
            self.error("Too many values", too_many_values(), at);
            self.stop();
        }
    }

    pub(super) fn ascend(&mut self) {
        self.depth -= 1;
    }

    /// Adds a level above what was parsed last.
    pub(super) fn grow(&mut self) {
        self.height += 1;
        if self.depth + self.height >= DEPTH_LIMIT {
            self.give_up();
        }
    }

    fn give_up(&mut self) {
        let at = self.next_range();
        self.error(
            "Nesting too deep",
            format!("tfhelper reads at most {DEPTH_LIMIT} levels of nested expressions, operators and blocks."),
            at,
        );
        self.stop();
    }

    /// Takes the rest of the text for its end.
    fn stop(&mut self) {
        self.recovery = true;
        self.is_given_up = true;
        for token in &mut self.lookahead {
            token.kind = TokenKind::End;
        }
    }

    /// Skips to the end that closes the current bracket, and that end.
    pub(super) fn recover(&mut self, end: TokenKind) -> Token {
        self.recovery = true;
        let start = opposite(end);
        let mut open = 0_usize;
        loop {
            let token = self.read();
            let kind = match token.kind {
                TokenKind::Directive if end == TokenKind::SequenceEnd => TokenKind::Interpolation,
                kind => kind,
            };
            if kind == end {
                if open == 0 {
                    return token;
                }
                open -= 1;
            } else if kind == TokenKind::End {
                return token;
            } else if Some(kind) == start {
                open += 1;
            }
        }
    }

    /// Skips to the next bracket of this kind, and over what it encloses.
    pub(super) fn recover_over(&mut self, start: TokenKind, end: TokenKind) {
        while !matches!(self.read().kind, kind if kind == start || kind == TokenKind::End) {}
        self.recover(end);
    }

    /// Skips to the line end that ends the current attribute or block, as far as the brackets tell.
    pub(super) fn recover_behind_item(&mut self) {
        use TokenKind as K;
        self.recovery = true;
        let mut open: Vec<TokenKind> = Vec::new();
        loop {
            let token = self.read();
            match token.kind {
                K::Newline if open.is_empty() => return,
                K::End => return,
                K::OpenBrace | K::OpenBracket | K::OpenParenthesis | K::OpenQuote | K::OpenHeredoc => open.push(token.kind),
                K::Interpolation | K::Directive => open.push(K::Interpolation),
                K::CloseBrace | K::CloseBracket | K::CloseParenthesis | K::CloseQuote | K::CloseHeredoc | K::SequenceEnd => {
                    while open.pop().is_some_and(|kind| Some(kind) != opposite(token.kind)) {}
                }
                _ => {}
            }
        }
    }
}

/// The other end of a pair of brackets.
fn opposite(kind: TokenKind) -> Option<TokenKind> {
    use TokenKind as K;
    match kind {
        K::CloseBrace => Some(K::OpenBrace),
        K::CloseBracket => Some(K::OpenBracket),
        K::CloseParenthesis => Some(K::OpenParenthesis),
        K::CloseQuote => Some(K::OpenQuote),
        K::CloseHeredoc => Some(K::OpenHeredoc),
        K::SequenceEnd => Some(K::Interpolation),
        _ => None,
    }
}

/// Stands where an expression could not be parsed.
pub(super) fn malformed(range: SourceRange) -> Expression {
    Expression { kind: ExpressionKind::Malformed, range }
}
