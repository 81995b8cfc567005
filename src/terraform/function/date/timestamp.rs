//! Timestamps in RFC 3339 notation.

mod layout;

use std::cmp::Ordering;
use std::fmt;

use jiff::civil::{DateTime, date};
use jiff::{SignedDuration, Span};

use crate::terraform::go_quote::go_quoted;
use layout::{Piece, Refusal};

/// The number of years after which the Gregorian calendar recurs.
///
/// Source: ISO 8601-1, clause 4.2.1.
const GREGORIAN_CYCLE: i32 = 400;

/// A date and time with its offset from UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::terraform::function) struct Timestamp {
    /// Local date and time.
    pub(super) local: DateTime,
    /// The offset in seconds.
    pub(super) offset: i32,
}

impl Timestamp {
    /// The time a number of nanoseconds later, as RFC 3339 writes it, with as many digits of the year as it takes.
    pub(super) fn add(self, nanoseconds: i64) -> Option<String> {
        let duration = SignedDuration::from_nanos(nanoseconds);
        // The calendar of jiff ends with the year 9999, that of Go does not; but the days of its years recur.
        let (local, years_before) = match self.local.checked_add(duration) {
            Ok(local) => (local, 0),
            Err(_) => {
                let earlier = self.local.checked_sub(Span::new().years(GREGORIAN_CYCLE)).ok()?;
                (earlier.checked_add(duration).ok()?, GREGORIAN_CYCLE)
            }
        };
        Some(Self { local, ..self }.to_text(i32::from(local.year()) + years_before))
    }

    /// RFC 3339, with this year.
    fn to_text(self, year: i32) -> String {
        let Self { local, offset } = self;
        let (date, time) = (local.date(), local.time());
        let sign = if year < 0 { "-" } else { "" };
        let zone = if offset == 0 { "Z".to_owned() } else { self.offset_text(":") };
        format!(
            "{sign}{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{zone}",
            year.unsigned_abs(),
            date.month(),
            date.day(),
            time.hour(),
            time.minute(),
            time.second()
        )
    }

    /// The order of two instants.
    pub(super) fn compare(&self, other: &Self) -> Ordering {
        self.in_utc().cmp(&other.in_utc())
    }

    fn in_utc(self) -> (DateTime, i32) {
        // At the ends of the calendar, the local times decide.
        match self.local.checked_sub(Span::new().seconds(i64::from(self.offset))) {
            Ok(utc) => (utc, 0),
            Err(_) => (self.local, self.offset),
        }
    }

    /// The offset as `+hh<separator>mm`.
    pub(super) fn offset_text(&self, separator: &str) -> String {
        let sign = if self.offset < 0 { '-' } else { '+' };
        let minutes = self.offset.abs() / 60;
        format!("{sign}{:02}{separator}{:02}", minutes / 60, minutes % 60)
    }

    /// The time in any of the notations of YAML's timestamps.
    pub(in crate::terraform::function) fn parse_yaml(text: &str) -> Option<Self> {
        if text.len() < 5 || !text.as_bytes()[..4].iter().all(u8::is_ascii_digit) || text.as_bytes()[4] != b'-' {
            return None;
        }
        layout::YAML.iter().find_map(|layout| layout::parse(layout, text).ok())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text(i32::from(self.local.year())))
    }
}

/// Reads a timestamp as `timecmp` does, which bears a few slips; the error is Terraform's text.
pub(super) fn parse(text: &str) -> Result<Timestamp, String> {
    layout::parse(layout::RFC3339, text).map_err(|refusal| describe(&refusal, false))
}

/// Reads a timestamp that keeps to the letter of RFC 3339.
pub(super) fn parse_strict(text: &str) -> Result<Timestamp, String> {
    let parsed = layout::parse(layout::RFC3339, text).map_err(|refusal| describe(&refusal, true))?;
    match slip(text) {
        Some(refusal) => Err(describe(&refusal, true)),
        None => Ok(parsed),
    }
}

/// What a timestamp that was read has against it all the same.
///
/// Source: go-cty, `parseStrictRFC3339`.
fn slip(text: &str) -> Option<Refusal<'_>> {
    let hour = text.get("2006-01-02T".len()..)?;
    if hour.as_bytes().get(1) == Some(&b':') {
        return Some(Refusal { piece: Piece::Hour, value: hour.get(..1)?, message: String::new() });
    }
    if text.as_bytes().get("2006-01-02T15:04:05".len()) == Some(&b',') {
        return Some(Refusal { piece: Piece::End, value: ",", message: String::new() });
    }
    let zone = text.get(text.len().checked_sub("Z07:00".len())?..)?;
    let two_digits = |at: usize| zone.get(at..at + 2)?.parse::<u32>().ok();
    let is_out_of_range = two_digits(1)? >= 24 || two_digits(4)? >= 60;
    (!text.ends_with('Z') && is_out_of_range).then(|| Refusal { piece: Piece::Zone, value: zone, message: String::new() })
}

/// Terraform's text for what Go says against a timestamp.
fn describe(refusal: &Refusal<'_>, is_strict: bool) -> String {
    let Refusal { piece, value, message } = refusal;
    let reason = match (piece, *value) {
        (Piece::End, "") => return format!("not a valid RFC3339 timestamp{message}"),
        (Piece::Literal("T"), _) => "missing required time introducer 'T'".to_owned(),
        (Piece::Literal(literal), "") => format!("end of string where {} is expected", go_quoted(literal)),
        (Piece::Literal(literal), _) => format!("found {} where {} is expected", go_quoted(value), go_quoted(literal)),
        (piece, "") => format!("end of string before {}", piece.name()),
        (Piece::Hour, _) if is_strict && value.contains(':') => "hour must be between 0 and 23 inclusive".to_owned(),
        (Piece::Hour, _) if is_strict && value.len() != 2 => "hour must have exactly two digits".to_owned(),
        (Piece::Minute, _) if is_strict && value.len() != 2 => "minute must have exactly two digits".to_owned(),
        (piece, _) => format!("cannot use {} as {}", go_quoted(value), piece.name()),
    };
    format!("not a valid RFC3339 timestamp: {reason}")
}

/// The number of days of a month.
fn days_in_month(year: i16, month: i8) -> i8 {
    date(year, month, 1).days_in_month()
}
