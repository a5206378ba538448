//! Whole sessions against the sandbox, over real HTTP, with HMAC unless said otherwise.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod flows;
mod signatures;
mod support;
