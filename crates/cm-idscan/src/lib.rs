#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

mod browser;
mod client;
mod config;
mod downloads;
mod file;
mod transactions;
mod webhooks;

pub use browser::BrowserReturn;
pub use client::Client;
pub use config::Config;
pub use downloads::{DownloadedFile, Downloads};
pub use file::{DownloadUrl, FileCategory, FileKind, FileType, ScanFile};
pub use transactions::{
    AllowedExpiration, CaptureSource, Comparison, Concern, CreateTransaction, CreatedTransaction,
    DocumentScan, DocumentScanSettings, Field, FieldResult, FieldValue, Level, Locale, ResultId, ResultTask,
    ScanCode, Task, TaskState, TaskType, Tasks, Transaction, TransactionId, TransactionResult,
    TransactionState, TransactionUrl, Transactions, UntilFinal, Validity, ValueSource,
};
pub use webhooks::{
    CreateWebhook, EventType, Notification, NotificationId, NotifiedTransaction, Webhook, WebhookId,
    WebhookSecrets, Webhooks,
};

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
