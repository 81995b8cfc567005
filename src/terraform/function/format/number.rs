//! Numbers in formats.
//!
//! Source of the rules: Go, `big.Int.Format` and `big.Float.Format`.

use num_bigint::{BigInt, Sign};

use super::verb::Verb;
use crate::terraform::number::Number;

/// The precision of `%e` and `%f` that names none.
const DEFAULT_PRECISION: usize = 6;
/// From this exponent on, the shortest notation is one with exponent.
const SHORTEST_EXPONENT: i64 = 6;

/// Writes a whole number in the base of the verb.
pub(super) fn integer(verb: &Verb<'_>, integer: &BigInt) -> String {
    let (base, prefix) = match verb.letter {
        'b' => (2, "0b"),
        'o' => (8, "0"),
        'x' => (16, "0x"),
        'X' => (16, "0X"),
        _ => (10, ""),
    };
    let sign = sign(verb, integer.sign() == Sign::Minus);
    let prefix = if verb.is_sharp { prefix } else { "" };
    let mut digits = integer.magnitude().to_str_radix(base);
    if verb.letter == 'X' {
        digits.make_ascii_uppercase();
    }
    if digits == "0" && verb.precision == Some(0) {
        return String::new();
    }
    let zeros = verb.precision.unwrap_or(0).saturating_sub(digits.len());
    let number = format!("{sign}{prefix}{}{digits}", "0".repeat(zeros));
    let missing = verb.width.unwrap_or(0).saturating_sub(number.len());
    if verb.is_left_justified {
        return number + &" ".repeat(missing);
    }
    if verb.pads_with_zeros && verb.precision.is_none() {
        return format!("{sign}{prefix}{}{digits}", "0".repeat(zeros + missing));
    }
    " ".repeat(missing) + &number
}

fn sign(verb: &Verb<'_>, is_negative: bool) -> &'static str {
    match (is_negative, verb.has_plus, verb.has_space) {
        (true, ..) => "-",
        (false, true, _) => "+",
        (false, false, true) => " ",
        (false, false, false) => "",
    }
}

/// Writes a number with point or exponent; none when it has too many digits.
pub(super) fn float(verb: &Verb<'_>, number: &Number) -> Option<String> {
    let text = number.to_string();
    let is_negative = text.starts_with('-');
    let (sign, magnitude) = if number.is_infinite() {
        let sign = match (is_negative, verb.has_space) {
            (true, _) => "-",
            (false, true) => " ",
            (false, false) => "+",
        };
        (sign, "Inf".to_owned())
    } else {
        (sign(verb, is_negative), magnitude(verb, number, &text)?)
    };
    let missing = verb.width.unwrap_or(0).saturating_sub(sign.len() + magnitude.len());
    Some(if verb.is_left_justified {
        format!("{sign}{magnitude}{}", " ".repeat(missing))
    } else if verb.pads_with_zeros && !number.is_infinite() {
        format!("{sign}{}{magnitude}", "0".repeat(missing))
    } else {
        format!("{}{sign}{magnitude}", " ".repeat(missing))
    })
}

fn magnitude(verb: &Verb<'_>, number: &Number, text: &str) -> Option<String> {
    let exponent_letter = if verb.letter.is_ascii_uppercase() { 'E' } else { 'e' };
    if matches!(verb.letter, 'g' | 'G') {
        let Some(precision) = verb.precision else {
            return Some(Decimal::read(text)?.shortest(exponent_letter));
        };
        let precision = precision.max(1);
        let decimal = Decimal::exact(number)?.rounded(precision as i64);
        return Some(decimal.general(precision, exponent_letter));
    }
    let precision = verb.precision.unwrap_or(DEFAULT_PRECISION);
    let exact = Decimal::exact(number)?;
    if verb.letter == 'f' {
        let digits = exact.point + precision as i64;
        return Some(exact.rounded(digits).fixed(precision));
    }
    Some(exact.rounded(precision as i64 + 1).scientific(precision, exponent_letter))
}

/// The shortest text that reads back as the number, with an exponent where that is large or small.
pub(super) fn shortest(number: &Number) -> String {
    let text = number.to_string();
    let Some(decimal) = Decimal::read(&text) else {
        return text;
    };
    let sign = if text.starts_with('-') { "-" } else { "" };
    format!("{sign}{}", decimal.shortest('e'))
}

/// `0.digits * 10^point`, without trailing zeros.
struct Decimal {
    digits: Vec<u8>,
    point: i64,
}

impl Decimal {
    fn exact(number: &Number) -> Option<Self> {
        let (digits, point) = number.exact_digits()?;
        Some(Self { digits, point })
    }

    /// The magnitude of a plain decimal; none of anything else.
    fn read(text: &str) -> Option<Self> {
        let text = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).map(|b| b.wrapping_sub(b'0')).collect();
        if digits.iter().any(|digit| *digit > 9) {
            return None;
        }
        let zeros = digits.iter().take_while(|digit| **digit == 0).count();
        let mut decimal = Self { digits: digits[zeros..].to_vec(), point: whole.len() as i64 - zeros as i64 };
        decimal.trim();
        Some(decimal)
    }

    fn trim(&mut self) {
        while self.digits.last() == Some(&0) {
            self.digits.pop();
        }
        if self.digits.is_empty() {
            self.point = 0;
        }
    }

    fn at(&self, index: i64) -> char {
        let digit = usize::try_from(index).ok().and_then(|index| self.digits.get(index));
        char::from(b'0' + digit.copied().unwrap_or(0))
    }

    /// The decimal with so many digits, half to even; as it is when it has no more, or none would be left.
    fn rounded(mut self, count: i64) -> Self {
        let Some(count) = usize::try_from(count).ok().filter(|count| *count < self.digits.len()) else {
            return self;
        };
        let is_half = self.digits[count] == 5 && count + 1 == self.digits.len();
        let goes_up = if is_half { count > 0 && self.digits[count - 1] % 2 == 1 } else { self.digits[count] >= 5 };
        self.digits.truncate(count);
        if goes_up {
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
        self.trim();
        self
    }

    fn fixed(&self, precision: usize) -> String {
        let mut out: String = if self.point > 0 { (0..self.point).map(|index| self.at(index)).collect() } else { "0".to_owned() };
        if precision > 0 {
            out.push('.');
            out.extend((0..precision as i64).map(|index| self.at(self.point + index)));
        }
        out
    }

    fn scientific(&self, precision: usize, letter: char) -> String {
        let mut out = String::from(self.at(0));
        if precision > 0 {
            out.push('.');
            out.extend((1..=precision as i64).map(|index| self.at(index)));
        }
        let exponent = if self.digits.is_empty() { 0 } else { self.point - 1 };
        let sign = if exponent < 0 { '-' } else { '+' };
        out + &format!("{letter}{sign}{:02}", exponent.abs())
    }

    fn shortest(&self, letter: char) -> String {
        self.choose(self.digits.len(), SHORTEST_EXPONENT, letter)
    }

    fn general(&self, precision: usize, letter: char) -> String {
        let count = self.digits.len();
        let limit = if precision > count && count as i64 >= self.point { count } else { precision };
        self.choose(precision, limit as i64, letter)
    }

    /// With an exponent where that is below -4 or reaches the limit.
    fn choose(&self, precision: usize, limit: i64, letter: char) -> String {
        let exponent = self.point - 1;
        let count = self.digits.len();
        if exponent < -4 || exponent >= limit {
            return self.scientific(precision.min(count).saturating_sub(1), letter);
        }
        let precision = if precision as i64 > self.point { count } else { precision };
        self.fixed(usize::try_from(precision as i64 - self.point).unwrap_or(0))
    }
}
