//! What is repeated and what is not: every operation, every way to fail, over real sockets.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod deadlines;
mod herd;
mod matrix;
#[path = "../operations/mod.rs"]
mod operations;
mod row;
mod server;
mod tokens;
