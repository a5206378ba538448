//! Credentials that never change, and credentials that are not there.

use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use verikit_core::auth::{Authorization, Authorize, StaticAuthorization};
use verikit_core::{Error, Result, Secret};

/// `Authorization: Bearer <token>`, or a refusal that says what is missing: a client needs the credentials of
/// those APIs only that it calls.
pub(crate) fn bearer(token: Option<&Secret>, missing: &'static str) -> Result<Arc<dyn Authorize>> {
    match token {
        Some(token) => Ok(Arc::new(StaticAuthorization::new("Bearer", token)?)),
        None => Ok(Arc::new(Missing(missing))),
    }
}

/// Refuses every call before anything is sent.
#[derive(Debug)]
pub(crate) struct Missing(pub(crate) &'static str);

impl Authorize for Missing {
    fn authorize<'a>(&'a self, _: &'a mut http::Request<Bytes>, _: Instant) -> Authorization<'a> {
        Authorization::Done(Err(Error::configuration(self.0)))
    }

    fn is_ready(&self, _: Instant) -> bool {
        true
    }
}
