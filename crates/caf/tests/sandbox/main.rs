//! Whole flows against the sandbox, over real HTTP.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod connect;
mod core_faces;
mod core_transactions;
mod global;
mod mobile;
mod support;
