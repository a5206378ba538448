//! The Mobile API (contract caf, 2 and 3): tokens for apps and SDKs, faces, and the answers that are signed.
//!
//! All of it goes with a Mobile Key, and none of its secrets ever leaves this machine: requests carry JWTs of
//! five minutes that the client signs itself. A call that names a person carries a token that is bound to
//! that person, so that it would open nothing about anybody else.

mod attestations;
mod faces;
mod jws;
mod key;
mod refusal;
mod sdk_sessions;
mod signed_responses;
mod tokens;

use std::sync::Arc;

use http::Method;
use verikit_core::auth::Authorize;
use verikit_core::{Realm, Request, Result};

use crate::client::{Client, Foundation};
use crate::config::{Config, PROVIDER};
use crate::cpf::Cpf;
use crate::credential::Missing;
use crate::error::read_facts;
use key::MobileKey;

pub use attestations::{Attestation, AttestationRefusal, Attestations, IdentityAttemptId};
pub use faces::{
    AuthenticateMobileFace, AuthenticateMobileFaceSigned, CheckMobileLiveness, CheckMobileLivenessSigned,
    GetMobileAttempt, LivenessMessage, MobileAttempt, MobileAttemptData, MobileAttemptFaceMatch,
    MobileAttemptId, MobileAttemptLiveness, MobileAuthentication, MobileDevice, MobileFaces, MobileLiveness,
    MobilePerson, MobileRegistration, RegisterMobileFace,
};
pub use refusal::MobileRefusal;
pub use sdk_sessions::{CreateSdkSession, SdkAuthorization, SdkSession, SdkSessions};
pub use signed_responses::{SignedResponses, Verified};
pub use tokens::{IssueMobileToken, MobileToken, MobileTokens};

/// What its calls go with.
#[derive(Debug)]
pub(crate) struct Access {
    mobile: Realm,
    sdk: Realm,
    key: Option<MobileKey>,
}

const NO_KEY: &str = "the Mobile API needs a Mobile Key: set `mobile_key`";

impl Access {
    pub(crate) fn new(config: &Config, foundation: &Foundation) -> Result<Self> {
        let key = match &config.mobile_key {
            Some(key) => Some(MobileKey::new(key, config, foundation)?),
            None => None,
        };
        let realm = |base_url: &str, authorize: Arc<dyn Authorize>| {
            Realm::builder(PROVIDER, base_url)
                .authorize(authorize)
                .read_error_facts(read_facts)
                .dangerously_allow_plain_http(foundation.plain_http)
                .build()
        };
        let (mobile, sdk): (Arc<dyn Authorize>, Arc<dyn Authorize>) = match &key {
            Some(key) => (key.mobile_authorizer(None), key.sdk_authorizer(None)),
            None => (Arc::new(Missing(NO_KEY)), Arc::new(Missing(NO_KEY))),
        };
        Ok(Self {
            mobile: realm(&config.addresses.mobile, mobile)?,
            sdk: realm(&config.addresses.sdk, sdk)?,
            key,
        })
    }

    /// The Mobile API, with a token that is bound to the person if there is one.
    fn mobile(&self, person: Option<&Cpf>) -> Realm {
        match (&self.key, person) {
            (Some(key), Some(person)) => self.mobile.authorized_by(key.mobile_authorizer(Some(person))),
            _ => self.mobile.clone(),
        }
    }

    /// The host of SDK session tokens, likewise.
    fn sdk(&self, person: Option<&Cpf>) -> Realm {
        match (&self.key, person) {
            (Some(key), Some(person)) => self.sdk.authorized_by(key.sdk_authorizer(Some(person))),
            _ => self.sdk.clone(),
        }
    }

    fn key(&self) -> Result<&MobileKey> {
        self.key
            .as_ref()
            .ok_or_else(|| verikit_core::Error::configuration(NO_KEY).with_provider(PROVIDER))
    }
}

/// The Mobile API.
#[derive(Debug, Clone)]
pub struct Mobile {
    client: Client,
}

impl Mobile {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Tokens to hand to an app or an SDK: short-lived, and bound to a person.
    #[must_use]
    pub fn tokens(&self) -> MobileTokens {
        MobileTokens::new(self.client.clone())
    }

    /// Sessions for CAF's SDKs.
    #[must_use]
    pub fn sdk_sessions(&self) -> SdkSessions {
        SdkSessions::new(self.client.clone())
    }

    /// Liveness, registration and authentication of faces. **Deprecated by the vendor**: see [`MobileFaces`]
    /// for what takes their place.
    #[must_use]
    pub fn faces(&self) -> MobileFaces {
        MobileFaces::new(self.client.clone())
    }

    /// Verifies signed answers of the Mobile API that came by way of a device, with the client secret and the
    /// clock of this client.
    ///
    /// # Errors
    ///
    /// A configuration error when the client has no Mobile Key.
    pub fn signed_responses(&self) -> Result<SignedResponses> {
        self.client.mobile_access().key().map(MobileKey::signed_responses)
    }

    /// A request to a route of the Mobile API that has no typed call here, with a token that is bound to
    /// nobody, limited and redacted as every other. The path's segments are those below the base URL. Sent
    /// **once** unless [`repeat`](Request::repeat) says otherwise.
    ///
    /// ```
    /// # async fn example(client: &caf::Client) -> caf::Result<()> {
    /// use caf::Repeat;
    ///
    /// // The path here is made up: take it from the vendor's reference.
    /// let reply = client
    ///     .mobile()
    ///     .request(http::Method::GET, ["some-route", "some-id"])
    ///     .repeat(Repeat::Safe)
    ///     .await?;
    /// println!("{}: {} bytes", reply.status(), reply.body().len());
    /// # Ok(())
    /// # }
    /// ```
    pub fn request<S: AsRef<str>>(&self, method: Method, segments: impl IntoIterator<Item = S>) -> Request {
        let realm = self.client.mobile_access().mobile(None);
        Request::new(self.client.core_loop(), &realm, method, segments)
    }

    /// The same with a token that is bound to this person.
    pub fn request_about<S: AsRef<str>>(
        &self,
        person: &Cpf,
        method: Method,
        segments: impl IntoIterator<Item = S>,
    ) -> Request {
        let realm = self.client.mobile_access().mobile(Some(person));
        Request::new(self.client.core_loop(), &realm, method, segments)
    }

    /// For tests: how many tokens that are bound to nobody this client and its clones have signed for their
    /// own calls. Those that are bound to a person are signed call by call.
    #[cfg(feature = "testing")]
    #[must_use]
    pub fn tokens_signed(&self) -> u64 {
        self.client
            .mobile_access()
            .key
            .as_ref()
            .map_or(0, MobileKey::tokens_signed)
    }
}
