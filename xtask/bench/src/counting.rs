//! Counting allocations, in the program that is built for it.

use std::path::Path;

use serde::{Deserialize, Serialize};

/// Which allocator the program was built with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Allocator {
    /// The system's: times and memory mean something.
    System,
    /// The one that counts: numbers of allocations mean something, times do not.
    Counting,
}

/// Allocations per call. A grown buffer (`realloc`) counts as one more allocation of its new size.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Counted {
    pub(crate) allocations: f64,
    pub(crate) bytes: f64,
}

/// Counts from its making on, if the allocator can.
#[derive(Debug)]
pub(crate) struct Counter(Option<dhat::Profiler>);

impl Counter {
    /// Starts to count. With a `profile`, which line allocated how much is written there in the end, for
    /// DHAT's viewer.
    pub(crate) fn start(allocator: Allocator, profile: Option<&Path>) -> Self {
        Self((allocator == Allocator::Counting).then(|| {
            match profile {
                Some(path) => dhat::Profiler::builder()
                    .file_name(path)
                    .trim_backtraces(Some(60))
                    .build(),
                // Not for testing, but without a file. Nobody looks at the frames, and a walk of four is the
                // shortest there is.
                None => dhat::Profiler::builder()
                    .testing()
                    .trim_backtraces(Some(4))
                    .build(),
            }
        }))
    }

    /// What was counted so far.
    pub(crate) fn total(&self) -> Option<Total> {
        self.0.as_ref().map(|_| {
            let stats = dhat::HeapStats::get();
            Total {
                blocks: stats.total_blocks,
                bytes: stats.total_bytes,
            }
        })
    }
}

/// All allocations since the counter's start.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Total {
    blocks: u64,
    bytes: u64,
}

impl Total {
    pub(crate) fn since(self, earlier: Self) -> Self {
        Self {
            blocks: self.blocks.saturating_sub(earlier.blocks),
            bytes: self.bytes.saturating_sub(earlier.bytes),
        }
    }

    pub(crate) fn per(self, calls: u64) -> Counted {
        let calls = calls.max(1) as f64;
        Counted {
            allocations: self.blocks as f64 / calls,
            bytes: self.bytes as f64 / calls,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_are_divided_by_the_calls_between_them() {
        let first = Total {
            blocks: 10,
            bytes: 100,
        };
        let last = Total {
            blocks: 140,
            bytes: 20_100,
        };
        let counted = last.since(first).per(2);
        assert_eq!((counted.allocations, counted.bytes), (65.0, 10_000.0));
    }

    #[test]
    fn the_systems_allocator_counts_nothing() {
        assert!(Counter::start(Allocator::System, None).total().is_none());
    }
}
