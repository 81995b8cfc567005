//! The tokens of HCL native syntax.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum TokenKind {
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    OpenParenthesis,
    CloseParenthesis,
    OpenQuote,
    CloseQuote,
    /// `<<EOT` with its line end.
    OpenHeredoc,
    /// The end marker with the blanks before it, without the line end.
    CloseHeredoc,
    Star,
    Slash,
    Plus,
    Minus,
    Percent,
    /// `=`
    Equal,
    /// `==`
    EqualTo,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    And,
    Or,
    Bang,
    Dot,
    Comma,
    DoubleColon,
    Ellipsis,
    FatArrow,
    Question,
    Colon,
    /// `${` or `${~`
    Interpolation,
    /// `%{` or `%{~`
    Directive,
    /// `}` or `~}` behind one of the two.
    SequenceEnd,
    /// Text between quotes; may hold escapes.
    QuotedText,
    /// Text of a heredoc or bare template; knows no backslash.
    Text,
    Number,
    Identifier,
    Comment,
    Newline,
    End,
    // The rest is no HCL.
    BitwiseAnd,
    BitwiseOr,
    BitwiseNot,
    BitwiseXor,
    Apostrophe,
    Backtick,
    Semicolon,
    Invalid,
    BadUtf8,
    /// Line ends inside a quoted string.
    QuotedNewline,
}

/// A token and its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Token {
    /// The token's text.
    pub(crate) fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}
