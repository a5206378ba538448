//! Session tokens for CAF's SDKs (contract caf, 2.3).

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use verikit_core::value::lenient;
use verikit_core::{Answer, Call, CallOptions, Operation, RawReply, Result, Secret, read_json};

use crate::client::Client;
use crate::cpf::Cpf;
use crate::request_id::RequestId;

/// How the token stands in the `Authorization` of a request for a session. The vendor's page was published
/// with either form (contract caf, 2.3); that the bare one is the newer is **inferred**.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum SdkAuthorization {
    /// The token alone, as on the Mobile API.
    #[default]
    Bare,
    /// `Bearer` before the token.
    Bearer,
}

impl SdkAuthorization {
    pub(super) fn scheme(self) -> &'static str {
        match self {
            Self::Bare => "",
            Self::Bearer => "Bearer",
        }
    }
}

/// Sessions for CAF's SDKs.
#[derive(Debug, Clone)]
pub struct SdkSessions {
    client: Client,
}

impl SdkSessions {
    pub(super) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Makes a session token: one for each session of an SDK. Pass it later as the reference token of a
    /// transaction, to link the two. Not billed, as far as is documented; may be repeated.
    ///
    /// `GET /bff/session-tokens` at the SDK host, contract caf, 2.3.
    ///
    /// ```
    /// # async fn example(client: &caf::Client, person: &caf::Cpf) -> caf::Result<()> {
    /// let session = client.mobile().sdk_sessions().create().for_person(person).await?;
    /// let for_the_app = session.session_token.expose();
    /// # drop(for_the_app.len());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The provider answers 401 to a token that it does not accept. If the key is right, try the other
    /// [`SdkAuthorization`].
    pub fn create(&self) -> CreateSdkSession {
        CreateSdkSession {
            client: self.client.clone(),
            person: None,
            options: CallOptions::default(),
        }
    }
}

/// A session token that is about to be asked for. Await it to send the request.
#[derive(Debug)]
#[must_use = "a call is sent when it is awaited"]
pub struct CreateSdkSession {
    client: Client,
    person: Option<Cpf>,
    options: CallOptions,
}

impl CreateSdkSession {
    /// Asks with a token that is bound to this person. Whether the session is bound to the person by that is
    /// not documented: the vendor's newer page on SDKs knows `iss` and `exp` alone (contract caf, 2.2).
    pub fn for_person(mut self, person: &Cpf) -> Self {
        self.person = Some(*person);
        self
    }

    fn operation(&self) -> Result<Operation> {
        let realm = self.client.mobile_access().sdk(self.person.as_ref());
        Operation::get("sdk_session.create", &realm, "/bff/session-tokens", &[])
    }

    fn into_call(self) -> Call<Answer<SdkSession>> {
        let operation = self.operation();
        let read = |reply: &RawReply| -> Result<Answer<SdkSession>> { read_json(reply) };
        self.client
            .core_loop()
            .call(operation, read)
            .with_options(self.options)
    }
}

verikit_core::forward_call!(CreateSdkSession => Answer<SdkSession>);

/// A session for an SDK.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SdkSession {
    /// The provider's id of the request.
    #[serde(default, deserialize_with = "lenient")]
    pub request_id: Option<RequestId>,
    /// What to hand to the SDK. Opaque; for one session.
    #[serde(deserialize_with = "not_blank")]
    pub session_token: Secret,
}

/// An SDK that is handed nothing would fail far from here.
fn not_blank<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Secret, D::Error> {
    let token = Secret::deserialize(deserializer)?;
    if token.expose().trim().is_empty() {
        return Err(D::Error::custom("the session token is empty"));
    }
    Ok(token)
}
