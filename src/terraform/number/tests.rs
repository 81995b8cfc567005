use super::*;

#[track_caller]
fn check_text(text: &str, expected: Option<&str>) {
    assert_eq!(Number::parse(text).map(|number| number.to_string()).as_deref(), expected);
}

#[test]
fn integers_of_any_length_keep_every_digit_up_to_512_bits() {
    check_text("123456789012345678901234567890", Some("123456789012345678901234567890"));
}

#[test]
fn shortest_text_of_a_binary_fraction() {
    check_text("0.1", Some("0.1"));
    check_text("1e-7", Some("0.0000001"));
    check_text("1.50", Some("1.5"));
}

#[test]
fn negative_zero_keeps_its_sign() {
    check_text("-0", Some("-0"));
}

#[test]
fn spellings_that_are_numbers() {
    check_text("+5", Some("5"));
    check_text(".5", Some("0.5"));
    check_text("5.", Some("5"));
    check_text("007", Some("7"));
    check_text("1E+3", Some("1000"));
    check_text("-inf", Some("-Inf"));
}

#[test]
fn spellings_that_are_none() {
    for text in ["", " 1", "0x1F", ".", "-", "1e", "1_000", "e5", "1.2.3", "nan", "infinity"] {
        check_text(text, None);
    }
}

#[test]
fn very_large_exponents_stay_finite() {
    check_text("1e400", Some(&format!("1{}", "0".repeat(400))));
    assert!(!Number::parse("1e100000000").unwrap().is_infinite());
}

fn number(text: &str) -> Number {
    Number::parse(text).unwrap()
}

#[test]
fn tenths_add_up() {
    assert_eq!(number("0.1").add(&number("0.2")), Some(number("0.3")));
}

#[test]
fn division_by_zero_is_infinite() {
    assert_eq!(number("-1").divide(&number("0")).unwrap().to_string(), "-Inf");
    assert_eq!(number("0").divide(&number("0")), None);
}

#[test]
fn modulo_has_the_sign_of_the_dividend() {
    assert_eq!(number("-7").modulo(&number("3")).unwrap().to_string(), "-1");
    assert_eq!(number("7.5").modulo(&number("2")).unwrap().to_string(), "1.5");
    assert_eq!(number("7").modulo(&number("0")).unwrap().to_string(), "7");
}

#[test]
fn machine_integers_divide_with_64_bits() {
    let third = Number::from(1i64).divide(&Number::from(3i64)).unwrap();
    assert_eq!(third.to_string(), "0.33333333333333333334");
}

#[test]
fn floats_survive_the_round_trip() {
    for value in [0.0, 1.5, -2.75e-300, 5e-324, f64::MAX, 1.0 / 3.0] {
        assert_eq!(Number::from(value).to_f64().to_bits(), value.to_bits());
    }
}

#[test]
fn adding_a_speck_to_a_giant_takes_no_memory() {
    let giant = number("1e100000000");
    assert_eq!(giant.add(&number("1")).unwrap().compare(&giant), Ordering::Equal);
}

mod against_exact_rationals {
    use num_traits::One;
    use proptest::prelude::*;

    use super::*;

    /// Numerator and denominator.
    fn rational(number: &Number) -> (BigInt, BigInt) {
        let Form::Finite { mantissa, exponent } = &number.form else { return (BigInt::zero(), BigInt::one()) };
        let signed = BigInt::from_biguint(sign(number.is_negative), mantissa.clone());
        if *exponent >= 0 { (signed << *exponent, BigInt::one()) } else { (signed, BigInt::one() << -*exponent) }
    }

    /// Whether `result` is at most half a unit of its 512th bit away from the rational `numerator / denominator`.
    fn is_nearest(result: &Number, (numerator, denominator): (BigInt, BigInt)) -> bool {
        let Form::Finite { mantissa, exponent } = &result.form else { return numerator.is_zero() };
        let unit = exponent + mantissa.bits() as i64 - 512;
        let (a, b) = rational(result);
        let difference = (a * &denominator - numerator * &b).magnitude().clone() << 1;
        let scale = (b * denominator).magnitude().clone();
        if unit >= 0 { difference <= scale << unit } else { difference << -unit <= scale }
    }

    prop_compose! {
        fn any_number()(digits in "-?[0-9]{1,60}(\\.[0-9]{1,60})?", exponent in -200i32..200) -> Number {
            number(&format!("{digits}e{exponent}"))
        }
    }

    proptest! {
        #[test]
        fn sum_is_nearest(a in any_number(), b in any_number()) {
            let ((p, q), (r, s)) = (rational(&a), rational(&b));
            prop_assert!(is_nearest(&a.add(&b).unwrap(), (&p * &s + &r * &q, q * s)));
        }

        #[test]
        fn product_is_nearest(a in any_number(), b in any_number()) {
            let ((p, q), (r, s)) = (rational(&a), rational(&b));
            prop_assert!(is_nearest(&a.multiply(&b).unwrap(), (p * r, q * s)));
        }

        #[test]
        fn quotient_is_nearest(a in any_number(), b in any_number()) {
            prop_assume!(b.sign() != Ordering::Equal);
            let ((p, q), (r, s)) = (rational(&a), rational(&b));
            prop_assert!(is_nearest(&a.divide(&b).unwrap(), (p * s, q * r)));
        }

        #[test]
        fn comparison_is_exact(a in any_number(), b in any_number()) {
            let ((p, q), (r, s)) = (rational(&a), rational(&b));
            prop_assert_eq!(a.compare(&b), (p * s).cmp(&(r * q)));
        }

        #[test]
        fn text_reads_back_as_the_same_number(a in any_number()) {
            prop_assert_eq!(number(&a.to_string()).compare(&a), Ordering::Equal);
        }
    }
}
