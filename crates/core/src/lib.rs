#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

mod answer;
mod attempt;
pub mod auth;
mod call;
mod client;
pub mod clock;
mod environment;
pub mod error;
mod limit;
mod observe;
mod operation;
mod page;
mod path;
mod payload;
mod preview;
mod realm;
mod reply;
mod request;
mod retry;
mod secret;
mod settings;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod transport;
pub mod value;
mod wait;
#[cfg(feature = "signing")]
pub mod webhook;

pub use answer::{Answer, is_json_object};
pub use call::{Call, CallFuture, CallOptions, read_json};
pub use client::Client;
pub use clock::{Clock, SystemClock};
pub use environment::Environment;
pub use error::{Delivery, Error, ErrorKind, Result};
pub use limit::RateLimit;
pub use observe::{Attempt, KeyHash, Observer, TokenIssued};
pub use operation::{AnswerLimit, Operation, Repeat};
pub use page::{Items, Page};
pub use preview::Preview;
pub use realm::{ReadErrorFacts, Realm, RealmBuilder};
pub use reply::{Download, RawReply, Reply};
pub use request::Request;
pub use retry::RetryPolicy;
pub use secret::{Personal, Secret};
pub use settings::Settings;
pub use value::{InvalidPhoneNumber, PhoneNumber, Timestamp};
pub use wait::Wait;

/// The types of these crates are in signatures: name them by these paths, and they are of the right version.
#[doc(no_inline)]
pub use {bytes, http, serde_json, url};

/// For the macros of this crate.
#[doc(hidden)]
pub use serde;
