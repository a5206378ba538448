//! Authentication with a face.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use verikit_core::value::ExtraMembers;
use verikit_core::{Answer, Call, CallOptions, Operation, Personal, RawReply, Result, read_json};

use super::{check_extra, check_image_url, signed_builder};
use crate::client::Client;
use crate::cpf::Cpf;
use crate::mobile_api::signed_responses::Verified;
use crate::request_id::RequestId;
use crate::transactions::Route;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    people_id: &'a Cpf,
    image_url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    device: Option<&'a MobileDevice>,
    #[serde(flatten)]
    extra: &'a ExtraMembers,
}

const TYPED: &[&str] = &["peopleId", "imageUrl", "device"];

/// The device that the picture was taken with.
///
/// ```
/// use caf::mobile_api::MobileDevice;
///
/// let device = MobileDevice::new().operating_system("Android 14").model("Example 7");
/// # drop(device);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[must_use]
pub struct MobileDevice {
    #[serde(skip_serializing_if = "Option::is_none")]
    operating_system: Option<Personal<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fingerprint: Option<Personal<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    manufacturer: Option<Personal<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<Personal<String>>,
}

impl MobileDevice {
    /// A device of which nothing is known.
    pub fn new() -> Self {
        Self::default()
    }

    /// Its operating system.
    pub fn operating_system(mut self, operating_system: impl Into<String>) -> Self {
        self.operating_system = Some(Personal::new(operating_system.into()));
        self
    }

    /// What tells it from all others.
    pub fn fingerprint(mut self, fingerprint: impl Into<String>) -> Self {
        self.fingerprint = Some(Personal::new(fingerprint.into()));
        self
    }

    /// Who made it.
    pub fn manufacturer(mut self, manufacturer: impl Into<String>) -> Self {
        self.manufacturer = Some(Personal::new(manufacturer.into()));
        self
    }

    /// Its model.
    pub fn model(mut self, model: impl Into<String>) -> Self {
        self.model = Some(Personal::new(model.into()));
        self
    }
}

/// An authentication that is about to be made. Await it to send it.
#[derive(Debug)]
#[must_use = "a call is sent when it is awaited"]
pub struct AuthenticateMobileFace {
    pub(super) client: Client,
    person: Cpf,
    image_url: Personal<String>,
    device: Option<MobileDevice>,
    extra: ExtraMembers,
    pub(super) options: CallOptions,
}

impl AuthenticateMobileFace {
    pub(super) fn new(client: Client, person: Cpf, image_url: String) -> Self {
        Self {
            client,
            person,
            image_url: Personal::new(image_url),
            device: None,
            extra: ExtraMembers::default(),
            options: CallOptions::default(),
        }
    }

    /// The device that the picture was taken with.
    pub fn device(mut self, device: MobileDevice) -> Self {
        self.device = Some(device);
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
    pub fn signed(self) -> AuthenticateMobileFaceSigned {
        AuthenticateMobileFaceSigned::new(self)
    }

    pub(super) const SIGNED: Route = Route {
        name: "mobile_face.authenticate_signed",
    };

    fn operation(&self) -> Result<Operation> {
        self.operation_of(Route {
            name: "mobile_face.authenticate",
        })
    }

    pub(super) fn operation_of(&self, route: Route) -> Result<Operation> {
        let realm = self.client.mobile_access().mobile(Some(&self.person));
        let operation = Operation::post(route.name, &realm, "/faces/authenticate", &[])?;
        check_image_url(&self.client, &self.image_url)?;
        check_extra(&self.extra, TYPED)?;
        operation.json(&Body {
            people_id: &self.person,
            image_url: self.image_url.expose(),
            device: self.device.as_ref(),
            extra: &self.extra,
        })
    }

    /// The answer names nobody.
    pub(super) fn check(&self) -> impl FnOnce(&MobileAuthentication) -> Result<()> + Send + use<> {
        |_| Ok(())
    }

    fn into_call(self) -> Call<Answer<MobileAuthentication>> {
        let operation = self.operation();
        let read = |reply: &RawReply| -> Result<Answer<MobileAuthentication>> { read_json(reply) };
        self.client
            .core_loop()
            .call(operation, read)
            .with_options(self.options)
    }
}

verikit_core::forward_call!(AuthenticateMobileFace => Answer<MobileAuthentication>);

signed_builder! {
    /// An authentication with a signed answer that is about to be made. Await it to send it.
    AuthenticateMobileFaceSigned of AuthenticateMobileFace => MobileAuthentication
}

/// What an authentication came to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MobileAuthentication {
    /// The provider's id of the request. Of an answer that came by way of a device, take it once only.
    pub request_id: RequestId,
    /// The verdict. Anything but the JSON `true` is no yes.
    pub is_match: bool,
}
