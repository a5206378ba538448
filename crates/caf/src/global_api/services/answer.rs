//! What every service answers with.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use verikit_core::value::lenient;
use verikit_core::{Answer, Personal, RawReply, Result, read_json};

use crate::documents::check_id;
use crate::request_id::RequestId;

verikit_core::open_enum! {
    /// A service. An open set: `ServiceName::from("...")` takes any other.
    pub enum ServiceName {
        /// Who is behind a CPF.
        PfBasicData = "pf_basic_data",
        /// The tax authority's record of a CPF.
        CpfSync = "cpf_sync",
        /// Lists of sanctions.
        Sanctions = "sanctions",
        /// A company's record in a registry.
        KybCompanyRecord = "kybCompanyRecord",
    }
}

/// What a service answered.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", bound = "T: DeserializeOwned")]
#[non_exhaustive]
pub struct ServiceAnswer<T> {
    /// The provider's id of the request.
    #[serde(default, deserialize_with = "lenient")]
    pub request_id: Option<RequestId>,
    /// What the provider says of it, for people. `cpf_sync` says nothing else when there is no record.
    #[serde(default, deserialize_with = "lenient")]
    pub message: Option<Personal<String>>,
    /// The result.
    #[serde(default)]
    pub data: Option<Answer<ServiceResult<T>>>,
}

impl<T> ServiceAnswer<T> {
    /// What the service found. `None` when the answer does not say.
    #[must_use]
    pub fn service_data(&self) -> Option<&T> {
        self.data.as_ref()?.service_data.as_ref()
    }
}

/// The result of a service.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", bound = "T: DeserializeOwned")]
#[non_exhaustive]
pub struct ServiceResult<T> {
    /// The service.
    #[serde(default)]
    pub service: Option<ServiceName>,
    /// What it found.
    #[serde(default)]
    pub service_data: Option<T>,
    /// The members of your own, repeated.
    #[serde(default, deserialize_with = "lenient")]
    pub metadata: Option<Personal<Map<String, Value>>>,
    /// A key whose use is not documented.
    #[serde(default, deserialize_with = "lenient")]
    pub idempotency_key: Option<Personal<String>>,
}

/// Reads an answer, and makes sure that it is one of the service that was asked.
pub(super) fn read<T: DeserializeOwned>(
    reply: &RawReply,
    asked: &ServiceName,
) -> Result<Answer<ServiceAnswer<T>>> {
    let answer: Answer<ServiceAnswer<T>> = read_json(reply)?;
    let service = answer.data.as_ref().and_then(|data| data.service.as_ref());
    let detail = "the answer is of another service than the one that was asked";
    check_id(asked.as_str(), service.map(ServiceName::as_str), detail)?;
    Ok(answer)
}
