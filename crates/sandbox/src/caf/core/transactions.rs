//! The list of transactions (contract caf, 4.3).

use std::sync::Arc;

use axum::Extension;
use axum::extract::State as FromState;
use axum::response::Response;
use http::Uri;
use serde_json::{Map, Value, json};

use crate::caf::account::{Query, Transaction, answer};
use crate::caf::error::ApiError;
use crate::caf::request_id::RequestId;
use crate::caf::state::State;
use crate::clock::{date_time_utc, is_date};
use crate::members::Mistake;

const MOST: usize = 10;

/// What a list is limited to.
#[derive(Debug)]
struct Filter {
    limit: usize,
    is_ascending: bool,
    templates: Option<Vec<String>>,
    from: Option<String>,
    until: Option<String>,
}

impl Filter {
    fn read(uri: &Uri) -> Result<Self, Mistake> {
        let mut query = Query::of(uri)?;
        let limit = match query.take("_limit") {
            None => MOST,
            Some(text) => text
                .parse()
                .ok()
                .filter(|limit| (1..=MOST).contains(limit))
                .ok_or("_limit must be a whole number from 1 to 10.")?,
        };
        let is_ascending = match query.take("_order").as_deref() {
            None | Some("desc") => false,
            Some("asc") => true,
            Some(_) => return Err("_order must be asc or desc.".to_owned()),
        };
        let templates = query
            .take("_templates")
            .map(|ids| ids.split('|').map(str::to_owned).collect());
        let mut date = |name: &str| match query.take(name) {
            Some(text) if !is_date(&text) => Err(format!("{name} must be a date as 2024-05-02.")),
            other => Ok(other),
        };
        let (from, until) = (date("_startCreatedDate")?, date("_endCreatedDate")?);
        query.refuse_others()?;
        Ok(Self {
            limit,
            is_ascending,
            templates,
            from,
            until,
        })
    }

    /// Days are those of UTC (ours).
    fn has(&self, transaction: &Transaction) -> bool {
        let is_one = |templates: &Vec<String>| {
            let id = transaction.request.template_id();
            id.is_some_and(|id| templates.iter().any(|wanted| wanted == id))
        };
        let created = date_time_utc(transaction.created);
        let day = created.split('T').next().unwrap_or_default();
        self.templates.as_ref().is_none_or(is_one)
            && self.from.as_deref().is_none_or(|from| from <= day)
            && self.until.as_deref().is_none_or(|until| day <= until)
    }
}

/// `GET /v1/transactions`
pub(super) async fn list(
    FromState(caf): FromState<Arc<State>>,
    Extension(id): Extension<RequestId>,
    uri: Uri,
) -> Result<Response, ApiError> {
    let filter = Filter::read(&uri).map_err(ApiError::bad_request)?;
    let data = caf.account.data();
    let mut found: Vec<&Transaction> = data
        .transactions
        .iter()
        .filter(|transaction| filter.has(transaction))
        .collect();
    if !filter.is_ascending {
        found.reverse();
    }
    let items: Vec<Value> = found
        .iter()
        .take(filter.limit)
        .map(|transaction| transaction.item())
        .collect();
    let mut members = Map::new();
    members.insert("items".to_owned(), json!(items));
    members.insert("totalItems".to_owned(), json!(found.len()));
    Ok(answer(&id, members))
}
