//! The billing account. That it is written whole, and what it may have, is ours.

use axum::extract::State as FromState;
use axum::response::Response;
use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::idlayr::console::Shared;
use crate::idlayr::console::body::Json;
use crate::idlayr::console::state::MEMBER_NAME;
use crate::idlayr::problem::{Problem, hal};
use crate::random::Random;

/// A workspace with a balance that is topped up.
const MODE: &str = "PREPAID";
const TEXTS: [&str; 7] = [
    "company_name",
    "contact_name",
    "contact_email",
    "address1",
    "address2",
    "city",
    "zip",
];

pub(super) struct Account {
    pub(super) id: String,
    /// What the customer says of itself.
    details: Map<String, Value>,
}

impl Account {
    pub(super) fn new(random: &mut Random) -> Self {
        let mut details = Map::new();
        for (name, text) in [
            ("company_name", "Sandbox"),
            ("contact_name", MEMBER_NAME),
            ("contact_email", "owner@example.org"),
            ("country", "GB"),
        ] {
            details.insert(name.to_owned(), json!(text));
        }
        Self {
            id: random.uuid(),
            details,
        }
    }

    fn body(&self) -> Value {
        let mut body = self.details.clone();
        body.insert("billing_id".to_owned(), json!(self.id));
        body.insert("billing_mode".to_owned(), json!(MODE));
        Value::Object(body)
    }

    /// What becomes of the details. The id and the mode are not the customer's to change, but an account that
    /// was read can be written back.
    fn changed(&self, body: Value) -> Result<Map<String, Value>, Problem> {
        let Value::Object(members) = body else {
            return Err(Problem::bad_request("The body is not a billing account."));
        };
        let mut details = Map::new();
        for (name, value) in members {
            let is_good = match (name.as_str(), &value) {
                (_, Value::Null) => continue,
                ("billing_id", id) => *id == self.id,
                ("billing_mode", mode) => *mode == MODE,
                ("country", Value::String(country)) => {
                    country.len() == 2 && country.bytes().all(|letter| letter.is_ascii_alphabetic())
                }
                // Of which type they are is not documented.
                ("terms", _) => true,
                (text, value) if TEXTS.contains(&text) => value.is_string(),
                ("country", _) => false,
                // Members that are not documented are ignored.
                _ => continue,
            };
            if !is_good {
                let detail = format!("{name} cannot be set to this.");
                return Err(Problem::bad_request(detail));
            }
            details.insert(name, value);
        }
        Ok(details)
    }
}

pub(super) async fn read(FromState(state): Shared) -> Response {
    hal(StatusCode::OK, &state.data().console.billing.account.body())
}

pub(super) async fn write(FromState(state): Shared, Json(body): Json) -> Result<Response, Problem> {
    let account = &mut state.data().console.billing.account;
    account.details = account.changed(body)?;
    Ok(hal(StatusCode::OK, &account.body()))
}
