//! Lists of checks, page by page (contract 9).

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use http::StatusCode;
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use super::check::{Check, View};
use super::search::{Comparison, Field, Sort, search};
use crate::idlayr::gate::Caller;
use crate::idlayr::problem::{Problem, hal};
use crate::idlayr::state::Api;

const LARGEST: usize = 100;

pub(super) async fn list(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let query = Query::parse(query.as_deref().unwrap_or_default())?;
    let mut data = api.state.data();
    let mut found: Vec<&Check> = api
        .state
        .present_checks(&mut data)
        .into_iter()
        .filter(|check| check.client_id == caller.client_id && api.knows(check))
        .filter(|check| query.search.iter().all(|comparison| comparison.holds(check)))
        .collect();
    query.sort.apply(&mut found);

    let total = found.len();
    let pages = total.div_ceil(query.size);
    let checks: Vec<Value> = found
        .into_iter()
        .skip((query.page - 1).saturating_mul(query.size))
        .take(query.size)
        .map(|check| check.body(&api.state.base_url, View::Read))
        .collect();
    let body = json!({
        "page": {
            "size": query.size,
            "number": query.page,
            "total_pages": pages,
            "total_elements": total,
        },
        "_embedded": { "checks": checks },
        "_links": query.links(&api, pages),
    });
    Ok(hal(StatusCode::OK, &body))
}

struct Query {
    page: usize,
    size: usize,
    search: Vec<Comparison>,
    sort: Sort,
    /// What the links repeat: everything but the page.
    repeated: Vec<(String, String)>,
}

impl Query {
    fn parse(text: &str) -> Result<Self, Problem> {
        let mut query = Self {
            page: 1,
            size: 10,
            search: Vec::new(),
            // The order of an unsorted list is not documented: newest first is ours.
            sort: Sort {
                field: Field::CreatedAt,
                descending: true,
            },
            repeated: Vec::new(),
        };
        for (name, value) in form_urlencoded::parse(text.as_bytes()) {
            match &*name {
                "page" => {
                    query.page = number(&value)
                        .filter(|page| *page >= 1)
                        .ok_or_else(|| Problem::bad_request("page must be a whole number from 1."))?;
                    continue;
                }
                "size" => {
                    query.size = number(&value)
                        .filter(|size| (1..=LARGEST).contains(size))
                        .ok_or_else(|| Problem::bad_request("size must be a whole number from 1 to 100."))?;
                }
                "search" => query.search = search(&value)?,
                "sort" => query.sort = Sort::parse(&value)?,
                // Members that are not documented are ignored.
                _ => continue,
            }
            query.repeated.push((name.into_owned(), value.into_owned()));
        }
        Ok(query)
    }

    /// `next` and `prev` are left out at the ends: the vendor's sources disagree, and its style rules
    /// say so.
    fn links(&self, api: &Api, pages: usize) -> Value {
        let last = pages.max(1);
        let mut links = Map::new();
        let mut add = |name: &str, page: usize| {
            links.insert(name.to_owned(), json!({ "href": self.href(api, page) }));
        };
        add("self", self.page);
        add("first", 1);
        add("last", last);
        if self.page < last {
            add("next", self.page + 1);
        }
        if self.page > 1 {
            add("prev", (self.page - 1).min(last));
        }
        Value::Object(links)
    }

    fn href(&self, api: &Api, page: usize) -> String {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("page", &page.to_string())
            .extend_pairs(&self.repeated)
            .finish();
        format!(
            "{}{}/{}/checks?{query}",
            api.state.base_url,
            api.kind.path,
            api.version.as_str()
        )
    }
}

fn number(text: &str) -> Option<usize> {
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())
        .flatten()
}
