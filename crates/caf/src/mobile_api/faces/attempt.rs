//! What is on record of an attempt to authenticate.

use serde::Deserialize;
use verikit_core::value::lenient;
use verikit_core::{
    Answer, Call, CallOptions, Error, Operation, Personal, RawReply, Result, Timestamp, read_json,
};

use crate::client::Client;
use crate::cpf::Cpf;
use crate::documents::check_id;
use crate::face_match::{self, ratio};
use crate::request_id::RequestId;

verikit_core::identifier! {
    /// Identifies an attempt to authenticate on the Mobile API: an opaque text, mostly of 24 hexadecimal
    /// digits.
    pub struct MobileAttemptId;
}

/// An attempt that is about to be read. Await it to send the request.
#[derive(Debug)]
#[must_use = "a call is sent when it is awaited"]
pub struct GetMobileAttempt {
    client: Client,
    attempt_id: MobileAttemptId,
    person: Option<Cpf>,
    options: CallOptions,
}

impl GetMobileAttempt {
    pub(super) fn new(client: Client, attempt_id: MobileAttemptId) -> Self {
        Self {
            client,
            attempt_id,
            person: None,
            options: CallOptions::default(),
        }
    }

    /// Asks with a token that is bound to this person. An attempt of another one is a decode error then.
    pub fn for_person(mut self, person: &Cpf) -> Self {
        self.person = Some(*person);
        self
    }

    fn operation(&self) -> Result<Operation> {
        Operation::get(
            "mobile_face.attempt",
            &self.client.mobile_access().mobile(self.person.as_ref()),
            "/faces/authenticate/{attempt_id}",
            &[self.attempt_id.as_str()],
        )
    }

    fn into_call(self) -> Call<Answer<MobileAttempt>> {
        let operation = self.operation();
        let (id, person) = (self.attempt_id, self.person);
        let read = move |reply: &RawReply| -> Result<Answer<MobileAttempt>> {
            let attempt: Answer<MobileAttempt> = read_json(reply)?;
            let found = Some(attempt.data.id.as_str());
            let detail = "the answer is another attempt than the one that was asked for";
            check_id(id.as_str(), found, detail)?;
            match person {
                Some(person) if attempt.data.cpf() != Some(person) => Err(Error::decode(
                    "the attempt is of another person than the one that was asked for",
                )),
                _ => Ok(attempt),
            }
        };
        self.client
            .core_loop()
            .call(operation, read)
            .with_options(self.options)
    }
}

verikit_core::forward_call!(GetMobileAttempt => Answer<MobileAttempt>);

/// An attempt to authenticate.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MobileAttempt {
    /// The provider's id of the request.
    #[serde(default, deserialize_with = "lenient")]
    pub request_id: Option<RequestId>,
    /// The attempt itself.
    pub data: Answer<MobileAttemptData>,
}

impl MobileAttempt {
    /// Whether this person was authenticated: the attempt is of this CPF, `isMatch` is there and is `true`,
    /// and neither the comparison nor the liveness says otherwise (contract caf, 3.4).
    #[must_use]
    pub fn is_match_of(&self, person: &Cpf) -> bool {
        let data = &self.data;
        let is_face_match = data.face_match.as_ref().and_then(|face| face.is_face_match);
        let is_alive = data.liveness.as_ref().and_then(|liveness| liveness.is_alive);
        face_match::is_match(data.is_match, is_face_match, is_alive) && data.cpf() == Some(*person)
    }
}

/// What is on record of an attempt. The verdict is [`is_match_of`](MobileAttempt::is_match_of) alone.
///
/// All members are documented (contract caf, 3.4). Without `id` the answer could be another attempt, and is
/// an error; without `peopleId` or `isMatch` there is no match. No other has to be there.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MobileAttemptData {
    /// Its id.
    pub id: MobileAttemptId,
    /// When it was made.
    #[serde(default, deserialize_with = "lenient")]
    pub created_at: Option<Timestamp>,
    /// Whose face was expected, as the provider writes the CPF.
    #[serde(default)]
    pub people_id: Option<Personal<String>>,
    /// Where the request came from.
    #[serde(default, deserialize_with = "lenient")]
    pub source_ip: Option<Personal<String>>,
    /// Where it was begun.
    #[serde(default, deserialize_with = "lenient")]
    pub execution_origin_id: Option<Personal<String>>,
    /// The picture on record. That its address does not last is **inferred**.
    #[serde(default, deserialize_with = "lenient")]
    pub registered_image_url: Option<Personal<String>>,
    /// The picture that was sent.
    #[serde(default, deserialize_with = "lenient")]
    pub received_image_url: Option<Personal<String>>,
    /// How the two compare.
    #[serde(default)]
    pub face_match: Option<Answer<MobileAttemptFaceMatch>>,
    /// Whether the picture shows a living person.
    #[serde(default)]
    pub liveness: Option<Answer<MobileAttemptLiveness>>,
    // The verdict, which `is_match_of` compares with the members above: alone it decides nothing. One that is
    // neither `true` nor `false` is an error of the whole answer.
    #[serde(default)]
    is_match: Option<bool>,
}

impl MobileAttemptData {
    fn cpf(&self) -> Option<Cpf> {
        Cpf::parse(self.people_id.as_ref()?.expose()).ok()
    }
}

/// How two faces compare.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MobileAttemptFaceMatch {
    /// From 0 to 1.
    #[serde(default, deserialize_with = "ratio")]
    pub similarity: Option<Personal<f64>>,
    /// Whether they are the same. Not the verdict: use [`is_match_of`](MobileAttempt::is_match_of).
    #[serde(default)]
    pub is_face_match: Option<bool>,
}

/// Whether a picture shows a living person.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MobileAttemptLiveness {
    /// From 0 to 1.
    #[serde(default, deserialize_with = "ratio")]
    pub probability: Option<Personal<f64>>,
    /// Whether it does. Not the verdict: use [`is_match_of`](MobileAttempt::is_match_of).
    #[serde(default)]
    pub is_alive: Option<bool>,
}
