#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

mod answers;
mod callbacks;
mod client;
mod config;
mod error;
mod media;
mod raw_calls;
mod results;
mod route;
mod sessions;
mod signing;
mod unconfirmed;

pub use callbacks::{Callback, CallbackEvent, CallbackKeys, CallbackType};
pub use client::Client;
pub use config::Config;
pub use error::{ErrorCode, Unauthenticated};
pub use media::{Media, MediaFile, MediaKind};
pub use raw_calls::{CallBytes, CallJson};
pub use results::{
    AnswerValue, AnsweredQuestion, AnsweredQuestionnaire, DocumentPage, ExtractedData, GeneralDocument,
    GeneralDocumentPage, Outcome, PageStatus, Person, RejectCode, RejectReason, ScreeningMatch,
    SessionResult, TechnicalDetails,
};
pub use sessions::{
    BeginSession, BegunSession, Choice, ConfigId, CountryCode, DeletedSession, DocumentType, FlagConflict,
    Flags, GeneralDocumentType, Language, Question, QuestionType, SessionToken, Sessions, Step, StepType,
    Title, UntilProcessed, WidgetEnd, WidgetUrl,
};
pub use signing::{HmacSigner, MultipartSignature};
pub use unconfirmed::Unconfirmed;

#[doc(inline)]
pub use verikit_core::{
    Answer, Attempt, Call, CallFuture, Clock, Delivery, Download, Environment, Error, ErrorKind, KeyHash,
    Observer, Personal, Preview, RawReply, Repeat, Reply, Result, RetryPolicy, Secret, SystemClock,
    Timestamp, TokenIssued, clock, transport, value,
};

/// What is in signatures, of the version that they have.
#[doc(no_inline)]
pub use verikit_core::{bytes, http, serde_json, url};

/// Test doubles: closure transports, a manual clock, seeded jitter.
#[cfg(feature = "testing")]
#[doc(inline)]
pub use verikit_core::testing;
