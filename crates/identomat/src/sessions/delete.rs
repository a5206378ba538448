//! What a session leaves behind when it is deleted (contract identomat, 2.1).

use serde::Deserialize;
use serde_json::{Map, Value};
use verikit_core::{Answer, Personal, Result};

use crate::results::SessionResult;

/// The data of the session that was deleted. Its shape is not documented: it is presumably that of a result,
/// and the provider has no other copy of it now.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct DeletedSession {
    data: Personal<Map<String, Value>>,
}

impl DeletedSession {
    /// The data, member by member.
    #[must_use]
    pub fn data(&self) -> &Map<String, Value> {
        self.data.expose()
    }

    /// The data, read as a result.
    ///
    /// # Errors
    ///
    /// A decode error, which does not quote it, when it is none.
    pub fn as_result(&self) -> Result<Answer<SessionResult>> {
        Answer::from_json(Value::Object(self.data.expose().clone()).to_string())
            .map_err(|error| error.with_provider(crate::config::PROVIDER))
    }
}
