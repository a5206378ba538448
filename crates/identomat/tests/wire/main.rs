//! What goes over the wire, what comes back, and what the caller makes of it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod bodies;
mod callbacks;
mod configuration;
mod decisions;
mod errors;
mod flags;
mod hostile;
mod media;
mod raw_calls;
mod requests;
mod results;
mod signatures;
mod steps;
mod support;
mod waiting;
