//! A Mobile Key, and what is signed with it (contract caf, 2.2).

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use verikit_core::auth::jwt::{Claims, Hs256};
use verikit_core::auth::{Authorize, SelfSigned, Validity};
use verikit_core::{KeyHash, Result, Secret};

use super::signed_responses::SignedResponses;
use crate::client::Foundation;
use crate::config::{Config, Key};
use crate::cpf::Cpf;

pub(super) struct MobileKey {
    id: Arc<str>,
    hash: KeyHash,
    signer: Hs256,
    mobile: Arc<SelfSigned>,
    sdk: Arc<SelfSigned>,
    signed_responses: SignedResponses,
}

impl MobileKey {
    pub(super) fn new(key: &Key, config: &Config, foundation: &Foundation) -> Result<Self> {
        let id: Arc<str> = Arc::from(key.id.as_str());
        let signer = Hs256::new(&key.secret, None)?;
        // The vendor's examples send the token without a scheme.
        let mobile = SelfSigned::builder(signer.clone(), claims(&id, None))
            .scheme("")
            .lifetime(config.mobile_token_life)
            .build(Arc::clone(&foundation.clock))?;
        // Of this one, so that both know what either host says of the clock.
        let sdk = mobile
            .with_claims(claims(&id, None))
            .with_scheme(config.sdk_authorization.scheme());
        Ok(Self {
            hash: KeyHash::of(&id),
            mobile: Arc::new(mobile),
            sdk: Arc::new(sdk),
            signed_responses: SignedResponses::new(key.secret.clone())?.clock(Arc::clone(&foundation.clock)),
            signer,
            id,
        })
    }

    /// Signs the requests of the Mobile API. One that is bound to a person serves a single call and is not
    /// kept: what is not there cannot go with a call about somebody else.
    pub(super) fn mobile_authorizer(&self, person: Option<&Cpf>) -> Arc<dyn Authorize> {
        self.authorizer(&self.mobile, person)
    }

    pub(super) fn sdk_authorizer(&self, person: Option<&Cpf>) -> Arc<dyn Authorize> {
        self.authorizer(&self.sdk, person)
    }

    fn authorizer(&self, shared: &Arc<SelfSigned>, person: Option<&Cpf>) -> Arc<dyn Authorize> {
        match person {
            Some(_) => Arc::new(shared.with_claims(claims(&self.id, person))),
            None => Arc::clone(shared) as _,
        }
    }

    /// A token to hand out, and the Unix second of its end by the server's clock as far as it is known.
    pub(super) fn issue(&self, person: Option<&Cpf>, lifetime: Duration) -> (Secret, i64) {
        let validity = self.mobile.validity(lifetime);
        let token = self.signer.sign(&claims(&self.id, person)(validity));
        (token, validity.until)
    }

    pub(super) fn hash(&self) -> KeyHash {
        self.hash
    }

    pub(super) fn signed_responses(&self) -> SignedResponses {
        self.signed_responses.clone()
    }

    #[cfg(feature = "testing")]
    pub(super) fn tokens_signed(&self) -> u64 {
        self.mobile.tokens_signed() + self.sdk.tokens_signed()
    }
}

/// The documented claims in the documented order, and no others: nothing is dated back.
fn claims(id: &Arc<str>, person: Option<&Cpf>) -> impl Fn(Validity) -> Claims + Send + Sync + 'static {
    let (id, person) = (Arc::clone(id), person.copied());
    move |validity| {
        let mut claims = Claims::new().text("iss", &id);
        if let Some(person) = &person {
            claims = claims.text("peopleId", person.digits());
        }
        claims.seconds("exp", validity.until)
    }
}

impl fmt::Debug for MobileKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MobileKey")
            .field("hash", &self.hash)
            .finish_non_exhaustive()
    }
}
