//! Go's way of reading a time by a layout, with what it says against a text.
//!
//! Source of the rules: Go, `time.Parse`.

use jiff::civil::DateTime;

use super::{Timestamp, days_in_month};
use crate::terraform::go_quote::go_quoted;

/// A piece of a layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    Year,
    Month {
        has_two_digits: bool,
    },
    Day {
        has_two_digits: bool,
    },
    Hour,
    Minute,
    /// A minute of one or two digits.
    ShortMinute,
    Second,
    /// A second of one or two digits.
    ShortSecond,
    /// `Z`, or an offset as `+07:00`.
    Zone,
    /// A text as it stands.
    Literal(&'static str),
    /// What follows the layout.
    End,
}

impl Piece {
    /// What Terraform calls the piece.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Month { .. } => "month",
            Self::Day { .. } => "day of month",
            Self::Hour => "hour",
            Self::Minute | Self::ShortMinute => "minute",
            Self::Second | Self::ShortSecond => "second",
            Self::Zone => "UTC offset",
            Self::Literal(_) | Self::End => "timestamp segment",
        }
    }
}

/// RFC 3339; the fraction of a second is read without being asked for.
pub(super) const RFC3339: &[Piece] = &[
    Piece::Year,
    Piece::Literal("-"),
    Piece::Month { has_two_digits: true },
    Piece::Literal("-"),
    Piece::Day { has_two_digits: true },
    Piece::Literal("T"),
    Piece::Hour,
    Piece::Literal(":"),
    Piece::Minute,
    Piece::Literal(":"),
    Piece::Second,
    Piece::Zone,
];

/// The notations that a plain YAML scalar may have.
///
/// Source: go-cty-yaml, `allowedTimestampFormats`.
pub(super) const YAML: &[&[Piece]] = &[
    &YAML_WITH_UPPER_T,
    &YAML_WITH_LOWER_T,
    &[
        Piece::Year,
        Piece::Literal("-"),
        Piece::Month { has_two_digits: false },
        Piece::Literal("-"),
        Piece::Day { has_two_digits: false },
        Piece::Literal(" "),
        Piece::Hour,
        Piece::Literal(":"),
        Piece::ShortMinute,
        Piece::Literal(":"),
        Piece::ShortSecond,
    ],
    &[
        Piece::Year,
        Piece::Literal("-"),
        Piece::Month { has_two_digits: false },
        Piece::Literal("-"),
        Piece::Day { has_two_digits: false },
    ],
];

const YAML_WITH_UPPER_T: [Piece; 12] = yaml_layout("T");
const YAML_WITH_LOWER_T: [Piece; 12] = yaml_layout("t");

const fn yaml_layout(introducer: &'static str) -> [Piece; 12] {
    [
        Piece::Year,
        Piece::Literal("-"),
        Piece::Month { has_two_digits: false },
        Piece::Literal("-"),
        Piece::Day { has_two_digits: false },
        Piece::Literal(introducer),
        Piece::Hour,
        Piece::Literal(":"),
        Piece::ShortMinute,
        Piece::Literal(":"),
        Piece::ShortSecond,
        Piece::Zone,
    ]
}

/// Why a text is not of the layout.
#[derive(Debug)]
pub(super) struct Refusal<'t> {
    /// The piece that was expected.
    pub(super) piece: Piece,
    /// The text at that place; or, for a number out of range, the text behind it.
    pub(super) value: &'t str,
    /// Text for what no piece is to blame for, with the colon that leads it.
    pub(super) message: String,
}

impl<'t> Refusal<'t> {
    fn new(piece: Piece, value: &'t str) -> Self {
        Self { piece, value, message: String::new() }
    }
}

/// Reads a time.
pub(super) fn parse<'t>(layout: &[Piece], text: &'t str) -> Result<Timestamp, Refusal<'t>> {
    let mut rest = text;
    let (mut year, mut month, mut day) = (0_i16, 1_i8, 1_i8);
    let (mut hour, mut minute, mut second, mut nanosecond) = (0_i8, 0_i8, 0_i8, 0_i32);
    let mut offset = 0;
    for piece in layout.iter().copied() {
        let refusal = || Refusal::new(piece, rest);
        match piece {
            Piece::Literal(literal) => rest = rest.strip_prefix(literal).ok_or_else(refusal)?,
            Piece::Year => {
                let digits = rest.get(..4).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
                // Go looks at the first digit before it reads the four as a number, which may have a sign in the way.
                year = digits.and_then(|digits| digits.parse().ok()).ok_or_else(refusal)?;
                rest = &rest[4..];
            }
            Piece::Month { has_two_digits } => {
                (month, rest) = number(rest, has_two_digits).ok_or_else(refusal)?;
                in_range(piece, month, 1, 12, rest)?;
            }
            Piece::Day { has_two_digits } => (day, rest) = number(rest, has_two_digits).ok_or_else(refusal)?,
            Piece::Hour => {
                (hour, rest) = number(rest, false).ok_or_else(refusal)?;
                in_range(piece, hour, 0, 23, rest)?;
            }
            Piece::Minute | Piece::ShortMinute => {
                (minute, rest) = number(rest, piece == Piece::Minute).ok_or_else(refusal)?;
                in_range(piece, minute, 0, 59, rest)?;
            }
            Piece::Second | Piece::ShortSecond => {
                (second, rest) = number(rest, piece == Piece::Second).ok_or_else(refusal)?;
                in_range(piece, second, 0, 59, rest)?;
                (nanosecond, rest) = fraction(rest);
            }
            Piece::Zone => (offset, rest) = zone(rest)?,
            Piece::End => {}
        }
    }
    if !rest.is_empty() {
        return Err(Refusal { piece: Piece::End, value: rest, message: format!(": extra text: {}", go_quoted(rest)) });
    }
    if day < 1 || day > days_in_month(year, month) {
        return Err(Refusal { piece: Piece::End, value: "", message: ": day out of range".to_owned() });
    }
    let local = DateTime::new(year, month, day, hour, minute, second, nanosecond).map_err(|_| Refusal {
        piece: Piece::End,
        value: "",
        message: ": day out of range".to_owned(),
    })?;
    Ok(Timestamp { local, offset })
}

/// One or two digits; none where the text starts otherwise.
fn number(text: &str, has_two_digits: bool) -> Option<(i8, &str)> {
    let count = text.bytes().take(2).take_while(u8::is_ascii_digit).count();
    if count == 0 || (has_two_digits && count < 2) {
        return None;
    }
    Some((text[..count].parse().ok()?, &text[count..]))
}

fn in_range(piece: Piece, value: i8, least: i8, most: i8, rest: &str) -> Result<(), Refusal<'_>> {
    if (least..=most).contains(&value) { Ok(()) } else { Err(Refusal::new(piece, rest)) }
}

/// Nanoseconds of a fraction behind a point or comma; zero where there is none.
fn fraction(text: &str) -> (i32, &str) {
    let Some(after) = text.strip_prefix(['.', ',']) else {
        return (0, text);
    };
    let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
    if end == 0 {
        return (0, text);
    }
    let digits: String = after[..end].chars().chain("000000000".chars()).take(9).collect();
    (digits.parse().unwrap_or(0), &after[end..])
}

/// The offset in seconds.
fn zone(text: &str) -> Result<(i32, &str), Refusal<'_>> {
    if let Some(rest) = text.strip_prefix('Z') {
        return Ok((0, rest));
    }
    let refusal = || Refusal::new(Piece::Zone, text);
    let notation = text.get(..6).filter(|notation| notation.as_bytes()[3] == b':').ok_or_else(refusal)?;
    let rest = &text[6..];
    let two_digits = |digits: &str| number(digits, true).map(|(value, _)| i32::from(value));
    let hours = notation.get(1..3).and_then(two_digits).ok_or_else(refusal)?;
    let minutes = notation.get(4..6).and_then(two_digits).ok_or_else(refusal)?;
    let seconds = (hours * 60 + minutes) * 60;
    // Go lets 24 hours and 60 minutes pass.
    if hours > 24 || minutes > 60 {
        return Err(Refusal::new(Piece::Zone, rest));
    }
    match notation.as_bytes()[0] {
        b'+' => Ok((seconds, rest)),
        b'-' => Ok((-seconds, rest)),
        _ => Err(refusal()),
    }
}
