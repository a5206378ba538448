//! What goes over the wire, what comes back, and what the caller makes of it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod concerns;
mod costs;
mod create;
mod downloads;
mod errors;
mod hostile;
mod input;
mod properties;
mod requests;
mod results;
mod support;
mod tokens;
mod transactions;
mod values;
mod waiting;
mod webhooks;
