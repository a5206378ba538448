//! Callbacks as the sandbox signs them: forged, repeated, and received by a server.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::routing::post;
use bytes::Bytes;
use cm_identity::{CallbackKeys, Client, EventId};
use http::{HeaderMap, StatusCode};
use verikit_sandbox::{CmNumberVerifyOutcome, Sandbox};

use crate::support::{CALLBACK_URL, client, keys, number, sandbox, settings};

async fn finish(sandbox: &Sandbox, client: &Client, url: &str, outcome: CmNumberVerifyOutcome) -> String {
    let create = client.number_verify().create(number("+31600000042"), url);
    let check = create.await.unwrap();
    let mobile_identity = sandbox.cm().mobile_identity();
    assert!(mobile_identity.finish_number_verify(check.id.as_str(), outcome));
    check.id.as_str().to_owned()
}

#[tokio::test]
async fn every_outcome_comes_as_a_signed_callback() {
    let sandbox = sandbox().await;
    let client = client(&sandbox);
    for (count, (outcome, verdict)) in [
        (CmNumberVerifyOutcome::Match, Some(true)),
        (CmNumberVerifyOutcome::NoMatch, Some(false)),
        (CmNumberVerifyOutcome::Failed, None),
    ]
    .into_iter()
    .enumerate()
    {
        let id = finish(&sandbox, &client, CALLBACK_URL, outcome).await;
        let sent = &sandbox.cm().mobile_identity().callbacks()[count];
        let callback = keys(&sandbox)
            .verify(sent.headers(), sent.body().clone())
            .unwrap();
        let check = callback.number_verify.as_ref().unwrap();
        assert_eq!((check.id.as_str(), check.verdict()), (id.as_str(), verdict));
        assert!(check.state.is_final() && callback.created.is_some());
        assert_eq!(callback.id.as_str(), sent.id());
    }
}

#[tokio::test]
async fn a_callback_with_another_key_is_refused() {
    let sandbox = sandbox().await;
    let client = client(&sandbox);
    sandbox.cm().mobile_identity().forge_next_callback();
    finish(&sandbox, &client, CALLBACK_URL, CmNumberVerifyOutcome::Match).await;
    let forged = &sandbox.cm().mobile_identity().callbacks()[0];
    let error = keys(&sandbox)
        .verify(forged.headers(), forged.body().clone())
        .unwrap_err();
    assert!(error.is_signature());
}

/// A receiver as a user would write one.
struct Receiver {
    keys: CallbackKeys,
    handled: Mutex<BTreeSet<EventId>>,
    verdicts: Mutex<Vec<Option<bool>>>,
}

impl Receiver {
    fn receive(&self, headers: &HeaderMap, body: Bytes) -> StatusCode {
        let callback = match self.keys.verify(headers, body) {
            Ok(callback) => callback,
            Err(error) if error.is_signature() => return StatusCode::UNAUTHORIZED,
            Err(_) => return StatusCode::INTERNAL_SERVER_ERROR,
        };
        if self.handled.lock().unwrap().insert(callback.id.clone())
            && let Some(check) = &callback.number_verify
        {
            self.verdicts.lock().unwrap().push(check.verdict());
        }
        StatusCode::NO_CONTENT
    }
}

#[tokio::test]
async fn a_server_on_this_machine_hears_of_the_end_and_counts_a_repeated_callback_once() {
    let sandbox = Sandbox::builder()
        .seed(7)
        .cm_plain_http_callbacks(true)
        .start()
        .await
        .unwrap();
    let receiver = Arc::new(Receiver {
        keys: keys(&sandbox),
        handled: Mutex::default(),
        verdicts: Mutex::default(),
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/callbacks/cm", listener.local_addr().unwrap());
    let shared = Arc::clone(&receiver);
    let router = Router::new().route(
        "/callbacks/cm",
        post(async move |headers: HeaderMap, body: Bytes| shared.receive(&headers, body)),
    );
    let server = tokio::spawn(async move { axum::serve(listener, router).await });

    let client = settings(&sandbox).build().unwrap();
    finish(&sandbox, &client, &url, CmNumberVerifyOutcome::Match).await;
    let mobile_identity = sandbox.cm().mobile_identity();
    mobile_identity.callbacks_settled().await;
    let sent = mobile_identity.callbacks().remove(0);
    assert!(mobile_identity.repeat_callback(sent.id()));
    mobile_identity.callbacks_settled().await;
    mobile_identity.forge_next_callback();
    finish(&sandbox, &client, &url, CmNumberVerifyOutcome::Match).await;
    mobile_identity.callbacks_settled().await;

    let statuses: Vec<_> = mobile_identity
        .callbacks()
        .iter()
        .flat_map(|callback| {
            callback
                .attempts()
                .iter()
                .map(|attempt| attempt.status().unwrap().as_u16())
                .collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(statuses, [204, 204, 401]);
    assert_eq!(*receiver.verdicts.lock().unwrap(), [Some(true)]);
    server.abort();
}
