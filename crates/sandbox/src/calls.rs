//! What was called, and what the sandbox thought of its authentication.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::SystemTime;

use http::{Method, StatusCode};

use crate::lock::lock;

/// Enough for a load test, and a bound on what a long-running program keeps.
const KEPT: usize = 100_000;
/// A path is the caller's text: keep no more of it than a person reads.
const PATH_LENGTH: usize = 300;

/// One call that an emulated host received. It holds no body, no query and no header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedCall {
    pub(crate) at: SystemTime,
    pub(crate) host: &'static str,
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) status: Option<StatusCode>,
    pub(crate) authentication: Cow<'static, str>,
}

impl RecordedCall {
    /// When it was answered, by the sandbox's clock.
    #[must_use]
    pub fn at(&self) -> SystemTime {
        self.at
    }

    /// The real host that was emulated, such as `eu.api.idlayr.com`.
    #[must_use]
    pub fn host(&self) -> &str {
        self.host
    }

    /// The request's method.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The request's path, without its query.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The answer's status; `None` when a script closed the connection or kept silent.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }

    /// What the sandbox thought of the caller's authentication, in words: `Basic ok`,
    /// `bearer token ok (scope phone_check)`, `bearer token expired`, `no Authorization header`, ...
    #[must_use]
    pub fn authentication(&self) -> &str {
        &self.authentication
    }
}

/// A handler's judgement of the caller, carried in the extensions of its answer.
#[derive(Clone, Debug)]
pub(crate) struct Verdict(pub(crate) Cow<'static, str>);

/// The log of all calls.
#[derive(Debug, Default)]
pub(crate) struct Calls(Mutex<VecDeque<RecordedCall>>);

impl Calls {
    pub(crate) fn record(&self, mut call: RecordedCall) {
        if let Some((end, _)) = call.path.char_indices().nth(PATH_LENGTH) {
            call.path.truncate(end);
        }
        let mut calls = lock(&self.0);
        if calls.len() == KEPT {
            calls.pop_front();
        }
        calls.push_back(call);
    }

    /// All calls, oldest first.
    pub(crate) fn all(&self) -> Vec<RecordedCall> {
        lock(&self.0).iter().cloned().collect()
    }

    /// The newest `count` calls, newest first.
    pub(crate) fn last(&self, count: usize) -> Vec<RecordedCall> {
        lock(&self.0).iter().rev().take(count).cloned().collect()
    }

    pub(crate) fn clear(&self) {
        lock(&self.0).clear();
    }
}
