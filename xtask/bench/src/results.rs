//! What was measured, as it is written to the JSON file and read from it again.

use serde::{Deserialize, Serialize};

use crate::cases::Case;
use crate::counting::Counted;
use crate::machine::Machine;
use crate::statistics::Spread;

/// One measurement of one case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Sample {
    pub(crate) calls_per_second: f64,
    pub(crate) p50_us: f64,
    pub(crate) p99_us: f64,
    /// User and system time of the calling process, per call.
    pub(crate) cpu_us: Option<f64>,
    /// The most memory that the process ever had.
    pub(crate) peak_kib: Option<u64>,
    /// How much more that is than after the first call.
    pub(crate) grown_kib: Option<u64>,
    /// The most connections at once.
    pub(crate) connections: usize,
    /// By the program that counts, and by it alone.
    pub(crate) counted: Option<Counted>,
}

/// All measurements of one case with so many callers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Load {
    pub(crate) case: Case,
    pub(crate) callers: usize,
    pub(crate) calls: usize,
    /// One a round.
    pub(crate) samples: Vec<Sample>,
    pub(crate) counted: Option<Counted>,
}

/// A piece of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum PieceName {
    StaticHeader,
    CachedToken,
    KeptJwt,
    FreshJwt,
    SignedClaims,
    JsonWebToken,
    PlainParse,
    CheckedParse,
    TypedParse,
    SecondClient,
}

impl PieceName {
    #[cfg(test)]
    pub(crate) const ALL: [Self; 10] = [
        Self::StaticHeader,
        Self::CachedToken,
        Self::KeptJwt,
        Self::FreshJwt,
        Self::SignedClaims,
        Self::JsonWebToken,
        Self::PlainParse,
        Self::CheckedParse,
        Self::TypedParse,
        Self::SecondClient,
    ];
}

/// What a piece costs each time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Piece {
    pub(crate) name: PieceName,
    pub(crate) nanoseconds: Option<Spread>,
    pub(crate) counted: Option<Counted>,
}

/// A whole run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Results {
    pub(crate) machine: Machine,
    pub(crate) rounds: usize,
    /// Too few calls for the times to be worth much.
    pub(crate) quick: bool,
    pub(crate) loads: Vec<Load>,
    pub(crate) pieces: Vec<Piece>,
}

impl Results {
    pub(crate) fn load(&self, case: Case, callers: usize) -> Option<&Load> {
        self.loads
            .iter()
            .find(|load| load.case == case && load.callers == callers)
    }

    pub(crate) fn piece(&self, name: PieceName) -> Option<&Piece> {
        self.pieces.iter().find(|piece| piece.name == name)
    }
}

impl Load {
    /// One value of each sample, where all have it.
    pub(crate) fn values(&self, value: impl Fn(&Sample) -> Option<f64>) -> Option<Vec<f64>> {
        self.samples.iter().map(value).collect()
    }
}

/// A program that was built.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Build {
    pub(crate) program: String,
    /// In the normal dependency tree, without the program.
    pub(crate) crates: usize,
    /// Cold, one a round.
    pub(crate) release: Vec<Took>,
    pub(crate) check: Vec<Took>,
    /// Stripped.
    pub(crate) bytes: u64,
}

/// How long a build took.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Took {
    pub(crate) seconds: f64,
    /// User and system time of all its processes.
    pub(crate) cpu_seconds: Option<f64>,
}

/// All programs that were built.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Builds {
    pub(crate) machine: Machine,
    pub(crate) builds: Vec<Build>,
}
