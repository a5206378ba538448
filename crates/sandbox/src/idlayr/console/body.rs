//! What the console is sent: projects, and changes as JSON-Patch.

use std::sync::Arc;

use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use url::Url;

use crate::idlayr::has_content_type;
use crate::idlayr::problem::Problem;
use crate::idlayr::project::ProjectMode;
use crate::idlayr::state::State;

/// Where checks call back and redirect to.
#[derive(Clone, Default)]
pub(in crate::idlayr) struct Urls {
    pub(in crate::idlayr) callback_url: Option<Url>,
    pub(in crate::idlayr) redirect_url: Option<Url>,
}

/// The same by product.
#[derive(Clone, Default)]
pub(super) struct Configuration {
    phone_check: Option<Urls>,
    subscriber_check: Option<Urls>,
}

impl Configuration {
    pub(super) fn same(urls: &Urls) -> Self {
        Self {
            phone_check: Some(urls.clone()),
            subscriber_check: Some(urls.clone()),
        }
    }

    pub(super) fn of(&self, product: &str) -> Option<&Urls> {
        match product {
            "phone_check" => self.phone_check.as_ref(),
            "subscriber_check" => self.subscriber_check.as_ref(),
            _ => None,
        }
    }

    pub(super) fn json(&self) -> Value {
        let mut body = Map::new();
        for product in ["phone_check", "subscriber_check"] {
            let Some(urls) = self.of(product) else { continue };
            let mut members = Map::new();
            for (name, url) in [
                ("callback_url", &urls.callback_url),
                ("redirect_url", &urls.redirect_url),
            ] {
                if let Some(url) = url {
                    members.insert(name.to_owned(), json!(url.as_str()));
                }
            }
            body.insert(product.to_owned(), Value::Object(members));
        }
        Value::Object(body)
    }
}

/// A project as the console is told of it. `mode` is not required; what it is then is not documented, and the
/// mode that costs nothing is ours.
#[derive(Deserialize)]
struct Told {
    name: Value,
    mode: Option<String>,
    configuration: Option<ToldConfiguration>,
}

#[derive(Deserialize)]
struct ToldConfiguration {
    phone_check: Option<ToldUrls>,
    subscriber_check: Option<ToldUrls>,
}

#[derive(Deserialize)]
struct ToldUrls {
    callback_url: Option<String>,
    redirect_url: Option<String>,
}

impl ToldUrls {
    fn read(self) -> Result<Urls, Problem> {
        let url = |text: Option<String>| {
            let read = text.map(|text| Url::parse(&text)).transpose();
            read.map_err(|_| Problem::bad_request("A URL of the configuration is not a URI."))
        };
        Ok(Urls {
            callback_url: url(self.callback_url)?,
            redirect_url: url(self.redirect_url)?,
        })
    }
}

/// What can be set of a project.
pub(super) struct Settings {
    pub(super) name: String,
    pub(super) mode: ProjectMode,
    pub(super) configuration: Configuration,
}

impl Settings {
    pub(super) fn read(body: Value) -> Result<Self, Problem> {
        let told: Told =
            serde_json::from_value(body).map_err(|_| Problem::bad_request("The body is not a project."))?;
        let mode = match told.mode.as_deref() {
            Some("live") => ProjectMode::Live,
            Some("sandbox") | None => ProjectMode::Sandbox,
            Some(_) => return Err(Problem::bad_request("mode must be live or sandbox.")),
        };
        let configuration = match told.configuration {
            None => Configuration::default(),
            Some(told) => Configuration {
                phone_check: told.phone_check.map(ToldUrls::read).transpose()?,
                subscriber_check: told.subscriber_check.map(ToldUrls::read).transpose()?,
            },
        };
        Ok(Self {
            name: name(told.name)?,
            mode,
            configuration,
        })
    }
}

pub(super) fn name(value: Value) -> Result<String, Problem> {
    match value {
        Value::String(name) if !name.is_empty() => Ok(name),
        _ => Err(Problem::bad_request("name must be a text.")),
    }
}

/// A JSON body of this type.
async fn read<T: DeserializeOwned>(
    request: Request,
    state: &Arc<State>,
    content_types: &[&'static str],
) -> Result<T, Problem> {
    let headers = request.headers();
    if !content_types.iter().any(|known| has_content_type(headers, known)) {
        return Err(Problem::unsupported_media_type(&content_types.join(" or ")));
    }
    let body = Bytes::from_request(request, state)
        .await
        .map_err(|_| Problem::too_large())?;
    serde_json::from_slice(&body).map_err(|_| Problem::bad_request("The body is not a valid request."))
}

/// A body that is an object.
pub(super) struct Json(pub(super) Value);

impl FromRequest<Arc<State>> for Json {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &Arc<State>) -> Result<Self, Problem> {
        read(request, state, &["application/json"]).await.map(Self)
    }
}

/// A body whose type the vendor's schema and its tutorial disagree about (contract 13).
pub(super) struct JsonOrHal<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<Arc<State>> for JsonOrHal<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &Arc<State>) -> Result<Self, Problem> {
        let types = ["application/json", "application/hal+json"];
        read(request, state, &types).await.map(Self)
    }
}

#[derive(Deserialize)]
struct Change {
    op: String,
    path: String,
    value: Option<Value>,
}

/// Changes, in their order, all or none (RFC 6902).
pub(super) struct Patch(Vec<Change>);

impl FromRequest<Arc<State>> for Patch {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &Arc<State>) -> Result<Self, Problem> {
        read(request, state, &["application/json-patch+json"])
            .await
            .map(Self)
    }
}

impl Patch {
    /// What becomes of `document`. Only paths that begin with one of `open` can be changed.
    pub(super) fn apply(self, mut document: Value, open: &[&str]) -> Result<Value, Problem> {
        let refused = || Problem::bad_request("The body is not a JSON Patch that can be applied here.");
        if self.0.is_empty() {
            return Err(refused());
        }
        for change in self.0 {
            let is_open = open.iter().any(|open| {
                let rest = change.path.strip_prefix(open);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            });
            let (parent, name) = change.path.rsplit_once('/').ok_or_else(refused)?;
            let members = document.pointer_mut(parent).and_then(Value::as_object_mut);
            let members = members.filter(|_| is_open).ok_or_else(refused)?;
            let is_there = members.contains_key(name);
            match (change.op.as_str(), change.value, is_there) {
                ("add", Some(value), _) | ("replace", Some(value), true) => {
                    members.insert(name.to_owned(), value);
                }
                ("remove", _, true) => {
                    members.remove(name);
                }
                _ => return Err(refused()),
            }
        }
        Ok(document)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apply(changes: Value) -> Option<Value> {
        let patch = Patch(serde_json::from_value(changes).unwrap());
        let document = json!({ "name": "a", "id": "1", "configuration": {} });
        patch.apply(document, &["/name", "/configuration"]).ok()
    }

    #[test]
    fn changes_are_applied_in_their_order_or_not_at_all() {
        let done = apply(json!([
            { "op": "replace", "path": "/name", "value": "b" },
            { "op": "add", "path": "/configuration/phone_check", "value": { "callback_url": "x" } },
            { "op": "replace", "path": "/configuration/phone_check/callback_url", "value": "y" },
            { "op": "remove", "path": "/configuration/phone_check/callback_url" },
        ]));
        let expected = json!({ "name": "b", "id": "1", "configuration": { "phone_check": {} } });
        assert_eq!(done, Some(expected));
        for bad in [
            json!([]),
            json!([{ "op": "replace", "path": "/id", "value": "2" }]),
            json!([{ "op": "replace", "path": "/named", "value": "2" }]),
            json!([{ "op": "replace", "path": "", "value": {} }]),
            json!([{ "op": "replace", "path": "/name" }]),
            json!([{ "op": "move", "path": "/name", "value": "b" }]),
            json!([{ "op": "replace", "path": "/configuration/phone_check", "value": {} }]),
            json!([{ "op": "remove", "path": "/configuration/phone_check/callback_url" }]),
        ] {
            assert_eq!(apply(bad.clone()), None, "{bad}");
        }
    }
}
