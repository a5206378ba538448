#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

mod client;
mod cnpj;
mod config;
pub mod connect_api;
pub mod core_api;
mod cpf;
mod credential;
mod date;
mod documents;
mod error;
mod face_match;
pub mod global_api;
mod image_url;
pub mod mobile_api;
mod personal_text;
mod request_id;
pub mod transactions;

pub use client::Client;
pub use cnpj::{Cnpj, InvalidCnpj};
pub use config::Config;
pub use cpf::{Cpf, InvalidCpf};
pub use date::{CalendarDate, InvalidDate};
pub use request_id::RequestId;

#[doc(inline)]
pub use verikit_core::{
    Answer, Attempt, Call, CallFuture, Clock, Delivery, Download, Environment, Error, ErrorKind, KeyHash,
    Observer, Personal, Preview, RawReply, Repeat, Reply, Request, Result, RetryPolicy, Secret, SystemClock,
    Timestamp, TokenIssued, clock, transport, value,
};

/// What is in signatures, of the version that they have.
#[doc(no_inline)]
pub use verikit_core::{bytes, http, serde_json, url};

/// Test doubles: closure transports, a manual clock, seeded jitter.
#[cfg(feature = "testing")]
#[doc(inline)]
pub use verikit_core::testing;

/// Access tokens of the Connect API that several clients share.
#[cfg(feature = "token-store")]
#[doc(inline)]
pub use verikit_core::auth::store;
