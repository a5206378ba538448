//! What goes over the wire, what comes back, and what the caller makes of it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod decisions;
mod errors;
mod finding;
mod golden_v0_1;
mod golden_v0_2;
mod hostile;
mod input;
mod metadata;
mod paging;
mod previews;
mod sockets;
mod subscriber;
mod support;
mod token_errors;
mod tokens;
mod values;
mod waiting;
