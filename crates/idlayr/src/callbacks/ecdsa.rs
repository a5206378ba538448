//! The two ways to write an ECDSA signature.

/// Reads a signature in DER (RFC 3279, 2.2.3) into the form that has `r` and `s` one behind the other, each
/// of `size` bytes. The crypto library takes that form alone, and the contract leaves open which one is sent.
///
/// As strict as DER is: one way to write a number, and nothing behind the last.
pub(super) fn raw_of_der(der: &[u8], size: usize) -> Option<Vec<u8>> {
    // Two numbers of a curve of up to 384 bits take less than 128 bytes: a length is one byte.
    let (numbers, rest) = tagged(0x30, der)?;
    let (r, numbers) = tagged(0x02, numbers)?;
    let (s, numbers) = tagged(0x02, numbers)?;
    if !rest.is_empty() || !numbers.is_empty() {
        return None;
    }
    let mut raw = Vec::with_capacity(2 * size);
    for number in [r, s] {
        let digits = unsigned(number)?;
        raw.resize(raw.len() + size.checked_sub(digits.len())?, 0);
        raw.extend_from_slice(digits);
    }
    Some(raw)
}

/// The content of a value with this tag, and what comes behind it.
fn tagged(tag: u8, der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&[found, length], rest) = der.split_first_chunk::<2>()?;
    if found != tag || length >= 0x80 {
        return None;
    }
    rest.split_at_checked(usize::from(length))
}

/// The bytes of a positive number, without the zero that keeps its first bit from being a sign.
fn unsigned(number: &[u8]) -> Option<&[u8]> {
    match number {
        [0, rest @ ..] if rest.first().is_some_and(|first| *first >= 0x80) => Some(rest),
        [first, ..] if (1..0x80).contains(first) => Some(number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn der_of(numbers: [&[u8]; 2]) -> Vec<u8> {
        let mut content = Vec::new();
        for number in numbers {
            content.extend([0x02, u8::try_from(number.len()).unwrap()]);
            content.extend_from_slice(number);
        }
        let mut der = vec![0x30, u8::try_from(content.len()).unwrap()];
        der.extend(content);
        der
    }

    #[test]
    fn short_numbers_are_filled_up_and_signs_taken_off() {
        assert_eq!(
            raw_of_der(&der_of([&[1], &[0, 0x80]]), 2),
            Some(vec![0, 1, 0, 0x80])
        );
        assert_eq!(
            raw_of_der(&der_of([&[0x7f, 1], &[0, 0xff, 2]]), 2),
            Some(vec![0x7f, 1, 0xff, 2])
        );
    }

    #[test]
    fn what_is_not_der_is_refused() {
        let good = der_of([&[1, 2], &[3, 4]]);
        let mut behind = good.clone();
        behind.push(0);
        let mut another_tag = good.clone();
        another_tag[0] = 0x31;
        let mut third = good.clone();
        third[1] += 3;
        third.extend([0x02, 1, 5]);
        let long_form = [&[0x30, 0x81, 0x08][..], good.split_at(2).1].concat();
        for bad in [
            Vec::new(),
            vec![0x30],
            vec![0x30, 0],
            good.split_last().unwrap().1.to_vec(),
            behind,
            another_tag,
            third,
            long_form,
            der_of([&[], &[1]]),
            der_of([&[0], &[1]]),
            der_of([&[0, 1], &[1]]),
            der_of([&[0x80], &[1]]),
            der_of([&[1, 2, 3], &[1]]),
            der_of([&[0, 0x81, 2, 3], &[1]]),
        ] {
            assert_eq!(raw_of_der(&bad, 2), None, "{bad:x?}");
        }
        assert_eq!(raw_of_der(&good, 2), Some(vec![1, 2, 3, 4]));
    }

    proptest! {
        #[test]
        fn every_pair_of_numbers_comes_back(r in prop::array::uniform32(0u8..), s in prop::array::uniform32(0u8..)) {
            let written = |number: [u8; 32]| {
                let digits: Vec<u8> = number.into_iter().skip_while(|digit| *digit == 0).collect();
                let sign = digits.first().is_some_and(|first| *first >= 0x80);
                [vec![0; usize::from(sign)], digits].concat()
            };
            prop_assume!(r != [0; 32] && s != [0; 32]);
            let der = der_of([&written(r), &written(s)]);
            prop_assert_eq!(raw_of_der(&der, 32), Some([r, s].concat()));
        }

        #[test]
        fn any_bytes_end_as_a_signature_or_as_none(bytes in prop::collection::vec(any::<u8>(), 0..120)) {
            let raw = raw_of_der(&bytes, 32);
            prop_assert!(raw.is_none_or(|raw| raw.len() == 64));
        }
    }
}
