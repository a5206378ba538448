//! Callbacks and signed redirects, with keys that are made on the fly.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    missing_docs,
    reason = "tests"
)]

mod algorithms;
mod bodies;
mod fetching;
mod golden;
mod provider;
mod redirects;
mod signatures;
mod support;
