//! The types that a session does not happen to print: each is made with something private inside, and shown.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use http::{HeaderValue, Method, Request, StatusCode};
use verikit::testing::{ManualClock, ScriptedTransport, Step};
use verikit::{Environment, PhoneNumber, Secret};
use verikit_core::auth::basic::{BasicEncoding, basic};
use verikit_core::auth::hmac::HmacSha256;
use verikit_core::auth::jwt::{Claims, Hs256};
use verikit_core::auth::store::{
    Lease, MemoryTokenStore, SharedClientCredentials, StoredToken, TokenKey, TokenStore as _,
};
use verikit_core::auth::{
    Authorization, Authorize, Bearer, ClientAuthentication, ClientCredentials, FetchedToken, NoAuthorization,
    OAuth2Endpoint, RefusedAnswer, Replaces, SelfSigned, StaticAuthorization, Ticket, TokenCache,
    TokenLifetime, Validity,
};
use verikit_core::error::{ErrorFacts, read_error_facts};
use verikit_core::transport::{Body, BodyError, TransportError, TransportErrorKind};
use verikit_core::value::{Amount, ExtraMembers, Identifier, UnknownValue};
use verikit_core::webhook::{SignatureEncoding, WebhookKeys};
use verikit_core::{
    Answer, AnswerLimit, CallOptions, Client, Clock as _, Delivery, ErrorKind, Operation, Personal,
    RateLimit, Realm, Repeat, RetryPolicy, Settings, SystemClock, Timestamp, Wait,
};
use verikit_sandbox::{
    DeviceError, IdentomatCompany, IdentomatErrorStatus, IdentomatEvent, IdentomatHmac, IdentomatOutcome,
    IdentomatResultShape, IdentomatSession, IdentomatSignature, IdlayrProject, ProjectMode, Sandbox,
    SandboxError, ScriptedAnswer,
};

use crate::capture::Captured;
use crate::sessions::idlayr::{NUMBER, REFERENCE};

/// Stands for every secret here; the main test looks for it as "reference".
const SECRET: &str = REFERENCE;

pub(crate) async fn every_type_of_core(captured: &Captured) {
    let clock = ManualClock::new();
    values(captured);
    credentials(captured, &clock).await;
    operations(captured, &clock).await;
    let sandbox = Sandbox::builder().idlayr_project(IdlayrProject::new("another-id", SECRET));
    captured.show(&sandbox);
    captured.show(&IdlayrProject::new("another-id", SECRET));
    let sandbox = sandbox.start().await.unwrap();
    captured.show(&(&sandbox, sandbox.idlayr(), sandbox.calls(), sandbox.device()));
    captured.show(&(ProjectMode::Live, sandbox.clock()));
    let scripted = ScriptedAnswer::new(StatusCode::OK).body(HeaderValue::from_static("text/plain"), NUMBER);
    captured.show(&scripted);
    let elsewhere = format!("https://example.com/{NUMBER}");
    let gave_up: DeviceError = sandbox.device().follow(&elsewhere).await.unwrap_err();
    captured.show(&gave_up);
    captured.add("Display", &gave_up);
    let taken = Sandbox::builder().port(sandbox.control_url().port().unwrap());
    let not_started: SandboxError = taken.start().await.unwrap_err();
    captured.show(&not_started);
    sandboxed_identomat(captured).await;
    settings_and_words(captured, &clock).await;
}

/// What the sandbox shows of Identomat: no key, no token, nothing that a session was begun with.
async fn sandboxed_identomat(captured: &Captured) {
    let company = IdentomatCompany::new(NUMBER, SECRET)
        .callback_api_key(SECRET)
        .callback_url(format!("https://example.com/?key={SECRET}").parse().unwrap());
    captured.show(&(company.clone(), IdentomatHmac::Required));
    let builder = Sandbox::builder()
        .identomat_company(company)
        .identomat_callback_url(format!("https://example.com/?key={SECRET}").parse().unwrap());
    captured.show(&builder);
    let sandbox = builder.start().await.unwrap();
    let identomat = sandbox.identomat();
    let begin = format!(
        "{}begin/?company_key={SECRET}&config_id={NUMBER}",
        identomat.base_url()
    );
    let begin = begin.replace(SECRET, identomat.company_key());
    sandbox.device().follow(&begin).await.unwrap();
    captured.show(&(identomat, identomat.sessions()));
    let session: IdentomatSession = identomat.sessions().pop().unwrap();
    assert_eq!(session.config_id(), Some(NUMBER));
    let event = IdentomatEvent::OneTimePassword {
        phone_number: NUMBER.to_owned(),
    };
    captured.show(&event);
    assert!(identomat.send_callback(session.token(), event));
    captured.show(&identomat.callbacks());
    captured.show(&(IdentomatOutcome::Approved, IdentomatErrorStatus::Ok));
    captured.show(&(IdentomatResultShape::Of2022, IdentomatSignature::Wrong));
    for hidden in [session.token(), identomat.company_key(), identomat.secret_key()] {
        assert!(!format!("{identomat:?}{session:?}{sandbox:?}").contains(hidden));
    }
}

fn values(captured: &Captured) {
    let number = PhoneNumber::parse(NUMBER).unwrap();
    captured.show(&(number, Personal::new(NUMBER), Secret::new(SECRET)));
    captured.add("Display", Personal::new(NUMBER));
    captured.show(&(Identifier::new(NUMBER), UnknownValue::new(NUMBER)));
    captured.show(&serde_json::from_str::<Amount>(NUMBER).unwrap());
    captured.show(&Timestamp::parse("2024-05-02T09:10:11Z").unwrap());
    captured.show(&Timestamp::parse(NUMBER).unwrap_err());
    captured.show(&ErrorFacts::new(Some(NUMBER), Some(REFERENCE), Some(NUMBER)));
    let mut extra = ExtraMembers::default();
    extra.push("reference", REFERENCE);
    captured.show(&extra);
    let body = format!(r#"{{"error":"{NUMBER}","error_description":"{REFERENCE}"}}"#);
    captured.show(&read_error_facts(&http::HeaderMap::new(), body.as_bytes()));
    captured.show(&Environment::new(|_| Some(SECRET.to_owned())));
    captured.show_failure(Environment::new(|_| Some(SECRET.to_owned())).flag("EXAMPLE"));
    captured.show(&Body::from(NUMBER));
    captured.show_failure(Answer::<PhoneOnly>::from_json(format!(
        r#"{{"phone":"{NUMBER}"}}"#
    )));
}

#[derive(Debug, serde::Deserialize)]
#[allow(dead_code, reason = "only its errors are looked at")]
struct PhoneOnly {
    phone: bool,
}

async fn credentials(captured: &Captured, clock: &ManualClock) {
    let secret = || Secret::new(SECRET);
    captured.show(&basic("id", &secret(), BasicEncoding::FormUrlencoded).unwrap());
    captured.show(&StaticAuthorization::new("Bearer", &secret()).unwrap());
    captured.show_failure(StaticAuthorization::new(
        "Bearer",
        &Secret::new(format!("{SECRET} {SECRET}")),
    ));
    captured.show(&(
        HmacSha256::new(&secret()).unwrap(),
        Hs256::new(&secret(), Some("key")).unwrap(),
    ));
    let claims = Claims::new().text("peopleId", NUMBER);
    captured.show(&(&claims, Hs256::new(&secret(), None).unwrap().sign(&claims)));
    let signed = SelfSigned::builder(Hs256::new(&secret(), None).unwrap(), |_| Claims::new());
    captured.show(&signed);
    captured.show(&signed.build(clock.shared()).unwrap());
    let keys = WebhookKeys::new([secret()], SignatureEncoding::Hex).unwrap();
    captured.show(&keys);
    captured.show_failure(keys.verify(NUMBER.as_bytes(), SECRET));

    let lifetime = TokenLifetime::new(Duration::from_secs(60));
    captured.show(&FetchedToken::new(secret(), lifetime, clock.now()));
    captured.show(&[
        Replaces::Nothing,
        Replaces::Due(secret()),
        Replaces::Refused(secret()),
    ]);
    captured.show(&Ticket::new(1));
    let transport = ScriptedTransport::new([Step::json(
        200,
        format!(r#"{{"access_token":"{SECRET}","token_type":"bearer","expires_in":60}}"#),
    )]);
    let settings = Settings::default()
        .transport(transport.shared())
        .clock(clock.shared());
    captured.show(&settings);
    let client = Client::new(settings).unwrap();
    let realm = || Realm::builder("example", "https://api.example.com");
    for authentication in [ClientAuthentication::Basic, ClientAuthentication::Body] {
        let endpoint = OAuth2Endpoint::new(realm(), "id", secret(), authentication).unwrap();
        captured.show(&endpoint);
        let operation = endpoint.post("token", "/token", &[("username", NUMBER)]).unwrap();
        captured.show(&(&operation, operation.preview().unwrap()));
    }
    let endpoint = OAuth2Endpoint::new(realm(), "id", secret(), ClientAuthentication::Basic).unwrap();
    let fetcher = ClientCredentials::new(&client, endpoint, "/token", "scope");
    captured.show(&fetcher);
    let cache = TokenCache::new(Arc::new(fetcher.clone()), clock.shared());
    assert_eq!(cache.token().await.unwrap().0.expose(), SECRET);
    captured.show(&(&cache, Bearer::new(cache.clone()), &transport, transport.seen()));

    let store = Arc::new(MemoryTokenStore::new(clock.shared()));
    let key = TokenKey::of(&["https://api.example.com", "id", SECRET]);
    let token = StoredToken::new(secret(), clock.system_time() + Duration::from_secs(60));
    captured.show(&(&key, &token, SystemTime::UNIX_EPOCH));
    store.put(&key, token).await.unwrap();
    captured.show(&store);
    captured.show(&SharedClientCredentials::new(fetcher, store, clock.shared()));
}

async fn operations(captured: &Captured, clock: &ManualClock) {
    let realm = Realm::builder("example", "https://api.example.com")
        .rate_limit(Some(RateLimit::one_per(Duration::from_secs(1))));
    captured.show(&realm);
    let realm = realm.build().unwrap();
    captured.show(&realm);
    let build = || {
        Operation::new(
            Method::PUT,
            Repeat::Safe,
            "file.get",
            &realm,
            "/files/{id}",
            &[NUMBER],
        )
        .unwrap()
        .query("name", REFERENCE)
        .json(&serde_json::json!({ "phone": NUMBER }))
        .unwrap()
        .body_credential("key", Secret::new(SECRET))
        .unwrap()
    };
    captured.show(&build());
    captured.add("Display", build().preview().unwrap());
    let transport = ScriptedTransport::new([Step::json(200, NUMBER), Step::json(200, NUMBER)]);
    let settings = Settings::default()
        .transport(transport.shared())
        .clock(clock.shared());
    let client = Client::new(settings).unwrap();
    let download = client.download(Ok(build()));
    captured.show(&download);
    let download = download.await.unwrap();
    captured.show(&download);
    clock.advance(Duration::from_secs(1));
    captured.show(&client.call_raw(build()).send_with_metadata().await.unwrap());
    captured.show(&(&client, transport.seen()));
}

/// The types that hold nothing of anybody, or should not: words, times, and what wraps something else.
async fn settings_and_words(captured: &Captured, clock: &ManualClock) {
    captured.show(&(
        ClientAuthentication::Body,
        BasicEncoding::Plain,
        SignatureEncoding::Hex,
    ));
    captured.show(&(
        Delivery::Unknown,
        ErrorKind::Decode,
        Repeat::Once,
        AnswerLimit::Bytes(1),
    ));
    captured.show(&(
        TransportErrorKind::Interrupted,
        BodyError::TooLarge,
        Lease::new(1),
    ));
    captured.show(&(
        NoAuthorization,
        SystemClock,
        RetryPolicy::default(),
        CallOptions::default(),
    ));
    captured.show(&TransportError::new(TransportErrorKind::Connect));
    let second = Duration::from_secs(1);
    captured.show(&(TokenLifetime::new(second), RateLimit::one_per(second)));
    captured.show(&Wait::new(clock.shared(), second, second));
    let answer = || Step::json(401, NUMBER).header("x-number", NUMBER);
    captured.show(&answer());

    let transport = ScriptedTransport::new([answer()]);
    captured.show(&transport.shared());
    let shown = captured.clone();
    let signed = SelfSigned::builder(Hs256::new(&Secret::new(SECRET), None).unwrap(), move |validity| {
        shown.show::<Validity>(&validity);
        Claims::new().text("iss", SECRET)
    });
    let listening = Listening(captured.clone(), signed.build(clock.shared()).unwrap());
    let realm = Realm::builder("example", "https://api.example.com").authorize(Arc::new(listening));
    let operation = Operation::get("check.get", &realm.build().unwrap(), "/check", &[]).unwrap();
    let settings = Settings::default()
        .transport(transport.shared())
        .clock(clock.shared());
    captured.show_failure(Client::new(settings).unwrap().call_raw(operation).send().await);
}

/// Shows what passes between a call and its credential.
struct Listening(Captured, SelfSigned);

impl std::fmt::Debug for Listening {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.1.fmt(f)
    }
}

impl Authorize for Listening {
    fn authorize<'a>(&'a self, request: &'a mut Request<Bytes>, now: Instant) -> Authorization<'a> {
        let authorization = self.1.authorize(request, now);
        self.0.show(&authorization);
        authorization
    }

    fn refused(&self, ticket: &Ticket, answer: &RefusedAnswer<'_>) -> bool {
        self.0.show(answer);
        self.1.refused(ticket, answer)
    }
}
