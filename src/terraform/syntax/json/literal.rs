//! Strings and numbers: what is one, and what it stands for.

/// Bytes from the opening quote to the closing one, or to a control character or the end.
pub(super) fn string_length(bytes: &[u8]) -> usize {
    let mut is_escaped = false;
    for (at, byte) in bytes.iter().enumerate().skip(1) {
        match byte {
            b'\\' => is_escaped = !is_escaped,
            b'"' if !is_escaped => return at + 1,
            0..=0x1f => return at,
            _ => is_escaped = false,
        }
    }
    bytes.len()
}

/// Whether the text is a number by RFC 8259, section 6.
pub(super) fn is_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (text, None),
    };
    let (integer, fraction) = match mantissa.split_once('.') {
        Some((integer, fraction)) => (integer, Some(fraction)),
        None => (mantissa, None),
    };
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    are_digits(integer)
        && (integer == "0" || !integer.starts_with('0'))
        && fraction.is_none_or(are_digits)
        && exponent.is_none_or(are_digits)
}

/// The text of a string token, or how many bytes of it Go's decoder has read when it finds that it is none.
pub(super) fn unescape(token: &str) -> Result<String, usize> {
    let mut text = String::with_capacity(token.len());
    let mut chars = token.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Ok(text),
            '\\' => {
                let (at, selector) = chars.next().ok_or(token.len())?;
                let resolved = match selector {
                    '"' | '\\' | '/' => selector,
                    'b' => '\u{8}',
                    'f' => '\u{c}',
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'u' => {
                        let code = hex(token, at + 1)?;
                        chars.nth(3);
                        let low = (0xd800..0xdc00).contains(&code).then(|| low_surrogate(token, at + 5)).flatten();
                        if let Some(low) = low {
                            chars.nth(5);
                            text.extend(char::from_u32(0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00)));
                            continue;
                        }
                        // Half a surrogate pair stands for nothing; Go's decoder puts this in its place.
                        char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
                    }
                    _ => return Err(at + 1),
                };
                text.push(resolved);
            }
            c if c < ' ' => return Err(at + 1),
            c => text.push(c),
        }
    }
    Err(token.len())
}

/// Four hexadecimal digits from an offset on.
fn hex(token: &str, start: usize) -> Result<u32, usize> {
    let mut code = 0;
    for at in start..start + 4 {
        let byte = *token.as_bytes().get(at).ok_or(token.len())?;
        code = code * 16 + char::from(byte).to_digit(16).ok_or(at + 1)?;
    }
    Ok(code)
}

/// The second half of a surrogate pair, where it is escaped at this offset.
fn low_surrogate(token: &str, at: usize) -> Option<u32> {
    token.get(at..at + 2).filter(|escape| *escape == "\\u")?;
    hex(token, at + 2).ok().filter(|low| (0xdc00..0xe000).contains(low))
}
