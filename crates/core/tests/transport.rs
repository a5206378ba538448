//! The bundled transport against raw sockets on loopback: what arrives, how often, and what a hostile server
//! can do.
#![cfg(all(feature = "reqwest", feature = "testing"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod transport {
    mod client_certificates;
    mod hostile;
    mod http2;
    mod lost;
    mod requests;
    mod server;
    mod tls;
}
