//! Pages of what is in the console (contract idlayr, 9). Its links are relative, as its examples show them.

use axum::extract::FromRequestParts;
use axum::response::Response;
use http::StatusCode;
use http::request::Parts;
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use super::link;
use crate::idlayr::problem::{Problem, hal};

const LARGEST: usize = 100;

pub(super) struct Query {
    page: usize,
    size: usize,
    /// Projects can be asked for by their name.
    pub(super) name: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let mut query = Self {
            page: 1,
            size: 10,
            name: None,
        };
        for (name, value) in form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()) {
            let number = |most| {
                let number = value.parse().ok();
                number.filter(|number| (1..=most).contains(number))
            };
            match &*name {
                "page" => {
                    query.page = number(usize::MAX)
                        .ok_or_else(|| Problem::bad_request("page must be a whole number from 1."))?;
                }
                "size" => {
                    query.size = number(LARGEST)
                        .ok_or_else(|| Problem::bad_request("size must be a whole number from 1 to 100."))?;
                }
                "name" => query.name = Some(value.into_owned()),
                // To pass over them would be to answer another question.
                "search" | "sort" => {
                    return Err(Problem::bad_request(
                        "The sandbox's console neither searches nor sorts.",
                    ));
                }
                _ => {}
            }
        }
        Ok(query)
    }
}

impl Query {
    pub(super) fn answer(&self, collection: &str, path: &str, all: Vec<Value>) -> Response {
        let total = all.len();
        let pages = total.div_ceil(self.size);
        let last = pages.max(1);
        let mut links = Map::new();
        let mut add = |name: &str, page: usize| {
            let mut query = form_urlencoded::Serializer::new(String::new());
            query.append_pair("page", &page.to_string());
            query.append_pair("size", &self.size.to_string());
            if let Some(name) = &self.name {
                query.append_pair("name", name);
            }
            links.insert(name.to_owned(), link(&format!("{path}?{}", query.finish())));
        };
        add("self", self.page);
        add("first", 1);
        add("last", last);
        if self.page < last {
            add("next", self.page.saturating_add(1));
        }
        if self.page > 1 {
            add("prev", (self.page - 1).min(last));
        }
        let items: Vec<Value> = all
            .into_iter()
            .skip((self.page - 1).saturating_mul(self.size))
            .take(self.size)
            .collect();
        let mut embedded = Map::new();
        embedded.insert(collection.to_owned(), Value::Array(items));
        let body = json!({
            "page": { "size": self.size, "number": self.page, "total_pages": pages, "total_elements": total },
            "_embedded": embedded,
            "_links": links,
        });
        hal(StatusCode::OK, &body)
    }
}
