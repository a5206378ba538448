//! Faces on the Core API (contract caf, 4.8), which take the place of the deprecated ones of the Mobile API.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use verikit_core::value::{ExtraMembers, lenient};
use verikit_core::{
    Answer, Call, CallOptions, Error, Operation, Personal, RawReply, Result, Timestamp, read_json,
};

use super::person_id::PersonId;
use crate::client::Client;
use crate::config::PROVIDER;
use crate::documents::check_id;
use crate::face_match::{self, ratio};
use crate::image_url::check_image_url;
use crate::request_id::RequestId;
use crate::transactions::is_plain_http;

verikit_core::identifier! {
    /// Identifies an attempt to authenticate a face: a text like a ULID, of 26 characters.
    pub struct CoreFaceAttemptId;
}

/// Faces: registering one, and reading what came of an attempt to authenticate with one.
#[derive(Debug, Clone)]
pub struct CoreFaces {
    client: Client,
}

impl CoreFaces {
    pub(super) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Begins to register a person's face. **The answer says that the registration is in progress**, not that
    /// it is done; how its end is told is not documented. Sent once. What it costs is not documented.
    ///
    /// `image_url` leads to a picture in JPEG or PNG that the provider can reach. It is for the SDKs
    /// `CafSdk` and `CafFaceLiveness`; deprecated SDKs may not see these faces.
    ///
    /// `POST /v1/faces`, contract caf, 4.8.
    ///
    /// ```
    /// # async fn example(client: &caf::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use caf::core_api::PersonId;
    ///
    /// let person = PersonId::new("ana.teste@example.net")?;
    /// client.core().faces().register(&person, "https://img.example.com/ana.jpg").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// An image URL that does not start with `https://` is refused before anything is sent; a client of a
    /// sandbox on plain http takes a plain http address of this machine too. The provider refuses bad data, a
    /// bad token and an unsupported image format, with numbers that could not be read (contract caf, 4.8). An
    /// answer that names no person, or another one, is a decode error.
    pub fn register(&self, person_id: &PersonId, image_url: impl Into<String>) -> RegisterCoreFace {
        RegisterCoreFace {
            client: self.client.clone(),
            person_id: person_id.clone(),
            image_url: Personal::new(image_url.into()),
            extra: ExtraMembers::default(),
            options: CallOptions::default(),
        }
    }

    /// Reads an attempt to authenticate with a registered face. Not billed, as far as is documented; may be
    /// repeated.
    ///
    /// `GET /v1/faces/attempts/{attemptId}`, contract caf, 4.8.
    ///
    /// ```
    /// # async fn example(client: &caf::Client) -> Result<bool, Box<dyn std::error::Error>> {
    /// use caf::core_api::{CoreFaceAttemptId, PersonId};
    ///
    /// // From the SDK's result. Anybody's attempt could stand there: the person has to be the right one too.
    /// let attempt_id = CoreFaceAttemptId::new("01K0EXAMPLE000000000000000")?;
    /// let attempt = client.core().faces().attempt(&attempt_id).await?;
    /// Ok(attempt.is_match_of(&PersonId::new("ana.teste@example.net")?))
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The provider refuses a bad token and an id of no attempt. An attempt without an id, or with another
    /// one than was asked for, is a decode error.
    pub fn attempt(&self, attempt_id: &CoreFaceAttemptId) -> Call<Answer<CoreFaceAttempt>> {
        let operation = Operation::get(
            "core_face.attempt",
            self.client.core_access().realm(),
            "/v1/faces/attempts/{attempt_id}",
            &[attempt_id.as_str()],
        );
        let asked = attempt_id.clone();
        self.client.core_loop().call(operation, move |reply| {
            let attempt: Answer<CoreFaceAttempt> = read_json(reply)?;
            let id = Some(attempt.data.id.as_str());
            let detail = "the answer is another attempt than the one that was asked for";
            check_id(asked.as_str(), id, detail)?;
            Ok(attempt)
        })
    }
}

/// The request's body.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    person_id: &'a PersonId,
    image_url: &'a str,
    #[serde(flatten)]
    extra: &'a ExtraMembers,
}

/// The members above, which no extra member may have the name of.
const TYPED: &[&str] = &["personId", "imageUrl"];

/// A face that is about to be registered. Await it to send it.
#[derive(Debug)]
#[must_use = "a call is sent when it is awaited"]
pub struct RegisterCoreFace {
    client: Client,
    person_id: PersonId,
    image_url: Personal<String>,
    extra: ExtraMembers,
    options: CallOptions,
}

impl RegisterCoreFace {
    /// A member that has no setter here, sent as it is. One that has, or is given twice, is refused when the
    /// call is made.
    pub fn extra(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.extra.push(name, value);
        self
    }

    fn operation(&self) -> Result<Operation> {
        let realm = self.client.core_access().realm();
        let operation = Operation::post("core_face.register", realm, "/v1/faces", &[])?;
        let own = |error: Error| error.with_provider(PROVIDER);
        check_image_url(self.image_url.expose(), is_plain_http(realm))
            .and_then(|()| self.extra.check(TYPED))
            .map_err(own)?;
        operation.json(&Body {
            person_id: &self.person_id,
            image_url: self.image_url.expose(),
            extra: &self.extra,
        })
    }

    fn into_call(self) -> Call<Answer<RegisteredCoreFace>> {
        let operation = self.operation();
        let asked = self.person_id;
        let read = move |reply: &RawReply| {
            let face: Answer<RegisteredCoreFace> = read_json(reply)?;
            if asked.is_but_for_case(face.person_id.expose()) {
                Ok(face)
            } else {
                Err(Error::decode(
                    "the answer is about another person than the one whose face was sent",
                ))
            }
        };
        self.client
            .core_loop()
            .call(operation, read)
            .with_options(self.options)
    }
}

verikit_core::forward_call!(RegisterCoreFace => Answer<RegisteredCoreFace>);

/// A face whose registration has begun.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RegisteredCoreFace {
    /// The provider's id of the request.
    #[serde(default, deserialize_with = "lenient")]
    pub request_id: Option<RequestId>,
    /// What the provider says of it, for people.
    #[serde(default, deserialize_with = "lenient")]
    pub message: Option<Personal<String>>,
    /// Whose face it is, as the provider writes it. An answer without it says of nobody that it has begun.
    pub person_id: Personal<String>,
}

/// An attempt to authenticate with a face.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CoreFaceAttempt {
    /// The provider's id of the request.
    #[serde(default, deserialize_with = "lenient")]
    pub request_id: Option<RequestId>,
    /// The attempt itself.
    pub data: Answer<CoreFaceAttemptData>,
}

impl CoreFaceAttempt {
    /// Whether the face was that of the person whose attempt it is: `isMatch` is there and is `true`, and
    /// neither the comparison nor the liveness says otherwise.
    ///
    /// **Whose attempt it is stands in [`person_id`](CoreFaceAttemptData::person_id)**; use
    /// [`is_match_of`](CoreFaceAttempt::is_match_of), unless you compare it yourself.
    #[must_use]
    pub fn is_match(&self) -> bool {
        let data = &self.data;
        let is_face_match = data.face_match.as_ref().and_then(|face| face.is_face_match);
        let is_alive = data.liveness.as_ref().and_then(|liveness| liveness.is_alive);
        face_match::is_match(data.is_match, is_face_match, is_alive)
    }

    /// Whether it is a match of this very person: the id is compared to the letter, apart from the
    /// punctuation of a document's number.
    #[must_use]
    pub fn is_match_of(&self, person_id: &PersonId) -> bool {
        let person = self.data.person_id.as_ref();
        self.is_match() && person.is_some_and(|person| person_id.is(person.expose()))
    }
}

/// What is known of an attempt.
///
/// `id` and `createdAt` are documented, and so is a member whose name begins with `perso`. **Unconfirmed**:
/// the rest of that name, and all others, which could not be read on the vendor's page, and are presumed to
/// be those of the Mobile API (contract caf, 4.8 and 3.4). So `id` has to be there, and any other may be
/// missing: nothing [matches](CoreFaceAttempt::is_match_of) then. [`Answer::extra`] has what is there under
/// other names.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CoreFaceAttemptData {
    /// The attempt.
    pub id: CoreFaceAttemptId,
    /// When it was made.
    #[serde(default, deserialize_with = "lenient")]
    pub created_at: Option<Timestamp>,
    /// Whose attempt it is, as the provider writes it.
    #[serde(default)]
    pub person_id: Option<Personal<String>>,
    /// The IP address that it came from. **Unconfirmed.**
    #[serde(default, deserialize_with = "lenient")]
    pub source_ip: Option<Personal<String>>,
    /// What brought it about. **Unconfirmed.**
    #[serde(default, deserialize_with = "lenient")]
    pub execution_origin_id: Option<Personal<String>>,
    /// Where the registered picture is, presumably for a short time. **Unconfirmed.**
    #[serde(default, deserialize_with = "lenient")]
    pub registered_image_url: Option<Personal<String>>,
    /// Where the picture of the attempt is, presumably for a short time. **Unconfirmed.**
    #[serde(default, deserialize_with = "lenient")]
    pub received_image_url: Option<Personal<String>>,
    /// How the two faces compare. **Unconfirmed.**
    #[serde(default)]
    pub face_match: Option<Answer<CoreFaceMatch>>,
    /// Whether the face was a living one's. **Unconfirmed.**
    #[serde(default)]
    pub liveness: Option<Answer<CoreFaceLiveness>>,
    // The verdict, which `is_match` compares with the members above: alone it decides nothing. One that is
    // neither `true` nor `false` is an error of the whole answer.
    #[serde(default)]
    is_match: Option<bool>,
}

/// How two faces compare. **Unconfirmed**, as of [`CoreFaceAttemptData`].
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CoreFaceMatch {
    /// How alike they are, from 0 to 1.
    #[serde(default, deserialize_with = "ratio")]
    pub similarity: Option<Personal<f64>>,
    /// Whether they are of one person. Not the verdict: use [`is_match_of`](CoreFaceAttempt::is_match_of).
    #[serde(default)]
    pub is_face_match: Option<bool>,
}

/// Whether a face was a living one's. **Unconfirmed**, as of [`CoreFaceAttemptData`].
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CoreFaceLiveness {
    /// How probable that is, from 0 to 1.
    #[serde(default, deserialize_with = "ratio")]
    pub probability: Option<Personal<f64>>,
    /// Whether it was. Not the verdict: use [`is_match_of`](CoreFaceAttempt::is_match_of).
    #[serde(default)]
    pub is_alive: Option<bool>,
}
