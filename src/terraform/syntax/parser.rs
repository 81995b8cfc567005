//! Parses a file of HCL native syntax: its bodies, attributes and blocks.
//!
//! After the first error the parser is in recovery for the rest of the text, as HCL's is: it goes on and keeps what it
//! can read, but errors that are probably only a consequence are left out.
//!
//! Source of the rules and of every message: hashicorp/hcl v2.23.0, `hclsyntax/parser.go`.

use std::collections::{HashMap, VecDeque};

use super::lexer::{Lexer, Start, Token, TokenKind};
use super::literal::go_quoted;
use super::{Attribute, Block, Body, DEPTH_LIMIT, Expression, ExpressionKind, Name, PLACE, SyntaxError};
use crate::diagnostic::{FileId, SourceRange};

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
    lexical: LexicalErrors,
    /// Levels that are open.
    depth: u32,
    /// Levels below, in what was parsed last.
    pub(super) height: u32,
    is_given_up: bool,
}

/// What the lexer found, and how often each was told.
#[derive(Default)]
struct LexicalErrors {
    errors: Vec<SyntaxError>,
    bitwise: u32,
    backticks: u32,
    apostrophes: u32,
    semicolons: u32,
    bad_utf8: u32,
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

    /// A whole file.
    pub(super) fn parse_file(&mut self) -> Body {
        let start = self.next_range();
        self.parse_body(TokenKind::End, start)
    }

    fn parse_body(&mut self, end: TokenKind, start: SourceRange) -> Body {
        let mut attributes: Vec<Attribute> = Vec::new();
        let mut blocks = Vec::new();
        let mut defined: HashMap<&'a str, u32> = HashMap::new();
        let end_range;
        loop {
            let next = self.peek();
            if next.kind == end {
                let end_token = self.read();
                end_range = self.range(end_token);
                break;
            }
            match next.kind {
                TokenKind::Newline => {
                    self.read();
                }
                TokenKind::Identifier => match self.parse_body_item() {
                    Some(Item::Attribute(attribute)) => {
                        let name = next.of(self.text);
                        let index = u32::try_from(attributes.len()).unwrap_or(u32::MAX);
                        match defined.get(name).and_then(|first| attributes.get(*first as usize)) {
                            Some(first) => {
                                let first = first.name.range;
                                let detail = format!(
                                    "The argument {} was already set at {PLACE}. Each argument may be set only once.",
                                    go_quoted(name)
                                );
                                self.error_naming("Attribute redefined", detail, attribute.name.range, first);
                            }
                            None => {
                                defined.insert(name, index);
                                attributes.push(attribute);
                            }
                        }
                    }
                    Some(Item::Block(block)) => blocks.push(block),
                    None => {}
                },
                _ => {
                    let bad = self.read();
                    if !self.recovery {
                        self.report_bad_item(bad, end, start);
                    }
                    end_range = self.previous_range();
                    self.recover(end);
                    break;
                }
            }
        }
        attributes.shrink_to_fit();
        Body { attributes, blocks, range: start.to(end_range) }
    }

    fn report_bad_item(&mut self, bad: Token, end: TokenKind, start: SourceRange) {
        let at = self.range(bad);
        match (bad.kind, end) {
            (TokenKind::OpenQuote, _) => {
                self.error("Invalid argument name", "Argument names must not be quoted.", at);
            }
            (TokenKind::End, _) => self.error_unclosed_block(start),
            _ => self.error("Argument or block definition required", "An argument or block definition is required here.", at),
        }
    }

    fn error_unclosed_block(&mut self, at: SourceRange) {
        self.error(
            "Unclosed configuration block",
            "There is no closing brace for this block before the end of the file. This may be caused by incorrect brace \
             nesting elsewhere in this file.",
            at,
        );
    }

    fn parse_body_item(&mut self) -> Option<Item> {
        let name = self.read();
        match self.peek().kind {
            TokenKind::Equal => Some(Item::Attribute(self.parse_attribute(name, false))),
            TokenKind::OpenQuote | TokenKind::OpenBrace | TokenKind::Identifier => Some(Item::Block(self.parse_block(name))),
            _ => {
                self.recover_behind_item();
                self.error_no_equals_sign(name);
                None
            }
        }
    }

    fn error_no_equals_sign(&mut self, name: Token) {
        self.error(
            "Argument or block definition required",
            "An argument or block definition is required here. To set an argument, use the equals sign \"=\" to introduce \
             the argument value.",
            self.range(name),
        );
    }

    /// The attribute whose name was read; the next token is its equals sign.
    fn parse_attribute(&mut self, name: Token, is_one_line_block: bool) -> Attribute {
        self.read();
        let before = self.errors.len();
        let value = self.parse_expression();
        let end_range = self.previous_range();
        if self.recovery && self.errors.len() > before {
            self.recover_behind_item();
        } else if !is_one_line_block {
            let end = self.peek();
            if matches!(end.kind, TokenKind::Newline | TokenKind::End) {
                self.read();
            } else {
                self.report_missing_newline(end);
                self.recover_behind_item();
            }
        }
        let name = self.name(name);
        let range = name.range.to(end_range);
        Attribute { name, value, range }
    }

    fn report_missing_newline(&mut self, end: Token) {
        if self.recovery {
            return;
        }
        let at = self.range(end);
        if end.kind == TokenKind::Comma {
            self.error(
                "Unexpected comma after argument",
                "Argument definitions must be separated by newlines, not commas. An argument definition must end with a \
                 newline.",
                at,
            );
        } else {
            self.error("Missing newline after argument", "An argument definition must end with a newline.", at);
        }
    }

    /// The block whose type was read.
    fn parse_block(&mut self, block_type: Token) -> Block {
        let block_type = self.name(block_type);
        let mut header = block_type.range;
        let mut labels = Vec::new();
        let brace = loop {
            let token = self.peek();
            match token.kind {
                TokenKind::OpenBrace => break self.read(),
                TokenKind::OpenQuote => labels.push(self.parse_label()),
                TokenKind::Identifier => {
                    let token = self.read();
                    labels.push(self.name(token));
                }
                _ => {
                    self.report_bad_header(token);
                    self.recover_behind_item();
                    let body = Body { attributes: Vec::new(), blocks: Vec::new(), range: block_type.range };
                    return Block { block_type, labels, body, header };
                }
            }
            header = header.to(self.previous_range());
        };
        let body = self.parse_block_body(brace);
        let end = self.peek();
        if matches!(end.kind, TokenKind::Newline | TokenKind::End) {
            self.read();
        } else {
            if !self.recovery {
                let at = self.range(end);
                self.error("Missing newline after block definition", "A block definition must end with a newline.", at);
            }
            self.recover_behind_item();
        }
        Block { block_type, labels, body, header }
    }

    fn report_bad_header(&mut self, token: Token) {
        let detail = match token.kind {
            TokenKind::Equal => {
                "The equals sign \"=\" indicates an argument definition, and must not be used when defining a block."
            }
            TokenKind::Newline => {
                "A block definition must have block content delimited by \"{\" and \"}\", starting on the same line as the \
                 block header."
            }
            _ if self.recovery => return,
            _ => "Either a quoted string block label or an opening brace (\"{\") is expected here.",
        };
        self.error("Invalid block definition", detail, self.range(token));
    }

    /// What stands behind a block's opening brace, the closing one included.
    fn parse_block_body(&mut self, brace: Token) -> Body {
        let start = self.range(brace);
        if !self.descend() {
            return Body { attributes: Vec::new(), blocks: Vec::new(), range: start };
        }
        let body = match self.peek().kind {
            TokenKind::Newline | TokenKind::End | TokenKind::CloseBrace => self.parse_body(TokenKind::CloseBrace, start),
            _ => self.parse_one_line_body(start),
        };
        self.ascend();
        body
    }

    /// `{ name = value }` on one line.
    fn parse_one_line_body(&mut self, start: SourceRange) -> Body {
        let attribute = self.parse_one_line_attribute();
        let end = self.peek();
        match end.kind {
            TokenKind::CloseBrace => {
                self.read();
            }
            kind => {
                let at = self.range(end);
                let summary = "Invalid single-argument block definition";
                match kind {
                    TokenKind::Comma => self.error(
                        summary,
                        "Single-line block syntax can include only one argument definition. To define multiple arguments, \
                         use the multi-line block syntax with one argument definition per line.",
                        at,
                    ),
                    TokenKind::Newline => self.error(
                        summary,
                        "An argument definition on the same line as its containing block creates a single-line block \
                         definition, which must also be closed on the same line. Place the block's closing brace \
                         immediately after the argument definition.",
                        at,
                    ),
                    _ if self.recovery => {}
                    TokenKind::End => self.error_unclosed_block(start),
                    _ => self.error(
                        summary,
                        "A single-line block definition must end with a closing brace immediately after its single \
                         argument definition.",
                        at,
                    ),
                }
                self.recover(TokenKind::CloseBrace);
            }
        }
        Body { attributes: attribute.into_iter().collect(), blocks: Vec::new(), range: start.to(self.previous_range()) }
    }

    fn parse_one_line_attribute(&mut self) -> Option<Attribute> {
        let name = self.read();
        let at = self.range(name);
        if name.kind != TokenKind::Identifier {
            self.recover_behind_item();
            self.error("Argument or block definition required", "An argument or block definition is required here.", at);
            return None;
        }
        let next = self.peek();
        match next.kind {
            TokenKind::Equal => Some(self.parse_attribute(name, true)),
            TokenKind::OpenQuote | TokenKind::OpenBrace | TokenKind::Identifier => {
                self.recover_behind_item();
                let detail = format!(
                    "A single-line block definition can contain only a single argument. If you meant to define argument {}, \
                     use an equals sign to assign it a value. To define a nested block, place it on a line of its own within \
                     its parent block.",
                    go_quoted(name.of(self.text))
                );
                self.error("Argument definition required", detail, at.to(self.range(next)));
                None
            }
            _ => {
                self.recover_behind_item();
                self.error_no_equals_sign(name);
                None
            }
        }
    }

    /// A quoted label.
    fn parse_label(&mut self) -> Name {
        let open = self.read();
        let start = self.range(open);
        let mut text = String::new();
        loop {
            let token = self.read();
            let at = self.range(token);
            match token.kind {
                TokenKind::CloseQuote => return Name { text, range: start.to(at) },
                TokenKind::QuotedText => text.push_str(&self.unescape(token)),
                TokenKind::Interpolation | TokenKind::Directive => {
                    let sign = if token.kind == TokenKind::Directive { "%" } else { "$" };
                    let detail = format!(
                        "Template sequences are not allowed in this string. To include a literal \"{sign}\", double it (as \
                         \"{sign}{sign}\") to escape it."
                    );
                    self.error("Invalid string literal", detail, at);
                    text.push_str(sign);
                    text.push_str("{ ... }");
                    self.recover(TokenKind::SequenceEnd);
                }
                TokenKind::End => {
                    self.error(
                        "Unterminated string literal",
                        "Unable to find the closing quote mark before the end of the file.",
                        at,
                    );
                    return Name { text, range: start.to(at) };
                }
                _ => {
                    self.error("Invalid string literal", "This item is not valid in a string literal.", at);
                    self.recover(TokenKind::CloseQuote);
                    return Name { text, range: start.to(at) };
                }
            }
        }
    }

    pub(super) fn name(&self, token: Token) -> Name {
        Name { text: token.of(self.text).to_owned(), range: self.range(token) }
    }
}

enum Item {
    Attribute(Attribute),
    Block(Block),
}

/// The stream of tokens.
impl Parser<'_> {
    /// The next token that counts, which stays.
    pub(super) fn peek(&mut self) -> Token {
        let index = self.next_index();
        self.lookahead[index]
    }

    /// The next token that counts; those before it are skipped.
    pub(super) fn read(&mut self) -> Token {
        let index = self.next_index();
        let token = self.lookahead[index];
        self.lookahead.drain(..=index);
        self.previous = Some(token);
        token
    }

    /// Fills the lookahead up to the next token that counts.
    fn next_index(&mut self) -> usize {
        let skips_newlines = self.newlines.last() == Some(&false);
        let mut index = 0;
        loop {
            while self.lookahead.len() <= index {
                if let Some(token) = self.scan() {
                    self.lookahead.push_back(token);
                }
            }
            if !(skips_newlines && self.lookahead[index].kind == TokenKind::Newline) {
                return index;
            }
            index += 1;
        }
    }

    /// A token from the lexer; a comment is nothing, or the line end that it holds.
    fn scan(&mut self) -> Option<Token> {
        let mut token = self.lexer.next_token();
        if token.kind == TokenKind::Comment {
            if !token.of(self.text).ends_with('\n') {
                return None;
            }
            token.kind = TokenKind::Newline;
        }
        if self.is_given_up {
            token.kind = TokenKind::End;
        } else {
            self.report_lexical_error(token);
        }
        Some(token)
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
        self.push_error(SyntaxError { summary: summary.into(), detail: detail.into(), range, place: None });
    }

    /// An error whose detail names another place as [`PLACE`].
    pub(super) fn error_naming(
        &mut self,
        summary: impl Into<String>,
        detail: impl Into<String>,
        range: SourceRange,
        place: SourceRange,
    ) {
        self.push_error(SyntaxError { summary: summary.into(), detail: detail.into(), range, place: Some(place) });
    }

    fn push_error(&mut self, error: SyntaxError) {
        if !self.is_given_up {
            self.errors.push(error);
        }
    }

    /// Goes one level down, where there is one; the error is reported and the rest of the text given up otherwise.
    pub(super) fn descend(&mut self) -> bool {
        self.depth += 1;
        let fits = self.depth + self.height < DEPTH_LIMIT;
        if !fits {
            self.depth -= 1;
            self.give_up();
        }
        fits
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
    fn recover_behind_item(&mut self) {
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

    fn report_lexical_error(&mut self, token: Token) {
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
        self.lexical.errors.push(SyntaxError { summary: summary.to_owned(), detail, range, place: None });
    }
}

/// Counts up to a limit, and says whether it was not yet reached.
fn told_less_than(count: &mut u32, limit: u32) -> bool {
    *count += 1;
    *count <= limit
}

/// Says yes at the first and third: the opening ones of a pair.
fn is_told_of_pair(count: &mut u32) -> bool {
    let tells = *count % 2 == 0;
    *count = (*count + 1).min(3);
    tells
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
