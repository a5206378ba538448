//! The little arithmetic that the figures need.

use serde::{Deserialize, Serialize};

/// A median with what it is the median of: the lowest and the highest.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Spread {
    pub(crate) low: f64,
    pub(crate) median: f64,
    pub(crate) high: f64,
}

impl Spread {
    /// Of nothing there is no median.
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut sorted: Vec<f64> = values.into_iter().collect();
        sorted.sort_by(f64::total_cmp);
        let middle = sorted.len() / 2;
        let upper = *sorted.get(middle)?;
        let median = if sorted.len().is_multiple_of(2) {
            f64::midpoint(*sorted.get(middle - 1)?, upper)
        } else {
            upper
        };
        Some(Self {
            low: *sorted.first()?,
            median,
            high: *sorted.last()?,
        })
    }
}

/// The ratios of neighbours in time. A machine that slows down in the middle of a run slows both of a pair,
/// so the ratio of each round says more than the ratio of the medians.
pub(crate) fn paired_ratio(ours: &[f64], theirs: &[f64]) -> Option<Spread> {
    let pairs = ours.iter().zip(theirs).filter(|(_, theirs)| **theirs > 0.0);
    Spread::of(pairs.map(|(ours, theirs)| ours / theirs))
}

/// The smallest value that at least the share `of` of all values does not exceed (nearest rank). Sorts in
/// place.
pub(crate) fn quantile(values: &mut [u32], of: f64) -> Option<u32> {
    values.sort_unstable();
    let rank = (values.len() as f64 * of).ceil() as usize;
    values.get(rank.max(1) - 1).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_of_odd_and_even_numbers() {
        let odd = Spread::of([3.0, 1.0, 2.0]).unwrap();
        assert_eq!((odd.low, odd.median, odd.high), (1.0, 2.0, 3.0));
        assert_eq!(Spread::of([4.0, 1.0, 2.0, 3.0]).unwrap().median, 2.5);
        assert_eq!(Spread::of([7.0]).unwrap().median, 7.0);
        assert_eq!(Spread::of([]), None);
    }

    #[test]
    fn ratios_are_taken_round_by_round() {
        // The second round ran on a machine half as fast: the ratio does not notice.
        let ratio = paired_ratio(&[10.0, 20.0, 11.0], &[20.0, 40.0, 20.0]).unwrap();
        assert_eq!((ratio.low, ratio.median, ratio.high), (0.5, 0.5, 0.55));
        assert_eq!(paired_ratio(&[1.0], &[0.0]), None);
        assert_eq!(paired_ratio(&[], &[1.0]), None);
    }

    #[test]
    fn quantiles_by_nearest_rank() {
        let mut values: Vec<u32> = (1..=100).rev().collect();
        assert_eq!(quantile(&mut values, 0.5), Some(50));
        assert_eq!(quantile(&mut values, 0.99), Some(99));
        assert_eq!(quantile(&mut values, 1.0), Some(100));
        assert_eq!(quantile(&mut values, 0.0), Some(1));
        assert_eq!(quantile(&mut [5, 4], 0.5), Some(4));
        assert_eq!(quantile(&mut [], 0.5), None);
    }
}
