//! Numbers from text and to text.
//!
//! Both follow Go's `big.Float` to the last digit: reading multiplies by a power of five that is itself rounded to 576 bits,
//! and writing gives the shortest digits that lie within half a unit of the last bit.

use std::borrow::Cow;
use std::fmt;

use num_bigint::BigUint;
use num_traits::{One, Zero};

use super::{Form, LITERAL_PRECISION, MAXIMUM_EXPONENT, Number};

/// Numbers with more bits than this before or after the point are shown with an exponent, where Terraform would write
/// millions of digits.
pub(super) const MAXIMUM_TEXT_BITS: i64 = 1 << 18;

/// Extra bits of the power of five that the mantissa is multiplied with.
///
/// Source: Go, `big.Float.scan`.
const GUARD_BITS: u64 = 64;

/// Reads a decimal number; none where its exponent is out of reach.
pub(super) fn parse(text: &str) -> Option<Number> {
    let (is_negative, unsigned) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    if matches!(unsigned, "inf" | "Inf") {
        return Some(Number::infinity(is_negative));
    }
    let (digits, exponent) = match unsigned.find(['e', 'E', 'p', 'P']) {
        Some(at) => (&unsigned[..at], Some((unsigned.as_bytes()[at], &unsigned[at + 1..]))),
        None => (unsigned, None),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let digits = if fraction.is_empty() { Cow::Borrowed(whole) } else { Cow::Owned([whole, fraction].concat()) };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let mut fives = -i64::try_from(fraction.len()).ok()?;
    let mut twos = fives;
    if let Some((letter, exponent)) = exponent {
        let exponent = parse_exponent(exponent)?;
        twos = twos.checked_add(exponent)?;
        if letter.eq_ignore_ascii_case(&b'e') {
            fives = fives.checked_add(exponent)?;
        }
    }
    let mantissa = match digits.parse::<u64>() {
        Ok(small) => BigUint::from(small),
        Err(_) => BigUint::parse_bytes(digits.as_bytes(), 10)?,
    };
    if mantissa.is_zero() {
        return Some(Number { is_negative, form: Form::Zero, precision: LITERAL_PRECISION });
    }
    if (twos + mantissa.bits() as i64).unsigned_abs() > MAXIMUM_EXPONENT.unsigned_abs() {
        return None;
    }
    if fives == 0 {
        return Some(Number::rounded(is_negative, mantissa, twos, false, LITERAL_PRECISION));
    }
    let power = power_of_five(fives.unsigned_abs());
    // The mantissa goes in with all its digits, the result is rounded once.
    let exact = Number::rounded(is_negative, mantissa.clone(), twos, false, mantissa.bits());
    if fives < 0 { exact.divide_to(&power, LITERAL_PRECISION) } else { exact.multiply_to(&power, LITERAL_PRECISION) }
}

/// An optional sign and digits.
fn parse_exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// Five to the power, by squaring with rounded factors just as Go has it, so that the last bit comes out the same.
///
/// Source: Go, `big.Float.pow5`.
fn power_of_five(power: u64) -> Number {
    /// The largest power of five that fits 64 bits.
    const LARGEST_IN_64_BITS: u64 = 27;
    const PRECISION: u64 = LITERAL_PRECISION + GUARD_BITS;
    let small = power.min(LARGEST_IN_64_BITS);
    let integer = |value: u64| Number::rounded(false, BigUint::from(value), 0, false, PRECISION);
    let mut result = integer(5u64.pow(u32::try_from(small).unwrap_or(0)));
    let mut factor = integer(5);
    let mut rest = power - small;
    while rest > 0 {
        if rest & 1 != 0 {
            result = result.multiply_to(&factor, PRECISION).unwrap_or(result);
        }
        factor = factor.multiply_to(&factor, PRECISION + GUARD_BITS).unwrap_or(factor);
        rest >>= 1;
    }
    result
}

impl Number {
    /// The product of two finite numbers, rounded once.
    fn multiply_to(&self, other: &Self, precision: u64) -> Option<Self> {
        let is_negative = self.is_negative != other.is_negative;
        match (&self.form, &other.form) {
            (Form::Finite { mantissa: a, exponent: i }, Form::Finite { mantissa: b, exponent: j }) => {
                Some(Self::rounded(is_negative, a * b, i + j, false, precision))
            }
            (Form::Infinite, Form::Zero) | (Form::Zero, Form::Infinite) => None,
            (Form::Infinite, _) | (_, Form::Infinite) => Some(Self::infinity(is_negative)),
            (Form::Zero, _) | (_, Form::Zero) => Some(Self { is_negative, form: Form::Zero, precision }),
        }
    }
}

impl Number {
    /// The exact decimal: digits and the place of the point before them, `0.digits * 10^point`, without trailing zeros.
    ///
    /// None for an infinity, and for a number with too many digits to write down.
    #[must_use]
    pub fn exact_digits(&self) -> Option<(Vec<u8>, i64)> {
        match &self.form {
            Form::Zero => Some((Vec::new(), 0)),
            Form::Infinite => None,
            Form::Finite { mantissa, exponent } => {
                let is_writable = *exponent >= -MAXIMUM_TEXT_BITS && *exponent <= MAXIMUM_TEXT_BITS;
                let Decimal { digits, point } = is_writable.then(|| Decimal::exact(mantissa, *exponent))?;
                Some((digits, point))
            }
        }
    }
}

/// Writes the shortest decimal.
pub(super) fn write(number: &Number, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let sign = if number.is_negative { "-" } else { "" };
    let (mantissa, exponent) = match &number.form {
        Form::Zero => return write!(f, "{sign}0"),
        Form::Infinite => return f.write_str(if number.is_negative { "-Inf" } else { "+Inf" }),
        Form::Finite { mantissa, exponent } => (mantissa, *exponent),
    };
    f.write_str(sign)?;
    let top = exponent.saturating_add(mantissa.bits() as i64);
    if top > MAXIMUM_TEXT_BITS || exponent < -MAXIMUM_TEXT_BITS {
        // Never read back: nobody writes such a number but to see what happens.
        return write!(f, "{mantissa}p{exponent:+}");
    }
    if exponent >= 0 && top <= number.precision as i64 {
        return write!(f, "{}", mantissa.clone() << exponent);
    }
    let shortest = shortest(mantissa, exponent, number.precision);
    write_plain(&shortest, f)
}

/// `0.digits * 10^point`, without trailing zeros.
struct Decimal {
    digits: Vec<u8>,
    point: i64,
}

impl Decimal {
    /// The exact decimal of mantissa times two to the exponent.
    fn exact(mantissa: &BigUint, exponent: i64) -> Self {
        let (integer, fraction_digits) = if exponent >= 0 {
            (mantissa.clone() << exponent, 0)
        } else {
            // m / 2^n = m * 5^n / 10^n.
            (mantissa * BigUint::from(5u8).pow(u32::try_from(-exponent).unwrap_or(u32::MAX)), -exponent)
        };
        let mut digits = integer.to_radix_be(10);
        let point = digits.len() as i64 - fraction_digits;
        trim_zeros(&mut digits);
        Self { digits, point }
    }

    fn at(&self, index: usize) -> u8 {
        self.digits.get(index).copied().unwrap_or(0)
    }

    /// Whether cutting behind `count` digits rounds up, half to even.
    fn rounds_up(&self, count: usize) -> bool {
        if self.at(count) == 5 && count + 1 == self.digits.len() {
            return count > 0 && self.at(count - 1) % 2 == 1;
        }
        self.at(count) >= 5
    }

    fn cut(mut self, count: usize, up: bool) -> Self {
        self.digits.truncate(count);
        if up {
            while self.digits.last() == Some(&9) {
                self.digits.pop();
            }
            match self.digits.last_mut() {
                Some(last) => *last += 1,
                None => {
                    self.digits.push(1);
                    self.point += 1;
                }
            }
        }
        trim_zeros(&mut self.digits);
        self
    }
}

fn trim_zeros(digits: &mut Vec<u8>) {
    while digits.last() == Some(&0) {
        digits.pop();
    }
}

/// The shortest decimal within half a unit of the last bit.
fn shortest(mantissa: &BigUint, exponent: i64, precision: u64) -> Decimal {
    let exact = Decimal::exact(mantissa, exponent);
    // One bit more than the precision, so that one is half a unit.
    let shift = (precision + 1).saturating_sub(mantissa.bits());
    let halves = mantissa.clone() << shift;
    let exponent = exponent - shift as i64;
    // The bounds themselves read back as this number only when its last bit is even.
    let is_inclusive = !halves.bit(1);
    let lower = Decimal::exact(&(&halves - BigUint::one()), exponent);
    let upper = Decimal::exact(&(&halves + BigUint::one()), exponent);
    for index in 0..exact.digits.len() {
        let (low, digit, high) = (lower.at(index), exact.at(index), upper.at(index));
        let may_go_down = low != digit || is_inclusive && index + 1 == lower.digits.len();
        let may_go_up = digit != high && (is_inclusive || digit + 1 < high || index + 1 < upper.digits.len());
        let up = match (may_go_down, may_go_up) {
            (false, false) => continue,
            (true, true) => exact.rounds_up(index + 1),
            (_, up) => up,
        };
        return exact.cut(index + 1, up);
    }
    exact
}

impl Number {
    /// The number with `count` significant digits, with an exponent when it is very small or has more digits than that.
    ///
    /// Source: Go, the format `%.{count}g`.
    #[must_use]
    pub fn to_general(&self, count: usize) -> String {
        let Form::Finite { mantissa, exponent } = &self.form else { return self.to_string() };
        if exponent.unsigned_abs() > MAXIMUM_TEXT_BITS.unsigned_abs() {
            return self.to_string();
        }
        let exact = Decimal::exact(mantissa, *exponent);
        let up = exact.rounds_up(count);
        let cut = if exact.digits.len() > count { exact.cut(count, up) } else { exact };
        let sign = if self.is_negative { "-" } else { "" };
        let power = cut.point - 1;
        // Go prints a whole number of more digits than it has significant ones with an exponent, too.
        let limit = if cut.digits.len() as i64 >= cut.point { cut.digits.len().min(count) } else { count };
        if power >= -4 && power < limit as i64 {
            let mut text = String::from(sign);
            let _ = write_plain(&cut, &mut text);
            return text;
        }
        let digits: String = cut.digits.iter().map(|digit| char::from(b'0' + digit)).collect();
        let (first, rest) = digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        format!("{sign}{first}{point}{rest}e{}{:02}", if power < 0 { '-' } else { '+' }, power.abs())
    }
}

fn write_plain(decimal: &Decimal, f: &mut impl fmt::Write) -> fmt::Result {
    let text: String = decimal.digits.iter().map(|digit| char::from(b'0' + digit)).collect();
    let Ok(point) = usize::try_from(decimal.point) else {
        return write!(f, "0.{}{text}", "0".repeat(usize::try_from(-decimal.point).unwrap_or(0)));
    };
    if point == 0 {
        write!(f, "0.{text}")
    } else if point >= text.len() {
        write!(f, "{text}{}", "0".repeat(point - text.len()))
    } else {
        write!(f, "{}.{}", &text[..point], &text[point..])
    }
}
