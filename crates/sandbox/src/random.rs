//! Made-up ids, codes, tokens and secrets, reproducible from a seed.

use std::hash::{BuildHasher, Hasher, RandomState};

/// The digits of a ULID.
const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The `SplitMix64` sequence: short, and good enough for values that protect nothing. It must never
/// be used for a secret that matters.
#[derive(Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn from_seed(seed: u64) -> Self {
        Self(seed)
    }

    /// A sequence that differs from run to run.
    pub(crate) fn unseeded() -> Self {
        Self(RandomState::new().build_hasher().finish())
    }

    /// A sequence of its own that is as reproducible as this one.
    pub(crate) fn fork(&mut self) -> Self {
        Self(self.next())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// `length` lower-case hex characters.
    pub(crate) fn hex(&mut self, length: usize) -> String {
        self.digits(length, 16)
    }

    /// `length` decimal digits.
    pub(crate) fn decimal(&mut self, length: usize) -> String {
        self.digits(length, 10)
    }

    /// `length` lower-case letters and digits.
    pub(crate) fn text(&mut self, length: usize) -> String {
        self.digits(length, 36)
    }

    /// A ULID: the time in milliseconds since 1970, then 16 characters by chance.
    pub(crate) fn ulid(&mut self, milliseconds: u64) -> String {
        let time = (0..10).rev().map(|position| milliseconds >> (5 * position));
        let mut ulid: String = time.map(crockford).collect();
        ulid.extend((0..16).map(|_| crockford(self.next())));
        ulid
    }

    fn digits(&mut self, length: usize, radix: u32) -> String {
        (0..length)
            .map(|_| {
                let digit = u32::try_from(self.next() % u64::from(radix)).unwrap_or(0);
                char::from_digit(digit, radix).unwrap_or('0')
            })
            .collect()
    }

    /// A lower-case UUID of version 4.
    pub(crate) fn uuid(&mut self) -> String {
        let variant = char::from_digit(8 + u32::try_from(self.next() % 4).unwrap_or(0), 16).unwrap_or('8');
        format!(
            "{}-{}-4{}-{variant}{}-{}",
            self.hex(8),
            self.hex(4),
            self.hex(3),
            self.hex(3),
            self.hex(12)
        )
    }
}

/// The digit for the last five bits of `value`.
fn crockford(value: u64) -> char {
    let digit = usize::try_from(value % 32).unwrap_or(0);
    CROCKFORD.get(digit).copied().map_or('0', char::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_gives_one_sequence() {
        assert_eq!(Random::from_seed(7).uuid(), Random::from_seed(7).uuid());
        assert_ne!(Random::from_seed(7).uuid(), Random::from_seed(8).uuid());
        let mut random = Random::from_seed(7);
        assert_ne!(random.text(20), random.text(20));
    }

    #[test]
    fn values_have_the_documented_shape() {
        let mut random = Random::unseeded();
        let uuid = random.uuid();
        assert_eq!(
            uuid.split('-').map(str::len).collect::<Vec<_>>(),
            [8, 4, 4, 4, 12]
        );
        assert!(
            uuid.chars()
                .all(|c| c == '-' || c.is_ascii_digit() || ('a'..='f').contains(&c))
        );
        assert_eq!(random.hex(10).len(), 10);
        // The time of the ULID specification's own example.
        let ulid = random.ulid(1_469_918_176_385);
        assert!(ulid.starts_with("01ARYZ6S41"), "{ulid}");
        assert_eq!(ulid.len(), 26);
    }
}
