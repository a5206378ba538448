//! JSON-Patch, as the console takes it (contract idlayr, 1 and 13).

use http::{HeaderValue, Method};
use serde::Serialize;
use serde_json::Value;
use verikit_core::{Operation, Personal, Repeat, Result};

use super::operation;
use crate::checks::Route;
use crate::client::Client;

const JSON_PATCH: HeaderValue = HeaderValue::from_static("application/json-patch+json");

/// One change.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Change {
    op: &'static str,
    pub(super) path: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Personal<Value>>,
}

impl Change {
    /// The values are texts and objects of texts, which serialise.
    fn with_value(op: &'static str, path: &'static str, value: impl Serialize) -> Self {
        let value = serde_json::to_value(value).unwrap_or_default();
        Self {
            op,
            path,
            value: Some(Personal::new(value)),
        }
    }

    pub(super) fn add(path: &'static str, value: impl Serialize) -> Self {
        Self::with_value("add", path, value)
    }

    pub(super) fn replace(path: &'static str, value: impl Serialize) -> Self {
        Self::with_value("replace", path, value)
    }

    pub(super) fn remove(path: &'static str) -> Self {
        Self {
            op: "remove",
            path,
            value: None,
        }
    }
}

/// The request, which is sent once: a second `remove` finds nothing to remove.
pub(super) fn patch(
    client: &Client,
    route: Route,
    arguments: &[&str],
    changes: &[Change],
) -> Result<Operation> {
    operation(client, Method::PATCH, Repeat::Once, route, arguments)?.json_as(JSON_PATCH, changes)
}
