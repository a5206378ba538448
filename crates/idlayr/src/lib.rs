#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

#[cfg(feature = "callbacks")]
mod callbacks;
mod checks;
mod client;
mod config;
#[cfg(feature = "console")]
pub mod console;
mod coverage;
mod device;
mod error;
mod hal;
mod mo_checks;
mod pages;
mod phone_checks;
mod rate_limit;
mod sim_change;
mod sim_checks;
mod subscriber_checks;
mod tokens;
mod traces;

#[cfg(feature = "callbacks")]
pub use callbacks::{Callback, CallbackCheck, CallbackType, Callbacks, RedirectSignature, SigningKeys};
pub use checks::{
    Check, CheckErrorCode, CheckId, CheckList, CheckPage, CheckStatus, Currency, DeviceUrl, FindByReference,
    NetworkId, UntilFinal,
};
pub use client::Client;
pub use config::{Config, DataResidency, Scope};
pub use coverage::{
    CountryCode, CountryCoverage, Coverage, CoverageLevel, CoverageNetwork, CoverageProduct, NoReach, Price,
    ProductId, Reachability, ReachableProduct,
};
pub use device::{CompletionCode, DeviceReturn, Outcome, RedirectErrorCode};
pub use error::ProblemCode;
pub use hal::{PageInfo, Sort};
pub use mo_checks::{CreateMoCheck, MoCheck, MoChecks};
pub use phone_checks::{
    CreatePhoneCheck, CreatePhoneCheckV0_1, CreatedPhoneCheck, PhoneCheck, PhoneChecks, PhoneChecksV0_1,
};
pub use rate_limit::{RateLimitReset, RateLimitStatus};
pub use sim_change::{SimChangeAge, SimChangeWithin};
pub use sim_checks::{CreateSimCheck, SimCheck, SimChecks};
pub use subscriber_checks::{
    CreateSubscriberCheck, CreateSubscriberCheckV0_1, CreatedSubscriberCheck, SubscriberCheck,
    SubscriberChecks, SubscriberChecksV0_1,
};
pub use tokens::{DeviceToken, TokenKind, Tokens};
pub use traces::{LogEntry, Trace, TraceId, TraceList};

#[doc(inline)]
pub use verikit_core::auth::ClientAuthentication;
#[doc(inline)]
pub use verikit_core::{
    Answer, Attempt, Call, CallFuture, Clock, Delivery, Environment, Error, ErrorKind, InvalidPhoneNumber,
    Items, KeyHash, Observer, Page, Personal, PhoneNumber, Preview, RawReply, Repeat, Reply, Request, Result,
    RetryPolicy, Secret, SystemClock, Timestamp, TokenIssued, clock, transport, value,
};

/// What is in signatures, of the version that they have.
#[doc(no_inline)]
pub use verikit_core::{bytes, http, serde_json, url};

/// Test doubles: closure transports, a manual clock, seeded jitter.
#[cfg(feature = "testing")]
#[doc(inline)]
pub use verikit_core::testing;

/// Tokens that several clients share.
#[cfg(feature = "token-store")]
#[doc(inline)]
pub use verikit_core::auth::store;
