//! CRC-32C (Castagnoli), the checksum that Secret Manager verifies a payload with.

/// Reversed Castagnoli polynomial.
///
/// Source: RFC 3720, section 12.1.
const POLYNOMIAL: u32 = 0x82F6_3B78;

/// Returns the checksum; payloads are small, so it is computed bit by bit.
pub(super) fn crc32c(data: &[u8]) -> u32 {
    let mut sum = !0_u32;
    for byte in data {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 { (sum >> 1) ^ POLYNOMIAL } else { sum >> 1 };
        }
    }
    !sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_value_of_the_catalogue_of_parametrised_crcs() {
        assert_eq!(crc32c(b"123456789"), 0xE306_9283);
    }

    #[test]
    fn thirty_two_zeros_of_the_rfc() {
        assert_eq!(crc32c(&[0; 32]), 0x8A91_36AA);
    }

    #[test]
    fn nothing_is_zero() {
        assert_eq!(crc32c(b""), 0);
    }
}
