//! What goes over the wire, what comes back, and what the caller makes of it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod connect;
mod core_create;
mod core_errors;
mod core_faces;
mod core_get;
mod core_list;
mod core_notifications;
mod core_ocr;
mod core_status;
mod core_support;
mod core_waiting;
mod dates;
mod deadline;
mod global;
mod mobile_answers;
mod mobile_attestations;
mod mobile_configuration;
mod mobile_requests;
mod mobile_signed;
mod mobile_support;
mod mobile_tokens;
mod support;
