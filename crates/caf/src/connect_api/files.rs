//! Putting files into the temporary storage (contract caf, 6.3).

use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Map, Value};
use verikit_core::value::lenient;
use verikit_core::{Answer, Call, Operation, Personal, Result, read_json};

use super::form_data;
use crate::client::Client;
use crate::config::PROVIDER;
use crate::request_id::RequestId;

const FILES: &str = "/v1/transactions/files";
const FIELD: &str = "file";

pub(super) fn upload(
    client: &Client,
    file_name: &str,
    media_type: &str,
    content: &Bytes,
) -> Call<Answer<UploadedFile>> {
    let operation = || -> Result<Operation> {
        let operation = Operation::post("connect_file.upload", super::realm(client), FILES, &[])?;
        let form = form_data::file(FIELD, file_name, media_type, content);
        let (body, content_type) = form.map_err(|error| error.with_provider(PROVIDER))?;
        Ok(operation.bytes(body, content_type))
    };
    client.core_loop().call(operation(), read_json)
}

/// A file in the temporary storage. How long it stays there is not documented.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(try_from = "Wire")]
#[non_exhaustive]
pub struct UploadedFile {
    /// What a transaction calls it by, in place of an image's URL. **Unconfirmed** (contract caf, 6.3).
    pub filename: Personal<String>,
    /// CAF's own name of the request.
    pub request_id: Option<RequestId>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    data: Map<String, Value>,
    #[serde(default, deserialize_with = "lenient")]
    request_id: Option<RequestId>,
}

impl TryFrom<Wire> for UploadedFile {
    type Error = &'static str;

    fn try_from(wire: Wire) -> Result<Self, Self::Error> {
        match wire.data.get("filename").and_then(Value::as_str) {
            Some(filename) if !filename.is_empty() => Ok(Self {
                filename: Personal::new(filename.to_owned()),
                request_id: wire.request_id,
            }),
            _ => Err("a file without a name"),
        }
    }
}
