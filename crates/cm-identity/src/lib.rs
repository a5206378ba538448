#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

mod callback;
mod client;
mod config;
mod identity_match;
mod number_verify;
mod sim_swap;
mod state;

pub use callback::{Callback, CallbackKeys, CallbackType, EventId};
pub use client::Client;
pub use config::Config;
pub use identity_match::{
    Attribute, CompareIdentity, DateOfBirth, IdentityMatch, IdentityMatches, IdentityScore,
    InvalidDateOfBirth, ScoreIdentity,
};
pub use number_verify::{
    CreatedNumberVerify, NumberVerifies, NumberVerify, NumberVerifyId, NumberVerifyState, SessionUrl,
    UntilFinal,
};
pub use sim_swap::{AgeRange, ServiceType, SimChange, SimSwap, SimSwaps};
pub use state::State;

#[doc(inline)]
pub use verikit_core::{
    Answer, Attempt, Call, CallFuture, Clock, Delivery, Download, Environment, Error, ErrorKind,
    InvalidPhoneNumber, KeyHash, Observer, Personal, PhoneNumber, Preview, RateLimit, RawReply, Repeat,
    Reply, Request, Result, RetryPolicy, Secret, SystemClock, Timestamp, TokenIssued, clock, transport,
    value,
};

/// What is in signatures, of the version that they have.
#[doc(no_inline)]
pub use verikit_core::{bytes, http, serde_json, url};

/// Test doubles: closure transports, a manual clock, seeded jitter.
#[cfg(feature = "testing")]
#[doc(inline)]
pub use verikit_core::testing;
