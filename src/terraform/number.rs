//! Terraform's numbers: binary floating point with 512 bits of mantissa.
use num_bigint::BigInt;

/// A number: mantissa times two to the exponent, or an infinity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    mantissa: BigInt,
    exponent: i64,
}
