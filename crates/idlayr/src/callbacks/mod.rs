//! Callbacks and signed redirects: verify first, parse after (contract idlayr, 8).

mod callback;
mod ecdsa;
mod header;
mod keys;
mod redirect;
mod signed;
mod store;

use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use http::uri::Authority;
use verikit_core::{Answer, Call, Error, ErrorKind, Result};

use crate::client::Client;
use crate::config::PROVIDER;
use keys::Verdict;
use signed::{CALLBACK_TYPE, Refusal, Signed, the_one};

pub use callback::{Callback, CallbackCheck, CallbackType};
pub use keys::SigningKeys;
pub use redirect::RedirectSignature;
pub(crate) use store::KeyStore;

impl Client {
    /// Verifies what the platform sends to one host: yours, as it stands in your `callback_url` and
    /// `redirect_url`, with the port if there is one.
    ///
    /// The host has to be named because the platform signs with the same keys for all its customers: only the
    /// host in what was signed tells a callback that was meant for you from one that somebody else received
    /// and passes on. It is compared with what was signed, never taken from the request; so a proxy may
    /// rewrite `Host`.
    ///
    /// Verifiers of one client share the fetched keys. Nothing is fetched yet.
    ///
    /// # Errors
    ///
    /// A configuration error when it is no host.
    pub fn callbacks(&self, host: &str) -> Result<Callbacks> {
        let fits = host.parse::<Authority>().is_ok_and(|authority| {
            authority.as_str() == host && !host.contains('@') && !authority.host().is_empty()
        });
        if !fits {
            let detail = "the host of callbacks must be a plain host, with or without a port";
            return Err(Error::configuration(detail).with_provider(PROVIDER));
        }
        Ok(Callbacks {
            client: self.clone(),
            host: host.to_ascii_lowercase().into(),
        })
    }

    /// Fetches the keys that the platform signs with. [`Callbacks`] does so by itself; this is for checking a
    /// set-up. Not billed; may be repeated. It needs no token (inferred).
    ///
    /// `GET /.well-known/jwks.json`, contract idlayr 8.3.
    pub fn signing_keys(&self) -> Call<SigningKeys> {
        self.keys().fetch(self.core())
    }
}

/// Verifies callbacks and signed redirects to one host; made by [`Client::callbacks`].
///
/// It takes a request's head and the body's bytes **as they were received**, whatever the server's framework.
/// Behind a router or a proxy that takes parts of the path away, give it the original URI: the path is signed
/// too.
///
/// The keys are fetched with the first verification, over the client's own transport, and kept for an hour. A
/// key that is not among them is looked for once more; after that, unknown keys cause no request for 30 s, so
/// that forged callbacks cannot flood the platform (callers that hang up on the fetch: one request a second).
/// Any number of verifications share one fetch.
///
/// ```
/// use http::StatusCode;
/// use idlayr::{Callbacks, ErrorKind};
///
/// async fn on_callback(callbacks: &Callbacks, head: &http::request::Parts, body: Vec<u8>) -> StatusCode {
///     let callback = match callbacks.verify(head, body).await {
///         Ok(callback) => callback,
///         // Not the platform's: forget it.
///         Err(error) if error.kind() == ErrorKind::Signature => return StatusCode::UNAUTHORIZED,
///         // The keys cannot be had, or it is the platform's and cannot be read. It comes again.
///         Err(_) => return StatusCode::SERVICE_UNAVAILABLE,
///     };
///     // Drop it if callback.replay_key() was handled before. Look the check up by its identifier; then:
///     println!("{}: {:?}", callback.check.check_id.as_str(), callback.check.verdict());
///     StatusCode::OK
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Callbacks {
    client: Client,
    host: Arc<str>,
}

impl Callbacks {
    /// Checks a callback, and only then reads it: the signature by a published key, over at least
    /// `(request-target)`, `host`, `date`, `x-tru-callback` and `digest`; the digest against the body; the
    /// date against the client's clock.
    ///
    /// The key says of which family it is; the message's `algorithm` can choose the hash within it (RSA with
    /// SHA-256, SHA-384 or SHA-512; ECDSA on P-256 with SHA-256, on P-384 with SHA-384), and nothing else.
    /// Contract idlayr 8.3; which algorithm is in use is not documented.
    ///
    /// A verified callback can come again: see [`Callback::replay_key`].
    ///
    /// # Errors
    ///
    /// [`Signature`](ErrorKind::Signature) when it is not the platform's, is too old, or was made for another
    /// host: answer 401 and do nothing else. Any other kind means that it could not be judged, since the keys
    /// cannot be had, or that it is the platform's and cannot be read ([`Decode`](ErrorKind::Decode)): answer
    /// 503, and the platform repeats it, for about three and a half minutes.
    pub async fn verify(&self, request: &Parts, body: impl Into<Bytes>) -> Result<Callback> {
        let body = body.into();
        let now = self.client.core().clock().system_time();
        let signed = Signed::of_callback(request, &body, &self.host, now).map_err(refused)?;
        self.check(
            &signed,
            "the callback's signature is not of the key that it names",
        )
        .await?;
        let callback_type = the_one(&request.headers, CALLBACK_TYPE).unwrap_or_default();
        let check = Answer::from_json(body).map_err(|error| error.with_provider(PROVIDER))?;
        Ok(Callback {
            callback_type: CallbackType::from(callback_type),
            check,
            sent_at: signed.sent_at,
        })
    }

    /// Checks the signature that a redirect URL may carry: the full URL that the browser was sent to, or its
    /// path and query, in its original bytes. Read it with
    /// [`DeviceReturn::from_url`](crate::DeviceReturn::from_url).
    ///
    /// Signed are the path and the query without the signature, the host and the date. What else the platform
    /// may sign is not documented (contract idlayr 8.4, known by one example).
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify): [`Signature`](ErrorKind::Signature) when there is a signature and it is
    /// not the platform's, or only a part of one, or one that is too old or cannot be read; another kind when
    /// the keys cannot be had.
    pub async fn verify_redirect(&self, url: &str) -> Result<RedirectSignature> {
        let now = self.client.core().clock().system_time();
        let Some(taken) = redirect::take_apart(url).map_err(refused)? else {
            return Ok(RedirectSignature::Absent);
        };
        let signed = Signed::of_redirect(&taken.authorization, &taken.date, &taken.targets, &self.host, now);
        self.check(
            &signed.map_err(refused)?,
            "the redirect's signature is not of the key that it names",
        )
        .await?;
        Ok(RedirectSignature::Valid)
    }

    async fn check(&self, signed: &Signed, does_not_fit: Refusal) -> Result<()> {
        let verdict = self.client.keys().verify(self.client.core(), signed).await;
        match verdict.map_err(|error| error.with_provider(PROVIDER))? {
            Verdict::Fits => Ok(()),
            Verdict::DoesNotFit => Err(refused(does_not_fit)),
            Verdict::UnknownKey => Err(refused("the key that the signature names is not published")),
        }
    }
}

fn refused(refusal: Refusal) -> Error {
    Error::new(ErrorKind::Signature, refusal).with_provider(PROVIDER)
}
