//! The whole flow of both versions, and callbacks, against an emulator that shares no code with the client.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

#[cfg(feature = "callbacks")]
mod callbacks;
#[cfg(feature = "console")]
mod console;
mod failures;
mod flows;
mod lost;
mod products;
mod subscriber;
mod support;
