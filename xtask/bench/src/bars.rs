//! What we want the figures to be.

/// A bound that must be kept, and one that we aim at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bar {
    pub(crate) must: f64,
    pub(crate) aim: f64,
    pub(crate) better: Better,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Better {
    Less,
    More,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Aim,
    Must,
    Missed,
    /// It was not measured.
    Unknown,
}

impl Bar {
    pub(crate) const fn at_most(must: f64, aim: f64) -> Self {
        Self {
            must,
            aim,
            better: Better::Less,
        }
    }

    pub(crate) const fn at_least(must: f64, aim: f64) -> Self {
        Self {
            must,
            aim,
            better: Better::More,
        }
    }

    pub(crate) fn judge(&self, value: Option<f64>) -> Verdict {
        let Some(value) = value else {
            return Verdict::Unknown;
        };
        let keeps = |bound: f64| match self.better {
            Better::Less => value <= bound,
            Better::More => value >= bound,
        };
        // What is no number keeps no bound.
        match (keeps(self.aim), keeps(self.must)) {
            (true, _) => Verdict::Aim,
            (false, true) => Verdict::Must,
            (false, false) => Verdict::Missed,
        }
    }

    pub(crate) fn sign(&self) -> &'static str {
        match self.better {
            Better::Less => "<=",
            Better::More => ">=",
        }
    }
}

impl Verdict {
    pub(crate) fn shown(self) -> &'static str {
        match self {
            Self::Aim => "aim met",
            Self::Must => "met",
            Self::Missed => "MISSED",
            Self::Unknown => "not measured",
        }
    }
}

// Calls: our client over reqwest by hand, in the same round.
pub(crate) const CPU: Bar = Bar::at_most(1.05, 0.97);
pub(crate) const ALLOCATIONS: Bar = Bar::at_most(66.0, 58.0);
pub(crate) const BURST_P99: Bar = Bar::at_most(0.15, 0.08);
pub(crate) const BURST_MEMORY: Bar = Bar::at_most(0.25, 0.15);
pub(crate) const BURST_CPU: Bar = Bar::at_most(0.85, 0.78);
pub(crate) const BURST_CALLS: Bar = Bar::at_least(1.15, 1.28);

// Pieces: nanoseconds beyond a static header, allocations, ratios, microseconds.
pub(crate) const KEPT_CREDENTIAL: Bar = Bar::at_most(100.0, 30.0);
pub(crate) const NO_ALLOCATION: Bar = Bar::at_most(0.0, 0.0);
pub(crate) const FRESH_JWT: Bar = Bar::at_most(0.6, 0.48);
pub(crate) const TYPED_PARSE: Bar = Bar::at_most(1.25, 1.05);
pub(crate) const SECOND_CLIENT: Bar = Bar::at_most(50.0, 5.0);

// Builds: an OAuth-only provider beyond, or over, reqwest by hand.
pub(crate) const CRATES: Bar = Bar::at_most(5.0, 2.0);
/// For a provider whose client signs its own tokens.
pub(crate) const SIGNING_CRATES: Bar = Bar::at_most(16.0, 14.0);
pub(crate) const BUILD_TIME: Bar = Bar::at_most(1.10, 1.05);
pub(crate) const BINARY_MIB: Bar = Bar::at_most(0.5, 0.2);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_that_is_met_exactly_is_kept() {
        for (value, verdict) in [
            (0.97, Verdict::Aim),
            (0.5, Verdict::Aim),
            (0.98, Verdict::Must),
            (1.05, Verdict::Must),
            (1.06, Verdict::Missed),
            (f64::NAN, Verdict::Missed),
        ] {
            assert_eq!(CPU.judge(Some(value)), verdict, "{value}");
        }
        for (value, verdict) in [
            (1.4, Verdict::Aim),
            (1.28, Verdict::Aim),
            (1.15, Verdict::Must),
            (1.1, Verdict::Missed),
        ] {
            assert_eq!(BURST_CALLS.judge(Some(value)), verdict, "{value}");
        }
        assert_eq!(CPU.judge(None), Verdict::Unknown);
        assert_eq!(NO_ALLOCATION.judge(Some(0.0)), Verdict::Aim);
        assert_eq!(NO_ALLOCATION.judge(Some(0.001)), Verdict::Missed);
    }

    #[test]
    fn no_aim_is_easier_than_its_must() {
        for bar in [
            CPU,
            ALLOCATIONS,
            BURST_P99,
            BURST_MEMORY,
            BURST_CPU,
            BURST_CALLS,
            KEPT_CREDENTIAL,
            NO_ALLOCATION,
            FRESH_JWT,
            TYPED_PARSE,
            SECOND_CLIENT,
            CRATES,
            BUILD_TIME,
            BINARY_MIB,
        ] {
            assert_eq!(bar.judge(Some(bar.aim)), Verdict::Aim, "{bar:?}");
            assert_ne!(bar.judge(Some(bar.must)), Verdict::Missed, "{bar:?}");
        }
    }
}
