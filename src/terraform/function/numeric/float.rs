//! Logarithm and power to the last bit as Go has them; the system's mathematics library rounds differently.

use std::f64::consts::SQRT_2;

/// The natural logarithm.
///
/// Source of the method and its coefficients: FreeBSD `e_log.c`, which Go's `math.Log` follows.
pub(super) fn ln(x: f64) -> f64 {
    const LN2_HIGH: f64 = 0.693_147_180_369_123_8;
    const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;
    const L1: f64 = 0.666_666_666_666_673_5;
    const L2: f64 = 0.399_999_999_994_094_2;
    const L3: f64 = 0.285_714_287_436_623_9;
    const L4: f64 = 0.222_221_984_321_497_84;
    const L5: f64 = 0.181_835_721_616_180_5;
    const L6: f64 = 0.153_138_376_992_093_73;
    const L7: f64 = 0.147_981_986_051_165_86;
    if x.is_nan() || x == f64::INFINITY {
        return x;
    }
    if x < 0.0 {
        return f64::NAN;
    }
    if x == 0.0 {
        return f64::NEG_INFINITY;
    }
    let (mut fraction, mut exponent) = split(x);
    if fraction < SQRT_2 / 2.0 {
        fraction *= 2.0;
        exponent -= 1;
    }
    let f = fraction - 1.0;
    let k = f64::from(exponent);
    let s = f / (2.0 + f);
    let s2 = s * s;
    let s4 = s2 * s2;
    let t1 = s2 * (L1 + s4 * (L3 + s4 * (L5 + s4 * L7)));
    let t2 = s4 * (L2 + s4 * (L4 + s4 * L6));
    let r = t1 + t2;
    let half_square = 0.5 * f * f;
    k * LN2_HIGH - ((half_square - (s * (half_square + r) + k * LN2_LOW)) - f)
}

/// `x` to the power of `y`.
///
/// Source of the method: Go, `math.Pow`.
pub(super) fn pow(x: f64, y: f64) -> f64 {
    if y == 0.0 || x == 1.0 {
        return 1.0;
    }
    if x == 0.0 || !x.is_finite() || !y.is_finite() {
        return x.powf(y);
    }
    if y == 1.0 {
        return x;
    }
    if y == 0.5 {
        return x.sqrt();
    }
    if y == -0.5 {
        return 1.0 / x.sqrt();
    }
    let (mut whole, mut fraction) = (y.abs().trunc(), y.abs().fract());
    if fraction != 0.0 && x < 0.0 {
        return f64::NAN;
    }
    if whole >= TWO_TO_63 {
        return x.powf(y);
    }
    let mut product = 1.0;
    let mut product_exponent = 0_i64;
    if fraction != 0.0 {
        if fraction > 0.5 {
            fraction -= 1.0;
            whole += 1.0;
        }
        product = (fraction * ln(x)).exp();
    }
    let (mut square, exponent) = split(x);
    let mut square_exponent = i64::from(exponent);
    let mut bits = whole as u64;
    while bits != 0 {
        if square_exponent.abs() > 1 << 12 {
            product_exponent += square_exponent;
            break;
        }
        if bits & 1 == 1 {
            product *= square;
            product_exponent += square_exponent;
        }
        square *= square;
        square_exponent *= 2;
        if square < 0.5 {
            square += square;
            square_exponent -= 1;
        }
        bits >>= 1;
    }
    if y < 0.0 {
        product = 1.0 / product;
        product_exponent = -product_exponent;
    }
    scale(product, product_exponent)
}

const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;
const MANTISSA_BITS: u32 = 52;
const EXPONENT_MASK: u64 = 0x7ff;

/// A finite number other than zero as fraction in [0.5, 1) and power of two.
fn split(x: f64) -> (f64, i32) {
    if x.is_subnormal() {
        let (fraction, exponent) = split(x * f64::from(1_u32 << 30) * f64::from(1_u32 << 22));
        return (fraction, exponent - 52);
    }
    let bits = x.to_bits();
    let biased = (bits >> MANTISSA_BITS) & EXPONENT_MASK;
    let fraction = f64::from_bits(bits & !(EXPONENT_MASK << MANTISSA_BITS) | 1022 << MANTISSA_BITS);
    (fraction, biased as i32 - 1022)
}

/// A number times two to the exponent.
fn scale(mut x: f64, mut exponent: i64) -> f64 {
    // Three steps reach every exponent; the last one alone may round.
    while exponent > 1000 && x.is_finite() {
        x *= f64::from_bits((1023 + 1000) << MANTISSA_BITS);
        exponent -= 1000;
    }
    while exponent < -1000 && x != 0.0 {
        x *= f64::from_bits((1023 - 1000) << MANTISSA_BITS);
        exponent += 1000;
    }
    x * f64::from_bits(((1023 + exponent.clamp(-1000, 1000)) as u64) << MANTISSA_BITS)
}

#[cfg(test)]
mod tests {
    use std::f64::consts::LN_2;

    use super::*;

    #[test]
    fn ln_knows_its_fixed_points() {
        assert_eq!(ln(1.0), 0.0);
        assert_eq!(ln(2.0), LN_2);
        assert!(ln(-1.0).is_nan());
        assert_eq!(ln(0.0), f64::NEG_INFINITY);
    }

    #[test]
    fn pow_is_exact_where_the_result_is() {
        assert_eq!(pow(10.0, 22.0), 1e22);
        assert_eq!(pow(2.0, -1074.0), f64::from_bits(1));
        assert_eq!(pow(-3.0, 3.0), -27.0);
        assert_eq!(pow(2.0, 1024.0), f64::INFINITY);
        assert!(pow(-8.0, 1.0 / 3.0).is_nan());
    }
}
