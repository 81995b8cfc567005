use super::*;

fn lex(text: &str, start: Start) -> Vec<(TokenKind, String)> {
    let mut lexer = Lexer::new(text, start, &[]);
    let mut tokens = Vec::new();
    loop {
        let token = lexer.next_token();
        if token.kind == TokenKind::End {
            return tokens;
        }
        tokens.push((token.kind, token.of(text).to_owned()));
    }
}

#[track_caller]
fn check_tokens(text: &str, expected: &[(TokenKind, &str)]) {
    let expected: Vec<_> = expected.iter().map(|(kind, text)| (*kind, (*text).to_owned())).collect();
    assert_eq!(lex(text, Start::Code), expected);
}

#[test]
fn a_number_ends_before_a_trailing_dot() {
    check_tokens("1.5e+3...", &[(TokenKind::Number, "1.5e+3"), (TokenKind::Ellipsis, "...")]);
}

#[test]
fn an_e_without_digits_is_no_exponent() {
    check_tokens("1e", &[(TokenKind::Number, "1"), (TokenKind::Identifier, "e")]);
}

#[test]
fn a_heredoc_ends_at_its_indented_marker() {
    use TokenKind as K;
    check_tokens("<<E\na\n  E\n", &[(K::OpenHeredoc, "<<E\n"), (K::Text, "a\n"), (K::CloseHeredoc, "  E"), (K::Newline, "\n")]);
}

#[test]
fn a_heredoc_marker_with_text_behind_it_ends_nothing() {
    check_tokens("<<E\nE x\n", &[(TokenKind::OpenHeredoc, "<<E\n"), (TokenKind::Text, "E x\n")]);
}

#[test]
fn a_quote_inside_an_interpolation_starts_a_string_of_its_own() {
    use TokenKind as K;
    check_tokens(
        "\"${\"}\"~}\"",
        &[
            (K::OpenQuote, "\""),
            (K::Interpolation, "${"),
            (K::OpenQuote, "\""),
            (K::QuotedText, "}"),
            (K::CloseQuote, "\""),
            (K::SequenceEnd, "~}"),
            (K::CloseQuote, "\""),
        ],
    );
}

#[test]
fn an_escaped_interpolation_is_text() {
    use TokenKind as K;
    check_tokens(
        "\"a$${b}\"",
        &[(K::OpenQuote, "\""), (K::QuotedText, "a"), (K::QuotedText, "$${"), (K::QuotedText, "b}"), (K::CloseQuote, "\"")],
    );
}

#[test]
fn an_unterminated_block_comment_is_a_slash() {
    check_tokens("/* a", &[(TokenKind::Slash, "/"), (TokenKind::Star, "*"), (TokenKind::Identifier, "a")]);
}

#[test]
fn the_first_end_closes_a_block_comment() {
    check_tokens("/* a */*/", &[(TokenKind::Comment, "/* a */"), (TokenKind::Star, "*"), (TokenKind::Slash, "/")]);
}

#[test]
fn a_bare_template_is_text_by_the_line() {
    let tokens = lex("a\n\"b\" $", Start::Template);
    let texts: Vec<&str> = tokens.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(texts, ["a\n", "\"b\" ", "$"]);
}
