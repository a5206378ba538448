//! Whole flows against the sandbox, which was written from the same contract and shares no code with the
//! client.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod callbacks;
mod checks;
mod failures;
mod limits;
mod support;
