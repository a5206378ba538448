//! The application server of a PhoneCheck, between an app on a phone and IDlayr, with axum.
//!
//! | the app calls | and gets |
//! | --- | --- |
//! | `POST /v0.2/checks` with `{"phone_number": "+44..."}` | `check_id` and `check_url`; the app opens the URL over mobile data |
//! | `POST /v0.2/checks/{check_id}/complete` with `{"code": "..."}` | `{"status": ..., "match": ...}` |
//! | `POST /v0.1/checks` | the same as v0.2's |
//! | `GET /v0.1/checks/{check_id}` | `{"status": ..., "match": ...}`, once the app has opened the URL |
//!
//! Every request carries the app's own session as `Authorization: Bearer ...`. A check belongs to the session
//! that began it: nobody completes or reads a check of somebody else.
//!
//! Run it against the sandbox: start `cargo xtask sandbox`, paste the `export` lines that it prints, then
//! `APP_SESSIONS=demo cargo run -p idlayr --example phone_check_server`.

#![allow(clippy::print_stdout, reason = "a program talks to its terminal")]
// The demo and a test include this file for its router.
#![allow(
    dead_code,
    unreachable_pub,
    reason = "main is unused where the file is included"
)]

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Path, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use idlayr::{
    Answer, CheckId, Client, CompletionCode, CreatedPhoneCheck, Error, PhoneCheck, PhoneNumber, Secret,
};
use serde::Deserialize;
use serde_json::{Value, json};

/// The two versions do not mix.
#[derive(Clone, Copy, PartialEq)]
enum Version {
    V0_2,
    V0_1,
}

/// What the handlers share.
#[derive(Clone)]
struct App {
    client: Client,
    sessions: Arc<[Secret]>,
    /// Which session began a check, and in which version: a check that asks for a code must not be read by
    /// way of the version without one. A real server keeps this in its database, with an end.
    checks: Arc<Mutex<HashMap<String, (usize, Version)>>>,
}

/// The server's routes. `sessions` are the tokens that the app's own sign-in hands out.
pub fn router(client: Client, sessions: impl IntoIterator<Item = Secret>) -> Router {
    let app = App {
        client,
        sessions: sessions.into_iter().collect(),
        checks: Arc::default(),
    };
    Router::new()
        .route("/v0.2/checks", post(create))
        .route("/v0.2/checks/{check_id}/complete", post(complete))
        .route("/v0.1/checks", post(create_v0_1))
        .route("/v0.1/checks/{check_id}", get(read_v0_1))
        .with_state(app)
}

#[derive(Deserialize)]
struct NewCheck {
    phone_number: String,
}

impl NewCheck {
    fn number(&self) -> Result<PhoneNumber, Refusal> {
        PhoneNumber::parse(&self.phone_number).map_err(|error| Refusal::BadRequest(error.to_string()))
    }
}

#[derive(Deserialize)]
struct Completion {
    code: String,
}

async fn create(
    State(app): State<App>,
    headers: HeaderMap,
    Json(body): Json<NewCheck>,
) -> Result<Json<Value>, Refusal> {
    let session = app.session(&headers)?;
    let check = app.client.phone_checks().create(body.number()?).await?;
    app.began(session, Version::V0_2, &check)
}

async fn create_v0_1(
    State(app): State<App>,
    headers: HeaderMap,
    Json(body): Json<NewCheck>,
) -> Result<Json<Value>, Refusal> {
    let session = app.session(&headers)?;
    let check = app.client.phone_checks_v0_1().create(body.number()?).await?;
    app.began(session, Version::V0_1, &check)
}

async fn complete(
    State(app): State<App>,
    headers: HeaderMap,
    Path(check_id): Path<String>,
    Json(body): Json<Completion>,
) -> Result<Json<Value>, Refusal> {
    let check_id = app.own_check(&headers, Version::V0_2, &check_id)?;
    let code = CompletionCode::new(body.code)?;
    let check = match app.client.phone_checks().complete(&check_id, &code).await {
        Ok(check) => check,
        // The code may be used up although its answer got lost or cannot be read: read the check instead of
        // sending the code again.
        Err(error) if !error.is_safe_to_repeat() => app.client.phone_checks().get(&check_id).await?,
        Err(error) => return Err(error.into()),
    };
    Ok(result(&check))
}

async fn read_v0_1(
    State(app): State<App>,
    headers: HeaderMap,
    Path(check_id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let check_id = app.own_check(&headers, Version::V0_1, &check_id)?;
    let check = app.client.phone_checks_v0_1().get(&check_id).await?;
    Ok(result(&check))
}

/// `match` is null until there is a result: the app must not take "not yet" for "no".
fn result(check: &PhoneCheck) -> Json<Value> {
    Json(json!({ "status": check.status.as_str(), "match": check.verdict() }))
}

impl App {
    fn session(&self, headers: &HeaderMap) -> Result<usize, Refusal> {
        let token = headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "))
            .ok_or(Refusal::Unauthorised)?;
        self.sessions
            .iter()
            .position(|session| session.ct_eq(token.as_bytes()))
            .ok_or(Refusal::Unauthorised)
    }

    fn began(
        &self,
        session: usize,
        version: Version,
        check: &Answer<CreatedPhoneCheck>,
    ) -> Result<Json<Value>, Refusal> {
        let mut checks = self.checks.lock().unwrap_or_else(PoisonError::into_inner);
        checks.insert(check.check_id.as_str().to_owned(), (session, version));
        Ok(Json(
            json!({ "check_id": check.check_id.as_str(), "check_url": check.check_url.expose() }),
        ))
    }

    fn own_check(&self, headers: &HeaderMap, version: Version, check_id: &str) -> Result<CheckId, Refusal> {
        let session = self.session(headers)?;
        let checks = self.checks.lock().unwrap_or_else(PoisonError::into_inner);
        // The same answer for a check of somebody else and for one that never was.
        match checks.get(check_id) {
            Some(owner) if *owner == (session, version) => {
                CheckId::new(check_id).map_err(|_| Refusal::NotFound)
            }
            _ => Err(Refusal::NotFound),
        }
    }
}

/// What the app is told when it gets no result. The provider's own words stay here: they may repeat personal
/// data.
enum Refusal {
    Unauthorised,
    NotFound,
    BadRequest(String),
    Provider(Box<Error>),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Provider(Box::new(error))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, message) = match self {
            Self::Unauthorised => (StatusCode::UNAUTHORIZED, "sign in first".to_owned()),
            Self::NotFound => (StatusCode::NOT_FOUND, "no such check".to_owned()),
            Self::BadRequest(message) => (StatusCode::BAD_REQUEST, message),
            Self::Provider(error) => {
                // Safe to log: an error's Display holds no secret and nothing personal.
                println!("{error}");
                let missing = error.status() == Some(StatusCode::NOT_FOUND) && error.step().is_none();
                let status = match &*error {
                    error if error.is_invalid_input() => StatusCode::BAD_REQUEST,
                    error if error.is_overloaded() || error.is_rate_limited() => {
                        StatusCode::SERVICE_UNAVAILABLE
                    }
                    // The device has not opened the URL yet, or the code is not this check's.
                    _ if missing => StatusCode::CONFLICT,
                    _ => StatusCode::BAD_GATEWAY,
                };
                (status, "the check cannot go on now".to_owned())
            }
        };
        (status, Json(json!({ "error": message }))).into_response()
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sessions =
        std::env::var("APP_SESSIONS").map_err(|_| "set APP_SESSIONS to the app's session tokens")?;
    let sessions = sessions
        .split(',')
        .filter(|token| !token.is_empty())
        .map(Secret::from)
        .collect::<Vec<_>>();
    let app = router(Client::from_env()?, sessions);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}
