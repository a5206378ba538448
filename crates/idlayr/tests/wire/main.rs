//! What goes over the wire, what comes back, and what the caller makes of it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

#[cfg(feature = "console")]
mod console;
mod coverage;
mod decisions;
mod device_returns;
mod device_tokens;
mod documented;
mod errors;
mod finding;
mod golden_sim;
mod golden_subscriber;
mod golden_v0_1;
mod golden_v0_2;
mod hostile;
mod input;
mod metadata;
mod mo;
mod paging;
mod previews;
mod requests;
#[cfg(feature = "callbacks")]
mod signing_keys;
mod sim;
mod sockets;
mod subscriber;
mod support;
mod token_errors;
mod tokens;
mod values;
mod waiting;
