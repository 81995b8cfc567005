//! Terraform's numbers: binary floating point with up to 512 bits of mantissa, rounded half to even.
//!
//! A number carries the precision it was made with, because arithmetic rounds to the larger precision of its operands: a
//! literal has 512 bits, a `length(...)` has 64. That shows in `length(a) / length(b)`, which prints about 20 digits and
//! not 155.

use std::cmp::Ordering;
use std::fmt;

use num_bigint::{BigInt, BigUint, Sign};
use num_integer::Integer;
use num_traits::{ToPrimitive, Zero};

mod arithmetic;
mod text;

/// Bits of mantissa of a number that was written down.
///
/// Source: go-cty, `ParseNumberVal`.
const LITERAL_PRECISION: u64 = 512;

/// Bits of mantissa of a number that was a machine integer.
///
/// Source: Go, `big.Float.SetInt64`.
const INTEGER_PRECISION: u64 = 64;

/// Largest binary exponent; above it a number is infinite, below its negative zero.
///
/// Source: Go, `big.MaxExp`.
const MAXIMUM_EXPONENT: i64 = i32::MAX as i64;

/// A number: mantissa times two to the exponent, or an infinity.
#[derive(Debug, Clone)]
pub struct Number {
    is_negative: bool,
    form: Form,
    /// Bits of mantissa that the results of arithmetic with this number keep at least.
    precision: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Form {
    Zero,
    /// The mantissa is odd, so each value has one form.
    Finite {
        mantissa: BigUint,
        exponent: i64,
    },
    Infinite,
}

impl Number {
    /// Reads a decimal number as Terraform converts a string to a number: sign, digits, point, exponent, or `inf`.
    ///
    /// None when the text is no number.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text::parse(text)
    }

    /// Positive or negative infinity.
    #[must_use]
    pub fn infinity(is_negative: bool) -> Self {
        Self { is_negative, form: Form::Infinite, precision: LITERAL_PRECISION }
    }

    /// The nearest number with `precision` bits, half to even; `has_remainder` says that the true value is a little larger.
    fn rounded(is_negative: bool, mantissa: BigUint, exponent: i64, has_remainder: bool, precision: u64) -> Self {
        if mantissa.is_zero() {
            return Self { is_negative, form: Form::Zero, precision };
        }
        let (mut mantissa, mut exponent) = (mantissa, exponent);
        let excess = mantissa.bits().saturating_sub(precision);
        if excess > 0 {
            let is_half = mantissa.bit(excess - 1);
            let is_above_half = has_remainder || mantissa.trailing_zeros().is_some_and(|zeros| zeros < excess - 1);
            mantissa >>= excess;
            exponent += excess as i64;
            if is_half && (is_above_half || mantissa.is_odd()) {
                mantissa += 1u8;
            }
        }
        let zeros = mantissa.trailing_zeros().unwrap_or(0);
        mantissa >>= zeros;
        exponent += zeros as i64;
        let magnitude = exponent.saturating_add(mantissa.bits() as i64);
        let form = if magnitude > MAXIMUM_EXPONENT {
            Form::Infinite
        } else if magnitude < -MAXIMUM_EXPONENT {
            Form::Zero
        } else {
            Form::Finite { mantissa, exponent }
        };
        Self { is_negative, form, precision }
    }

    /// The whole part; none for an infinity, and for a number with too many digits to write down.
    #[must_use]
    pub fn truncate(&self) -> Option<BigInt> {
        match &self.form {
            Form::Zero => Some(BigInt::zero()),
            Form::Infinite => None,
            Form::Finite { mantissa, exponent } => {
                if *exponent > text::MAXIMUM_TEXT_BITS {
                    return None;
                }
                let whole = if *exponent >= 0 { mantissa.clone() << *exponent } else { mantissa.clone() >> -*exponent };
                Some(BigInt::from_biguint(sign(self.is_negative), whole))
            }
        }
    }

    /// Whether there is no fractional part; an infinity is no whole number.
    #[must_use]
    pub fn is_integer(&self) -> bool {
        match &self.form {
            Form::Zero => true,
            Form::Infinite => false,
            Form::Finite { exponent, .. } => *exponent >= 0,
        }
    }

    /// Whether this is an infinity.
    #[must_use]
    pub fn is_infinite(&self) -> bool {
        self.form == Form::Infinite
    }

    /// How it compares with zero.
    #[must_use]
    pub fn sign(&self) -> Ordering {
        match (&self.form, self.is_negative) {
            (Form::Zero, _) => Ordering::Equal,
            (_, true) => Ordering::Less,
            (_, false) => Ordering::Greater,
        }
    }

    /// The order of two numbers by their exact values; negative zero equals zero.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Ordering {
        let by_sign = self.sign().cmp(&other.sign());
        if by_sign != Ordering::Equal || self.sign() == Ordering::Equal {
            return by_sign;
        }
        let magnitude = match (&self.form, &other.form) {
            (Form::Finite { mantissa: a, exponent: i }, Form::Finite { mantissa: b, exponent: j }) => {
                let (top_a, top_b) = (i + a.bits() as i64, j + b.bits() as i64);
                top_a.cmp(&top_b).then_with(|| {
                    let low = *i.min(j);
                    (a.clone() << (i - low)).cmp(&(b.clone() << (j - low)))
                })
            }
            (Form::Infinite, Form::Infinite) => Ordering::Equal,
            (Form::Infinite, Form::Zero | Form::Finite { .. }) => Ordering::Greater,
            (Form::Zero | Form::Finite { .. }, Form::Infinite) => Ordering::Less,
            (Form::Zero, Form::Zero | Form::Finite { .. }) | (Form::Finite { .. }, Form::Zero) => Ordering::Equal,
        };
        if self.is_negative { magnitude.reverse() } else { magnitude }
    }

    /// The value as a machine integer, when it is one exactly.
    #[must_use]
    pub fn to_i64(&self) -> Option<i64> {
        match &self.form {
            Form::Zero => Some(0),
            Form::Finite { exponent, .. } if (0..=63).contains(exponent) => self.truncate()?.to_i64(),
            Form::Finite { .. } | Form::Infinite => None,
        }
    }

    /// The nearest machine floating-point number.
    #[must_use]
    pub fn to_f64(&self) -> f64 {
        let Form::Finite { mantissa, exponent } = &self.form else {
            let magnitude = if self.is_infinite() { f64::INFINITY } else { 0.0 };
            return if self.is_negative { -magnitude } else { magnitude };
        };
        let top = exponent + mantissa.bits() as i64;
        // Below 2^-1022 a float loses one bit of mantissa a power of two.
        let bits = if top > -1022 { 53 } else { (53 + 1021 + top).max(0) as u64 };
        if top > 1024 || bits == 0 {
            let magnitude = if top > 0 { f64::INFINITY } else { 0.0 };
            return if self.is_negative { -magnitude } else { magnitude };
        }
        let rounded = Self::rounded(false, mantissa.clone(), *exponent, false, bits);
        let Form::Finite { mantissa, exponent } = rounded.form else { return 0.0 };
        // Two factors, because the smaller powers of two are not floats themselves.
        let half = (exponent / 2) as i32;
        let value = mantissa.to_f64().unwrap_or(f64::INFINITY) * 2f64.powi(half) * 2f64.powi(exponent as i32 - half);
        if self.is_negative { -value } else { value }
    }
}

fn sign(is_negative: bool) -> Sign {
    if is_negative { Sign::Minus } else { Sign::Plus }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self::rounded(value < 0, BigUint::from(value.unsigned_abs()), 0, false, INTEGER_PRECISION)
    }
}

impl From<usize> for Number {
    fn from(value: usize) -> Self {
        Self::rounded(false, BigUint::from(value), 0, false, INTEGER_PRECISION)
    }
}

impl From<f64> for Number {
    /// A `NaN` is no number of Terraform's and becomes zero.
    fn from(value: f64) -> Self {
        const PRECISION: u64 = 53;
        if value.is_infinite() {
            return Self { precision: PRECISION, ..Self::infinity(value < 0.0) };
        }
        let (mantissa, exponent, sign) = num_traits::float::FloatCore::integer_decode(value);
        let mantissa = if value.is_nan() { 0 } else { mantissa };
        Self::rounded(sign < 0, BigUint::from(mantissa), i64::from(exponent), false, PRECISION)
    }
}

impl From<&BigInt> for Number {
    fn from(value: &BigInt) -> Self {
        let precision = value.bits().max(INTEGER_PRECISION);
        Self::rounded(value.sign() == Sign::Minus, value.magnitude().clone(), 0, false, precision)
    }
}

/// Terraform's equality: whole numbers by value, fractions when they are written the same, so `0.1 + 0.2 == 0.3`.
///
/// Source: go-cty, `rawNumberEqual`.
impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        if self.is_integer() || other.is_integer() || self.is_infinite() || other.is_infinite() {
            return self.compare(other) == Ordering::Equal;
        }
        self.sign() == other.sign() && self.may_be_written_alike(other) && self.to_string() == other.to_string()
    }
}

impl Eq for Number {}

impl Number {
    /// Whether the sizes are close enough that the texts could be the same.
    fn may_be_written_alike(&self, other: &Self) -> bool {
        match (&self.form, &other.form) {
            (Form::Finite { mantissa: a, exponent: i }, Form::Finite { mantissa: b, exponent: j }) => {
                (i + a.bits() as i64).abs_diff(j + b.bits() as i64) <= 1
            }
            (Form::Infinite, Form::Infinite) | (Form::Zero, Form::Zero) => true,
            (Form::Infinite, _) | (_, Form::Infinite) | (Form::Zero, _) | (_, Form::Zero) => false,
        }
    }
}

impl fmt::Display for Number {
    /// The shortest decimal that reads back as this number, without exponent; `+Inf` and `-Inf`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        text::write(self, f)
    }
}

#[cfg(test)]
mod tests;
