#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

mod client;
mod config;
mod device;
mod error;
mod hal;
mod phone_checks;
mod tokens;
mod traces;

pub use client::Client;
pub use config::{Config, DataResidency, Scope};
pub use device::{CompletionCode, DeviceReturn, Outcome};
pub use error::ProblemCode;
pub use hal::{PageInfo, Sort};
pub use phone_checks::{
    CheckErrorCode, CheckId, CheckList, CheckPage, CheckStatus, CreatePhoneCheck, CreatePhoneCheckV0_1,
    CreatedPhoneCheck, Currency, DeviceUrl, NetworkId, PhoneCheck, PhoneChecks, PhoneChecksV0_1, UntilFinal,
};
pub use tokens::{TokenKind, Tokens};
pub use traces::{LogEntry, Trace, TraceId, TraceList};

#[doc(inline)]
pub use verikit_core::auth::ClientAuthentication;
#[doc(inline)]
pub use verikit_core::{
    Answer, Attempt, Call, CallFuture, Clock, Delivery, Environment, Error, ErrorKind, InvalidPhoneNumber,
    Items, Observer, Page, Personal, PhoneNumber, Preview, RawReply, Reply, Result, RetryPolicy, Secret,
    SystemClock, Timestamp, transport, value,
};

/// Test doubles: closure transports, a manual clock, seeded jitter.
#[cfg(feature = "testing")]
#[doc(inline)]
pub use verikit_core::testing;

/// Tokens that several clients share.
#[cfg(feature = "token-store")]
#[doc(inline)]
pub use verikit_core::auth::store;
