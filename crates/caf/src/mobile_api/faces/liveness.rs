//! Liveness.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use verikit_core::value::{ExtraMembers, lenient};
use verikit_core::{Answer, Call, CallOptions, Operation, Personal, RawReply, Result, read_json};

use super::{check_extra, check_image_url, signed_builder};
use crate::client::Client;
use crate::cpf::Cpf;
use crate::documents::check_cpf;
use crate::mobile_api::signed_responses::Verified;
use crate::request_id::RequestId;
use crate::transactions::Route;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    image_url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<PersonBody<'a>>,
    #[serde(flatten)]
    extra: &'a ExtraMembers,
}

/// Its members are **inferred** from what an answer repeats (contract caf, 3.1).
#[derive(Serialize)]
struct PersonBody<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    cpf: Option<&'a Cpf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a Personal<String>>,
}

const TYPED: &[&str] = &["imageUrl", "person"];

/// A liveness check that is about to be made. Await it to send it.
#[derive(Debug)]
#[must_use = "a call is sent when it is awaited"]
pub struct CheckMobileLiveness {
    pub(super) client: Client,
    image_url: Personal<String>,
    cpf: Option<Cpf>,
    name: Option<Personal<String>>,
    extra: ExtraMembers,
    pub(super) options: CallOptions,
}

impl CheckMobileLiveness {
    pub(super) fn new(client: Client, image_url: String) -> Self {
        Self {
            client,
            image_url: Personal::new(image_url),
            cpf: None,
            name: None,
            extra: ExtraMembers::default(),
            options: CallOptions::default(),
        }
    }

    /// Whom the picture shows, against pictures that are used again. The call goes with a token that is bound
    /// to this person then, and an answer about another one is a decode error.
    pub fn person(mut self, person: &Cpf) -> Self {
        self.cpf = Some(*person);
        self
    }

    /// The person's name.
    pub fn person_name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(Personal::new(name.into()));
        self
    }

    /// A member that has no setter here, sent as it is. One that has, or is given twice, is refused when the
    /// call is made.
    pub fn extra(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.extra.push(name, value);
        self
    }

    /// Asks for a signed answer, for one that goes on to a device that you do not control. It is verified
    /// here, and an answer that is not signed is refused.
    pub fn signed(self) -> CheckMobileLivenessSigned {
        CheckMobileLivenessSigned::new(self)
    }

    pub(super) const SIGNED: Route = Route {
        name: "mobile_face.liveness_signed",
    };

    fn operation(&self) -> Result<Operation> {
        self.operation_of(Route {
            name: "mobile_face.liveness",
        })
    }

    pub(super) fn operation_of(&self, route: Route) -> Result<Operation> {
        let realm = self.client.mobile_access().mobile(self.cpf.as_ref());
        let operation = Operation::post(route.name, &realm, "/faces/liveness", &[])?;
        check_image_url(&self.client, &self.image_url)?;
        check_extra(&self.extra, TYPED)?;
        let person = (self.cpf.is_some() || self.name.is_some()).then_some(PersonBody {
            cpf: self.cpf.as_ref(),
            name: self.name.as_ref(),
        });
        operation.json(&Body {
            image_url: self.image_url.expose(),
            person,
            extra: &self.extra,
        })
    }

    /// The answer repeats the person, and has to be about the right one.
    pub(super) fn check(&self) -> impl FnOnce(&MobileLiveness) -> Result<()> + Send + use<> {
        let asked = self.cpf;
        move |liveness| match asked {
            Some(asked) => check_cpf(asked, liveness.written_cpf()),
            None => Ok(()),
        }
    }

    fn into_call(self) -> Call<Answer<MobileLiveness>> {
        let (operation, check) = (self.operation(), self.check());
        let read = move |reply: &RawReply| -> Result<Answer<MobileLiveness>> {
            let liveness: Answer<MobileLiveness> = read_json(reply)?;
            check(&liveness).map(|()| liveness)
        };
        self.client
            .core_loop()
            .call(operation, read)
            .with_options(self.options)
    }
}

verikit_core::forward_call!(CheckMobileLiveness => Answer<MobileLiveness>);

signed_builder! {
    /// A liveness check with a signed answer that is about to be made. Await it to send it.
    CheckMobileLivenessSigned of CheckMobileLiveness => MobileLiveness
}

/// What a liveness check came to.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(from = "Wire")]
#[non_exhaustive]
pub struct MobileLiveness {
    /// The provider's id of the request. Of an answer that came by way of a device, take it once only.
    pub request_id: RequestId,
    /// The verdict. Anything but the JSON `true` is no yes, and neither is a `true` beside one of the
    /// documented [reasons of a failure](LivenessMessage): the answer contradicts itself then.
    pub is_alive: bool,
    /// The provider's id of the attempt. Documented to be there always (contract caf, 3.1); it decides
    /// nothing, so that an answer without it is read all the same.
    pub attempt_id: Option<Personal<String>>,
    /// The person of the request, repeated. One that is not an object makes the whole answer unreadable: it
    /// could be another person.
    pub person: Option<Answer<MobilePerson>>,
    /// Why it failed, in Portuguese.
    pub message: Option<LivenessMessage>,
}

/// An answer as it arrives.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    request_id: RequestId,
    is_alive: bool,
    #[serde(default, deserialize_with = "lenient")]
    attempt_id: Option<Personal<String>>,
    #[serde(default)]
    person: Option<Answer<MobilePerson>>,
    #[serde(default, deserialize_with = "lenient")]
    message: Option<LivenessMessage>,
}

impl From<Wire> for MobileLiveness {
    fn from(wire: Wire) -> Self {
        // A text that is not documented may say anything.
        let failed = wire.message.as_ref().is_some_and(|message| !message.is_unknown());
        Self {
            request_id: wire.request_id,
            is_alive: wire.is_alive && !failed,
            attempt_id: wire.attempt_id,
            person: wire.person,
            message: wire.message,
        }
    }
}

impl MobileLiveness {
    /// Whether the answer names this person. One that names nobody is about nobody.
    #[must_use]
    pub fn is_about(&self, person: &Cpf) -> bool {
        self.written_cpf()
            .is_some_and(|cpf| Cpf::parse(cpf.expose()).as_ref() == Ok(person))
    }

    fn written_cpf(&self) -> Option<&Personal<String>> {
        self.person.as_ref()?.cpf.as_ref()
    }
}

/// The person of a liveness check. Its members are **inferred** from the vendor's sample (contract caf, 3.1).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct MobilePerson {
    /// The CPF, as the provider writes it. One that is not a text makes the whole answer unreadable.
    #[serde(default)]
    pub cpf: Option<Personal<String>>,
    /// The name.
    #[serde(default, deserialize_with = "lenient")]
    pub name: Option<Personal<String>>,
}

verikit_core::open_enum! {
    /// Why a liveness check failed: the documented texts, and any other. An open set.
    pub enum LivenessMessage {
        /// There is more than one face in the picture.
        SeveralFaces = "Sua foto deve conter apenas um rosto",
        /// The face is too close to the camera.
        TooClose = "Seu rosto está muito próximo da câmera",
        /// There is no face in the picture.
        NoFace = "Não encontramos nenhum rosto na imagem",
        /// The face is too small.
        TooSmall = "Seu rosto está muito pequeno",
        /// The face does not look into the camera.
        NotAligned = "Seu rosto não está alinhado à câmera",
    }
}
