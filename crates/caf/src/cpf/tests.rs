use proptest::prelude::*;

use super::*;

/// The first four stand in contract caf, 8; the rest were made by a separate program from the rule there.
const VALID: [&str; 26] = [
    "12345678909",
    "31415926590",
    "27182818205",
    "00000000191",
    "52601815906",
    "08301661305",
    "18609139034",
    "99603082430",
    "62819482112",
    "99351819019",
    "93786579741",
    "54323194897",
    "25276018987",
    "55597971115",
    "47104974601",
    "50752917080",
    "34236671255",
    "76842684650",
    "56321223360",
    "07924402691",
    "85995289047",
    "78666617667",
    "03137215994",
    "01092815945",
    "01396245979",
    "38528084132",
];

const WRONG_CHECK_DIGITS: [&str; 22] = [
    // The samples of the vendor's own pages.
    "00011122233",
    "12345678901",
    // The first check digit, the second, both, and the two exchanged.
    "12345678919",
    "12345678900",
    "12345678990",
    "31415926509",
    "27182818250",
    "52601815960",
    // Two neighbours exchanged.
    "21345678909",
    "13415926590",
    // All digits the same, which the arithmetic would let pass.
    "00000000000",
    "11111111111",
    "22222222222",
    "33333333333",
    "44444444444",
    "55555555555",
    "66666666666",
    "77777777777",
    "88888888888",
    "99999999999",
    // A zero that moved.
    "12345678090",
    "83016613005",
];

#[test]
fn valid_numbers_pass_the_check_alone_and_masked() {
    for text in VALID {
        let cpf = Cpf::parse_strictly(text).unwrap();
        assert_eq!(cpf.digits(), text);
        let (first, rest) = text.split_at(3);
        let (second, rest) = rest.split_at(3);
        let (third, check) = rest.split_at(3);
        let masked = format!("{first}.{second}.{third}-{check}");
        assert_eq!(Cpf::parse_strictly(&masked).unwrap(), cpf);
        assert_eq!(Cpf::parse(&format!("  {masked}\n")).unwrap(), cpf);
    }
}

#[test]
fn wrong_check_digits_are_refused_only_when_asked_for() {
    for text in WRONG_CHECK_DIGITS {
        let cpf = Cpf::parse(text).unwrap();
        assert_eq!(cpf.digits(), text);
        assert!(!cpf.has_valid_check_digits(), "{text}");
        assert_eq!(
            Cpf::parse_strictly(text),
            Err(InvalidCpf(Reason::CheckDigits)),
            "{text}"
        );
    }
}

#[test]
fn what_is_no_eleven_digits_is_refused_with_the_reason() {
    for (text, reason) in [
        ("", Reason::Empty),
        (" .-", Reason::Empty),
        ("1234567890", Reason::TooShort),
        // A CPF that was kept as a number: 00000000191.
        ("191", Reason::TooShort),
        ("123.456.789-0", Reason::TooShort),
        ("123456789090", Reason::TooLong),
        ("12.345.678/0001-95", Reason::TooLong),
        ("1234567890a", Reason::Character),
        ("12345678909\0", Reason::Character),
        ("123\n45678909", Reason::Character),
        ("-1234567890९", Reason::Character),
        ("１２３４５６７８９０９", Reason::Character),
        ("+12345678909", Reason::Character),
        ("1234567890,9", Reason::Character),
        ("{\"cpf\":\"12345678909\"}", Reason::Character),
    ] {
        assert_eq!(Cpf::parse(text), Err(InvalidCpf(reason)), "{text:?}");
        assert_eq!(Cpf::parse_strictly(text), Err(InvalidCpf(reason)), "{text:?}");
        let said = InvalidCpf(reason).to_string();
        assert!(text.trim().len() < 4 || !said.contains(text.trim()), "{said}");
    }
}

#[test]
fn json_has_the_digits_and_reads_either_form() {
    let cpf: Cpf = serde_json::from_str("\"314.159.265-90\"").unwrap();
    assert_eq!(serde_json::to_string(&cpf).unwrap(), "\"31415926590\"");
    // As a number it would have lost its leading zeros.
    for json in ["31415926590", "null", "[]"] {
        let error = serde_json::from_str::<Cpf>(json).unwrap_err();
        assert!(!error.to_string().contains("31415926590"), "{error}");
    }
    let error = serde_json::from_str::<Cpf>("\"3141592659\"").unwrap_err();
    assert!(!error.to_string().contains("3141592659"), "{error}");
}

/// The rule as contract caf, 8 writes it, one weight after the other.
fn judge(digits: &[u32]) -> bool {
    let check = |sum: u32| if sum % 11 < 2 { 0 } else { 11 - sum % 11 };
    let [d1, d2, d3, d4, d5, d6, d7, d8, d9, d10, d11] = digits.try_into().unwrap();
    let s1 = 10 * d1 + 9 * d2 + 8 * d3 + 7 * d4 + 6 * d5 + 5 * d6 + 4 * d7 + 3 * d8 + 2 * d9;
    let s2 = 11 * d1 + 10 * d2 + 9 * d3 + 8 * d4 + 7 * d5 + 6 * d6 + 5 * d7 + 4 * d8 + 3 * d9 + 2 * d10;
    digits.iter().any(|digit| *digit != d1) && check(s1) == d10 && check(s2) == d11
}

proptest! {
    #[test]
    fn eleven_digits_are_judged_by_the_rule(
        nine in proptest::collection::vec(0_u32..10, 9),
        nudge in prop_oneof![4 => Just((0, 0)), 1 => (0_u32..10, 0_u32..10)],
    ) {
        let mut digits = nine;
        for add in [nudge.0, nudge.1] {
            let right = (0..10).find(|digit| {
                let mut all = digits.clone();
                all.push(*digit);
                let weights = 2..;
                let sum: u32 = all.iter().rev().skip(1).zip(weights).map(|(d, w)| d * w).sum();
                *digit == if sum % 11 < 2 { 0 } else { 11 - sum % 11 }
            });
            digits.push((right.unwrap() + add) % 10);
        }
        let text: String = digits.iter().map(ToString::to_string).collect();
        prop_assert_eq!(Cpf::parse(&text).unwrap().has_valid_check_digits(), judge(&digits));
    }

    #[test]
    fn any_text_ends_as_digits_or_as_an_error_without_the_text(text in "\\PC{0,20}") {
        match Cpf::parse(&text) {
            Ok(cpf) => prop_assert_eq!(Cpf::parse(cpf.digits()).unwrap(), cpf),
            Err(error) => prop_assert!(text.trim().len() < 4 || !error.to_string().contains(text.trim())),
        }
    }

    #[test]
    fn neither_debug_nor_display_shows_the_digits(digits in "[0-9]{11}") {
        let cpf = Cpf::parse(&digits).unwrap();
        let shown = format!("{cpf} {cpf:?} {cpf:#?}");
        prop_assert!(!shown.contains(&digits));
    }
}
