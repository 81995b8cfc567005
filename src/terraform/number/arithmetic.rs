//! Sums, products and quotients, rounded to the precision of Go's numbers.

use num_bigint::{BigInt, BigUint, Sign};
use num_integer::Integer;
use num_traits::{One, Zero};

use super::{Form, LITERAL_PRECISION, Number, sign};

impl Number {
    /// The sum; none for infinities of opposite sign.
    #[must_use]
    pub fn add(&self, other: &Self) -> Option<Self> {
        let precision = self.precision.max(other.precision);
        match (&self.form, &other.form) {
            (Form::Infinite, Form::Infinite) if self.is_negative != other.is_negative => None,
            (Form::Infinite, _) => Some(self.clone()),
            (_, Form::Infinite) => Some(other.clone()),
            (Form::Zero, Form::Zero) => {
                Some(Self { is_negative: self.is_negative && other.is_negative, form: Form::Zero, precision })
            }
            (Form::Zero, Form::Finite { .. }) => Some(Self { precision, ..other.clone() }),
            (Form::Finite { .. }, Form::Zero) => Some(Self { precision, ..self.clone() }),
            (Form::Finite { mantissa: a, exponent: i }, Form::Finite { mantissa: b, exponent: j }) => {
                let (mut a, mut i) = (BigInt::from_biguint(sign(self.is_negative), a.clone()), *i);
                let (mut b, mut j) = (BigInt::from_biguint(sign(other.is_negative), b.clone()), *j);
                if i + (a.bits() as i64) < j + b.bits() as i64 {
                    std::mem::swap(&mut a, &mut b);
                    std::mem::swap(&mut i, &mut j);
                }
                // What lies far below the last bit of the result only decides which way a tie goes, so its size does not
                // matter; without this, 1e100000000 + 1 would build a number of 40 MB.
                let floor = i - 2 * precision as i64 - 64;
                if j + (b.bits() as i64) < floor {
                    b = BigInt::from_biguint(b.sign(), BigUint::one());
                    j = floor;
                }
                let low = i.min(j);
                let sum = (a << (i - low)) + (b << (j - low));
                let is_negative = sum.sign() == Sign::Minus;
                Some(Self::rounded(is_negative, sum.into_parts().1, low, false, precision))
            }
        }
    }

    /// The difference; none for infinities of the same sign.
    #[must_use]
    pub fn subtract(&self, other: &Self) -> Option<Self> {
        self.add(&other.negate())
    }

    /// The number with the opposite sign.
    #[must_use]
    pub fn negate(&self) -> Self {
        Self { is_negative: !self.is_negative, ..self.clone() }
    }

    /// The number without its sign.
    #[must_use]
    pub fn absolute(&self) -> Self {
        Self { is_negative: false, ..self.clone() }
    }

    /// The product; none for zero times infinity.
    #[must_use]
    pub fn multiply(&self, other: &Self) -> Option<Self> {
        let precision = self.precision.max(other.precision);
        let is_negative = self.is_negative != other.is_negative;
        match (&self.form, &other.form) {
            (Form::Infinite, Form::Zero) | (Form::Zero, Form::Infinite) => None,
            (Form::Infinite, _) | (_, Form::Infinite) => Some(Self { is_negative, form: Form::Infinite, precision }),
            (Form::Zero, _) | (_, Form::Zero) => Some(Self { is_negative, form: Form::Zero, precision }),
            (Form::Finite { mantissa: a, exponent: i }, Form::Finite { mantissa: b, exponent: j }) => {
                // A product keeps all its bits up to 512, even of two short operands.
                let mut product = Self::rounded(is_negative, a * b, i + j, false, LITERAL_PRECISION.max(precision));
                if let Form::Finite { mantissa, .. } = &product.form {
                    product.precision = precision.max(mantissa.bits());
                }
                Some(product)
            }
        }
    }

    /// The quotient, an infinity for a zero divisor; none for zero by zero and infinity by infinity.
    #[must_use]
    pub fn divide(&self, other: &Self) -> Option<Self> {
        self.divide_to(other, self.precision.max(other.precision))
    }

    pub(super) fn divide_to(&self, other: &Self, precision: u64) -> Option<Self> {
        let is_negative = self.is_negative != other.is_negative;
        match (&self.form, &other.form) {
            (Form::Infinite, Form::Infinite) | (Form::Zero, Form::Zero) => None,
            (Form::Infinite, _) | (_, Form::Zero) => Some(Self { is_negative, form: Form::Infinite, precision }),
            (Form::Zero, _) | (_, Form::Infinite) => Some(Self { is_negative, form: Form::Zero, precision }),
            (Form::Finite { mantissa: a, exponent: i }, Form::Finite { mantissa: b, exponent: j }) => {
                let shift = (precision + 2 + b.bits()).saturating_sub(a.bits());
                let (quotient, remainder) = (a.clone() << shift).div_rem(b);
                // Two extra bits of quotient, and the remainder in the lowest: enough to round as if exactly.
                let sticky = (quotient << 1u8) + u8::from(!remainder.is_zero());
                Some(Self::rounded(is_negative, sticky, i - j - shift as i64 - 1, false, precision))
            }
        }
    }

    /// The remainder of the division that rounds towards zero, as Terraform's `%` has it: `x % 0` is `x`.
    ///
    /// None for zero times infinity, which Terraform computes where one operand is infinite.
    #[must_use]
    pub fn modulo(&self, other: &Self) -> Option<Self> {
        if matches!(self.form, Form::Infinite) || matches!(other.form, Form::Infinite) {
            return self.multiply(other);
        }
        if matches!(other.form, Form::Zero) {
            return Some(self.clone());
        }
        let whole = self.divide(other)?.truncate()?;
        let whole = Self::rounded(whole.sign() == Sign::Minus, whole.into_parts().1, 0, false, self.precision);
        let (Form::Finite { mantissa: a, exponent: i }, Form::Finite { mantissa: b, exponent: j }) = (&other.form, &whole.form)
        else {
            return Some(self.clone());
        };
        let product = Self::rounded(other.is_negative != whole.is_negative, a * b, i + j, false, self.precision);
        self.subtract(&product).map(|mut rest| {
            rest.precision = self.precision;
            rest
        })
    }
}
