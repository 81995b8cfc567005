//! Durations such as `1h30m`.

/// Units and their nanoseconds.
///
/// Source: Go, `time.ParseDuration`.
const UNITS: &[(&str, u64)] = &[
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("μs", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// The text in quotation marks as Go's time package has it: bytes beyond ASCII as numbers.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => out.extend(['\\', char::from(byte)]),
            b' '..=b'~' | 0x7f => out.push(char::from(byte)),
            _ => out.push_str(&format!("\\x{byte:02x}")),
        }
    }
    out.push('"');
    out
}

/// Nanoseconds of a duration; the error is Go's text.
pub(super) fn parse(text: &str) -> Result<i64, String> {
    let invalid = || format!("time: invalid duration {}", quoted(text));
    let (is_negative, unsigned) = match text.strip_prefix('-') {
        Some(unsigned) => (true, unsigned),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if unsigned == "0" {
        return Ok(0);
    }
    if unsigned.is_empty() {
        return Err(invalid());
    }
    let mut rest = unsigned;
    let mut total = 0_i128;
    while !rest.is_empty() {
        let number_end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, after) = rest.split_at(number_end);
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() && fraction.is_empty() {
            return Err(invalid());
        }
        // A second point begins a new number, which then has no unit before it.
        let (fraction, after) = match fraction.find('.') {
            Some(point) => (&fraction[..point], &rest[whole.len() + 1 + point..]),
            None => (fraction, after),
        };
        let unit_end = after.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(after.len());
        let (unit, after) = after.split_at(unit_end);
        if unit.is_empty() {
            return Err(format!("time: missing unit in duration {}", quoted(text)));
        }
        let nanoseconds = UNITS
            .iter()
            .find(|(name, _)| *name == unit)
            .map(|(_, nanoseconds)| *nanoseconds)
            .ok_or_else(|| format!("time: unknown unit {} in duration {}", quoted(unit), quoted(text)))?;
        let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().map_err(|_| invalid())? };
        total = total.saturating_add(whole.saturating_mul(i128::from(nanoseconds)));
        total = total.saturating_add(i128::from(fraction_of(fraction, nanoseconds)));
        if total > 1 << 63 {
            return Err(invalid());
        }
        rest = after;
    }
    i64::try_from(if is_negative { -total } else { total }).map_err(|_| invalid())
}

/// The nanoseconds of a decimal fraction of a unit, computed in floating point as Go does it.
fn fraction_of(digits: &str, nanoseconds: u64) -> u64 {
    let mut value = 0_u64;
    let mut scale = 1.0;
    for digit in digits.bytes() {
        // Digits beyond what 63 bits hold do not count.
        let next = value.checked_mul(10).and_then(|value| value.checked_add(u64::from(digit - b'0')));
        let Some(next) = next.filter(|next| i64::try_from(*next).is_ok()) else { break };
        value = next;
        scale *= 10.0;
    }
    (value as f64 * (nanoseconds as f64 / scale)) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_duration(text: &str, expected: Result<i64, &str>) {
        assert_eq!(parse(text), expected.map_err(str::to_owned));
    }

    #[test]
    fn durations_are_sums_of_units() {
        check_duration("1h30m", Ok(5_400_000_000_000));
        check_duration("-1.5h", Ok(-5_400_000_000_000));
        check_duration("+.5s", Ok(500_000_000));
        check_duration("1us2µs3μs", Ok(6_000));
        check_duration("0", Ok(0));
    }

    #[test]
    fn errors_are_those_of_go() {
        check_duration("", Err("time: invalid duration \"\""));
        check_duration("1", Err("time: missing unit in duration \"1\""));
        check_duration("1d", Err("time: unknown unit \"d\" in duration \"1d\""));
        check_duration("h", Err("time: invalid duration \"h\""));
        check_duration(".s", Err("time: invalid duration \".s\""));
        check_duration("1.2.3s", Err("time: missing unit in duration \"1.2.3s\""));
        check_duration("9999999999h", Err("time: invalid duration \"9999999999h\""));
    }
}
