//! A server that hears of its checks by callback, with axum.
//!
//! | the platform calls | and gets |
//! | --- | --- |
//! | `POST /idlayr/callback` | 200 for a callback that is the platform's, 401 for one that is not, 503 when that cannot be told now |
//! | `GET /idlayr/done?check_id=...&code=...` (the browser, sent by the platform) | 200, or 401 when its signature is wrong |
//!
//! The routes stand at the root on purpose: a nested router takes the beginning of the path away, and the
//! path is signed. Where you have to nest, give the verifier axum's `OriginalUri`.
//!
//! Run it with `CALLBACK_HOST=app.example.net cargo run -p idlayr --example callback_server` and the
//! environment variables of the client; `CALLBACK_HOST` is the host in your callback URL.

#![allow(clippy::print_stdout, reason = "a program talks to its terminal")]
// A test includes this file for its router.
#![allow(
    dead_code,
    unreachable_pub,
    reason = "main is unused where the file is included"
)]

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{StatusCode, Uri};
use axum::routing::{get, post};
use idlayr::{Callbacks, CheckId, Client, DeviceReturn, Error, RedirectSignature};

/// More than any callback takes.
const LONGEST_BODY: usize = 64 * 1024;

/// The checks that this server began, with their results. A real server keeps them in its database.
#[derive(Debug, Clone, Default)]
pub struct Checks(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    /// `None` until the check has ended; then what it decided, if anything.
    results: HashMap<String, Option<Option<bool>>>,
    /// The replay keys of the callbacks that were handled.
    handled: HashSet<String>,
}

impl Checks {
    /// Remembers a check that was begun.
    pub fn began(&self, check_id: &CheckId) {
        self.state().results.insert(check_id.as_str().to_owned(), None);
    }

    /// The result: `None` while the check goes on, `Some(None)` when it ended without one.
    pub fn result(&self, check_id: &CheckId) -> Option<Option<bool>> {
        self.state().results.get(check_id.as_str()).copied().flatten()
    }

    /// How many events were handled, however often each was delivered.
    pub fn handled(&self) -> usize {
        self.state().handled.len()
    }

    fn state(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Clone)]
struct App {
    callbacks: Callbacks,
    checks: Checks,
}

/// The server's routes.
pub fn router(callbacks: Callbacks, checks: Checks) -> Router {
    Router::new()
        .route("/idlayr/callback", post(on_callback))
        .route("/idlayr/done", get(on_redirect))
        .with_state(App { callbacks, checks })
}

async fn on_callback(State(app): State<App>, request: Request) -> StatusCode {
    let (head, body) = request.into_parts();
    // The body in its bytes: parsed and written anew it would have another digest.
    let Ok(body) = to_bytes(body, LONGEST_BODY).await else {
        return StatusCode::PAYLOAD_TOO_LARGE;
    };
    let callback = match app.callbacks.verify(&head, body).await {
        Ok(callback) => callback,
        Err(error) => return refusal(&error),
    };
    let mut state = app.checks.state();
    let check = &callback.check;
    // By its identifier, never by the reference: somebody else may have begun a check with the same one.
    // Nothing is remembered of a check that was not begun here.
    if !state.results.contains_key(check.check_id.as_str()) {
        println!("a callback about a check that was not begun here");
        return StatusCode::OK;
    }
    if !state.handled.insert(callback.replay_key()) {
        return StatusCode::OK; // It came again: the first answer may have got lost.
    }
    if check.status.is_final() {
        let result = Some(check.verdict());
        state.results.insert(check.check_id.as_str().to_owned(), result);
    }
    StatusCode::OK
}

async fn on_redirect(State(app): State<App>, uri: Uri) -> StatusCode {
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    match app.callbacks.verify_redirect(target).await {
        // Not every redirect is signed. Once yours are, refuse those that are not.
        Ok(RedirectSignature::Valid | RedirectSignature::Absent) => {}
        Ok(_) => return StatusCode::UNAUTHORIZED,
        Err(error) => return refusal(&error),
    }
    // What comes next is in phone_check_server.rs: the session that began the check completes it with the
    // code.
    match DeviceReturn::from_url(target) {
        Ok(_) => StatusCode::OK,
        Err(_) => StatusCode::BAD_REQUEST,
    }
}

fn refusal(error: &Error) -> StatusCode {
    // Safe to log: an error's Display holds no secret and nothing personal.
    println!("{error}");
    if error.is_signature() {
        StatusCode::UNAUTHORIZED
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let host =
        std::env::var("CALLBACK_HOST").map_err(|_| "set CALLBACK_HOST to the host of your callback URL")?;
    let app = router(Client::from_env()?.callbacks(&host)?, Checks::default());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3001").await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}
