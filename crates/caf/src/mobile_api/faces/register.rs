//! Registration of a face.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use verikit_core::value::{ExtraMembers, lenient};
use verikit_core::{Answer, Call, CallOptions, Operation, Personal, RawReply, Result, read_json};

use super::{check_extra, check_image_url};
use crate::client::Client;
use crate::cpf::Cpf;
use crate::request_id::RequestId;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    people_id: &'a Cpf,
    image_url: &'a str,
    #[serde(flatten)]
    extra: &'a ExtraMembers,
}

const TYPED: &[&str] = &["peopleId", "imageUrl"];

/// A face that is about to be registered. Await it to send it.
#[derive(Debug)]
#[must_use = "a call is sent when it is awaited"]
pub struct RegisterMobileFace {
    client: Client,
    person: Cpf,
    image_url: Personal<String>,
    extra: ExtraMembers,
    options: CallOptions,
}

impl RegisterMobileFace {
    pub(super) fn new(client: Client, person: Cpf, image_url: String) -> Self {
        Self {
            client,
            person,
            image_url: Personal::new(image_url),
            extra: ExtraMembers::default(),
            options: CallOptions::default(),
        }
    }

    /// A member that has no setter here, sent as it is. One that has, or is given twice, is refused when the
    /// call is made.
    pub fn extra(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.extra.push(name, value);
        self
    }

    fn operation(&self) -> Result<Operation> {
        let realm = self.client.mobile_access().mobile(Some(&self.person));
        let operation = Operation::post("mobile_face.register", &realm, "/faces/register", &[])?;
        check_image_url(&self.client, &self.image_url)?;
        check_extra(&self.extra, TYPED)?;
        operation.json(&Body {
            people_id: &self.person,
            image_url: self.image_url.expose(),
            extra: &self.extra,
        })
    }

    fn into_call(self) -> Call<Answer<MobileRegistration>> {
        let operation = self.operation();
        let read = |reply: &RawReply| -> Result<Answer<MobileRegistration>> { read_json(reply) };
        self.client
            .core_loop()
            .call(operation, read)
            .with_options(self.options)
    }
}

verikit_core::forward_call!(RegisterMobileFace => Answer<MobileRegistration>);

/// A face that is registered.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MobileRegistration {
    /// The provider's id of the request. An answer without one says of nothing that it was done.
    pub request_id: RequestId,
    /// What the provider says of it, for people, in Portuguese.
    #[serde(default, deserialize_with = "lenient")]
    pub message: Option<Personal<String>>,
}
