//! The notation of `formatdate`: runs of one letter are verbs, text in single quotation marks is literal.
//!
//! Source of the verbs and the errors: go-cty, `stdlib.FormatDateFunc`.

use std::fmt::Write as _;

use super::timestamp::Timestamp;
use crate::terraform::go_quote::go_quoted;

const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Writes a time by a format; the error is Terraform's text about the format.
pub(super) fn format(format: &str, time: &Timestamp) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = format;
    while let Some(first) = rest.chars().next() {
        let end = match first {
            '\'' => literal(rest, &mut out)?,
            letter if letter.is_ascii_alphabetic() => {
                let end = rest.find(|c| c != letter).unwrap_or(rest.len());
                verb(&rest[..end], time, &mut out)?;
                end
            }
            other => {
                out.push(other);
                other.len_utf8()
            }
        };
        rest = &rest[end..];
    }
    Ok(out)
}

/// Takes a literal in quotation marks, and returns its length.
fn literal(text: &str, out: &mut String) -> Result<usize, String> {
    if text.starts_with("''") {
        out.push('\'');
        return Ok(2);
    }
    let mut at = 1;
    loop {
        let quote = text[at..].find('\'').ok_or("unterminated literal '")? + at;
        out.push_str(&text[at..quote]);
        if !text[quote + 1..].starts_with('\'') {
            return Ok(quote + 1);
        }
        out.push('\'');
        at = quote + 2;
    }
}

fn verb(verb: &str, time: &Timestamp, out: &mut String) -> Result<(), String> {
    let (date, clock) = (time.local.date(), time.local.time());
    let invalid = |expected: &str| Err(format!("invalid date format verb {}{expected}", go_quoted(verb)));
    let half_day = if clock.hour() < 12 { ["AM", "am"] } else { ["PM", "pm"] };
    let month = MONTHS.get(usize::try_from(date.month() - 1).unwrap_or(0)).copied().unwrap_or_default();
    let weekday = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0);
    let weekday = WEEKDAYS.get(weekday).copied().unwrap_or_default();
    let hour = match clock.hour() % 12 {
        0 => 12,
        hour => hour,
    };
    // Writing to a String cannot fail.
    let _ = match verb {
        "YY" => write!(out, "{:02}", date.year() % 100),
        "YYYY" => write!(out, "{:04}", date.year()),
        "M" => write!(out, "{}", date.month()),
        "MM" => write!(out, "{:02}", date.month()),
        "MMM" => out.write_str(&month[..3]),
        "MMMM" => out.write_str(month),
        "D" => write!(out, "{}", date.day()),
        "DD" => write!(out, "{:02}", date.day()),
        "EEE" => out.write_str(&weekday[..3]),
        "EEEE" => out.write_str(weekday),
        "h" => write!(out, "{}", clock.hour()),
        "hh" => write!(out, "{:02}", clock.hour()),
        "H" => write!(out, "{hour}"),
        "HH" => write!(out, "{hour:02}"),
        "AA" => out.write_str(half_day[0]),
        "aa" => out.write_str(half_day[1]),
        "m" => write!(out, "{}", clock.minute()),
        "mm" => write!(out, "{:02}", clock.minute()),
        "s" => write!(out, "{}", clock.second()),
        "ss" => write!(out, "{:02}", clock.second()),
        "Z" if time.offset == 0 => out.write_str("Z"),
        "ZZZ" if time.offset == 0 => out.write_str("UTC"),
        "Z" | "ZZZZZ" => out.write_str(&time.offset_text(":")),
        "ZZZ" | "ZZZZ" => out.write_str(&time.offset_text("")),
        _ => {
            return match verb.as_bytes().first() {
                Some(b'Y') => invalid(": year must either be \"YY\" or \"YYYY\""),
                Some(b'M') => invalid(": month must be \"M\", \"MM\", \"MMM\", or \"MMMM\""),
                Some(b'D') => invalid(": day of month must either be \"D\" or \"DD\""),
                Some(b'E') => invalid(": day of week must either be \"EEE\" or \"EEEE\""),
                Some(b'h') => invalid(": 24-hour must either be \"h\" or \"hh\""),
                Some(b'H') => invalid(": 12-hour must either be \"H\" or \"HH\""),
                Some(b'A') => invalid(": must be \"AA\""),
                Some(b'a') => invalid(": must be \"aa\""),
                Some(b'm') => invalid(": minute must either be \"m\" or \"mm\""),
                Some(b's') => invalid(": second must either be \"s\" or \"ss\""),
                Some(b'Z') => invalid(": timezone must be Z, ZZZZ, or ZZZZZ"),
                _ => invalid(""),
            };
        }
    };
    Ok(())
}
